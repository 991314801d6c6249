"""After the law's last step: the application as the supervised web server loads it."""

import logging
import threading

from novator.site.watch import end_with_supervisor
from novator.site.wsgi import application

__all__ = ["application"]

_ANY_QUESTION = "ямы на дороге"


def _warm_up() -> None:
    """Load the index and the encoders, so that the first reader does not wait for them."""
    from novator.matching.queries import current_index
    from novator.matching.search import find
    from novator.text.index import IndexDamaged, IndexMissing

    try:
        find(_ANY_QUESTION, index=current_index())
    except (IndexDamaged, IndexMissing) as fault:
        logging.getLogger(__name__).warning("No search yet: %s", fault)


end_with_supervisor()
threading.Thread(target=_warm_up, daemon=True).start()
