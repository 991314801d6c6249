"""A citizen's report: one question to another system that speaks Open311, politely asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.core.outside import AddressRefused, Answer, NoAnswer, Question, ask_outside
from novator.reports.contacts import ContactUnreadable, opened_text
from novator.reports.exchange.reading import Unreadable, faults_in, rows_in
from novator.reports.models import Connection

SECONDS = 60.0
MOST_BYTES = 30_000_000
LONGEST_WAIT = 3_600
AGENT = "Novator (Open311 client)"
QUEUE = "outside"
"""Jobs that wait for other systems hold up none of our own."""
PAUSES = (1, 5, 15, 60, 240, 720, 1440)
"""Minutes before each further attempt where the other system is not reached."""
_TYPES = {"json": "application/json, text/xml;q=0.5", "xml": "text/xml, application/xml;q=0.9"}


class CannotAsk(Exception):
    """
    The other system gave no answer that can be used; the message is fit to show.

    `kind`: "busy" (ask again after `seconds`), "refused", "away" (nothing reached it), "unknown"
    (it may have been reached), "unreadable", "private".
    """

    def __init__(self, kind: str, message: str, *, seconds: int = 0, status: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.seconds = seconds
        self.status = status


@dataclass(frozen=True)
class System:
    """Another system: where it is, how we are known there."""

    base_url: str
    jurisdiction: str = ""
    api_key: str = ""
    may_be_private: bool = False


@dataclass(frozen=True)
class Page:
    """Rows that were answered, in which format; None where nothing changed since the ETag."""

    rows: list[dict[str, str]] | None
    form: str
    etag: str = ""


def base_address(text: str) -> str:
    """
    The address of a system as it is kept, without what people paste behind it.

    :raises CannotAsk: it is none
    """
    url = text.strip() if "://" in text else f"https://{text.strip()}"
    for ending in ("xml", "json"):
        for name in ("discovery", "services", "requests"):
            url = url.split("?")[0].removesuffix(f"/{name}.{ending}")
    url = url.rstrip("/")
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
        _port = parts.port
    except ValueError:
        is_good = False
    if not is_good or len(url) > 300:
        words = _("“%(address)s” is no address of an Open311 system.")
        raise CannotAsk("address", words % {"address": text[:200]})
    return url


def system_of(connection: Connection, *, may_be_private: bool = False) -> System:
    """
    Return how to ask a connected system; private hosts only where the operator named them.

    :raises CannotAsk: its key cannot be opened
    """
    try:
        key = opened_text(connection.sealed_key) if connection.sealed_key else ""
    except ContactUnreadable as fault:
        raise CannotAsk("key", str(fault)) from fault
    host = urlsplit(connection.base_url).hostname or ""
    allowed = may_be_private or host in settings.OPEN311_PRIVATE_HOSTS
    return System(connection.base_url.rstrip("/"), connection.jurisdiction, key, allowed)


def read_rows(
    system: System,
    path: str,
    *,
    item: str,
    query: Mapping[str, str],
    form: str = "",
    etag: str = "",
) -> Page:
    """
    Read a list; JSON first, XML where the system has none (`form` says which it was last time).

    :raises CannotAsk: it cannot be read
    """
    forms = [form] if form else ["json", "xml"]
    for place, each in enumerate(forms):
        try:
            return _read(system, path, item=item, query=query, form=each, etag=etag)
        except CannotAsk as refusal:
            is_about_format = refusal.kind == "unreadable" or refusal.status in {400, 404, 406, 415}
            if place == len(forms) - 1 or not is_about_format:
                raise
    raise AssertionError


def post_form(
    system: System, path: str, *, item: str, fields: Sequence[tuple[str, str]]
) -> list[dict[str, str]]:
    """
    Send a form and return what was answered.

    :raises CannotAsk: `kind` says whether it may have been taken all the same
    """
    sent = [*fields, ("jurisdiction_id", system.jurisdiction), ("api_key", system.api_key)]
    body = urlencode([(name, value) for name, value in sent if value]).encode()
    headers = {
        "User-Agent": AGENT,
        "Accept": _TYPES["xml"],
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    }
    question = Question(
        f"{system.base_url}/{path}.xml",
        "POST",
        body,
        headers,
        seconds=SECONDS,
        most_bytes=MOST_BYTES,
        may_be_private=system.may_be_private,
    )
    answer = _asked(question)
    if answer.status >= 500 and answer.status != 503:
        raise CannotAsk("unknown", _status_words(answer), status=answer.status)
    _refuse(answer)
    try:
        return rows_in(answer.body, item=item)
    except Unreadable as fault:
        raise CannotAsk("unknown", _unreadable_words()) from fault


def _read(
    system: System, path: str, *, item: str, query: Mapping[str, str], form: str, etag: str
) -> Page:
    asked = {**query, "jurisdiction_id": system.jurisdiction}
    text = urlencode({name: value for name, value in asked.items() if value})
    headers = {"User-Agent": AGENT, "Accept": _TYPES[form]}
    question = Question(
        f"{system.base_url}/{path}.{form}" + (f"?{text}" if text else ""),
        headers=headers | ({"If-None-Match": etag} if etag else {}),
        seconds=SECONDS,
        most_bytes=MOST_BYTES,
        may_be_private=system.may_be_private,
    )
    answer = _asked(question)
    if answer.status == 304 and etag:
        return Page(None, form, etag)
    _refuse(answer)
    try:
        rows = rows_in(answer.body, item=item)
    except Unreadable as fault:
        raise CannotAsk("unreadable", _unreadable_words()) from fault
    return Page(rows, form, answer.headers.get("etag", "")[:200])


def _asked(question: Question) -> Answer:
    try:
        return ask_outside(question)
    except AddressRefused as fault:
        words = _("The address lies in a private network; the operator has to allow it.")
        raise CannotAsk("private", words) from fault
    except NoAnswer as fault:
        words = _("The other system does not answer: %(reason)s")
        kind = "unknown" if fault.was_sent else "away"
        raise CannotAsk(kind, words % {"reason": fault}) from fault


def _refuse(answer: Answer) -> None:
    """
    Let only good answers pass.

    :raises CannotAsk: it is none
    """
    if 200 <= answer.status < 300:
        return
    if answer.status in {429, 503}:
        seconds = _seconds(answer.headers.get("retry-after", ""), timezone.now())
        raise CannotAsk("busy", _status_words(answer), seconds=seconds, status=answer.status)
    kind = "refused" if answer.status < 500 else "away"
    raise CannotAsk(kind, _status_words(answer), status=answer.status)


def _status_words(answer: Answer) -> str:
    told = faults_in(answer.body)
    words = _("The other system answers with status %(status)s.")
    return f"{words % {'status': answer.status}} {told}".strip()[:300]


def _unreadable_words() -> str:
    return _("The other system does not answer as Open311 does.")


def _seconds(text: str, now: datetime) -> int:
    """Seconds that Retry-After asks to wait, as a number or as a moment; a minute without it."""
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]), LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(text) - now).total_seconds()
    except (TypeError, ValueError):
        return 60
    return max(1, min(int(wait), LONGEST_WAIT))
