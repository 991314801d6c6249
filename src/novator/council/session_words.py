"""Who decides: a session's content in the words of a reader; used by pages and documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.core.languages import in_language
from novator.core.partial_dates import read_partial
from novator.council.models import BASES, METHODS, OPTIONS, PRESENCE, RESULTS, STANCES
from novator.council.models.sessions import FORMS

Facts = Mapping[str, Any]


def said(facts: Facts | None, name: str) -> str:
    """A text of the content in the reader's language, the Russian where there is no other."""
    if facts is None:
        return ""
    return in_language(str(facts[name]), str(facts.get(f"{name}_en", "")))


def named(person: Facts | None) -> str:
    """A person's name; nothing for nobody."""
    return said(person, "name")


def body_named(body: Facts | None) -> str:
    """A body's short name, else its whole one."""
    if body is None:
        return ""
    return said(body, "short_name") or said(body, "name")


def day_in_words(written: str) -> str:
    """A partial date as it is read: "5 May 2016", "May 2016", "not later than 5 May 2016"."""
    if not written:
        return _("date not stated")
    first, last = read_partial(written)
    if first is None:
        return _("not later than %(day)s") % {"day": date_format(last or "", "DATE_FORMAT")}
    if last is None:
        return _("not earlier than %(day)s") % {"day": date_format(first, "DATE_FORMAT")}
    if first == last:
        return date_format(first, "DATE_FORMAT")
    if (first.day, first.month) == (1, 1) and (last.day, last.month) == (31, 12):
        if first.year == last.year:
            return _("in %(year)s") % {"year": first.year}
    elif first.year == last.year and first.month == last.month and "/" not in written:
        return date_format(first, "F Y")
    days = {"first": date_format(first, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
    return _("between %(first)s and %(last)s") % days


def moment_in_words(written: str | None) -> str:
    """A moment as day and time of the council's zone; nothing for none."""
    if not written:
        return ""
    return date_format(timezone.localtime(datetime.fromisoformat(written)), "DATETIME_FORMAT")


def time_in_words(written: str | None) -> str:
    """The time of day alone."""
    if not written:
        return ""
    return date_format(timezone.localtime(datetime.fromisoformat(written)), "TIME_FORMAT")


def counts_in_words(vote: Facts) -> str:
    """How many voices there were for each side; or that it was not recorded."""
    if vote["yes"] is None:
        return _("counts not recorded")
    words = _("for %(yes)s, against %(no)s, abstained %(abstain)s") % vote
    if vote["not_voting"]:
        words += ", " + _("did not vote %(not_voting)s") % vote
    if vote["recused"]:
        words += ", " + _("recused %(recused)s") % vote
    return words


def result_in_words(vote: Facts) -> str:
    """What came of a vote, with its counts."""
    words = f"{RESULTS[vote['result']]}: {counts_in_words(vote)}"
    return words[:1].upper() + words[1:]


def rule_in_words(rule: Facts | None) -> str:
    """A required majority: "more than 1/2 of those present"."""
    if rule is None:
        return ""
    facts = {"part": f"{rule['numerator']}/{rule['denominator']}", "base": BASES[rule["base"]]}
    if rule["is_over"]:
        return _("more than %(part)s of: %(base)s") % facts
    return _("at least %(part)s of: %(base)s") % facts


def method_in_words(vote: Facts) -> str:
    """How it was voted."""
    words = str(METHODS[vote["method"]])
    return f"{words}, {_('absentee')}" if vote["is_absentee"] else words


def speaker_in_words(speech: Facts) -> str:
    """Who spoke, with the capacity and the side taken."""
    name = named(speech["person"]) or speech["speaker"]
    parts = [name, said(speech, "capacity"), str(STANCES[speech["stance"]])]
    return ", ".join(part for part in parts if part)


def initiator_in_words(item: Facts) -> str:
    """Who brought an item, with the capacity; nothing where it is not recorded."""
    return ", ".join(filter(None, [named(item["initiated_by"]), said(item, "initiated_as")]))


def title_of_item(item: Facts) -> str:
    """What an item is called; a closed one goes by that alone."""
    return said(item, "title") or _("Closed item")


def number_of_item(item: Facts) -> str:
    """Its number as the council gives it, else its place."""
    return str(item["number"] or item["position"])


def decision_in_words(decision: Facts) -> str:
    """Number, day and title of a decision."""
    number = f"№ {decision['number']}" if decision["number"] else _("number not stated")
    return f"{number}, {day_in_words(decision['adopted'])}: {said(decision, 'title')}"


@dataclass(frozen=True)
class Difference:
    """One thing that two versions say otherwise; "" where one of them does not have it."""

    where: str
    before: str
    after: str


def differences(older: Facts, newer: Facts) -> list[Difference]:
    """Everything that two contents say otherwise, in the order of the newer one."""
    before, after = dict(_lines(older)), dict(_lines(newer))
    keys = list(after) + [key for key in before if key not in after]
    return [
        Difference(key, before.get(key, ""), after.get(key, ""))
        for key in keys
        if before.get(key, "") != after.get(key, "")
    ]


def _lines(content: Facts) -> Iterator[tuple[str, str]]:
    """Every statement of a content, each with the words for its place."""
    head = content["session"]
    yield _("Name"), said(head, "name")
    yield _("Number"), head["number"]
    yield _("Day"), day_in_words(head["held"])
    yield _("Began"), time_in_words(head["starts_at"])
    yield _("Ended"), time_in_words(head["ends_at"])
    yield _("Place"), head["place"]
    yield _("Form"), str(FORMS[head["form"]])
    yield _("Chair"), named(head["chair"])
    yield _("Secretary"), named(head["secretary"])
    yield _("Present"), _shown(head["present"])
    for one in content["attendance"]:
        yield named(one["person"]), _with_note(str(PRESENCE[one["presence"]]), one["note"])
    for item in content["items"]:
        yield from _lines_of_item(item)


def _lines_of_item(item: Facts) -> Iterator[tuple[str, str]]:
    where = _("Item %(number)s") % {"number": item["position"]}
    yield where, title_of_item(item)
    yield f"{where} · {_('Initiated by')}", initiator_in_words(item)
    yield f"{where} · {_('Outcome')}", said(item, "outcome")
    for place, paper in enumerate(item["papers"], start=1):
        yield f"{where} · {_('Paper')} {place}", paper["title"]
    for place, speech in enumerate(item["speeches"], start=1):
        words = f"{speaker_in_words(speech)}: {said(speech, 'text')}"
        yield f"{where} · {_('Speech')} {place}", words
    for place, motion in enumerate(item["motions"], start=1):
        there = f"{where} · {_('Motion')} {place}"
        yield there, said(motion, "text")
        for number, vote in enumerate(motion["votes"], start=1):
            yield from _lines_of_vote(vote, f"{there} · {_('Vote')} {number}")
    for place, decision in enumerate(item["decisions"], start=1):
        yield f"{where} · {_('Decision')} {place}", decision_in_words(decision)


def _lines_of_vote(vote: Facts, where: str) -> Iterator[tuple[str, str]]:
    yield where, f"{result_in_words(vote)} ({method_in_words(vote)})"
    for voice in vote["voices"]:
        words = _with_note(str(OPTIONS[voice["option"]]), voice["reason"])
        yield f"{where} · {named(voice['person'])}", words
    for count in vote["factions"]:
        name = body_named(count["faction"]) or _("of no faction")
        yield f"{where} · {name}", counts_in_words(dict(count) | {"recused": None})


def _with_note(words: str, note: str) -> str:
    return f"{words} ({note})" if note else words


def _shown(number: int | None) -> str:
    return _("not recorded") if number is None else str(number)
