"""Solutions judged: the result of a contest, frozen with everything that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from novator.reviews.models import Contest, Entry, Recusal, Score
from novator.reviews.queries import standing_entries
from novator.reviews.ranking import Ballot, Placed, Ranking, ballot_total, ranking

FORMAT = 1
_HUNDREDTH = Decimal("0.01")


def protocol_of(contest: Contest, *, on: date) -> dict[str, Any]:
    """
    Rank the entries of each nomination and category; a value that fits JSON and never changes.

    Jurors stand in it by their codes alone: the names are read from the jury when it is shown.
    """
    entries = standing_entries(contest)
    jurors = list(contest.jurors.filter(ended_at=None).order_by("id"))
    scores = list(Score.objects.filter(juror__in=jurors, entry__in=entries).select_related("juror"))
    recusals = Recusal.objects.filter(juror__in=jurors, entry__in=entries)
    names = {entry.pk: str(place) for place, entry in enumerate(entries, start=1)}
    return {
        "format": FORMAT,
        "date": on.isoformat(),
        "rules_version": contest.rules_version,
        "criteria": contest.criteria,
        "least_scores": contest.least_scores,
        "tie_rule": contest.tie_rule,
        "jurors": [juror.code for juror in jurors],
        "entries": [_entry_values(entry, names[entry.pk]) for entry in entries],
        "ballots": _ballot_values(scores, names, contest.weights),
        "recusals": [
            {
                "entry": names[recusal.entry_id],
                "juror": recusal.juror.code,
                "is_by_rule": recusal.is_by_rule,
                "reason": recusal.reason,
            }
            for recusal in recusals.select_related("juror").order_by("entry_id", "juror_id")
        ],
        "groups": _groups(contest, entries, scores, names),
    }


def two_digits(value: Fraction | str) -> str:
    """A number of the protocol ("17/2") with two digits after the point, half rounded up."""
    number = Fraction(value)
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return str(exact.quantize(_HUNDREDTH, ROUND_HALF_UP))


def _entry_values(entry: Entry, name: str) -> dict[str, Any]:
    content = entry.version.content
    city = entry.practice.municipality
    return {
        "id": name,
        "nomination": entry.nomination.position,
        "category": entry.category,
        "slug": entry.practice.slug,
        "version": entry.version.number,
        "title_ru": content.get("title_ru") or "",
        "title_en": content.get("title_en") or "",
        "city_ru": city.short_name_ru,
        "city_en": city.short_name_en or city.short_name_ru,
    }


def _ballot_values(
    scores: Sequence[Score], names: dict[int, str], weights: dict[str, int]
) -> list[dict[str, Any]]:
    rows = [
        {
            "entry": names[score.entry_id],
            "juror": score.juror.code,
            "points": score.points,
            "total": str(ballot_total(score.points, weights)),
        }
        for score in scores
    ]
    return sorted(rows, key=lambda row: (int(row["entry"]), int(row["juror"][1:])))


def _groups(
    contest: Contest, entries: Sequence[Entry], scores: Sequence[Score], names: dict[int, str]
) -> list[dict[str, Any]]:
    ballots = [Ballot(score.juror.code, names[score.entry_id], score.points) for score in scores]
    found = []
    for (nomination, category), group in groupby(
        entries, key=lambda entry: (entry.nomination.position, entry.category)
    ):
        own = [names[entry.pk] for entry in group]
        result = ranking(
            entries=own,
            ballots=[ballot for ballot in ballots if ballot.entry in own],
            weights=contest.weights,
            tie_rule=contest.tie_rule,
            least_scores=contest.least_scores,
        )
        found.append({"nomination": nomination, "category": category} | _ranking_values(result))
    return found


def _ranking_values(result: Ranking) -> dict[str, Any]:
    return {
        "placed": [_placed_values(placed) for placed in result.placed],
        "too_few": [{"entry": entry, "ballots": number} for entry, number in result.too_few],
    }


def _placed_values(placed: Placed) -> dict[str, Any]:
    return {
        "entry": placed.entry,
        "place": placed.place,
        "total": str(placed.total),
        "ballots": placed.ballots,
        "means": {code: str(mean) for code, mean in placed.means.items()},
        "first_places": placed.first_places,
        "tie": [
            {
                "kind": step.kind,
                "code": step.code,
                "value": str(step.value),
                "with": list(step.with_entries),
            }
            for step in placed.tie
        ],
    }
