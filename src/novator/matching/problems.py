"""Problem to practices: solutions of other cities for a city's problem, found in people's words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from novator.accounts.models import User
from novator.matching.models import Match
from novator.matching.queries import current_index
from novator.matching.search import Findings, Found, find
from novator.practices.models import Practice
from novator.problems.models import Problem
from novator.problems.saying import words_of

MOST_KEPT = 10
_TOLD = frozenset({"meaning", "formulation", "topic", "city"})
"""Reasons that may be shown: words in common would give away what people wrote (rule C4)."""


def match_problem(*, problem: Problem, now: datetime) -> Findings:
    """
    Search the catalogue with the people's own words and keep the best cards of other cities.

    :raises IndexMissing: no index was made yet
    :raises IndexDamaged: it is damaged and must be made anew
    """
    findings = find(
        words_of(problem), index=current_index(), city=problem.municipality, limit=MOST_KEPT * 2
    )
    _keep(problem, findings, now)
    return findings


@transaction.atomic
def _keep(problem: Problem, findings: Findings, now: datetime) -> None:
    Problem.objects.select_for_update().get(pk=problem.pk)
    found = {one.practice_slug: one for one in findings.worth_showing}
    practices = (
        Practice.objects.published()
        .filter(slug__in=found)
        .exclude(municipality=problem.municipality_id)
        .only("pk", "slug")
    )
    by_slug = {practice.slug: practice for practice in practices}
    ordered = [one for slug, one in found.items() if slug in by_slug][:MOST_KEPT]
    Match.objects.filter(problem=problem, chosen_at=None).exclude(
        practice__slug__in=[one.practice_slug for one in ordered]
    ).delete()
    Match.objects.filter(problem=problem).update(position=0)
    for position, one in enumerate(ordered, start=1):
        Match.objects.update_or_create(
            problem=problem,
            practice=by_slug[one.practice_slug],
            defaults={
                "score": one.score,
                "reasons": _reasons(one),
                "position": position,
                "is_sure": not findings.nothing_fits,
                "found_at": now,
            },
        )


def _reasons(found: Found) -> list[dict[str, Any]]:
    return [
        {"kind": reason.kind, "ru": reason.text("ru"), "en": reason.text("en")}
        for reason in found.reasons
        if reason.kind in _TOLD
    ]


def choose_match(*, match: Match, by: User, now: datetime) -> None:
    """Say that the city looks at this solution; saying it twice is once."""
    Match.objects.filter(pk=match.pk, chosen_at=None).update(chosen_at=now, chosen_by=by)


def unchoose_match(*, match: Match) -> None:
    """Say that the city does not look at this solution any more."""
    Match.objects.filter(pk=match.pk).update(chosen_at=None, chosen_by=None)
