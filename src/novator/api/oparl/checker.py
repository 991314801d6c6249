"""
Who decides, told to other systems: whether a server keeps to OParl, walked from its System object.

Objects inside other objects are checked as whole ones, every address that is named is asked for,
lists are followed to their end: the three things that the usual validators leave out.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from novator.api.oparl.schema import DATED_SINCE, TYPES, VERSIONS, Field
from novator.core.outside import AddressRefused, Answer, NoAnswer, Question, ask_outside

_TYPE = re.compile(r"https?://(?:schema\.)?oparl\.org/(?:schema/)?(1\.[01])/(\w+)/?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
_LEAST_SHAPES = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiPolygon": 3,
                 "MultiLineString": 2}  # fmt: skip
LONGEST_WAIT = 30.0
Ask = Callable[[str], Answer]


@dataclass(frozen=True)
class Fault:
    """`rule` is a short word; `pointer` where in the answer of `url`."""

    url: str
    pointer: str
    rule: str
    message: str


@dataclass
class Checked:
    """
    What was seen and what was wrong; `is_whole`: the limits were not reached.

    `foreign`: other servers to which it pointed, with how many addresses; they were not asked.
    """

    faults: list[Fault] = field(default_factory=list)
    objects: Counter[str] = field(default_factory=Counter)
    foreign: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    is_whole: bool = True

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "faults": [fault.__dict__ for fault in self.faults],
            "objects": dict(self.objects),
            "foreign": dict(self.foreign),
            "requests": self.requests,
            "is_whole": self.is_whole,
        }


@dataclass(frozen=True)
class Limits:
    """How far a check goes; `pages` are those of one list, `seconds` hold for the whole."""

    requests: int = 2000
    pages: int = 500
    faults: int = 1000
    seconds: float = 900.0


def check_oparl(
    url: str, *, limits: Limits | None = None, may_be_private: bool = False, ask: Ask | None = None
) -> Checked:
    """Walk a server from the address of its System object and name what breaks the standard."""
    kept = limits or Limits()
    until = time.monotonic() + kept.seconds
    asking = ask or (lambda where: _asked(where, may_be_private, until - time.monotonic()))
    walk = _Walk(asking, kept, urlsplit(url).netloc, until)
    walk.object(url, "System")
    walk.run()
    return walk.checked


def _asked(url: str, may_be_private: bool, left: float) -> Answer:
    question = Question(
        url,
        headers={"Accept": "application/json"},
        may_be_private=may_be_private,
        seconds=max(0.1, min(LONGEST_WAIT, left)),
    )
    return ask_outside(question)


class _Walk:
    """Addresses still to be asked for, each with the type that is expected there."""

    def __init__(self, ask: Ask, limits: Limits, host: str, until: float) -> None:
        self.ask, self.limits, self.host, self.until = ask, limits, host, until
        self.not_asked: set[str] = set()
        self.checked = Checked()
        self.seen: dict[str, str] = {}
        self.waiting: deque[tuple[str, str, str, str]] = deque()
        self.wanted: dict[str, tuple[str, str]] = {}
        self.version = VERSIONS[-1]

    def object(self, url: str, kind: str) -> None:
        """Begin with an object."""
        self.waiting.append(("object", url, kind, url))

    def run(self) -> None:
        """Ask until nothing is left or a limit is reached: lists first, then what they named."""
        while self.waiting or self.wanted:
            if len(self.checked.faults) >= self.limits.faults:
                self.checked.is_whole = False
                return
            if not self.waiting:
                url, (kind, source) = self.wanted.popitem()
                if url in self.seen:
                    self._of_kind(url, kind, source)
                    continue
                self.waiting.append(("object", url, kind, source))
            what, url, kind, source = self.waiting.popleft()
            if self._is_foreign(url):
                continue
            if self._is_enough():
                self.checked.is_whole = False
                return
            if what == "list":
                self._list(url, kind, source)
            else:
                self._one(url, kind, source)

    def _is_enough(self) -> bool:
        is_late = time.monotonic() >= self.until
        return is_late or self.checked.requests >= self.limits.requests

    def _is_foreign(self, url: str) -> bool:
        """Whether it is another server's: counted, and left alone."""
        host = urlsplit(url).netloc
        if host != self.host and url not in self.not_asked:
            self.not_asked.add(url)
            self.checked.foreign[host] += 1
        return host != self.host

    def fault(self, url: str, pointer: str, rule: str, message: str) -> None:
        """Note what is wrong, once."""
        found = Fault(url, pointer, rule, message)
        if found not in self.checked.faults[-50:]:
            self.checked.faults.append(found)

    def _answer(self, url: str, source: str) -> Any:
        """The JSON at an address; None where there is none, and that is noted."""
        self.checked.requests += 1
        try:
            answer = self.ask(url)
        except AddressRefused:
            words = _("%(url)s leads into a private network and was not asked.")
            self.fault(source, "", "private", words % {"url": url})
            return None
        except (NoAnswer, ValueError) as refusal:
            words = _("Nobody answers at %(url)s: %(reason)s.")
            reason = words % {"url": url, "reason": refusal}
            self.fault(source, "", "dangling", reason)
            return None
        if answer.status != 200:
            words = _("%(url)s answers with status %(status)s.")
            self.fault(source, "", "dangling", words % {"url": url, "status": answer.status})
            return None
        if "json" not in answer.headers.get("content-type", ""):
            self.fault(url, "", "content_type", _("The answer is not said to be JSON."))
        if answer.headers.get("access-control-allow-origin") != "*":
            self.fault(url, "", "cors", _("Other origins may not read it (CORS)."))
        try:
            return json.loads(answer.body.decode("utf-8"))
        except (ValueError, RecursionError):
            self.fault(url, "", "json", _("The answer is no JSON in UTF-8."))
            return None

    def _one(self, url: str, kind: str, source: str) -> None:
        if url in self.seen:
            return
        self.seen[url] = kind
        told = self._answer(url, source)
        if told is None:
            return
        if not isinstance(told, dict):
            self.fault(url, "", "type", _("An object is expected here."))
            return
        if told.get("id") != url and not (kind == "System" and source == url):
            words = _("The identifier is %(id)s, another address than asked.")
            self.fault(url, "/id", "id", words % {"id": told.get("id")})
        self._check(told, kind, url, "")

    def _of_kind(self, url: str, kind: str, source: str) -> None:
        known = self.seen[url]
        if known and known != kind:
            words = _("%(url)s is of the type %(known)s, not %(kind)s.")
            told = {"url": url, "known": known, "kind": kind}
            self.fault(source, "", "reference_type", words % told)

    def _list(self, url: str, kind: str, source: str) -> None:
        """Every page of a list; an address that comes again would go on for ever."""
        pages: set[str] = set()
        following: str | None = url
        names: set[str] = set()
        first = None
        while following:
            if following in pages or len(pages) >= self.limits.pages:
                self.fault(url, "/links/next", "endless", _("The pages of the list do not end."))
                return
            if self._is_foreign(following):
                return
            if self._is_enough():
                self.checked.is_whole = False
                return
            pages.add(following)
            told = self._answer(following, source)
            if not isinstance(told, dict):
                return
            first = first or told
            self._page(told, kind, following, names)
            links = told.get("links")
            following = links.get("next") if isinstance(links, dict) else None
            if following is not None and not _is_url(following):
                self.fault(url, "/links/next", "format", _("This is no web address."))
                return
        self._filter(url, kind, source)

    def _page(self, told: dict[str, Any], kind: str, url: str, names: set[str]) -> None:
        for name, wanted in (("data", list), ("links", dict), ("pagination", dict)):
            if not isinstance(told.get(name), wanted):
                words = _("The page has no “%(name)s”.") % {"name": name}
                self.fault(url, f"/{name}", "required", words)
        rows = told.get("data")
        for position, row in enumerate(rows if isinstance(rows, list) else ()):
            pointer = f"/data/{position}"
            if not isinstance(row, dict):
                self.fault(url, pointer, "type", _("An object is expected here."))
                continue
            key = row.get("id")
            if isinstance(key, str):
                if key in names:
                    words = _("%(id)s stands in the list twice.") % {"id": key}
                    self.fault(url, pointer, "twice", words)
                names.add(key)
            self._check(row, kind, url, pointer)

    def _filter(self, url: str, kind: str, source: str) -> None:
        """Every list must understand its filters: of tomorrow there is nothing yet."""
        if self._is_enough():
            return
        tomorrow = datetime.now().astimezone() + timedelta(days=1)
        mark = "&" if "?" in url else "?"
        since = quote(tomorrow.isoformat(timespec="seconds"), safe="")
        where = f"{url}{mark}modified_since={since}"
        told = self._answer(where, source)
        if isinstance(told, dict) and told.get("data"):
            self.fault(where, "", "filter", _("The list does not heed modified_since."))

    def _check(self, row: dict[str, Any], kind: str, url: str, pointer: str) -> None:
        self.checked.objects[kind] += 1
        fields = TYPES[kind]
        said = row.get("type")
        match = _TYPE.fullmatch(said) if isinstance(said, str) else None
        if said is not None and (match is None or match[2] != kind):
            words = _("The type is %(said)s; %(kind)s is expected.")
            self.fault(url, f"{pointer}/type", "type", words % {"said": said, "kind": kind})
        if kind == "System" and match is not None:
            self.version = match[1]
        key = row.get("id")
        if pointer and isinstance(key, str):
            self.wanted.setdefault(key, (kind, url))
        for name, fact in fields.items():
            is_needed = self._is_needed(name, fact, row)
            if row.get(name) is None:
                if name in row and not is_needed:
                    self.fault(
                        url, f"{pointer}/{name}", "null", _("What is not known is left out.")
                    )
                elif is_needed:
                    words = _("%(kind)s has no “%(name)s”.") % {"kind": kind, "name": name}
                    self.fault(url, f"{pointer}/{name}", "required", words)
                continue
            self._value(row[name], fact, url, f"{pointer}/{name}")
        for name in row:
            if name not in fields and ":" not in name:
                words = _("“%(name)s” is no property of %(kind)s; own ones have a prefix.")
                told = {"name": name, "kind": kind}
                self.fault(url, f"{pointer}/{_escaped(name)}", "unknown", words % told)

    def _is_needed(self, name: str, fact: Field, row: dict[str, Any]) -> bool:
        if row.get("deleted") is True:
            return name in {"id", "type", "created", "modified"}
        return fact.is_required or (name in {"created", "modified"} and self.version >= DATED_SINCE)

    def _value(self, value: Any, fact: Field, url: str, pointer: str) -> None:
        match fact.kind:
            case "object":
                self._inner(value, fact, url, pointer)
            case "objects" | "refs" | "texts":
                if not isinstance(value, list):
                    self.fault(url, pointer, "type", _("A list is expected here."))
                    return
                for position, inner in enumerate(value):
                    self._each(inner, fact, url, f"{pointer}/{position}")
            case "list":
                if self._is_of(value, "url", url, pointer) and value not in self.seen:
                    self.seen[value] = ""
                    self.waiting.append(("list", value, fact.to, url))
            case "ref":
                self._each(value, Field("refs", fact.to), url, pointer)
            case kind:
                self._is_of(value, kind, url, pointer)

    def _each(self, value: Any, fact: Field, url: str, pointer: str) -> None:
        if fact.kind == "objects":
            self._inner(value, fact, url, pointer)
        elif fact.kind == "texts":
            self._is_of(value, "text", url, pointer)
        elif self._is_of(value, "url", url, pointer):
            self.wanted.setdefault(value, (fact.to, url))

    def _inner(self, value: Any, fact: Field, url: str, pointer: str) -> None:
        if isinstance(value, dict):
            self._check(value, fact.to, url, pointer)
        else:
            words = _("An object of the type %(kind)s is expected here.") % {"kind": fact.to}
            self.fault(url, pointer, "type", words)

    def _is_of(self, value: Any, kind: str, url: str, pointer: str) -> bool:
        problem = next(_problems(value, kind), None)
        if problem is not None:
            rule, message = problem
            self.fault(url, pointer, rule, message)
        return problem is None


