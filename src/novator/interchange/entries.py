"""Solutions found elsewhere: the answer of another catalogue, read as text of a stranger."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from novator.practices.rows import BadRow, PracticeRow, row_from

FORMAT = "novator-practices"
FORMAT_VERSION = 1
LONGEST_CURSOR = 64
MOST_ATTACHMENTS = 60
MOST_ENTRIES = 1000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CURSOR = re.compile(r"[-\w.~]{1,64}", re.ASCII)
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_AHEAD = timedelta(days=1)  # clocks differ; a date of next year would shut out every later change


class NotAFeed(Exception):
    """The answer is not what another installation would say; the message is fit to show."""


@dataclass(frozen=True)
class EntryFault:
    """Why an entry was not taken; `entry` is its id as far as it has one, `field` may be empty."""

    entry: str
    field: str
    reason: str


class BadEntry(Exception):
    """An entry of the feed cannot be taken; the others can."""

    def __init__(self, faults: Sequence[EntryFault]) -> None:
        super().__init__("; ".join(f"{f.entry} {f.field}: {f.reason}" for f in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Origin:
    """Where a card was written."""

    public_id: UUID
    address: str


@dataclass(frozen=True)
class Entry:
    """One change of another catalogue; `row` is None where the card was withdrawn."""

    origin: Origin
    slug: str
    version: int
    changed_at: datetime
    row: PracticeRow | None
    is_by_its_city: bool = False
    page: str = ""
    formerly: str = ""
    reason: str = ""
    merged_into: str = ""
    attachments: tuple[Mapping[str, Any], ...] = ()

    @property
    def global_id(self) -> str:
        """Its id in every installation."""
        return f"{self.origin.public_id}/{self.slug}"


@dataclass(frozen=True)
class FeedPart:
    """One answer: who gave it, what changed, and where the next part begins."""

    installation: Origin
    entries: Sequence[Any]
    cursor: str
    remaining: int


def part_from(answer: Any) -> FeedPart:
    """
    Read the frame of an answer; its entries are read one by one later.

    :raises NotAFeed: it is none, or of a later version than we know
    """
    if not isinstance(answer, dict) or answer.get("format") != FORMAT:
        raise NotAFeed(_("This address does not answer as a catalogue of Novator."))
    if answer.get("format_version") != FORMAT_VERSION:
        words = _("The other catalogue speaks version %(version)s, which is not known here.")
        raise NotAFeed(words % {"version": str(answer.get("format_version"))[:20]})
    cursor, entries = answer.get("cursor"), answer.get("entries")
    if not isinstance(cursor, str) or not _CURSOR.fullmatch(cursor):
        raise NotAFeed(_("The answer of the other catalogue has no cursor."))
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise NotAFeed(_("The answer of the other catalogue has no entries."))
    try:
        installation = _origin(answer.get("installation"))
    except ValueError as fault:
        raise NotAFeed(_("The other catalogue does not say who it is.")) from fault
    return FeedPart(installation, entries, cursor, _count(answer.get("remaining")) or 0)


def entry_from(values: Any) -> Entry:
    """
    Check one entry and make a change of it.

    :raises BadEntry: with every fault found in it
    """
    if not isinstance(values, dict):
        raise BadEntry([EntryFault("", "", _("must be an object"))])
    name = _shown(values.get("id"))
    try:
        entry = _frame(values)
    except ValueError as fault:
        raise BadEntry([EntryFault(name, str(fault), _("cannot be read"))]) from fault
    if values.get("deleted") is True:
        return entry
    card = values.get("card")
    if not isinstance(card, dict):
        raise BadEntry([EntryFault(name, "card", _("is missing"))])
    try:
        row = row_from({str(key): value for key, value in card.items()} | {"id": entry.slug})
    except BadRow as bad:
        raise BadEntry([EntryFault(name, f.field, f.reason) for f in bad.faults]) from bad
    return Entry(**{**entry.__dict__, "row": row})


def _frame(values: Mapping[str, Any]) -> Entry:
    """
    Everything around the card.

    :raises ValueError: with the name of the field that cannot be read
    """
    slug = values.get("slug")
    if not isinstance(slug, str) or len(slug) > 80 or not _SLUG.fullmatch(slug):
        raise ValueError("slug")
    version = _count(values.get("version"))
    if version is None:
        raise ValueError("version")
    entry = Entry(
        origin=_origin(values.get("origin")),
        slug=slug,
        version=version,
        changed_at=_moment(values.get("changed_at")),
        row=None,
        is_by_its_city=values.get("is_by_its_city") is True,
        page=web_page(values.get("page")),
        formerly=_text(values.get("formerly"), 120),
        reason=_text(values.get("reason"), 300),
        merged_into=_text(values.get("merged_into"), 120),
        attachments=tuple(_attachments(values.get("attachments"))),
    )
    if values.get("id") != entry.global_id:
        raise ValueError("id")
    return entry


def _origin(value: Any) -> Origin:
    """
    Read who an installation says it is.

    :raises ValueError: it does not
    """
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise ValueError("origin")
    try:
        public_id = UUID(value["id"])
    except ValueError as fault:
        raise ValueError("origin") from fault
    if str(public_id) != value["id"]:
        raise ValueError("origin")
    return Origin(public_id, web_page(value.get("address"))[:300].rstrip("/"))


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if is_count else None


def _moment(value: Any) -> datetime:
    found = parse_datetime(value) if isinstance(value, str) and len(value) < 40 else None
    if found is None or found.tzinfo is None or found > timezone.now() + _AHEAD:
        raise ValueError("changed_at")
    return found


def web_page(value: Any) -> str:
    """Read an address that may be shown as a link; anything else is none."""
    if not isinstance(value, str) or len(value) > 600 or re.search(r"[\s<>\"]", value):
        return ""
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return value if is_web and not _UNFIT.search(value) else ""


def _attachments(value: Any) -> list[dict[str, Any]]:
    """Documents and photos that stay where they are; those that cannot be linked are left out."""
    found = []
    for item in value[:MOST_ATTACHMENTS] if isinstance(value, list) else ():
        url = web_page(item.get("url")) if isinstance(item, dict) else ""
        if url:
            words = {name: _text(item.get(name), 300) for name in ("caption", "alt", "media_type")}
            found.append({"url": url, **words})
    return found


def _text(value: Any, longest: int) -> str:
    return _UNFIT.sub(" ", value)[:longest].strip() if isinstance(value, str) else ""


def _shown(value: Any) -> str:
    return _text(value, 120)
