"""Who decides: the life and career of somebody as points of a line of time, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from novator.core.languages import in_language
from novator.council.models import (
    Decision,
    LifeEvent,
    Membership,
    Organization,
    Source,
    Statement,
)
from novator.portal.council_words import day_words, election_in_words, span_words


@dataclass(frozen=True)
class Point:
    """
    One point of the line.

    `kind`: "begun", "ended", "life" or "said". `standing`: offices held on the day of a statement.
    `source`: the number of its source in the list below the line.
    """

    kind: str
    when: str
    title: str
    body: Organization | None
    note: str
    reason: str
    decision: Decision | None
    is_open: bool
    standing: tuple[Membership, ...]
    gone: tuple[Membership, ...]
    source: int
    label: str | Promise


@dataclass(frozen=True)
class Line:
    """All points with the sources they rest on, numbered from one."""

    points: list[Point]
    sources: list[Source]


class _Sources:
    """Sources in the order in which they are first named."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[int, Source]] = {}

    def number(self, source: Source | None) -> int:
        if source is None:
            return 0
        if source.pk not in self.known:
            self.known[source.pk] = (len(self.known) + 1, source)
        return self.known[source.pk][0]


def line_of(
    life: Sequence[LifeEvent],
    memberships: Sequence[Membership],
    statements: Sequence[Statement],
    *,
    person_source: Source | None = None,
) -> Line:
    """Put everything in order of time; a line without a date stays behind the one before it."""
    dated: list[tuple[date, int, int, LifeEvent | Membership | Statement, str]] = []
    last = date.min
    for place, event in enumerate(life):
        last = event.starts_from or event.starts_to or event.ends_from or event.ends_to or last
        dated.append((last, 0, place, event, "life"))
    for place, row in enumerate(memberships):
        start = row.starts_from or row.starts_to
        if row.starts_from is not None or not _tells_end(row):
            dated.append((start or _end(row) or date.max, 1, place, row, "begun"))
        if _tells_end(row):
            dated.append((_end(row) or date.max, 2, place, row, "ended"))
    for place, said in enumerate(statements):
        dated.append((said.made_from or said.made_to or date.max, 3, place, said, "said"))
    dated.sort(key=lambda one: one[:3])
    sources = _Sources()
    points = [_point(row, kind, memberships, sources) for *_key, row, kind in dated]
    points = [
        replace(point, standing=(), gone=()) if _goes_on(point, following) else point
        for point, following in zip(points, [*points[1:], None], strict=True)
    ]
    sources.number(person_source)
    return Line(points, [source for _number, source in sources.known.values()])


def _goes_on(point: Point, following: Point | None) -> bool:
    """Whether the next statement is of the same day: offices are told once, behind the last."""
    if point.kind != "said" or following is None or following.kind != "said":
        return False
    return point.when == following.when


def offices_on(memberships: Iterable[Membership], day: date) -> tuple[Membership, ...]:
    """Those that may last on a day, seats and offices before mere membership in a party."""
    return tuple(row for row in memberships if _may_last(row, day))


def _point(
    row: LifeEvent | Membership | Statement,
    kind: str,
    memberships: Sequence[Membership],
    sources: _Sources,
) -> Point:
    if isinstance(row, LifeEvent):
        when = span_words(row) if (row.starts_to or row.starts_from or row.ends_to) else ""
        return _made(
            kind, when, str(row), source=sources.number(row.source), label=LifeEvent.KINDS[row.kind]
        )
    if isinstance(row, Statement):
        return _said(row, memberships, sources)
    if kind == "ended":
        return _made(
            kind,
            day_words(row.ends_from, row.ends_to),
            _("Ended: %(office)s") % {"office": row.shown_label},
            body=row.organization,
            reason=in_language(row.end_reason, row.end_reason_en),
            note="" if row.starts_from else _("Since when is not stated."),
            decision=row.end_decision,
            source=sources.number(row.source),
            label=row.organization.get_kind_display(),
        )
    return _made(
        kind,
        span_words(row),
        row.shown_label,
        body=row.organization,
        note=_nominated(row),
        decision=row.decision,
        is_open=row.ends_to is None and row.ends_from is None,
        source=sources.number(row.source),
        label=row.organization.get_kind_display(),
    )


def _said(row: Statement, memberships: Sequence[Membership], sources: _Sources) -> Point:
    """A statement with what the person was on that day, and what no longer."""
    day = row.made_from if row.made_from == row.made_to else None
    lasting = offices_on(memberships, day) if day else ()
    standing = tuple(one for one in lasting if day and not _may_be_over(one, day))
    gone = tuple(
        one
        for one in memberships
        if day and one not in lasting and one.ends_to and 0 <= (day - one.ends_to).days <= 31
    )
    return _made(
        "said",
        day_words(row.made_from, row.made_to),
        str(row),
        standing=standing,
        gone=gone,
        source=sources.number(row.source),
        label=_("statement"),
    )


def _made(
    kind: str,
    when: str,
    title: str,
    *,
    body: Organization | None = None,
    note: str = "",
    reason: str = "",
    decision: Decision | None = None,
    is_open: bool = False,
    standing: tuple[Membership, ...] = (),
    gone: tuple[Membership, ...] = (),
    source: int = 0,
    label: str | Promise = "",
) -> Point:
    return Point(
        kind, when, title, body, note, reason, decision, is_open, standing, gone, source, label
    )


def _nominated(row: Membership) -> str:
    words = []
    if row.election:
        words.append(election_in_words(row.election))
    if row.on_behalf_of is not None:
        words.append(_("nominated by: %(party)s") % {"party": row.on_behalf_of.shown_name})
    return "; ".join(words)


def _tells_end(row: Membership) -> bool:
    """Whether the end is news of its own: a reason is told, and not just the body's own end."""
    body = row.organization
    is_with_body = body.dissolved_to is not None and (row.ends_from, row.ends_to) == (
        body.dissolved_from,
        body.dissolved_to,
    )
    return bool(row.end_reason) and not is_with_body and bool(row.ends_from or row.ends_to)


def _end(row: Membership) -> date | None:
    end: date | None = row.ends_from or row.ends_to
    return end


def _may_be_over(row: Membership, day: date) -> bool:
    """Whether it is known to have ended, and may have before that day."""
    return row.ends_to is not None and (row.ends_from is None or row.ends_from < day)


def _may_last(row: Membership, day: date) -> bool:
    body = row.organization
    has_begun = row.starts_from is None or row.starts_from <= day
    has_ended = row.ends_to is not None and row.ends_to < day
    is_over = body.dissolved_to is not None and body.dissolved_to < day
    return has_begun and not has_ended and not is_over