def _problems(value: Any, kind: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a plain value."""
    if kind == "yes_no":
        if not isinstance(value, bool):
            yield "type", _("True or false is expected here.")
    elif kind == "number":
        if not isinstance(value, int) or isinstance(value, bool):
            yield "type", _("A whole number is expected here.")
    elif kind == "geojson":
        if not _is_geojson(value):
            yield "format", _("This is no GeoJSON.")
    elif not isinstance(value, str):
        yield "type", _("A text is expected here.")
    elif kind == "url" and not _is_url(value):
        yield "format", _("This is no web address.")
    elif kind == "moment" and not _is_moment(value):
        yield "format", _("This is no moment with its zone.")
    elif kind == "date" and not _is_day(value):
        yield "format", _("This is no day.")
    elif kind == "text" and not value:
        yield "empty", _("What is not known is left out.")


def _is_url(value: Any) -> bool:
    if not isinstance(value, str) or any(sign.isspace() for sign in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_moment(value: str) -> bool:
    if not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_geojson(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    shape = value.get("geometry") if value.get("type") == "Feature" else value
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or not isinstance(kind, str) or kind not in _LEAST_SHAPES:
        return False
    inner = shape.get("coordinates")
    for _level in range(_LEAST_SHAPES[kind]):
        inner = inner[0] if isinstance(inner, list) and inner else None
    return (
        isinstance(inner, list)
        and len(inner) >= 2
        and all(isinstance(number, int | float) for number in inner)
        and abs(inner[0]) <= 180
        and abs(inner[1]) <= 90
    )


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
