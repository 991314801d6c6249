"""Who decides: what the secretary's desk shows of a session's questions and votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.council.majorities import Rule
from novator.council.models import BASES, AgendaItem, Decision, Session, VoteEvent
from novator.council.room import Majority

FRACTIONS: dict[tuple[int, int], str | Promise] = {
    (1, 2): gettext_lazy("half"),
    (2, 3): gettext_lazy("two thirds"),
    (3, 4): gettext_lazy("three quarters"),
    (1, 1): gettext_lazy("all"),
}


@dataclass(frozen=True)
class ShownItem:
    """A question with the votes on it, and how much else is entered."""

    row: AgendaItem
    votes: list[VoteEvent]
    speeches: int
    papers: int
    decisions: list[Decision]

    @property
    def wants_decision(self) -> bool:
        """Whether a motion was carried and no decision is drafted yet."""
        return not self.decisions and any(vote.is_carried for vote in self.votes)


def items_of(session: Session) -> list[ShownItem]:
    """Return the questions of a session with their votes and decisions. Three queries."""
    rows = session.items.annotate(
        spoken=Count("speeches", distinct=True), filed=Count("papers", distinct=True)
    ).order_by("position")
    events = VoteEvent.objects.filter(motion__item__session=session).select_related("motion")
    votes: dict[int, list[VoteEvent]] = {}
    for event in events.order_by("motion__position", "motion__id", "position", "id"):
        votes.setdefault(event.motion.item_id, []).append(event)
    decisions: dict[int, list[Decision]] = {}
    for decision in Decision.objects.filter(item__session=session).order_by("id"):
        decisions.setdefault(decision.item_id or 0, []).append(decision)
    return [
        ShownItem(row, votes.get(row.pk, []), row.spoken, row.filed, decisions.get(row.pk, []))
        for row in rows
    ]


def next_to_vote(items: Sequence[ShownItem], *, after: int = 0) -> AgendaItem | None:
    """Return the first question without a vote after a place; else the first of all."""
    left = [item.row for item in items if not item.votes and not item.row.outcome]
    later = [row for row in left if row.position > after]
    return next(iter(later or left), None)


def words_of(rule: Rule) -> str:
    """Say a required majority in words."""
    fraction = FRACTIONS.get((rule.numerator, rule.denominator))
    facts = {
        "fraction": fraction or f"{rule.numerator}/{rule.denominator}",
        "base": str(BASES[rule.base]),
    }
    if rule.is_over:
        return _("more than %(fraction)s of %(base)s") % facts
    return _("at least %(fraction)s of %(base)s") % facts


def name_of(majority: Majority) -> str:
    """What a majority is called, with what it means."""
    said = words_of(majority.rule)
    return f"{majority.name}: {said}" if majority.name else said[:1].upper() + said[1:]
