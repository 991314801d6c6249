"""Solutions found: a file of cards taken in whole or not at all, with every bad row named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.cities.operations import StatedPopulation, place_municipality
from novator.practices.models import Practice
from novator.practices.reading import RawRow
from novator.practices.rows import BadRow, PracticeRow, is_known_column, row_from
from novator.practices.versions import keep_first_versions, keep_versions
from novator.practices.writing import (
    practices_with_all,
    row_of,
    settled,
    write_changed,
    write_new,
)

BATCH = 500
_LOCK = 0x6E6F7661  # one import at a time, whichever process runs it
_CENSUS = re.compile(r"перепис|регистр|census|register", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fault:
    """Why a field of a row of the file cannot be taken; `field` is empty for the whole row."""

    line: int
    field: str
    reason: str


@dataclass
class ImportReport:
    """What an import did, or would have done."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    faults: list[Fault] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    is_written: bool = False

    @property
    def bad_rows(self) -> int:
        """How many rows of the file have at least one fault."""
        return len({fault.line for fault in self.faults})


def checked_rows(raw: Iterable[RawRow], report: ImportReport) -> list[PracticeRow]:
    """The good rows of a file; the faults of the others go into the report."""
    lines: dict[str, int] = {}
    good: list[PracticeRow] = []
    unknown: set[str] = set()
    for entry in raw:
        unknown.update(name for name in entry.values if not is_known_column(name))
        row = _checked(entry, lines, report.faults)
        if row is not None:
            good.append(row)
    report.unknown_columns = sorted(name[:60] for name in unknown if name)
    return good


def _checked(entry: RawRow, lines: dict[str, int], faults: list[Fault]) -> PracticeRow | None:
    if entry.fault:
        faults.append(Fault(entry.line, "", entry.fault))
        return None
    try:
        row = row_from(entry.values)
    except BadRow as bad:
        faults += [Fault(entry.line, fault.field, fault.reason) for fault in bad.faults]
        return None
    first = lines.setdefault(row.id, entry.line)
    if first != entry.line:
        reason = _("“%(id)s” is in line %(line)s already") % {"id": row.id, "line": first}
        faults.append(Fault(entry.line, "id", reason))
        return None
    return row


def write_rows(
    rows: Sequence[PracticeRow],
    report: ImportReport,
    *,
    is_starter: bool,
    progress: Progress | None = None,
) -> None:
    """Write the rows in the caller's transaction; cards that do not differ are not touched."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    cities = _Cities()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        _write_batch(batch, report, cities, is_starter=is_starter)
        if progress:
            progress(start + len(batch), len(rows))


def _write_batch(
    batch: Sequence[PracticeRow], report: ImportReport, cities: _Cities, *, is_starter: bool
) -> None:
    known = practices_with_all([row.id for row in batch])
    new: list[tuple[PracticeRow, Municipality]] = []
    changed: list[tuple[Practice, PracticeRow, Municipality]] = []
    for row in batch:
        practice = known.get(row.id)
        if practice is not None and _is_kept(practice, is_starter=is_starter):
            report.kept += 1
            continue
        city = cities.of(row)
        stored = row_of(practice) if practice else None
        wanted = settled(row, city, stored)
        if practice is None:
            new.append((wanted, city))
        elif wanted != stored:
            changed.append((practice, wanted, city))
        else:
            report.unchanged += 1
    write_new(new, is_starter=is_starter)
    rewritten = [practice for practice, _row, _city in changed]
    keep_first_versions(rewritten, note="as first imported")
    write_changed(changed, is_starter=is_starter)
    keep_versions(rewritten, note="imported", made_at=timezone.now())
    report.new += len(new)
    report.changed += len(changed)


def _is_kept(practice: Practice, *, is_starter: bool) -> bool:
    """Files never overwrite what a city says of its own work, nor bring back what was withdrawn."""
    if practice.is_by_its_city or practice.withdrawn_at is not None:
        return True
    return is_starter and not practice.is_starter


class _Cities:
    """Municipalities of the rows of one file, each looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], Municipality] = {}

    def of(self, row: PracticeRow) -> Municipality:
        population = stated_population(row)
        key = (row.municipality, row.region, row.country, row.oktmo, population)
        if key not in self._found:
            self._found[key] = place_municipality(
                name=row.municipality,
                region_text=row.region,
                country=row.country,
                oktmo=row.oktmo,
                population=population,
            )
        return self._found[key]


def stated_population(row: PracticeRow) -> StatedPopulation | None:
    """
    The card's population as one of the whole municipality: only if a census or a register says so.

    Other figures can be of a district or of those served; they stay on the card alone.
    """
    if row.population is None or not _CENSUS.search(row.population_source):
        return None
    years = [int(year) for year in _YEAR.findall(row.population_source)]
    return StatedPopulation(row.population, max(years) if years else None, row.population_source)


def first_faults(report: ImportReport, most: int) -> Iterator[Fault]:
    """The first faults in the order of the file."""
    yield from sorted(report.faults, key=lambda fault: fault.line)[:most]


def roll_back() -> None:
    """Let the surrounding transaction end without a trace, for a dry run."""
    transaction.set_rollback(True)
