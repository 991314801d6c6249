"""After the law's last step: the application as the supervised web server loads it."""

import threading
import time

from novator.site.watch import end_with_supervisor
from novator.site.wsgi import application

__all__ = ["application"]

_ANY_QUESTION = "ямы на дороге"
_PAUSE_SECONDS = 2


def _warm_up() -> None:
    """Load the index, once there is one, and the encoders, so that no reader waits for them."""
    from novator.matching.queries import current_index
    from novator.matching.search import find
    from novator.text.index import IndexDamaged, IndexMissing

    while True:
        try:
            find(_ANY_QUESTION, index=current_index())
        except (IndexDamaged, IndexMissing):
            time.sleep(_PAUSE_SECONDS)
        else:
            return


end_with_supervisor()
threading.Thread(target=_warm_up, daemon=True).start()
