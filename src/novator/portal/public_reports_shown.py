"""A citizen's report: what its page shows to everybody, in words (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.reports.deadlines import IsWorking, working_days_between, working_days_of
from novator.reports.models import Channel, Report, ReportPhoto, ReportUpdate
from novator.reports.public_place import public_address
from novator.reports.states import OPEN, STATES

_NO_STEPS = frozenset({"unconfirmed", "moderated"})
_MOST_STEPS = 7
_TOLD_KINDS = frozenset({"state", "reply", "routed", "paused", "resumed", "extended", "update"})


@dataclass(frozen=True)
class Step:
    """One station of the line: "done", "now" or "ahead"; `tone` is "bad" where it went wrong."""

    words: str
    state: str
    tone: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Event:
    """One line of the public history; `text` is the city's, never the sender's."""

    at: datetime
    words: str
    body: str
    text: str


@dataclass(frozen=True)
class Due:
    """The sentence about the date; `tone`: "", "bad" (overdue) or "notice" (paused)."""

    words: str
    tone: str = ""


class ShownReport:
    """
    A report as everybody may see it. Two queries: its history, its photos; one for the calendar
    of the city unless `is_working` is given.

    `is_open_to_all`: category and place may be shown; before the city has looked at it, only
    state and dates are.
    """

    def __init__(
        self, report: Report, channel: Channel, *, today: date, is_working: IsWorking | None = None
    ) -> None:
        self.report = report
        self._is_working = is_working
        self.channel = channel
        self.today = today
        self.zone = ZoneInfo(channel.time_zone)
        self.is_open_to_all = (
            report.status not in {"unconfirmed", "received"} and not report.is_hidden
        )
        self.is_erased = report.erased_at is not None

    @property
    def category(self) -> str:
        """Its kind; a word where none was chosen."""
        category = self.report.category
        return category.name if category else _("category not chosen yet")

    @property
    def place(self) -> str:
        """Street and house, without flat."""
        return public_address(self.report.address)

    @property
    def heading(self) -> str:
        """What the page is called; nothing of the text stands in it."""
        return _("Report № %(number)s") % {"number": self.report.number}

    @property
    def status(self) -> str:
        """The state in words that say by whom it was judged."""
        report = self.report
        if report.status == "solved":
            if report.is_confirmed:
                return _("solved: the sender confirmed it")
            if report.duplicate_of_id:
                return str(STATES["solved"])
            return _("solved: nobody objected")
        if report.status == "answered":
            return _("answered: waits for the sender’s verdict")
        if report.status == "reopened":
            return _("refuted, opened again") if report.times_refuted else str(STATES["reopened"])
        return str(STATES[report.status])

    @cached_property
    def updates(self) -> list[ReportUpdate]:
        """Public steps, the earliest first."""
        public = self.report.updates.filter(is_public=True, kind__in=_TOLD_KINDS)
        return list(public.select_related("department").order_by("made_at", "id"))

    @property
    def events(self) -> list[Event]:
        """The public history, the latest first."""
        return [
            Event(
                at=step.made_at.astimezone(self.zone),
                words=_event_words(step),
                body=step.department.name if step.department else "",
                text="" if step.by_citizen else step.text,
            )
            for step in reversed(self.updates)
        ]

    @property
    def answer(self) -> Event | None:
        """The answer that waits for a verdict, or stands."""
        if self.report.status not in {"answered", "solved"}:
            return None
        last = next((step for step in reversed(self.updates) if step.after == "answered"), None)
        if last is None:
            return None
        return Event(last.made_at.astimezone(self.zone), _event_words(last), "", last.text)

    @property
    def steps(self) -> list[Step]:
        """The line from receipt to solution, as it really went, and what is still ahead."""
        passed = [s for s in self.updates if s.kind == "state" and s.after not in _NO_STEPS]
        done = [
            Step(_step_words(s), "done", _tone(s), s.made_at.astimezone(self.zone).date())
            for s in passed
        ]
        if len(done) > _MOST_STEPS:
            done = [done[0], Step("…", "done"), *done[2 - _MOST_STEPS :]]
        if done:
            last = done[-1]
            done[-1] = Step(last.words, "now", last.tone, last.on)
        return done + [Step(str(STATES[state]), "ahead") for state in self._ahead()]

    def _ahead(self) -> Sequence[str]:
        if self.report.status == "unconfirmed":
            return ("received", "answered", "solved")
        if self.report.status in OPEN:
            return ("answered", "solved")
        return ("solved",) if self.report.status == "answered" else ()

    @property
    def due(self) -> Due | None:
        """Until when the city has to answer, whether it is late, and why it may be later."""
        report = self.report
        if report.status == "unconfirmed":
            return Due(_("The days count from the moment at which the sender confirms by e-mail."))
        if report.status not in OPEN or report.due_on is None:
            return self._verdict_due()
        day = date_format(report.due_on, "DATE_FORMAT")
        if report.paused_on is not None:
            since = date_format(report.paused_on, "DATE_FORMAT")
            words = _("The count of days is paused since %(since)s; the history says why.")
            return Due(words % {"since": since}, "notice")
        if report.due_on < self.today:
            late = self._working_days(report.due_on, self.today)
            if not late:
                return Due(_("The city was to answer by %(day)s.") % {"day": day}, "bad")
            words = ngettext(
                "The city was to answer by %(day)s and is %(late)s working day late.",
                "The city was to answer by %(day)s and is %(late)s working days late.",
                late,
            )
            return Due(words % {"day": day, "late": late}, "bad")
        left = self._working_days(self.today, report.due_on)
        words = ngettext(
            "The city is to answer by %(day)s: %(left)s working day from now.",
            "The city is to answer by %(day)s: %(left)s working days from now.",
            left,
        )
        said = words % {"day": day, "left": left} if left else _("The city is to answer today.")
        if report.extended_on is not None:
            extended = _("The date was extended once, on %(day)s; the history says why.")
            said = f"{said} {extended % {'day': date_format(report.extended_on, 'DATE_FORMAT')}}"
        return Due(said)

    def _verdict_due(self) -> Due | None:
        if self.report.status != "answered" or self.report.judge_by is None:
            return None
        day = date_format(self.report.judge_by, "DATE_FORMAT")
        return Due(
            _("The sender can say until %(day)s whether it is really solved.") % {"day": day}
        )

    def _working_days(self, start: date, end: date) -> int:
        is_working = self._is_working or working_days_of(self.channel.municipality)
        return working_days_between(start, end, is_working=is_working)

    @property
    def trouble(self) -> str:
        """How often it was refuted and opened again; empty where never."""
        report = self.report
        if not report.times_reopened:
            return ""
        again = ngettext(
            "Opened again %(number)s time", "Opened again %(number)s times", report.times_reopened
        ) % {"number": report.times_reopened}
        if not report.times_refuted:
            return f"{again}."
        refuted = ngettext(
            "the sender refuted the answer %(number)s time",
            "the sender refuted the answer %(number)s times",
            report.times_refuted,
        ) % {"number": report.times_refuted}
        return f"{again}; {refuted}."

    @cached_property
    def photos(self) -> list[ReportPhoto]:
        """Photos that everybody may see."""
        if not self.is_open_to_all or self.is_erased:
            return []
        shown = self.report.photos.filter(is_shown=True, is_of_verdict=False)
        return list(shown.select_related("shown", "original"))

    @property
    def not_shown(self) -> str:
        """Why text and photos are not there; empty where they are."""
        report = self.report
        if self.is_erased:
            return _("Text and photos were erased; number, category and dates remain.")
        if report.public_text or self.photos:
            return ""
        if not report.may_publish:
            return _("Text and photos are not shown: the sender did not agree to publication.")
        if not self.is_open_to_all or report.status == "moderated":
            return _("Text and photos are not shown: the city has yet to check them.")
        return _("Text and photos are not shown.")


def _event_words(step: ReportUpdate) -> str:
    if step.kind != "state":
        return str(step.get_kind_display())
    by = step.details.get("by", "")
    if step.after == "solved":
        if by == "silence":
            return _("solved: nobody objected in the days given")
        if step.by_citizen:
            return _("solved: the sender confirmed it")
    if step.after == "reopened":
        if step.by_citizen:
            return _("the sender says that it is not solved: opened again")
        return _("opened again by the city")
    return str(STATES.get(step.after, step.after))


def _step_words(step: ReportUpdate) -> str:
    if step.after == "reopened" and step.by_citizen:
        return _("refuted, opened again")
    if step.after == "solved" and step.details.get("by") == "silence":
        return _("solved: nobody objected")
    return str(STATES.get(step.after, step.after))


def _tone(step: ReportUpdate) -> str:
    return "bad" if step.after == "reopened" else ""
