"""
Before the law's first step: how a database that cannot be had says so.
"""

import errno
from pathlib import Path

from novator.site.language import gettext as _


class DatabaseUnavailable(Exception):
    """There is no database to work with; the message says why and what to do, fit to show."""


def unavailable_because(fault: OSError, *, folder: Path) -> DatabaseUnavailable:
    """Put a fault of the file system into words for the person at the terminal."""
    place = fault.filename or folder
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        message = _(
            "The disk is full: %(place)s. Free some space and start again; no data is lost."
        )
    elif fault.errno in (errno.EACCES, errno.EPERM):
        message = _(
            "No permission for %(place)s. Start as the user that owns the folder,"
            " or choose another one with --data-dir."
        )
    elif fault.errno == errno.EROFS:
        message = _("%(place)s cannot be written to. Choose another folder with --data-dir.")
    elif isinstance(fault, FileExistsError | NotADirectoryError):
        message = _("%(place)s is a file, not a folder. Choose another folder with --data-dir.")
    else:
        message = _("The system refused %(place)s: %(reason)s.")
    return DatabaseUnavailable(message % {"place": place, "reason": fault.strerror or fault})
