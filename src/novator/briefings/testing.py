"""Solutions chosen: builders of collections and papers for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from novator.accounts.models import User
from novator.briefings.models import Briefing, Collection
from novator.briefings.operations import add_cards, begin_collection
from novator.briefings.papers import begin_paper
from novator.cities.models import Municipality
from novator.practices.models import Practice


def make_collection(
    owner: User,
    practices: Sequence[Practice] = (),
    *,
    title: str = "Холодные остановки",
    **facts: Any,
) -> Collection:
    """A collection of these cards; overrides go to `Collection`."""
    made = begin_collection(title=title, owner=owner, purpose="К заседанию комиссии")
    if practices:
        add_cards(collection=made, slugs=[practice.slug for practice in practices], by=owner)
    Collection.objects.filter(pk=made.pk).update(**facts) if facts else None
    return Collection.objects.get(pk=made.pk)


def make_paper(
    collection: Collection, *, city: Municipality | None = None, language: str = "ru"
) -> Briefing:
    """A paper about the first five cards of a collection."""
    return begin_paper(
        collection=collection,
        slugs=[item.practice.slug for item in collection.items.all()[:5]],
        by=collection.owner,
        city=city,
        language=language,
        on=date(2026, 11, 22),
    )
