"""Who decides: a Popolo file taken in whole or not at all, with every fault named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.council.popolo.areas import areas_from, with_own_areas
from novator.council.popolo.checking import faults_of
from novator.council.popolo.facts import Known
from novator.council.popolo.faults import Fault, Import, with_lines
from novator.council.popolo.foreign import as_own
from novator.council.popolo.private import told_private
from novator.council.popolo.reading import BrokenFile, facts_from, is_own, read_document
from novator.council.popolo.tables import TABLES
from novator.council.popolo.world import world_of
from novator.council.popolo.writing import Plan, faults_of_plan, plan_of, write

_LOCK = 0x636F756E  # one import at a time, whichever process runs it
_MOST_ROUNDS = 50

Progress = Callable[[int, int], None]


def import_popolo(
    *,
    path: Path,
    municipality: Municipality | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> Import:
    """
    Take councils, people and votes of a file: all or, if anything is wrong, nothing.

    Idempotent by identifier. `municipality` is that of a file which does not say it. With
    `skip_bad` whatever is wrong is left out, and whatever cannot do without it.

    :raises BrokenFile: the file as a whole cannot be read
    """
    document, text = read_document(path)
    report = take_document(
        document,
        municipality=municipality,
        dry_run=dry_run,
        skip_bad=skip_bad,
        progress=progress,
    )
    report.faults = with_lines(report.faults, text)
    return report


@transaction.atomic
def take_document(
    document: dict[str, Any],
    *,
    municipality: Municipality | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    only_new: bool = False,
    progress: Progress | None = None,
) -> Import:
    """
    The same of a document in memory. `only_new`: what is stored already is left as it is.

    :raises BrokenFile: it does not say of which city it is, and nobody else does
    """
    report = Import()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    is_whole = is_own(document)
    told_private(document, report)
    if not is_whole and not document.get("$partial"):
        if municipality is None:
            raise BrokenFile(_("The file does not say of which city it is: name it (--city)."))
        document = as_own(document, municipality, report)
    named = areas_from(document, report.faults)
    given = facts_from(document, report.faults, is_whole=is_whole)
    areas = with_own_areas(given, named)
    plan = None
    if skip_bad or not report.faults:
        plan = _checked(given, areas, report, skip_bad=skip_bad, only_new=only_new)
    if plan is not None and not dry_run:
        _write(plan, report, progress)
        report.is_written = not report.faults or skip_bad
    if not report.is_written:
        transaction.set_rollback(True)
    return report


def _checked(
    given: Known, areas: dict[str, int], report: Import, *, skip_bad: bool, only_new: bool
) -> Plan | None:
    """What is to be written; None where anything is wrong and nothing may be left out."""
    for _round in range(_MOST_ROUNDS):
        world = world_of(given, areas)
        faults = faults_of(world)
        plan = plan_of(world, only_new=only_new)
        faults = faults or faults_of_plan(plan)
        if not faults:
            plan.tell(report)
            return plan
        report.faults += faults
        if not skip_bad or not _leave_out(given, faults, report):
            return None
    return None


def _leave_out(given: Known, faults: list[Fault], report: Import) -> int:
    """Forget the objects at fault; return how many."""
    bad = {fault.pointer for fault in faults}
    bad |= {"/".join(pointer.split("/")[:3]) for pointer in bad}
    count = 0
    for table in TABLES:
        rows = given[table.name]
        for key in [key for key, facts in rows.items() if facts.pointer in bad]:
            del rows[key]
            count += 1
    report.skipped += count
    return count


def _write(plan: Plan, report: Import, progress: Progress | None) -> None:
    """The database has the last word; what it refuses becomes a fault."""
    try:
        with transaction.atomic():
            write(plan, progress)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as refusal:
        diagnosis = getattr(refusal.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", "") or "?"
        words = _("The database refuses it: %(reason)s")
        reason = str(getattr(diagnosis, "message_primary", refusal))
        detail = getattr(diagnosis, "message_detail", None) or ""
        report.faults.append(
            Fault("", f"database.{name}", words % {"reason": reason}, detail[:300])
        )
        transaction.set_rollback(True)
