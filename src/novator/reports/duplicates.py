"""A citizen's report: which earlier one it may repeat. A person decides; none merges by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from time import monotonic

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.files import disk
from novator.reports.life import change_state
from novator.reports.likeness.places import metres_between
from novator.reports.likeness.prints import print_of
from novator.reports.likeness.scoring import Scored, Weights, score, shipped_weights
from novator.reports.likeness.sides import Side, days_between
from novator.reports.models import (
    Category,
    DuplicateSuggestion,
    LikenessModel,
    Report,
    ReportPhoto,
)
from novator.reports.neighbours import Neighbour, neighbours_of, prints_of, side_of

LEAST_SHOWN = 0.05
LEAST_SUGGESTED = 0.1
MOST_SUGGESTED = 5


class CannotDecide(Exception):
    """The suggestion cannot be decided so; the message is fit to show."""


@dataclass(frozen=True)
class LikelyDuplicate:
    """An earlier report that may be the same: how probable, how far (metres), how many days ago."""

    report: Report
    probability: float
    metres: float | None
    days: float
    is_same_category: bool
    text_likeness: float | None
    photo_likeness: float | None


def likely_duplicates(
    *,
    municipality: Municipality,
    place: tuple[float, float] | None,
    at: datetime,
    category: Category | None = None,
    text: str = "",
    address: str = "",
    photo_hashes: Sequence[int] = (),
    limit: int = MOST_SUGGESTED,
) -> list[LikelyDuplicate]:
    """
    Find, before something is sent, the reports that everybody may know and that it may repeat.

    The likeliest first. What of text and photo may be shown is for the reader to see to (C4).
    """
    asked = Side(
        at=at.timestamp(),
        place=place,
        address=address,
        category=category and category.pk,
        group=category and (category.parent_id or category.pk),
        topic=category and category.topic,
        text=text,
        photos=photo_hashes,
    )
    found = neighbours_of(
        city=municipality,
        place=place,
        address=address,
        at=at,
        is_public=True,
        told=text,
        with_photos=bool(photo_hashes),
    )
    likely = _likeliest(asked, found, limit=limit, least=LEAST_SHOWN)
    shown = Report.objects.shown()
    return _with_reports(asked, likely, shown.filter(municipality=municipality))


@transaction.atomic
def suggest_duplicates(*, report: Report, now: datetime) -> list[DuplicateSuggestion]:
    """
    Keep for the staff which earlier reports a new one may repeat; bears being repeated.

    What a person has decided stays as it is.
    """
    asked = side_of(report, photos=_printed(report))
    found = neighbours_of(
        city=report.municipality,
        place=asked.place,
        address=report.address,
        at=report.requested_at,
        asked=report.pk,
        with_photos=bool(asked.photos),
    )
    likely = _likeliest(asked, found, limit=MOST_SUGGESTED, least=LEAST_SUGGESTED)
    others = Report.objects.filter(municipality=report.municipality_id).exclude(pk=report.pk)
    rows = [
        DuplicateSuggestion(
            report=report,
            other=one.report,
            score=one.probability,
            distance=one.metres,
            days=one.days,
            is_same_category=one.is_same_category,
            text_likeness=one.text_likeness,
            photo_likeness=one.photo_likeness,
            suggested_at=now,
        )
        for one in _with_reports(asked, likely, others)
    ]
    report.suggested.filter(is_confirmed__isnull=True).delete()
    DuplicateSuggestion.objects.bulk_create(rows, ignore_conflicts=True)
    return list(report.suggested.filter(is_confirmed__isnull=True))


@transaction.atomic
def confirm_duplicate(
    *,
    suggestion: DuplicateSuggestion,
    by: User,
    now: datetime,
    text: str,
    keep_the_later: bool = False,
) -> Report:
    """
    A person says that both are one: close one of them as a repeat; return the one that is kept.

    The earlier (`other`) is kept, unless `keep_the_later`. `text` goes to the sender of the other.

    :raises CannotDecide: decided already
    :raises StepRefused: the report can become no repeat any more, or words are missing
    """
    held = _undecided(suggestion)
    closed, kept = (held.other, held.report) if keep_the_later else (held.report, held.other)
    kept = kept.duplicate_of or kept
    change_state(report=closed, to="duplicate", duplicate_of=kept, text=text, now=now, by=by)
    _decide(held, is_confirmed=True, by=by, now=now)
    suggestion.refresh_from_db()
    return kept


@transaction.atomic
def refuse_duplicate(*, suggestion: DuplicateSuggestion, by: User, now: datetime) -> None:
    """
    A person says that the two are not one; the machine learns from it.

    :raises CannotDecide: decided already
    """
    _decide(_undecided(suggestion), is_confirmed=False, by=by, now=now)
    suggestion.refresh_from_db()


def weights_in_use() -> Weights:
    """Return the weights learned here, or those of the package; read once a minute."""
    return _weights_at(int(monotonic() // 60))


@lru_cache(maxsize=1)
def _weights_at(minute: int) -> Weights:
    return read_weights()


def read_weights() -> Weights:
    """Return the weights learned here, or those of the package."""
    model = LikenessModel.objects.filter(is_used=True, municipality__isnull=True).first()
    return Weights.of(model.weights) if model else shipped_weights()


def _undecided(suggestion: DuplicateSuggestion) -> DuplicateSuggestion:
    held = DuplicateSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if held.is_confirmed is not None:
        raise CannotDecide(_("Somebody has decided on this pair already."))
    return held


def _decide(held: DuplicateSuggestion, *, is_confirmed: bool, by: User, now: datetime) -> None:
    held.is_confirmed, held.decided_by, held.decided_at = is_confirmed, by, now
    held.save(update_fields=["is_confirmed", "decided_by", "decided_at"])


def _likeliest(
    asked: Side, found: Sequence[Neighbour], *, limit: int, least: float
) -> list[tuple[Neighbour, Scored]]:
    """The likeliest first; of one report and its repeats only the likeliest stands for it."""
    scored = score(asked, [one.side for one in found], weights_in_use())
    pairs = sorted(
        zip(found, scored, strict=True), key=lambda pair: (-pair[1].probability, -pair[0].key)
    )
    best: dict[int, tuple[Neighbour, Scored]] = {}
    for neighbour, one in pairs:
        if neighbour.kept in best:
            first, before = best[neighbour.kept]
            whole = before.probability + one.probability
            best[neighbour.kept] = first, replace(before, probability=whole)
        else:
            best[neighbour.kept] = neighbour, one
    kept = [pair for pair in best.values() if pair[1].probability >= least]
    return sorted(kept, key=lambda pair: (-pair[1].probability, -pair[0].key))[:limit]


def _with_reports(
    asked: Side, likely: Sequence[tuple[Neighbour, Scored]], reports: QuerySet[Report]
) -> list[LikelyDuplicate]:
    chosen = reports.filter(pk__in=[one.kept for one, _scored in likely])
    known: dict[int, Report] = {r.pk: r for r in chosen.select_related("category")}
    return [
        LikelyDuplicate(
            report=known[one.kept],
            probability=scored.probability,
            metres=_metres(asked, one.side),
            days=days_between(asked, one.side),
            is_same_category=asked.category is not None and asked.category == one.side.category,
            text_likeness=scored.text,
            photo_likeness=scored.photo,
        )
        for one, scored in likely
        if one.kept in known
    ]


def _metres(asked: Side, other: Side) -> float | None:
    if asked.place is None or other.place is None:
        return None
    return metres_between(asked.place, other.place)


def _printed(report: Report) -> list[int]:
    """Prints of the photos of a report; those that were not taken yet are taken and kept."""
    photos = ReportPhoto.objects.filter(report=report, print_of__isnull=True)
    for photo in photos.select_related("original"):
        with disk.path_of(photo.original.digest).open("rb") as file:
            photo.print_of = print_of(file)
        photo.save(update_fields=["print_of"])
    return prints_of([report.pk]).get(report.pk, [])
