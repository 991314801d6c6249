"""Councils' pages: partial dates, spans and lives of bodies in the reader's words."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from novator.core.languages import reader_language, reads_russian
from novator.core.partial_dates import as_text, read_partial, write_partial
from novator.council.models import LifeEvent, Membership, Organization, Post, Vote

Spanned = Membership | LifeEvent | Post
_ELECTION = re.compile(r"[Вв]ыборы ([0-9]{4}) (?:года|г\.)")


def election_in_words(stated: str) -> str:
    """How a seat was won; the usual words for the election of a year in the reader's language."""
    usual = _ELECTION.fullmatch(stated)
    if usual is None or reads_russian():
        return stated
    return _("election of %(year)s") % {"year": usual[1]}


def day_words(earliest: date | None, latest: date | None) -> str:
    """A partial date: "2016", "May 2016", "5 May 2016", "not later than …"; nothing for none."""
    if earliest is None and latest is None:
        return ""
    return _day_words(earliest, latest, reader_language())


@lru_cache(maxsize=4096)
def _day_words(earliest: date | None, latest: date | None, _language: str) -> str:
    """Kept by language: a page of a council says the same few days over and over."""
    if earliest is None:
        return _("not later than %(day)s") % {"day": date_format(latest or "", "DATE_FORMAT")}
    if latest is None:
        return _("not earlier than %(day)s") % {"day": date_format(earliest, "DATE_FORMAT")}
    if earliest == latest:
        return date_format(earliest, "DATE_FORMAT")
    written = as_text(earliest, latest)
    if read_partial(written) == (earliest, latest):
        return written if len(written) == 4 else _month(earliest)
    days = {"first": _short(earliest), "last": _short(latest)}
    return _("between %(first)s and %(last)s") % days


def _month(day: date) -> str:
    """In the middle of a line: Russian months have no capital."""
    words = date_format(day, "F Y")
    return words.lower() if reads_russian() else words


def span_words(row: Spanned) -> str:
    """From when until when; what is not known is said."""
    if row.starts_to and row.ends_from and not (row.starts_from or row.ends_to):
        return _seen(row.starts_to, row.ends_from)
    return _span(
        day_words(row.starts_from, row.starts_to),
        day_words(row.ends_from, row.ends_to),
    )


def life_words(body: Organization) -> str:
    """From when until when a body exists."""
    return _span(
        day_words(body.founded_from, body.founded_to),
        day_words(body.dissolved_from, body.dissolved_to),
    )


def voice_words(vote: Vote) -> str:
    """What one person said, in words that fit whoever it is; those of counts fit many."""
    neutral = {
        "abstain": pgettext("one person", "abstained"),
        "not_voting": pgettext("one person", "did not vote"),
        "absent": pgettext("one person", "absent"),
    }
    return neutral.get(vote.option) or str(vote.get_option_display())


def starts_written(row: Spanned) -> str:
    """The beginning as it is entered and kept."""
    return write_partial(row.starts_from, row.starts_to)


def ends_written(row: Spanned) -> str:
    """The end as it is entered and kept."""
    return write_partial(row.ends_from, row.ends_to)


def _span(start: str, end: str) -> str:
    if not start and not end:
        return _("dates not stated")
    if not start:
        return _("until %(end)s; since when is not stated") % {"end": end}
    if not end:
        return _("since %(start)s") % {"start": start}
    return start if start == end else f"{start} – {end}"


def _seen(first: date, last: date) -> str:
    """Only days on which it certainly lasted are known."""
    if first == last:
        day = {"day": _short(first)}
        return _("on %(day)s; neither beginning nor end is stated") % day
    days = {"first": _short(min(first, last)), "last": _short(max(first, last))}
    return _("on %(first)s and on %(last)s; neither beginning nor end is stated") % days


def _short(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
