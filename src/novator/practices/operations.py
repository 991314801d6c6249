"""Solutions found: everything that writes cards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from procrastinate.exceptions import AlreadyEnqueued

from novator.cities.gazetteer import source_name
from novator.cities.operations import gazetteer, load_gazetteer
from novator.core.package import PackageDamaged, packaged
from novator.practices.importing import (
    ImportReport,
    Progress,
    checked_rows,
    roll_back,
    write_rows,
)
from novator.practices.models import LoadedCatalogue, OpenQuestion
from novator.practices.reading import RawRow, read_file

DATA = Path(__file__).parent / "data"
_STARTER_FILES = ("practices.jsonl", "formulations.jsonl", "open_questions.jsonl")
_STARTER_FORMAT = "1"
REFRESH_INDEX = "novator.matching.refresh_index"
_QUEUE = "index"


def import_practices(
    *,
    path: Path,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """
    Take the cards of a file: all of them or, if any row is bad, none (unless `skip_bad`).

    Idempotent by id. A dry run reports the same and changes nothing. The search index is renewed
    by a job of the same transaction.

    :raises BrokenFile: the file as a whole cannot be read
    """
    report = ImportReport()
    rows = checked_rows(read_file(path), report)
    if report.faults and not skip_bad:
        return report
    with transaction.atomic():
        load_gazetteer()
        write_rows(rows, report, is_starter=False, progress=progress)
        if dry_run:
            roll_back()
        elif report.new or report.changed:
            ask_for_fresh_index()
    report.is_written = not dry_run
    return report


def load_starter_catalogue(*, progress: Progress | None = None) -> ImportReport | None:
    """
    Load the cards, towns and open questions that come with the package, once per version of them.

    Cards that somebody has imported since are left as they are. None when there was nothing to do.

    :raises PackageDamaged: a file of the package is missing, cut short or changed
    """
    digest = _starter_digest()
    if LoadedCatalogue.objects.filter(digest=digest).exists():
        return None
    report = ImportReport()
    with transaction.atomic(), translation.override("en"):
        load_gazetteer()
        rows = checked_rows(_starter_rows(), report)
        if report.faults:
            fault = report.faults[0]
            reason = f"line {fault.line}: {fault.field} {fault.reason}"
            raise PackageDamaged(DATA / "practices.jsonl", reason)
        write_rows(rows, report, is_starter=True, progress=progress)
        _load_open_questions()
        LoadedCatalogue.objects.get_or_create(digest=digest)
        ask_for_fresh_index()
    gazetteer.cache_clear()
    report.is_written = True
    return report


def ask_for_fresh_index() -> None:
    """
    Queue the renewal of the search index, in the caller's transaction.

    Every change queues a job of its own: one that runs already may have read the cards before this
    change is committed. Those that find nothing new end at once.
    """
    from procrastinate.contrib.django import app

    app.configure_task(REFRESH_INDEX, queue=_QUEUE).defer()


def ask_for_whole_index() -> None:
    """Queue the renewal of a damaged or missing index, unless one waits to run already."""
    from procrastinate.contrib.django import app

    task = app.configure_task(REFRESH_INDEX, queue=_QUEUE, queueing_lock="refresh_index")
    try:
        with transaction.atomic():
            task.defer(is_damaged=True)
    except AlreadyEnqueued:
        return


@dataclass(frozen=True)
class _Question:
    """One row of the file of open questions."""

    key: str
    topic: str
    title_ru: str
    title_en: str
    asked_as_ru: list[str]
    asked_as_en: list[str]


def _load_open_questions() -> None:
    found = _json_lines("open_questions.jsonl", key="key")
    with packaged(DATA / "open_questions.jsonl"):
        rows = [_Question(**values) for values in found]
    OpenQuestion.objects.exclude(key__in=[row.key for row in rows]).delete()
    OpenQuestion.objects.bulk_create(
        [OpenQuestion(**row.__dict__) for row in rows],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["topic", "title_ru", "title_en", "asked_as_ru", "asked_as_en"],
    )


def _starter_rows() -> Iterator[RawRow]:
    """Cards with their formulations; a file that lost whole lines is known by the other one."""
    asked = {values["id"]: values for values in _json_lines("formulations.jsonl", key="id")}
    cards = _json_lines("practices.jsonl", key="id")
    lost = {"practices.jsonl": asked.keys() - {values["id"] for values in cards}}
    lost["formulations.jsonl"] = {values["id"] for values in cards} - asked.keys()
    for name, slugs in lost.items():
        if slugs:
            raise PackageDamaged(DATA / name, f"{min(slugs)} is missing")
    for line, values in enumerate(cards, start=1):
        yield RawRow(line, asked[values["id"]] | values)


def _json_lines(name: str, *, key: str) -> list[dict[str, Any]]:
    """
    The objects of a file of the package, each of which has this key.

    :raises PackageDamaged: it cannot be read as such
    """
    with packaged(DATA / name), (DATA / name).open(encoding="utf-8") as file:
        lines = [(number, line) for number, line in enumerate(file, start=1) if line.strip()]
        return [_object(line, number, key) for number, line in lines]


def _object(line: str, number: int, key: str) -> dict[str, Any]:
    try:
        values: dict[str, Any] = json.loads(line)
        values[key]
    except (ValueError, KeyError, TypeError) as fault:
        words = f"line {number} cannot be read"
        raise ValueError(words) from fault
    return values


def _starter_digest() -> str:
    digest = hashlib.sha256(f"{_STARTER_FORMAT} {source_name()}".encode())
    for name in _STARTER_FILES:
        with packaged(DATA / name):
            digest.update((DATA / name).read_bytes())
    return digest.hexdigest()
