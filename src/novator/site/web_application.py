"""After the law's last step: the application as the supervised web server loads it."""

import ctypes
import gc
import threading
import time
from contextlib import suppress

from novator.site.watch import end_with_supervisor
from novator.site.wsgi import application

__all__ = ["application"]

_ANY_QUESTION = "ямы на дороге"
_PAUSE_SECONDS = 2
_LEAN_SECONDS = 60.0


def _warm_up() -> None:
    """
    Load the catalogue, the index and the encoders, so that no reader waits for them.

    An index that is missing or damaged is asked for, once, and waited for; tables that are not
    there are being made.
    """
    from django.db import ProgrammingError

    from novator.matching.queries import current_index
    from novator.matching.search import find
    from novator.practices.queries import current_catalogue
    from novator.text.index import IndexDamaged, IndexMissing

    is_asked_for = False
    while True:
        try:
            current_catalogue()
            find(_ANY_QUESTION, index=current_index())
        except (IndexDamaged, IndexMissing):
            is_asked_for = is_asked_for or _ask_for_index()
            time.sleep(_PAUSE_SECONDS)
        except ProgrammingError:
            time.sleep(_PAUSE_SECONDS)
        else:
            _keep_what_is_loaded()
            _give_memory_back()
            return


def _keep_what_is_loaded() -> None:
    """Have no request wait while all that stays is looked through for waste: 20 ms, measured."""
    gc.collect()
    gc.freeze()


def _give_memory_back() -> None:
    """Hand the system what loading has used and freed, which glibc would keep: 17 MB, measured."""
    with suppress(OSError, AttributeError):  # another system has another library
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _ask_for_index() -> bool:
    """Queue the making of the index; tell whether the database took it."""
    from django.db import Error, connection

    from novator.practices.operations import ask_for_whole_index

    try:
        ask_for_whole_index()
    except Error:
        return False
    finally:
        connection.close()
    return True


def _stay_lean() -> None:
    """Hand back every minute what searches have used and freed."""
    while True:
        time.sleep(_LEAN_SECONDS)
        _give_memory_back()


end_with_supervisor()
threading.Thread(target=_warm_up, daemon=True).start()
threading.Thread(target=_stay_lean, daemon=True).start()
