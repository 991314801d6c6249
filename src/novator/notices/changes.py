"""After every step: what is new for whoever follows something, asked of the earlier stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from novator.cities.models import Region
from novator.core.topics import TOPIC_BY_CODE
from novator.council.told import CouncilNews, Followed, council_news
from novator.matching.queries import current_index
from novator.matching.search import Filters, find
from novator.notices.models import Follow
from novator.practices.card import Card
from novator.practices.models import Version
from novator.practices.queries import cards, catalogue, changed_since
from novator.talk.queries import (
    News,
    new_public_questions_since,
    new_replies_since,
    new_requests_since,
)
from novator.text.index import IndexDamaged, IndexMissing

MOST_FOUND = 50
COUNCIL_KINDS = frozenset({"council", "decision", "item"})
What = Literal["new", "changed", "question", "reply", "request", "answer", "session", "decision"]


class CannotSearch(Exception):
    """There is no index to search in just now; ask again later."""


@dataclass(frozen=True)
class Item:
    """One piece of news: what happened, when, of which card or thread, and its page."""

    what: What
    key: str
    at: datetime
    title: str
    place: str
    path: str


@dataclass(frozen=True)
class _Change:
    """A card with the moments at which it became news, and what follows are matched by."""

    slug: str
    topic: str
    city: str
    region: str | None
    made_at: datetime
    said_anew_at: datetime | None

    def what_since(self, moment: datetime) -> tuple[What, datetime] | None:
        """Tell what is new about it since a moment, and when; other changes are no news."""
        if self.made_at > moment:
            return "new", self.made_at
        if self.said_anew_at is not None and self.said_anew_at > moment:
            return "changed", self.said_anew_at
        return None


class Changes:
    """Everything that became new between two moments; each source is asked once, when needed."""

    def __init__(self, *, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until

    @cached_property
    def cards(self) -> list[_Change]:
        """Cards that were made, or said something else than before, until the end."""
        later = Version.objects.filter(practice=OuterRef("pk"), number__gt=1)
        said_anew = later.filter(made_at__lte=self.until).order_by("-made_at").values("made_at")
        rows = changed_since(self.since).filter(created_at__lte=self.until)
        return [
            _Change(*row)
            for row in rows.annotate(said_anew_at=Subquery(said_anew[:1])).values_list(
                "slug",
                "topic",
                "municipality__slug",
                "municipality__region__code",
                "created_at",
                "said_anew_at",
            )
        ]

    @cached_property
    def talk(self) -> list[News]:
        """Questions, replies and requests that everybody may read."""
        sources: tuple[Callable[[datetime], list[News]], ...] = (
            new_public_questions_since,
            new_replies_since,
            new_requests_since,
        )
        found = [news for source in sources for news in source(self.since)]
        return [news for news in found if news.at <= self.until]

    @cached_property
    def council(self) -> list[CouncilNews]:
        """Sessions and decisions of what anybody follows; four queries."""
        kinds = ("council", "decision", "item")
        rows = Follow.objects.filter(kind__in=kinds).values_list("kind", "key").distinct()
        keys: dict[str, set[str]] = {kind: set() for kind in kinds}
        for kind, key in rows:
            keys[kind].add(key)
        followed = Followed(
            councils=keys["council"],
            decisions={int(key) for key in keys["decision"]},
            items={int(key) for key in keys["item"]},
        )
        return council_news(followed, since=self.since, until=self.until)

    @cached_property
    def region_ids(self) -> dict[str, int]:
        """Numbers of the regions by their codes."""
        return dict(Region.objects.values_list("code", "pk"))

    @cached_property
    def shown(self) -> dict[str, Card]:
        """The changed cards as they are read; one fixed number of queries."""
        return {card.slug: card for card in cards([change.slug for change in self.cards])}


def news_of(follow: Follow, changes: Changes, *, language: str) -> list[Item]:
    """
    What is new for this follow since the person was told last, newest first.

    :raises CannotSearch: it is a search, and there is no index just now
    """
    since = follow.last_told_at
    if follow.kind in COUNCIL_KINDS:
        return _of_council(follow, changes)
    fresh = [change for change in changes.cards if change.what_since(since)]
    items = [
        _of_card(change, since, changes.shown[change.slug], language)
        for change in _chosen(follow, fresh)
        if change.slug in changes.shown
    ]
    recent = [news for news in changes.talk if news.at > since]
    items += [_of_talk(news) for news in recent if _meets(follow, news, changes)]
    return sorted(items, key=lambda item: (item.at, item.key), reverse=True)


def found_by(params: dict[str, Any]) -> list[str]:
    """
    Slugs of the cards that a kept search finds now, best first.

    :raises CannotSearch: there is no index just now
    """
    filters = Filters(**params.get("filters", {}))
    if not params.get("text"):
        return catalogue(filters)
    try:
        index = current_index()
    except (IndexMissing, IndexDamaged) as fault:
        raise CannotSearch from fault
    findings = find(params["text"], index=index, filters=filters, limit=MOST_FOUND)
    return [found.practice_slug for found in findings.worth_showing]


def _of_council(follow: Follow, changes: Changes) -> list[Item]:
    found = [
        Item(news.what, news.key, news.at, news.title, news.place, news.path)
        for news in changes.council
        if news.at > follow.last_told_at and news.concerns(follow.kind, follow.key)
    ]
    return sorted(found, key=lambda item: (item.at, item.key), reverse=True)


def _chosen(follow: Follow, changed: Sequence[_Change]) -> Iterator[_Change]:
    if follow.kind == "search" and changed:
        found = set(found_by(follow.params))
        yield from (change for change in changed if change.slug in found)
        return
    for change in changed:
        named = {
            "topic": change.topic,
            "city": change.city,
            "card": change.slug,
            "region": change.region,
        }
        if named.get(follow.kind) == follow.key:
            yield change


def _meets(follow: Follow, news: News, changes: Changes) -> bool:
    """Whether a question, reply or request belongs to what is followed."""
    places = [place for place in (news.city, news.about_city) if place is not None]
    if follow.kind == "topic":
        return news.topic == follow.key
    if follow.kind == "city":
        return any(place.slug == follow.key for place in places)
    if follow.kind == "card":
        return news.practice is not None and news.practice.slug == follow.key
    if follow.kind == "region":
        region = changes.region_ids.get(follow.key, 0)
        return any(place.region_id == region for place in places)
    return False


def _of_card(change: _Change, since: datetime, card: Card, language: str) -> Item:
    found = change.what_since(since)
    assert found is not None
    title = card.text(language).title or card.full_text.title
    place = ", ".join(filter(None, [card.city.name, card.city.region_name]))
    path = reverse("practice", args=[card.slug])
    return Item(found[0], f"card:{card.slug}", found[1], title, place, path)


def _of_talk(news: News) -> Item:
    topic = TOPIC_BY_CODE[news.topic].name if news.topic in TOPIC_BY_CODE else ""
    place = news.city.name if news.city else topic
    what: What = news.kind  # type: ignore[assignment]
    return Item(what, news.key, news.at, news.title, place, news.path())
