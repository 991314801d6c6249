"""Who decides: what became new in sessions and decisions, for whoever follows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Prefetch, Q
from django.urls import reverse

from novator.council.models import AgendaItem, Decision, DecisionStep, Session


@dataclass(frozen=True)
class Followed:
    """What people follow: councils by their municipality's slug, decisions and items by number."""

    councils: Collection[str]
    decisions: Collection[int]
    items: Collection[int]


@dataclass(frozen=True)
class CouncilNews:
    """One session that was changed, or one step of a decision, with whatever it belongs to."""

    what: Literal["session", "decision"]
    key: str
    at: datetime
    title: str
    place: str
    path: str
    council: str
    decision: int | None
    items: frozenset[int]

    def concerns(self, kind: str, key: str) -> bool:
        """Whether it is news of what is followed."""
        if kind == "council":
            return key == self.council
        if kind == "decision":
            return key == str(self.decision)
        return kind == "item" and key in {str(item) for item in self.items}


def council_news(followed: Followed, *, since: datetime, until: datetime) -> list[CouncilNews]:
    """What became new of that between two moments; three queries. Nothing closed stands in it."""
    return [*_of_sessions(followed, since, until), *_of_decisions(followed, since, until)]


def item_title(item: AgendaItem) -> str:
    """What an item is called to everybody; "" for a closed one, with its session at hand."""
    return "" if item.is_behind_doors else str(item)


def _of_sessions(followed: Followed, since: datetime, until: datetime) -> list[CouncilNews]:
    wanted = Q(council__municipality__slug__in=followed.councils)
    wanted |= Q(items__in=followed.items)
    rows = Session.objects.filter(wanted, changed_at__gt=since, changed_at__lte=until).distinct()
    items = Prefetch("items", AgendaItem.objects.filter(pk__in=followed.items))
    return [
        CouncilNews(
            what="session",
            key=f"session:{row.pk}",
            at=row.changed_at,
            title=str(row),
            place=str(row.council),
            path=reverse("council_session", args=[row.pk]),
            council=row.council.municipality.slug if row.council.municipality else "",
            decision=None,
            items=frozenset(item.pk for item in row.items.all()),
        )
        for row in rows.select_related("council__municipality").prefetch_related(items)
    ]


def _of_decisions(followed: Followed, since: datetime, until: datetime) -> list[CouncilNews]:
    wanted = Q(decision__council__municipality__slug__in=followed.councils)
    wanted |= Q(decision__in=followed.decisions) | Q(decision__item__in=followed.items)
    steps = DecisionStep.objects.filter(wanted, recorded_at__gt=since, recorded_at__lte=until)
    return [
        CouncilNews(
            what="decision",
            key=f"decision:{step.decision_id}:{step.pk}",
            at=step.recorded_at,
            title=f"{_named(step.decision)} — {step.get_state_display()}",
            place=str(step.decision.council),
            path=reverse("council_decision", args=[step.decision_id]),
            council=_slug(step.decision),
            decision=step.decision_id,
            items=frozenset({step.decision.item_id} - {None}),  # type: ignore[arg-type]
        )
        for step in steps.select_related("decision__council__municipality").defer("decision__text")
    ]


def _named(decision: Decision) -> str:
    return f"№ {decision.number}. {decision}" if decision.number else str(decision)


def _slug(decision: Decision) -> str:
    city = decision.council.municipality
    return city.slug if city else ""
