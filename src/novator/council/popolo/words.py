"""Who decides: the words of Popolo beside ours, and dates as that standard writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from novator.core.partial_dates import (
    Partial,
    earliest_and_latest,
    read_partial,
    within_reach,
    write_partial,
)

PREFIX = "novator:"
"""Before each of our own fields, which the standard does not have."""
FORMAT = 1
NAMESPACE = UUID("0d2c5f0e-5a7d-5c8e-9a55-6f1f2f8f6b61")
SESSION = "session"
ITEM = "agenda item"
OPTION_WORDS = {
    "yes": "yes",
    "no": "no",
    "abstain": "abstain",
    "not_voting": "not voting",
    "recused": "recused",
    "absent": "absent",
}
RESULT_WORDS = {"carried": "pass", "lost": "fail", "no_quorum": "no quorum"}
_PLAIN = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_SAID_RESULTS = {
    "carried": "pass passed carried adopted approved agreed accepted",
    "lost": "fail failed lost rejected defeated negatived refused",
    "no_quorum": "no_quorum",
}
_SAID_OPTIONS = {
    "yes": "yes aye for",
    "no": "no nay against",
    "abstain": "abstain abstention abstained",
    "not_voting": "not_voting nonvoting not-voting novote paired",
    "recused": "recused",
    "absent": "absent",
}
RESULT_OF = {said: word for word, all_said in _SAID_RESULTS.items() for said in all_said.split()}
OPTION_OF = {said: word for word, all_said in _SAID_OPTIONS.items() for said in all_said.split()}


def standing_id(*parts: str) -> str:
    """The identifier that the same words always get."""
    return str(uuid5(NAMESPACE, "\n".join(parts)))


def source_id(url: str, title: str) -> str:
    """A source's identifier; it has none of its own."""
    return standing_id("source", url, title)


def plain_date(earliest: date | None, latest: date | None) -> str:
    """The date as Popolo can write it ("2015", "2015-12", "2015-12-24"), else nothing."""
    written = write_partial(earliest, latest)
    return written if _PLAIN.fullmatch(written) else ""


def read_date(text: str) -> Partial:
    """
    A date of the standard or of our extension; of a moment its day.

    :raises ValueError: it is none
    """
    day = text.split("T", 1)[0] if re.match(r"\d{4}-\d{2}-\d{2}T", text) else text
    return within_reach(read_partial(day))


def is_plain_date(text: str) -> bool:
    """Whether this is a date as the standard writes it, and one that exists."""
    if not _PLAIN.fullmatch(text):
        return False
    try:
        earliest_and_latest(text)
    except ValueError:
        return False
    return True


def write_moment(moment: datetime) -> str:
    """A moment as all versions of the standard's pattern allow it."""
    written = moment.astimezone(UTC)
    exact = "" if not written.microsecond else f".{written.microsecond:06d}"
    return written.strftime("%Y-%m-%dT%H:%M:%S") + exact + "Z"


def read_moment(text: str) -> datetime | None:
    """
    A moment with its zone; None for a mere day.

    :raises ValueError: it is neither
    """
    if is_plain_date(text):
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    within_reach(Partial(moment.date(), moment.date()))
    return moment
