"""Who decides: the agenda and the minutes of a session as papers, in the language of labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.core.partial_dates import write_partial
from novator.council.models import MOTIONS, OPTIONS, PAPERS, PRESENCE, Protocol
from novator.council.models.sessions import FORMS
from novator.council.paper_blocks import Paper
from novator.council.session_content import public_part
from novator.council.session_words import (
    body_named,
    counts_in_words,
    day_in_words,
    decision_in_words,
    differences,
    initiator_in_words,
    method_in_words,
    moment_in_words,
    named,
    number_of_item,
    result_in_words,
    rule_in_words,
    said,
    speaker_in_words,
    time_in_words,
    title_of_item,
)

Facts = Mapping[str, Any]


def agenda_paper(content: Facts, *, language: str) -> Paper:
    """The invitation: when and where, and the questions with who brings them."""
    with translation.override(language):
        head = content["session"]
        paper = Paper(_("Agenda: %(session)s") % {"session": said(head, "name")}, language)
        paper.facts(_place_and_time(head))
        if head["is_closed"]:
            paper.text(_closed(head))
        paper.heading(_("Questions"))
        for item in content["items"]:
            paper.heading(f"{number_of_item(item)}. {title_of_item(item)}", 2)
            paper.facts([(_("Initiated by"), initiator_in_words(item))])
            _tell_papers(paper, item)
        if not content["items"]:
            paper.text(_("The agenda is empty."))
        return paper


def can_be_read(content: Any) -> bool:
    """Whether minutes can be made of what a file gives as the content of a protocol."""
    try:
        minutes_paper(public_part(content), protocol=None, language="ru")
        differences(content, content)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return False
    return True


def minutes_paper(content: Facts, *, protocol: Protocol | None, language: str) -> Paper:
    """The minutes: of a signed version, or of the session as it is entered so far."""
    with translation.override(language):
        head = content["session"]
        paper = Paper(_("Minutes: %(session)s") % {"session": said(head, "name")}, language)
        paper.text(_standing(protocol))
        paper.facts([*_place_and_time(head), *_room(head)])
        if head["is_closed"]:
            paper.text(_closed(head))
        _tell_attendance(paper, content["attendance"])
        paper.heading(_("Agenda"))
        paper.listed([title_of_item(item) for item in content["items"]], numbered=True)
        paper.heading(_("Questions"))
        for item in content["items"]:
            _tell_item(paper, item)
        if not head.get("is_hidden"):
            chair, secretary = named(head["chair"]), named(head["secretary"])
            paper.signatures([(_("Chair"), chair), (_("Secretary"), secretary)])
        return paper


def _place_and_time(head: Facts) -> list[tuple[str, str]]:
    begins = moment_in_words(head["starts_at"])
    return [
        (_("Council"), said(head["council"], "name")),
        (_("Convocation"), said(head["convocation"], "name")),
        (_("Session number"), head["number"]),
        (_("When"), begins or day_in_words(head["held"])),
        (_("Ended"), time_in_words(head["ends_at"])),
        (_("Where"), head["place"]),
        (_("Form"), str(FORMS[head["form"]])),
    ]


def _room(head: Facts) -> list[tuple[str, str]]:
    numbers = (("established", _("Established number")), ("elected", _("Elected")))
    rows = [(name, str(head[code])) for code, name in numbers if head[code] is not None]
    present = _("not recorded") if head["present"] is None else str(head["present"])
    return [
        *rows,
        (_("Present"), "" if head.get("is_hidden") else present),
        (_("Quorum"), rule_in_words(head["quorum"])),
        (_("Chair"), named(head["chair"])),
        (_("Secretary"), named(head["secretary"])),
    ]


def _closed(head: Facts) -> str:
    if head.get("is_hidden"):
        words = _("The session was closed: of it stand here its decisions and results alone.")
    else:
        words = _("The session was closed; this paper is not for the public.")
    reason = head["closed_because"]
    return f"{words} {_('Reason: %(reason)s') % {'reason': reason}}" if reason else words


def _standing(protocol: Protocol | None) -> str:
    if protocol is None:
        return _("Not signed: this is the session as it is entered so far.")
    facts = {
        "number": protocol.number,
        "day": date_format(protocol.signed_on, "DATE_FORMAT"),
        "person": protocol.signed_by,
    }
    words = _("Version %(number)s, signed on %(day)s by %(person)s.") % facts
    if protocol.reason:
        words += " " + _("Corrected because: %(reason)s") % {"reason": protocol.reason}
    return words


def _tell_attendance(paper: Paper, attendance: Sequence[Facts]) -> None:
    if not attendance:
        return
    by_presence: dict[str, list[str]] = defaultdict(list)
    for one in attendance:
        name = named(one["person"])
        by_presence[one["presence"]].append(f"{name} ({one['note']})" if one["note"] else name)
    paper.heading(_("Attendance"))
    paper.facts(
        [
            (f"{_capital(str(words))}: {len(by_presence[code])}", ", ".join(by_presence[code]))
            for code, words in PRESENCE.items()
            if by_presence[code]
        ]
    )


def _tell_item(paper: Paper, item: Facts) -> None:
    paper.heading(f"{number_of_item(item)}. {title_of_item(item)}", 2)
    if item.get("is_hidden"):
        paper.text(_("Closed: of it stand here its decisions and results alone."))
    elif item["is_closed"]:
        paper.text(_("Closed item; this part is not for the public."))
    paper.facts([(_("Initiated by"), initiator_in_words(item))])
    _tell_papers(paper, item)
    for speech in item["speeches"]:
        speaker = speaker_in_words(speech)
        if not speech["is_in_session"]:
            speaker += f" ({_('outside the session')})"
        paper.text(f"{speaker}:" if said(speech, "text") else speaker)
        paper.quote(said(speech, "text"))
    for motion in item["motions"]:
        _tell_motion(paper, motion)
    paper.facts([(_("Outcome"), said(item, "outcome"))])
    if item["decisions"]:
        paper.facts([(_("Decided"), decision_in_words(one)) for one in item["decisions"]])


def _tell_papers(paper: Paper, item: Facts) -> None:
    papers = [_paper_in_words(one) for one in item["papers"]]
    if papers:
        paper.facts([(_("Papers"), "; ".join(papers))])


def _paper_in_words(one: Facts) -> str:
    kind = _capital(str(PAPERS[one["kind"]]))
    number = f" № {one['number']}" if one["number"] else ""
    return f"{kind}{number}: {one['title']}"


def _tell_motion(paper: Paper, motion: Facts) -> None:
    text = said(motion, "text")
    mover = named(motion["moved_by"])
    facts = [(_("Put to the vote"), text or _capital(str(MOTIONS[motion["kind"]])))]
    if mover:
        facts.append((_("Moved by"), mover))
    for vote in motion["votes"]:
        result = f"{result_in_words(vote)} ({method_in_words(vote)})"
        facts.append((_("Result of the vote"), result))
        if vote["rule"] is not None:
            facts.append((_("Needed"), rule_in_words(vote["rule"])))
        facts += _voices(vote)
    paper.facts(facts)


def _voices(vote: Facts) -> list[tuple[str, str]]:
    by_option: dict[str, list[str]] = defaultdict(list)
    for voice in vote["voices"]:
        name = named(voice["person"])
        by_option[voice["option"]].append(
            f"{name} ({voice['reason']})" if voice["reason"] else name
        )
    named_voices = [
        (_capital(str(words)), ", ".join(by_option[code]))
        for code, words in OPTIONS.items()
        if by_option[code]
    ]
    return named_voices + [
        (
            body_named(count["faction"]) or _("Of no faction"),
            counts_in_words(dict(count) | {"recused": None}),
        )
        for count in vote["factions"]
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def held_in_words(session: Any) -> str:
    """The day of a session from its own row."""
    return day_in_words(write_partial(session.held_from, session.held_to))
