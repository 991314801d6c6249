"""The association: votes of members for everybody: the list, a poll, its result, its ballots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.accounts.models import User
from novator.association.ballots import how_many_took_part, standings
from novator.association.models import POLL_STATES, Poll
from novator.association.permissions import is_association_office
from novator.association.poll_closing import ballots_of, recount
from novator.association.poll_documents import protocol_pdf, protocol_word
from novator.association.poll_words import (
    mandate_words,
    percent,
    reasons_in_words,
    rules_in_words,
    verdict_words,
)
from novator.association.polls import members_who_may
from novator.core.documents import PDF_TYPE, WORD_TYPE
from novator.core.languages import reader_language
from novator.portal.association_crumbs import association_crumbs
from novator.portal.feeds import MOST, Entry, answer
from novator.portal.keyset import stretch_of
from novator.portal.people import today
from novator.portal.tables import csv_answer

EACH = 20
KINDS = ("open", "secret")
ORDER = ("-made_at", "-id")
DOCUMENTS = {"pdf": (protocol_pdf, PDF_TYPE), "docx": (protocol_word, WORD_TYPE)}
A_DAY = 24 * 60 * 60
MOST_IN_A_FILE = 5000


@dataclass(frozen=True)
class Line:
    """One option with what it has: `filled` is the length of its bar, 0 to 100, as SVG reads it."""

    name: str
    ballots: int
    weight: int
    share: str
    filled: str
    is_winner: bool
    is_abstention: bool


@require_safe
def polls(request: HttpRequest) -> HttpResponse:
    """All polls, the newest first; the office sees those that are being prepared, too."""
    is_office = is_association_office(request.user, on=today())
    state, kind = (
        _asked(request, "state", _states(is_office=is_office)),
        _asked(request, "kind", KINDS),
    )
    rows = shown_polls(state=state, kind=kind, with_drafts=is_office)
    stretch = stretch_of(
        rows, request.GET.get("after", ""), key="public_id", order=ORDER, each=EACH
    )
    context = {
        "polls": [(one, POLL_STATES[one.state]) for one in stretch.rows],
        "stretch": stretch,
        "states": [(code, POLL_STATES[code]) for code in _states(is_office=is_office)],
        "state": state,
        "kind": kind,
        "is_office": is_office,
        "crumbs": [*poll_crumbs()[:1], (_("Votes of members"), "")],
    }
    return render(request, "portal/polls/polls.html", context)


@require_safe
def polls_csv(request: HttpRequest) -> HttpResponse:
    """The public list as a table, with the same filters."""
    state, kind = _asked(request, "state", _states(is_office=False)), _asked(request, "kind", KINDS)
    rows = shown_polls(state=state, kind=kind, with_drafts=False).order_by(*ORDER)[:MOST_IN_A_FILE]
    names = ("id", "title", "title_en", "kind", "state", "opens_at", "closes_at", "extensions")
    results = ("verdict", "winner", "entitled", "cast", "counted", "ballots")
    lines = [
        [
            str(one.public_id),
            one.title,
            one.title_en,
            "secret" if one.is_secret else "open",
            one.state,
            one.opens_at.isoformat() if one.opens_at else "",
            one.closes_at.isoformat() if one.closes_at else "",
            one.extensions,
            *(one.result.get(name, "") for name in results),
        ]
        for one in rows
    ]
    return csv_answer([[*names, *results], *lines], "polls.csv")


@require_safe
def polls_feed(request: HttpRequest) -> HttpResponse:
    """Polls that were opened and their results, as an Atom feed."""
    rows = shown_polls(state="", kind="", with_drafts=False).exclude(opens_at=None)
    entries = [_entry(one) for one in rows.order_by(*ORDER)[:MOST]]
    return answer(request, _("Votes of members"), reverse("polls"), entries)


@require_safe
def poll(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The question, the rules in words, who may vote, the result with everything it rests on."""
    found, on = poll_or_404(request, public_id), today()
    is_open = found.state == "open" and found.closes_at is not None
    is_due = is_open and found.closes_at is not None and found.closes_at <= timezone.now()
    user = request.user
    own = standings(found, user, on=on) if is_open and isinstance(user, User) else []
    context = {
        "poll": found,
        "state_name": POLL_STATES[found.state],
        "is_due": is_due,
        "options": list(found.options.all()),
        "rules": rules_in_words(found),
        "entitled": members_who_may(found),
        "has_weights": found.weights.get("kind") == "population",
        "took_part": how_many_took_part(found),
        "standings": own,
        "is_office": is_association_office(request.user, on=on),
        "crumbs": [*poll_crumbs(), (str(found), "")],
        **(_result(found) if found.state == "closed" else {}),
    }
    return render(request, "portal/polls/poll.html", context)


