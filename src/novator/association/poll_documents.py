"""The association: the protocol of a vote of members as tagged PDF and as Word."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from novator.association.models import Poll
from novator.association.poll_closing import ballots_of
from novator.association.poll_words import (
    mandate_words,
    moment_words,
    percent,
    reasons_in_words,
    rules_in_words,
    verdict_words,
)
from novator.association.polls import members_who_may
from novator.core.documents import add_table, new_document, tagged_pdf, word_bytes

_SOURCE = """
= #data.title
#data.times
#lines(data.question)

== #data.names.result
#strong(data.verdict)
#list(..data.reasons.map(words))
#if data.rows.len() > 0 { sheet((1fr, auto, auto, auto), data.head, data.rows) }
#lines(data.binding)

== #data.names.rules
#list(..data.rules.map(words))

== #data.names.ballots
#data.took_part
#if data.ballots.len() > 0 {
  sheet((auto, 1fr) + (auto,) * (data.ballots_head.len() - 2), data.ballots_head, data.ballots)
}
#data.digest

== #data.names.entitled
#sheet((1fr, auto), data.entitled_head, data.entitled)
"""


def protocol_pdf(poll: Poll, *, language: str) -> bytes:
    """The protocol of a closed poll as PDF/UA-1; the same poll gives the same bytes."""
    with translation.override(language):
        data = _facts(poll, language)
    return tagged_pdf(_SOURCE, data=data, made_at=poll.closed_at)


def protocol_word(poll: Poll, *, language: str) -> bytes:
    """The protocol of a closed poll as a Word document with headings and header rows."""
    with translation.override(language):
        data = _facts(poll, language)
    document, names = new_document(data["title"], language), data["names"]
    for words in [data["times"], *data["question"].split("\n")]:
        document.add_paragraph(words)
    document.add_heading(names["result"], level=1)
    document.add_paragraph().add_run(data["verdict"]).bold = True
    for words in data["reasons"]:
        document.add_paragraph(words, style="List Bullet")
    if data["rows"]:
        add_table(document, head=data["head"], rows=data["rows"])
    document.add_paragraph(data["binding"])
    document.add_heading(names["rules"], level=1)
    for words in data["rules"]:
        document.add_paragraph(words, style="List Bullet")
    document.add_heading(names["ballots"], level=1)
    document.add_paragraph(data["took_part"])
    if data["ballots"]:
        add_table(document, head=data["ballots_head"], rows=data["ballots"])
    document.add_paragraph(data["digest"])
    document.add_heading(names["entitled"], level=1)
    add_table(document, head=data["entitled_head"], rows=data["entitled"])
    return word_bytes(document)


def _facts(poll: Poll, language: str) -> dict[str, Any]:
    head, ballots = _ballots(poll)
    is_english = language.startswith("en")
    times = {"start": moment_words(poll.opens_at), "end": moment_words(poll.closes_at)}
    return {
        "title": _("Protocol of the vote: %(title)s") % {"title": poll},
        "language": language,
        "times": _("The members voted from %(start)s to %(end)s.") % times,
        "question": (is_english and poll.question_en) or poll.question,
        "names": {
            "result": _("Result"),
            "rules": _("Rules"),
            "ballots": _("Ballots"),
            "entitled": _("Who could vote"),
        },
        "verdict": verdict_words(poll),
        "reasons": reasons_in_words(poll),
        "head": [_("Option"), _("Ballots"), _("Votes"), _("Share of the votes")],
        "rows": _rows(poll),
        "binding": not_binding() if poll.position_id else "",
        "rules": rules_in_words(poll),
        "took_part": _took_part(poll),
        "ballots_head": head,
        "ballots": ballots,
        "digest": _("SHA-256 of the ballots: %(digest)s") % {"digest": poll.result["digest"]},
        "entitled_head": [_("Member"), _("Votes")],
        "entitled": [[str(row.member), str(row.weight)] for row in members_who_may(poll)],
    }


def not_binding() -> str:
    """What stands on every page and paper of a position (rule L4)."""
    return _("A position of the association creates no duty for any of its members.")


def _rows(poll: Poll) -> list[list[str]]:
    names = {one.code: str(one) for one in poll.options.all()}
    return [
        [names[one["code"]], str(one["ballots"]), str(one["weight"]), percent(one["share"])]
        for one in poll.result.get("tallies", [])
    ]


def _took_part(poll: Poll) -> str:
    facts = {"members": poll.result["members"], "ballots": poll.result.get("ballots", 0)}
    if not poll.is_secret:
        return _("%(ballots)s of %(members)s members voted.") % facts
    words = _(
        "%(rights)s of %(members)s members took their right to vote, %(ballots)s ballots were cast."
    )
    return words % (facts | {"rights": poll.result["rights"]})


def _ballots(poll: Poll) -> tuple[list[str], list[list[str]]]:
    names = {one.code: str(one) for one in poll.options.all()}
    if poll.is_secret:
        rows = [[one.key, names[one.option], str(one.weight)] for one in ballots_of(poll)]
        return [_("Receipt"), _("Option"), _("Votes")], rows
    ballots = poll.open_ballots.select_related("member__municipality", "mandate__decision")
    named = sorted(ballots, key=lambda one: (str(one.member), one.pk))
    options = {one.pk: str(one) for one in poll.options.all()}
    return [_("Member"), _("Mandate"), _("Option"), _("Votes")], [
        [str(one.member), mandate_words(one.mandate), options[one.option_id], str(one.weight)]
        for one in named
    ]
