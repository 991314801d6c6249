"""Councils: one vote — who voted how, whether it was enough, how broad the support was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.council.models import OPTIONS, AgendaItem, VoteEvent
from novator.council.permissions import may_read_closed
from novator.council.support import FEW, Tally, agreement, rice
from novator.council.tallies import EventTally, FactionVote, tally_of
from novator.portal.council_reading import session_crumbs
from novator.portal.hemicycle import NONE, Hemicycle, SeatMark, hemicycle, key_of
from novator.portal.people import today
from novator.portal.tables import csv_answer


@dataclass(frozen=True)
class FactionRow:
    """A faction's line of the table: voices, unity, whether too few voted to say much."""

    vote: FactionVote
    rice: float | None
    agreement: float | None
    is_few: bool
    is_in_favour: bool


@dataclass(frozen=True)
class Needed:
    """The rule of a vote in numbers: so many of so many were needed."""

    least: int | None
    of: int | None
    base: str


def event_or_404(pk: int) -> VoteEvent:
    """A vote with its motion, item, session, council and city; one query."""
    rows = VoteEvent.objects.select_related(
        "motion__item__session__council__municipality", "motion__moved_by"
    )
    return get_object_or_404(rows, pk=pk)


def is_hidden(request: HttpRequest, item: AgendaItem) -> bool:
    """Whether only the result of an item may be told to this reader: it was behind doors."""
    session = item.session
    if not item.is_behind_doors:
        return False
    city = session.council.municipality
    return city is None or not may_read_closed(request.user, city, on=today())


@require_safe
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one vote; of a closed one the result and the counts only."""
    event = event_or_404(pk)
    item = event.motion.item
    hidden = is_hidden(request, item)
    context = support_of(event, hidden=hidden) | {
        "item": item,
        "session": item.session,
        "council": item.session.council,
        "decisions": list(event.decisions.shown()),
        "others": list(event.motion.votes_taken.exclude(pk=event.pk)),
        "crumbs": session_crumbs(item.session, (_("Vote"), "")),
    }
    return render(request, "portal/council/vote.html", context)


def support_of(event: VoteEvent, *, hidden: bool) -> dict[str, Any]:
    """What the part `portal/council/parts/support.html` shows; six queries at most."""
    tally = EventTally((), None, (), ()) if hidden else tally_of(event)
    return {
        "event": event,
        "hidden": hidden,
        "tally": tally,
        "rows": [_row(each) for each in tally.factions],
        "counts": _counts(event),
        "needed": needed_of(event),
        "drawing": drawing_of(tally),
        "few": FEW,
        "in_favour": [
            str(each.faction)
            for each in tally.factions
            if each.faction and tally.breadth and str(each.faction.pk) in tally.breadth.in_favour
        ],
        "faction_count": sum(each.faction is not None for each in tally.factions),
    }


def _row(each: FactionVote) -> FactionRow:
    return FactionRow(
        vote=each,
        rice=rice(each.tally),
        agreement=agreement(each.tally),
        is_few=each.tally.all < FEW,
        is_in_favour=2 * each.tally.yes > each.seats,
    )


def _counts(event: VoteEvent) -> list[tuple[str, str, int]]:
    """Codes and names of the options with their counts; empty where none are recorded."""
    stated = ((code, getattr(event, code, None)) for code in OPTIONS)
    return [(code, str(OPTIONS[code]), count) for code, count in stated if count is not None]


def needed_of(event: VoteEvent) -> Needed | None:
    """How many voices the rule asked for; None where no rule is recorded."""
    rule = event.rule
    if rule is None:
        return None
    voted = None
    if event.yes is not None and event.no is not None and event.abstain is not None:
        voted = event.yes + event.no + event.abstain
    bases = {
        "present": event.present,
        "elected": event.elected,
        "established": event.established,
        "voted": voted,
    }
    of = bases.get(rule.base)
    return Needed(rule.least(of) if of is not None else None, of, event.get_base_display())


def drawing_of(tally: EventTally) -> Hemicycle | None:
    """The seats of the day with everybody's voice; None where names are not recorded. No query."""
    if not tally.votes:
        return None
    marks = [SeatMark(key_of(seat.faction), str(seat.person), "absent") for seat in tally.away]
    marks += [SeatMark(key_of(row.faction), str(row.voter), row.option) for row in tally.votes]
    names = {
        key_of(each.faction): each.faction.shown_name for each in tally.factions if each.faction
    }
    order = [key_of(each.faction) for each in tally.factions]
    marks.sort(key=lambda mark: (_place(order, mark.colour_key), _options().index(mark.option)))
    return hemicycle(marks, names=names)


def _options() -> list[str | None]:
    return list(OPTIONS)


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order and key != NONE else len(order)


@require_safe
def vote_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The voices as CSV; empty below the head where names are not recorded or not public."""
    event = event_or_404(pk)
    rows = [["person", "name", "faction", "option", "remote", "reason"]]
    if not is_hidden(request, event.motion.item):
        for row in tally_of(event).votes:
            faction = row.faction.name if row.faction else ""
            is_remote = "yes" if row.is_remote else ""
            voter = row.voter
            rows.append([voter.slug, voter.name, faction, row.option, is_remote, row.reason])
    return csv_answer(rows, f"vote-{pk}.csv")


@require_safe
def vote_json(request: HttpRequest, pk: int) -> JsonResponse:
    """The vote with its indices, as numbers a program can check."""
    event = event_or_404(pk)
    hidden = is_hidden(request, event.motion.item)
    found = EventTally((), None, (), ()) if hidden else tally_of(event)
    told: dict[str, Any] = {
        "id": event.pk,
        "motion": "" if hidden else event.motion.text,
        "method": event.method,
        "result": event.result,
        "counts": {code: count for code, _name, count in _counts(event)} or None,
        "rule": {
            "numerator": event.numerator,
            "denominator": event.denominator,
            "base": event.base,
            "is_over": event.is_over,
        },
        "present": event.present,
        "elected": event.elected,
        "established": event.established,
        "factions": [_faction_told(each) for each in found.factions],
        "breadth": _breadth_told(found),
        "votes": [
            {
                "person": row.voter.slug,
                "name": row.voter.name,
                "faction": row.faction.name if row.faction else None,
                "option": row.option,
                "is_remote": row.is_remote,
            }
            for row in found.votes
        ]
        or None,
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _faction_told(each: FactionVote) -> dict[str, Any]:
    tally: Tally = each.tally
    return {
        "name": each.faction.name if each.faction else None,
        "seats": each.seats,
        "yes": tally.yes,
        "no": tally.no,
        "abstain": tally.abstain,
        "not_voting": each.not_voting,
        "recused": each.recused,
        "absent": each.absent,
        "rice": rice(tally),
        "agreement": agreement(tally),
        "is_few": tally.all < FEW,
    }


def _breadth_told(found: EventTally) -> dict[str, Any] | None:
    if found.breadth is None:
        return None
    return {
        "factions": found.breadth.factions,
        "seats": found.breadth.seats,
        "likeness": found.breadth.likeness,
        "variety": found.breadth.variety,
    }
