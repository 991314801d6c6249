"""
Before the law's first step: everything the pages need, brought up to date in one short process.

It runs apart from the supervisor, so that what it loads is gone when the site runs.
"""

import errno
import hashlib
import io
import logging
import os
import sys
import traceback
from contextlib import nullcontext, redirect_stdout, suppress
from pathlib import Path

from novator.core.package import PackageDamaged
from novator.site.first_tables import only_what_changes
from novator.site.language import complain
from novator.site.language import gettext as _
from novator.site.prepared import DAMAGED, QUIETLY, all_ready, fingerprint, tables_ready
from novator.site.terminal import Advance, step
from novator.site.unavailable import unavailable_because
from novator.site.watch import end_with_supervisor

SCHEMA_LOCK = 20260110
"""Number of the advisory lock that lets one process at a time change the tables."""


def prepare() -> None:
    """Bring tables, pages' files, starter catalogue and index up to date, showing each step."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    with step(_("Tables")):
        migrate()
    with step(_("Files of the pages")):
        collect_static()
    data_dir = Path(os.environ["NOVATOR_DATA_DIR"])
    tables_ready(data_dir).touch()
    with step(_("Starter catalogue")) as advance:
        load_catalogue(advance)
    with step(_("Starter councils")):
        load_councils()
        load_members()
    with step(_("Search index")) as advance:
        build_index(advance)
    all_ready(data_dir).write_text(fingerprint(), "ascii")


def migrate() -> None:
    """Bring the tables up to date; two processes at once wait for each other."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_LOCK])
        try:
            executor = MigrationExecutor(connection)
            is_empty = not connection.introspection.table_names()
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                with only_what_changes() if is_empty else nullcontext():
                    call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_LOCK])


def collect_static() -> None:
    """Gather the files that pages load, unless the gathered ones are of just these sources."""
    from django.conf import settings
    from django.core.management import call_command

    gathered = Path(settings.STATIC_ROOT)
    seal = gathered / ".sources"
    sources = _static_sources()
    if seal.exists() and seal.read_text(encoding="ascii") == sources:
        return
    seal.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    seal.write_text(sources, encoding="ascii")


def load_catalogue(advance: Advance) -> None:
    """Load the cards that come with the product."""
    from novator.practices.operations import load_starter_catalogue

    load_starter_catalogue(progress=advance)


def load_councils() -> None:
    """Load the councils that come with the product, once per version of them."""
    from novator.council.starter import load_starter_councils, starter_digest
    from novator.practices.models import LoadedCatalogue

    digest = starter_digest()
    if not LoadedCatalogue.objects.filter(digest=digest).exists():
        load_starter_councils()
        LoadedCatalogue.objects.get_or_create(digest=digest)


def load_members() -> None:
    """Load the members of the association that come with the product, once per version of them."""
    from novator.association.starting import load_starter_members, members_digest
    from novator.practices.models import LoadedCatalogue

    digest = members_digest()
    if not LoadedCatalogue.objects.filter(digest=digest).exists():
        load_starter_members()
        LoadedCatalogue.objects.get_or_create(digest=digest)


def build_index(advance: Advance) -> None:
    """
    Build the search index if there is none, or if it is damaged or older than the cards.

    And what encoders keep, so that the processes that serve the site need not make it. An encoder
    that cannot be loaded is told of where questions are asked.
    """
    from django.conf import settings

    from novator.matching.operations import rebuild_index
    from novator.text.encoders import EncoderUnavailable, make_ready

    rebuild_index(progress=advance)
    with suppress(EncoderUnavailable):
        make_ready(settings.ENCODERS)


def _static_sources() -> str:
    """Return a fingerprint of all files that pages load."""
    from django.contrib.staticfiles.finders import get_finders

    known = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            known.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return known.hexdigest()


def _main() -> int:
    end_with_supervisor()
    logging.captureWarnings(capture=True)
    hushed = redirect_stdout(io.StringIO()) if QUIETLY in sys.argv[1:] else nullcontext()
    try:
        with hushed:
            prepare()
    except Exception as fault:
        data_dir = Path(os.environ["NOVATOR_DATA_DIR"])
        complain(_reason(fault, data_dir))
        _note_details(data_dir / "log" / "prepare.log")
        return DAMAGED if isinstance(fault, PackageDamaged) else 1
    return 0


def _reason(fault: Exception, data_dir: Path) -> str:
    """Say in words what a person can mend, else name the fault."""
    if "No space left on device" in str(fault):
        fault = OSError(errno.ENOSPC, "", str(data_dir))
    if isinstance(fault, PackageDamaged):
        words = _(
            "The installation is damaged: %(file)s is not as it was packed (%(reason)s)."
            " Install Novator again, with its files as they were published: make install."
        )
        return words % {"file": fault.file, "reason": fault.reason}
    if isinstance(fault, OSError) and fault.errno is not None:
        return str(unavailable_because(fault, folder=data_dir))
    return f"{type(fault).__name__}: {fault}"


def _note_details(log: Path) -> None:
    with suppress(OSError):  # there may be no room for them either
        log.write_text(traceback.format_exc(), encoding="utf-8")
        complain(_("The details are in %(log)s.") % {"log": log})


if __name__ == "__main__":
    sys.exit(_main())