@require_safe
def poll_ballots(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every ballot after the closing (receipts of a secret poll), and the recount of them."""
    found = _closed(request, public_id)
    names = {one.code: str(one) for one in found.options.all()}
    asked = "".join(request.GET.get("receipt", "").split()).lower()[:64]
    ballots = [] if not found.is_secret else ballots_of(found)
    counted = recount(found)
    context = {
        "poll": found,
        "has_weights": found.weights.get("kind") == "population",
        "ballots": [(one, names.get(one.option, one.option)) for one in ballots],
        "asked": asked,
        "own": next((one for one in ballots if one.key == asked), None),
        "own_option": next((names[b.option] for b in ballots if b.key == asked), ""),
        "named": named_ballots(found) if not found.is_secret else [],
        "agrees": counted.agrees,
        "digest": counted.result["digest"],
        "crumbs": [*poll_crumbs(), (str(found), found.get_absolute_url()), (_("Ballots"), "")],
    }
    return render(request, "portal/polls/ballots.html", context)


@require_safe
def poll_ballots_csv(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The ballots as a table from which everybody can count again."""
    found = _closed(request, public_id)
    key = "receipt" if found.is_secret else "member"
    lines = [[one.key, one.option, one.weight] for one in ballots_of(found)]
    return csv_answer([[key, "option", "weight"], *lines], f"ballots-{found.public_id}.csv")


@require_safe
def poll_protocol(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """The protocol as a document, in the language of the page; made once a day, then kept."""
    found = _closed(request, public_id)
    if kind not in DOCUMENTS:
        raise Http404(_("There is no such document."))
    make, content_type = DOCUMENTS[kind]
    language = reader_language()
    document = cache.get_or_set(
        f"poll:{found.pk}:{language}:{kind}", lambda: make(found, language=language), A_DAY
    )
    response = HttpResponse(document, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="poll-{found.public_id}.{kind}"'
    return response


def shown_polls(*, state: str, kind: str, with_drafts: bool) -> QuerySet[Poll]:
    """Polls for a list, by state and by kind ("open", "secret"); "" asks for any."""
    rows = Poll.objects.all() if with_drafts else Poll.objects.exclude(opens_at=None)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(is_secret=kind == "secret") if kind else rows


def poll_or_404(request: HttpRequest, public_id: UUID) -> Poll:
    """A poll that the reader may see: one that was never opened is for the office only."""
    rows = Poll.objects.select_related("position")
    found = rows.filter(public_id=public_id).first()
    is_shown = found is not None and found.opens_at is not None
    if found is None or not (is_shown or is_association_office(request.user, on=today())):
        raise Http404(_("There is no such poll."))
    return found


def poll_crumbs() -> list[tuple[str, str]]:
    """The way to a poll."""
    return association_crumbs(
        (_("Votes of members"), reverse("polls")),
    )


def named_ballots(found: Poll) -> list[tuple[Any, str, str]]:
    """Open ballots by the member's name: (ballot, option, the mandate in words). Two queries."""
    rows = found.open_ballots.select_related("member__municipality", "option", "mandate__decision")
    named = sorted(rows, key=lambda one: (str(one.member), one.pk))
    return [(one, str(one.option), mandate_words(one.mandate)) for one in named]


def _result(found: Poll) -> dict[str, Any]:
    return {
        "verdict": verdict_words(found),
        "reasons": reasons_in_words(found),
        "lines": _lines(found),
        "named": named_ballots(found) if not found.is_secret else [],
    }


def _lines(found: Poll) -> list[Line]:
    options = {one.code: one for one in found.options.all()}
    tallies = found.result.get("tallies", [])
    most = max((one["weight"] for one in tallies), default=0) or 1
    return [
        Line(
            name=str(options[one["code"]]),
            ballots=one["ballots"],
            weight=one["weight"],
            share=percent(one["share"]),
            filled=f"{one['weight'] * 100 / most:.2f}",
            is_winner=one["code"] == found.result["winner"],
            is_abstention=options[one["code"]].is_abstention,
        )
        for one in tallies
        if one["code"] in options
    ]


def _entry(one: Poll) -> Entry:
    moment = one.opens_at or one.made_at
    words = {
        "open": _("The members vote until %(end)s."),
        "closed": "%(verdict)s",
        "cancelled": _("The vote was cancelled: %(reason)s"),
    }[one.state]
    facts = {
        "end": one.closes_at.isoformat(timespec="minutes") if one.closes_at else "",
        "verdict": verdict_words(one) if one.state == "closed" else "",
        "reason": one.cancelled_because,
    }
    return Entry(
        key=f"association/polls/{one.public_id}",
        title=str(one),
        words=words % facts,
        author="",
        path=one.get_absolute_url(),
        updated=one.closed_at or moment,
        published=moment,
    )


def _closed(request: HttpRequest, public_id: UUID) -> Poll:
    found = poll_or_404(request, public_id)
    if found.state != "closed":
        raise Http404(_("The result is shown when the vote is over."))
    return found


def _states(*, is_office: bool) -> list[str]:
    return [code for code in POLL_STATES if is_office or code != "draft"]


def _asked(request: HttpRequest, name: str, known: Any) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""
