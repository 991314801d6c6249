"""Solutions chosen: collections and papers as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.accounts.queries import municipalities_of
from novator.briefings.models import Briefing, Collection, Item, SecretLink, Share
from novator.briefings.permissions import ANY_ROLE, HEADS, confirmed_addresses
from novator.practices.models import Practice
from novator.reviews.models import Review
from novator.reviews.scales import review_scale
from novator.reviews.scoring import Opinion, Scored, opinion


@dataclass(frozen=True)
class Visible:
    """Collections that a person may read, by the reason; `editable` are keys of those to change."""

    own: tuple[Collection, ...]
    of_cities: tuple[Collection, ...]
    shared: tuple[Collection, ...]
    editable: frozenset[int]

    @property
    def groups(self) -> list[tuple[str, tuple[Collection, ...]]]:
        """The groups that hold any, with their names."""
        named = (
            (_("My collections"), self.own),
            (_("Of my municipality"), self.of_cities),
            (_("Shared with me"), self.shared),
        )
        return [(name, rows) for name, rows in named if rows]

    @property
    def to_add_to(self) -> list[Collection]:
        """Those into which the person may put cards."""
        return [c for c in (*self.own, *self.of_cities, *self.shared) if c.pk in self.editable]


def visible_to(user: User, *, on: date) -> Visible:
    """Collections that a person may read, the last changed first; three queries."""
    cities = {city.pk for city in municipalities_of(user, ANY_ROLE, on=on)}
    heads = {city.pk for city in municipalities_of(user, HEADS, on=on)}
    shares = _shares_of(user)
    rows = Collection.objects.filter(
        Q(owner=user)
        | (Q(municipality__in=cities) & ~Q(municipality_access="nobody"))
        | Q(pk__in=shares)
    )
    own, of_cities, shared, editable = [], [], [], set()
    for row in with_counts(rows):
        is_city = row.is_of_the_city and row.municipality_id in cities
        is_own = row.owner_id == user.pk and (is_city or not row.is_of_the_city)
        if is_own:
            own.append(row)
        elif is_city:
            of_cities.append(row)
        elif row.pk in shares:
            shared.append(row)
        else:
            continue
        of_city = is_city and (row.municipality_access == "edit" or row.municipality_id in heads)
        if is_own or of_city or shares.get(row.pk, False):
            editable.add(row.pk)
    return Visible(tuple(own), tuple(of_cities), tuple(shared), frozenset(editable))


def with_counts(rows: QuerySet[Collection]) -> QuerySet[Any]:
    """Add `cards`, how many cards are in each, and the people and places of its line."""
    counted = rows.annotate(cards=Count("items", distinct=True))
    return counted.select_related("owner", "municipality").order_by("-changed_at", "-id")


def collection_called(public_id: UUID) -> Collection | None:
    """A collection by its public id, with what its page shows."""
    rows = Collection.objects.select_related("owner", "municipality__region", "changed_by")
    return rows.filter(public_id=public_id).first()


def collection_by_link(token: str) -> Collection | None:
    """The collection of a secret address that was not ended, or None."""
    rows = SecretLink.objects.filter(token=token, ended_at=None)
    link = rows.select_related("collection__municipality", "collection__owner").first()
    return link.collection if link else None


def items_of(collection: Collection) -> list[Item]:
    """Its cards in their order, those that were taken out of the catalogue too."""
    rows = Item.objects.filter(collection=collection).order_by("position", "id")
    return list(rows.select_related("practice__merged_into", "added_by"))


def paper_called(public_id: UUID) -> Briefing | None:
    """A paper with its collection and city."""
    rows = Briefing.objects.select_related(
        "collection__municipality__region", "collection__owner", "city__region", "changed_by"
    )
    return rows.filter(public_id=public_id).first()


def opinions_of(practices: Sequence[Practice]) -> dict[int, Opinion]:
    """What experts think of each of these cards, by its key, where any does; one query."""
    given: dict[int, list[Scored]] = {}
    for review in Review.objects.filter(practice__in=practices, ended_at=None).order_by("pk"):
        scored = Scored(review.scores, review.weights)
        given.setdefault(review.practice_id, []).append(scored)
    codes = [criterion.code for criterion in review_scale().criteria]
    found = {key: opinion(reviews, codes) for key, reviews in given.items()}
    return {key: together for key, together in found.items() if together is not None}


def told_to(user: User) -> Iterable[Mapping[str, Any]]:
    """What is stored of a person here, for the person's own export."""
    for row in Collection.objects.filter(owner=user).order_by("pk"):
        notes = row.items.order_by("position").values_list("practice__slug", "note")
        yield {
            "title": row.title,
            "purpose": row.purpose,
            "created_at": row.created_at,
            "shared_with": list(row.shares.values_list("email", flat=True)),
            "cards": [{"id": slug, "note": note} for slug, note in notes],
        }


def _shares_of(user: User) -> dict[int, bool]:
    """Keys of collections shared with the person's addresses, and whether they may be changed."""
    addresses = [address.lower() for address in confirmed_addresses(user)]
    found: dict[int, bool] = {}
    if addresses:
        shares = Share.objects.filter(email__in=addresses)
        for pk, may_edit in shares.values_list("collection", "may_edit"):
            found[pk] = found.get(pk, False) or may_edit
    return found
