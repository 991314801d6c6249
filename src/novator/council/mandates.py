"""Who decides: which mandates are in force on a day, and who holds them (rule K6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Prefetch, QuerySet

from novator.cities.models import Municipality
from novator.council.composition import may_last_on
from novator.council.models import (
    CARRIED,
    Decision,
    DecisionStep,
    Mandate,
    Membership,
    Person,
)

_ENDING = frozenset({"returned", "repealed", "lost"})


def mandates_on(
    municipality: Municipality, *, day: date, towards_association: bool = True
) -> list[Mandate]:
    """
    Mandates of a municipality in force on a day, the earliest first; three queries.

    With `towards_association` those alone that count in this association.
    """
    rows = Mandate.objects.filter(municipality=municipality)
    if towards_association:
        rows = rows.filter(is_towards_association=True)
    return in_force(rows, day=day)


def in_force(rows: QuerySet[Mandate], *, day: date) -> list[Mandate]:
    """
    Of these mandates, those in force on a day; two queries however many they are.

    In force: begun, not ended, not withdrawn, and the decision that gave it stands on that day.
    """
    steps = Prefetch("decision__steps", DecisionStep.objects.order_by("id"))
    near = with_words(rows.exclude(withdrawn_on__lte=day).exclude(starts_on__gt=day))
    found = near.exclude(ends_on__lt=day).prefetch_related(steps).order_by("starts_on", "id")
    return [mandate for mandate in found if is_in_force(mandate, day=day)]


def with_words(rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """The same with all that is needed to show and to judge them."""
    return rows.select_related(
        "decision", "holder", "holder_post", "municipality", "withdrawn_by", "source"
    )


def is_in_force(mandate: Mandate, *, day: date) -> bool:
    """Whether it counts on a day: its own dates, and the decision's life up to that day."""
    if not mandate.counts_on(day):
        return False
    return mandate.decision is None or stands_on(mandate.decision, day)


def stands_on(decision: Decision, day: date) -> bool:
    """
    Whether a decision stands on a day, by the steps of its life.

    Of a date that is known in part, what carries counts from its last possible day and what ends
    from its first, though not before the step it follows: nobody acts on what may not have been in
    force. Without steps its state and its own date tell.
    """
    steps = sorted(decision.steps.all(), key=lambda step: step.pk)
    if not steps:
        has_begun = decision.adopted_to is None or decision.adopted_to <= day
        return decision.is_carried and has_begun
    state, not_before = "", date.min
    for step in steps:
        known = step.on_from if step.state in _ENDING else step.on_to
        if known is None or max(known, not_before) <= day:
            state = step.state
        not_before = max(not_before, step.on_from or date.min)
    return state in CARRIED


def holders_of(mandate: Mandate, *, day: date) -> list[Person]:
    """
    Whoever may act by it on a day: the person named, or whoever holds the post; one query.

    Nobody where the post is vacant; of two on the day of change, the later.
    """
    return holders([mandate], day=day)[mandate.pk]


def holders(mandates: Iterable[Mandate], *, day: date) -> dict[int, list[Person]]:
    """Tell the same of many mandates, by their numbers; one query."""
    listed = list(mandates)
    posts = {mandate.holder_post_id for mandate in listed if mandate.holder_post_id}
    by_post: dict[int | None, list[Person]] = {}
    if posts:
        held = Membership.objects.filter(may_last_on(day), post__in=posts)
        earlier_first = held.order_by(F("starts_from").asc(nulls_first=True), "id")
        for membership in earlier_first.select_related("person"):
            by_post[membership.post_id] = [membership.person]
    return {
        mandate.pk: [mandate.holder]
        if mandate.holder is not None
        else by_post.get(mandate.holder_post_id, [])
        for mandate in listed
    }
