"""Solutions written: drafts as lists show them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.cities.models import Municipality
from novator.drafts.models import OPEN_STATES, Draft
from novator.drafts.permissions import WRITERS


def drafts() -> QuerySet[Draft]:
    """Drafts with what lists and pages show of them, in one query."""
    return Draft.objects.select_related(
        "municipality__region", "practice", "author", "holder", "changed_by", "released_by"
    )


def awaiting_moderation() -> QuerySet[Draft]:
    """What cities released and no moderator has decided on, the longest waiting first."""
    return drafts().filter(state="submitted").order_by("submitted_at", "id")


def of_cities(cities: Collection[Municipality]) -> QuerySet[Draft]:
    """Open drafts of these municipalities, last changed first."""
    return drafts().filter(municipality__in=list(cities), state__in=OPEN_STATES)


def put_aside(cities: Collection[Municipality]) -> QuerySet[Draft]:
    """Discarded drafts of these municipalities, last changed first."""
    return drafts().filter(municipality__in=list(cities), state="discarded")


def without_holder(cities: Collection[Municipality] | None, *, on: date) -> QuerySet[Draft]:
    """Open drafts whose holder may no longer write for their city; None: of every city."""
    found = drafts().filter(state__in=OPEN_STATES).order_by("municipality_id", "changed_at", "id")
    if cities is not None:
        found = found.filter(municipality__in=list(cities))
    pairs = set(
        roles_on(on)
        .filter(kind__in=WRITERS, municipality__in=found.order_by().values("municipality"))
        .values_list("municipality_id", "user_id")
    )
    left = [draft.pk for draft in found if (draft.municipality_id, draft.holder_id) not in pairs]
    return found.filter(pk__in=left)


def writers_of(cities: Collection[int], *, on: date) -> dict[int, list[User]]:
    """Who may write for each of these municipalities, by its number; one query."""
    rows = roles_on(on).filter(kind__in=WRITERS, municipality__in=cities).select_related("user")
    found: dict[int, dict[int, User]] = {city: {} for city in cities}
    for role in rows.order_by("user__name", "user_id"):
        if role.municipality_id is not None:
            found[role.municipality_id][role.user_id] = role.user
    return {city: list(people.values()) for city, people in found.items()}


def open_draft_of(practice_id: int) -> Draft | None:
    """The draft in which this card is being changed, if there is one."""
    return drafts().filter(practice_id=practice_id, state__in=OPEN_STATES).first()
