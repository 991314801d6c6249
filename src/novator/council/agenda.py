"""Who decides: the agenda of a session, read from a pasted list and kept in its order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from novator.council.models import AgendaItem, Session
from novator.council.refusals import CannotRecord
from novator.council.seen import mark_of, must_be_as_seen
from novator.council.session_hold import hold_session, touch

LONGEST_TITLE = 600
MOST_ITEMS = 200
SHORT = 10
LIKENESS = 0.8
"""Share of a title that may stay while it still is the same question."""
_NUMBERED = re.compile(
    r"(?:№\s*)?(\d{1,3}(?:\.\d{1,3})*)\s*(?:[.)]|[:–—-](?=\s))\s*(.*)", re.DOTALL
)
_TABBED = re.compile(r"(?:№\s*)?(\d{1,3}(?:\.\d{1,3})*)[.)]?\t\s*(.*)", re.DOTALL)
_BULLET = re.compile(r"[•·*–—-]\s+(.*)", re.DOTALL)
_CLOSED = re.compile(r"\s*[(\[](?:закрыт\w*(?: вопрос)?|closed(?: item)?)[)\]]\s*", re.IGNORECASE)
_BROUGHT = re.compile(r"(?:инициатор|вносит|вн[её]с|brought by)\s*:\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class AgendaLine:
    """One question as it was typed."""

    title: str
    number: str = ""
    is_closed: bool = False
    initiated_as: str = ""


def read_agenda(text: str) -> list[AgendaLine]:
    """
    Read a pasted list: one question a line, numbers and bullets recognised.

    Where any line has a number, a line without one goes on with the question before it.
    «Инициатор: …» says who brought it, «(закрытый)» that it is closed. Numbers that do not rise
    are given anew, so that moving lines is enough to move questions.
    """
    rows: list[AgendaLine] = []
    written = [line.strip(" \r\f\v\xa0") for line in text.splitlines()]
    split = [_split(line) for line in written if line.strip()]
    is_numbered = any(number for number, _title in split)
    for number, title in split:
        brought = _BROUGHT.fullmatch(title)
        if brought and rows:
            rows[-1] = replace(rows[-1], initiated_as=brought[1].strip()[:200])
        elif is_numbered and not number and rows:
            rows[-1] = replace(rows[-1], title=f"{rows[-1].title} {title}".strip())
        else:
            rows.append(AgendaLine(title, number))
    return _numbered_anew([_without_closed(row) for row in rows])


def write_agenda(items: Iterable[AgendaItem]) -> str:
    """Write the agenda so that `read_agenda` gives it back."""
    lines = []
    for item in items:
        closed = " (закрытый)" if item.is_closed else ""
        lines.append(f"{item.number or item.position}. {item.title}{closed}")
        if item.initiated_as:
            lines.append(f"Инициатор: {item.initiated_as}")
    return "\n".join(lines)


@transaction.atomic
def set_agenda(
    *, session: Session, lines: Sequence[AgendaLine], seen: str | None = None
) -> list[AgendaItem]:
    """
    Make the agenda of a session what the lines say, in their order.

    A question that is there already stays the same one: known by its title, else by its number.

    :raises CannotRecord: a title is missing or too long, a number twice, or a question would
        vanish that was voted on, decided, spoken to or has papers
    """
    held = hold_session(session)
    must_be_as_seen(mark_of_agenda(held), seen)
    _must_be_sound(lines)
    known = list(held.items.all())
    kept = _matched(lines, known)
    _drop([item for item in known if item.pk not in {row.pk for row in kept if row}])
    items = []
    for position, (line, row) in enumerate(zip(lines, kept, strict=True), start=1):
        item = row or AgendaItem(session=held)
        told = (position, line.number or str(position), line.title, line.is_closed)
        brought = line.initiated_as or item.initiated_as
        if item.pk is None or _told(item) != (*told, brought):
            item.position, item.number, item.title, item.is_closed = told
            item.initiated_as = brought
            item.save()
        items.append(item)
    touch(held)
    return items


def mark_of_agenda(session: Session) -> str:
    """Tell how its agenda stands; one query."""
    return mark_of([(item.pk, *_told(item)) for item in session.items.all()])


def _told(item: AgendaItem) -> tuple[int, str, str, bool, str]:
    return (item.position, item.number, item.title, item.is_closed, item.initiated_as)


def _split(line: str) -> tuple[str, str]:
    found = _TABBED.fullmatch(line) or _NUMBERED.fullmatch(line)
    if found and found[2].strip():
        return found[1], " ".join(found[2].split())
    bullet = _BULLET.fullmatch(line)
    return "", " ".join((bullet[1] if bullet else line).split())


def _without_closed(row: AgendaLine) -> AgendaLine:
    title, times = _CLOSED.subn(" ", row.title)
    return replace(row, title=title.strip(), is_closed=True) if times else row


def _numbered_anew(rows: list[AgendaLine]) -> list[AgendaLine]:
    numbers = [tuple(int(part) for part in row.number.split(".")) for row in rows if row.number]
    rising = all(one < other for one, other in pairwise(numbers))
    if len(numbers) == len(rows) and rising:
        return rows
    return [replace(row, number=str(place)) for place, row in enumerate(rows, start=1)]


def _must_be_sound(lines: Sequence[AgendaLine]) -> None:
    if len(lines) > MOST_ITEMS:
        raise CannotRecord(
            "agenda_length",
            _("An agenda has at most %(most)d questions.") % {"most": MOST_ITEMS},
            _("One question a line: was a whole text pasted?"),
        )
    seen: set[str] = set()
    for place, line in enumerate(lines, start=1):
        if not line.title or len(line.title) > LONGEST_TITLE:
            raise CannotRecord(
                "agenda_title",
                _("Question %(place)d has no title, or one longer than %(most)d characters.")
                % {"place": place, "most": LONGEST_TITLE},
                _("Write it shorter; its text goes into a paper."),
            )
        if line.number in seen:
            raise CannotRecord(
                "agenda_number",
                _("The number %(number)s stands twice.") % {"number": line.number},
                _("Give each question its own number."),
            )
        seen.add(line.number or str(place))


def _matched(lines: Sequence[AgendaLine], known: Sequence[AgendaItem]) -> list[AgendaItem | None]:
    """
    Find the stored question of each line: of the same title, else of one much alike.

    By the number alone only while no line was added or taken out: votes must never wander from
    one question to another.
    """
    found: list[AgendaItem | None] = [None] * len(lines)
    left = list(known)
    passes = [_has_title, _is_alike]
    if len(lines) == len(known):
        passes.append(_has_number)
    for fits in passes:
        for place, line in enumerate(lines):
            if found[place] is not None:
                continue
            match = next((item for item in left if fits(line, item)), None)
            if match is not None:
                found[place] = match
                left.remove(match)
    return found


def _has_title(line: AgendaLine, item: AgendaItem) -> bool:
    return line.title == item.title


def _is_alike(line: AgendaLine, item: AgendaItem) -> bool:
    short, long = sorted((line.title, item.title), key=len)
    if len(short) > SHORT and long.startswith(short):
        return True
    return SequenceMatcher(None, short, long, autojunk=False).ratio() > LIKENESS


def _has_number(line: AgendaLine, item: AgendaItem) -> bool:
    return line.number == item.number


def _drop(items: Sequence[AgendaItem]) -> None:
    if not items:
        return
    rows = AgendaItem.objects.filter(pk__in=[item.pk for item in items]).annotate(
        voted=Count("motions", distinct=True),
        decided=Count("decisions", distinct=True),
        spoken=Count("speeches", distinct=True),
        filed=Count("papers", distinct=True),
    )
    for row in rows:
        if row.voted or row.decided or row.spoken or row.filed:
            raise CannotRecord(
                "agenda_in_use",
                _("“%(title)s” would vanish, but it has votes, decisions, speeches or papers.")
                % {"title": row.title},
                _("Leave its line in the list (its number or its title as it was)."),
            )
    rows.delete()
