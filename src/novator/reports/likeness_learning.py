"""A citizen's report: every night the likeness learns from the pairs that people decided on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from novator.reports.duplicates import read_weights
from novator.reports.likeness.features import place_time_kind, words_and_photos
from novator.reports.likeness.learning import (
    LEAST_PAIRS,
    Choice,
    held_back,
    learned,
    mean_log_likelihood,
    rows_of,
    settled,
)
from novator.reports.likeness.scoring import Weights
from novator.reports.models import DuplicateSuggestion, LikenessModel
from novator.reports.neighbours import prints_of, side_of

MOST_PAIRS = 20_000
NO_BETTER = gettext_noop("no better than the weights in use on pairs it had not seen")


def learn_likeness(*, now: datetime) -> LikenessModel | None:
    """
    Learn anew from confirmed and refused pairs; None where there are too few.

    The new weights are taken into use only if they foretell pairs that they had not seen better
    than the weights in use do; they are kept in either case.
    """
    choices = decided_choices()
    confirmed = sum(choice.chosen is not None for choice in choices)
    if confirmed < LEAST_PAIRS:
        return None
    used = read_weights()
    before = mean_log_likelihood(choices, used)
    after = held_back(choices, lambda seen: _fitted(seen, used))
    is_better = after > before
    with transaction.atomic():
        if is_better:
            LikenessModel.objects.filter(is_used=True, municipality=None).update(is_used=False)
        return LikenessModel.objects.create(
            weights=_fitted(choices, used).stored(),
            pairs=confirmed,
            figures={"before": before, "held_back": after, "reports": len(choices)},
            is_used=is_better,
            refused_because="" if is_better else NO_BETTER,
            made_at=now,
        )


def decided_choices() -> list[Choice]:
    """
    Return each report on which a person decided, with all that had been suggested for it.

    One with a suggestion that nobody looked at, and none confirmed, says nothing yet.
    """
    newest = DuplicateSuggestion.objects.filter(is_confirmed__isnull=False).order_by("-decided_at")
    decided = set(newest.values_list("report_id", flat=True)[:MOST_PAIRS])
    rows = DuplicateSuggestion.objects.filter(report__in=decided).order_by("report", "id")
    of_report: dict[int, list[DuplicateSuggestion]] = defaultdict(list)
    for row in rows.select_related("report__category", "other__category"):
        of_report[row.report_id].append(row)
    choices = (_choice(suggested) for suggested in of_report.values())
    return [choice for choice in choices if choice is not None]


def _choice(suggested: list[DuplicateSuggestion]) -> Choice | None:
    confirmed = [place for place, row in enumerate(suggested) if row.is_confirmed]
    if not confirmed and any(row.is_confirmed is None for row in suggested):
        return None
    prints = prints_of([suggested[0].report_id, *(row.other_id for row in suggested)])
    asked = side_of(suggested[0].report, photos=prints.get(suggested[0].report_id, ()))
    others = [side_of(row.other, photos=prints.get(row.other_id, ())) for row in suggested]
    rows = rows_of(
        [place_time_kind(asked, other) for other in others],
        [words_and_photos(asked, other) for other in others],
    )
    group = suggested[confirmed[0]].other_id if confirmed else suggested[0].report_id
    return Choice(rows, confirmed[0] if confirmed else None, group)


def _fitted(choices: Sequence[Choice], used: Weights) -> Weights:
    chosen = [choice for choice in choices if choice.chosen is not None]
    return settled(choices, learned(chosen, prior=used))
