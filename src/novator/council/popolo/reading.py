"""Who decides: a Popolo file as facts; every field that cannot be read is named."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model
from django.utils.translation import gettext as _

from novator.core.partial_dates import UNKNOWN
from novator.council.popolo.facts import Facts, Known, Values, defaults_of
from novator.council.popolo.faults import Fault
from novator.council.popolo.tables import TABLES, Column, Table
from novator.council.popolo.words import (
    OPTION_OF,
    PREFIX,
    RESULT_OF,
    is_plain_date,
    read_date,
    read_moment,
)

MOST_BYTES = 400_000_000
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What neither the database nor a document nor a feed can hold, or what turns the line around."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COUNTED = ("yes", "no", "abstain", "not_voting", "recused")
_SAID = {"option": OPTION_OF, "result": RESULT_OF}


class BrokenFile(Exception):
    """The file as a whole cannot be read; the message is fit to show."""


class _Bad(Exception):
    def __init__(self, rule: str, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.rule, self.message, self.mend = rule, message, mend


def read_document(path: Path) -> tuple[dict[str, Any], str]:
    """
    The JSON object of a file, and its text.

    :raises BrokenFile: it is too large, no UTF-8 or no JSON object
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BrokenFile(_("The file is larger than %(most)s MB.") % {"most": 400})
        text = path.read_text(encoding="utf-8-sig")
        document = json.loads(text, parse_constant=_no_number)
    except OSError as fault:
        words = _("The file cannot be read: %(reason)s")
        raise BrokenFile(words % {"reason": fault.strerror or fault}) from fault
    except UnicodeDecodeError as fault:
        raise BrokenFile(_("The file is not in UTF-8.")) from fault
    except RecursionError as fault:
        raise BrokenFile(_("The file is nested too deeply.")) from fault
    except ValueError as fault:
        raise BrokenFile(_("The file is no JSON: %(reason)s") % {"reason": fault}) from fault
    if not isinstance(document, dict):
        raise BrokenFile(_("The file is not one JSON object with lists of persons and so on."))
    return document, text


def is_own(document: dict[str, Any]) -> bool:
    """Whether the file says that it was written by this product."""
    meta = document.get("meta")
    return isinstance(meta, dict) and PREFIX + "format" in meta


def facts_from(document: dict[str, Any], faults: list[Fault], *, is_whole: bool = True) -> Known:
    """
    The good objects of the lists; the faults of the others are added.

    `is_whole`: what is not said is empty; otherwise it stays as it is stored.
    """
    known: Known = {table.name: {} for table in TABLES}
    for place in dict.fromkeys(table.place for table in TABLES):
        listed = document.get(place) or []
        if not isinstance(listed, list):
            faults.append(_fault(f"/{place}", _not("list")))
            continue
        for position, row in enumerate(listed):
            pointer = str(row.get("$pointer", "")) if isinstance(row, dict) else ""
            reader = _Reader(pointer or f"/{place}/{position}", faults, is_whole=is_whole)
            reader.take(row, place, known)
    return known


class _Reader:
    """One object of a list and where it stands."""

    def __init__(self, pointer: str, faults: list[Fault], *, is_whole: bool) -> None:
        self.pointer, self.faults, self.is_whole = pointer, faults, is_whole

    def take(self, row: Any, place: str, known: Known) -> None:
        before = len(self.faults)
        if not isinstance(row, dict):
            self.faults.append(_fault(self.pointer, _not("object")))
            return
        table = self._table(row, place)
        if table is None:
            return
        key = self._id(row, known[table.name])
        row = _with_counts(row, self) if table.name == "vote_events" else row
        values = self._values(table.columns, table.model, row, self.pointer)
        facts = Facts(key, values, self._parts(table, row), self.pointer)
        if table.name == "sessions":
            self._day_of_session(row, facts)
        if len(self.faults) == before:
            known[table.name][key] = facts

    def _table(self, row: dict[str, Any], place: str) -> Table | None:
        tables = [table for table in TABLES if table.place == place]
        if not tables[0].word:
            return tables[0]
        said = row.get("classification")
        found = next((table for table in tables if table.word == said), None)
        if found is None:
            words = ", ".join(table.word for table in tables)
            self.faults.append(_fault(f"{self.pointer}/classification", _unknown(said, words)))
        return found

    def _id(self, row: dict[str, Any], there: dict[str, Facts]) -> str:
        key = row.get("id")
        try:
            key = str(UUID(key)) if isinstance(key, str) else ""
        except ValueError:
            key = ""
        where = f"{self.pointer}/id"
        if not key:
            words = _("The identifier must be a UUID.")
            self.faults.append(Fault(where, "popolo.id", words, _("Give each object its own.")))
        elif key in there:
            words = _("Another object of the list has this identifier: %(where)s.")
            first = {"where": there[key].pointer}
            self.faults.append(Fault(where, "popolo.id_twice", words % first, _("Keep one.")))
        return key

    def _values(
        self, columns: Iterable[Column], model: type[Model], row: dict[str, Any], pointer: str
    ) -> Values:
        values = defaults_of(model, columns) if self.is_whole else {}
        for column in columns:
            try:
                values |= _read(column, model, row)
            except _Bad as bad:
                where = column.own if column.own in row else column.name
                self.faults.append(
                    Fault(f"{pointer}/{_escaped(where)}", bad.rule, bad.message, bad.mend)
                )
        return values

    def _parts(self, table: Table, row: dict[str, Any]) -> dict[str, list[Values]]:
        found: dict[str, list[Values]] = {}
        for part in table.parts:
            listed = row.get(part.name)
            if listed is None:
                if self.is_whole:
                    found[part.name] = []
                continue
            where = f"{self.pointer}/{_escaped(part.name)}"
            if not isinstance(listed, list):
                self.faults.append(_fault(where, _not("list")))
                continue
            found[part.name] = []
            for position, inner in enumerate(listed):
                if isinstance(inner, dict):
                    pointer = f"{where}/{position}"
                    read = _Reader(pointer, self.faults, is_whole=True)
                    values = read._values(part.columns, part.model, inner, pointer)
                    found[part.name].append(values)
                else:
                    self.faults.append(_fault(f"{where}/{position}", _not("object")))
        return found

    def _day_of_session(self, row: dict[str, Any], facts: Facts) -> None:
        """Without our own field the day is that of the beginning."""
        if PREFIX + "held" not in row and isinstance(row.get("start_date"), str):
            try:
                day = read_date(row["start_date"])
            except ValueError:
                return  # said already
            facts.values |= {"held_from": day.earliest, "held_to": day.latest}


def _with_counts(row: dict[str, Any], reader: _Reader) -> dict[str, Any]:
    """Counts of the standard as our columns: those of all, and those of each faction."""
    listed = row.get("counts")
    if not isinstance(listed, list):
        return row
    row = dict(row)
    groups: dict[str | None, dict[str, Any]] = {}
    for position, count in enumerate(listed):
        where = f"{reader.pointer}/counts/{position}"
        option = OPTION_OF.get(_word(count.get("option"))) if isinstance(count, dict) else None
        if option not in _COUNTED:
            if option != "absent":
                reader.faults.append(_fault(where, _unknown(count, ", ".join(_COUNTED))))
            continue
        if count.get("group_id") or count.get(PREFIX + "no_group"):
            group = groups.setdefault(count.get("group_id"), {"group_id": count.get("group_id")})
            group[option] = count.get("value")
        else:
            row[PREFIX + option] = count.get("value")
    if groups:
        row[PREFIX + "by_faction"] = list(groups.values())
    return row


def _read(column: Column, model: type[Model], row: dict[str, Any]) -> Values:
    if column.kind == "date":
        return _read_date(column, row)
    value = row.get(column.name)
    if value is None or value == "":
        if column.is_required:
            raise _Bad("popolo.required", _("This must be said."), _("Add it."))
        return {}
    return {column.field: _READERS[column.kind](column, model, value)}


def _read_date(column: Column, row: dict[str, Any]) -> Values:
    text = row.get(column.own) or row.get(column.name)
    if text is None or text == "":
        return {}
    is_ours = column.own in row and row[column.own]
    try:
        found = read_date(text) if isinstance(text, str) else UNKNOWN
    except ValueError:
        found = UNKNOWN
    earliest, latest = found
    if found == UNKNOWN or (not is_ours and not is_plain_date(str(text)[:10])):
        raise _Bad(
            "date.form",
            _("“%(said)s” is no date.") % {"said": str(text)[:40]},
            _("Write 2015, 2015-12 or 2015-12-24; an open date as ../2016-05-05 in our field."),
        )
    if earliest and latest and earliest > latest:
        raise _Bad("date.order", _("The date ends before it begins."), _("Mend the dates."))
    return dict(zip(column.fields, found, strict=True))


def _text(column: Column, model: type[Model], value: Any) -> str:
    if not isinstance(value, str):
        raise _not("text")
    most = model._meta.get_field(column.field).max_length  # type: ignore[union-attr]
    if most and len(value) > most:
        words = _("The text is longer than %(most)s characters.") % {"most": most}
        raise _Bad("text.long", words, _("Shorten it."))
    if _INVISIBLE.search(value):
        raise _Bad("text.sign", _("The text has invisible signs."), _("Take them out."))
    if column.field == "slug" and value and not _SLUG.fullmatch(value):
        words = _("This is no address of a page.")
        raise _Bad("popolo.slug", words, _("Small Latin letters, digits and single hyphens."))
    if column.field in {"url", "website"}:
        return _url(value)
    return value


def _url(value: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError as bad:
        raise _Bad("popolo.url", _("This is no web address."), _("Begin with https://.")) from bad
    return value


def _number(column: Column, model: type[Model], value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 32_767:
        words = _("This must be a whole number from 0 to 32,767.")
        raise _Bad("popolo.number", words, _("Mend the number."))
    return value


def _yes_no(column: Column, model: type[Model], value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Bad("popolo.type", _("This must be true or false."), _("Write true or false."))
    return value


def _day(column: Column, model: type[Model], value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as bad:
        said = {"said": str(value)[:40]}
        words = _("“%(said)s” is no day.") % said
        raise _Bad("date.form", words, _("Write it as 2015-12-24.")) from bad


def _moment(column: Column, model: type[Model], value: Any) -> Any:
    try:
        return read_moment(value)
    except (TypeError, ValueError) as bad:
        words = _("“%(said)s” is no moment with its zone.") % {"said": str(value)[:40]}
        raise _Bad("date.form", words, _("Write it as 2015-12-24T10:00:00Z.")) from bad


def _choice(column: Column, model: type[Model], value: Any) -> str:
    said = _SAID.get(column.name, {})
    back = {word: code for code, word in column.words.items()}
    codes = column.words or dict(model._meta.get_field(column.field).flatchoices)  # type: ignore[union-attr]
    found = back.get(value, value) if isinstance(value, str) else None
    found = found if found in codes else said.get(_word(value))
    if found not in codes:
        raise _unknown(value, ", ".join(column.words.values() or codes))
    return str(found)


def _ref(column: Column, model: type[Model], value: Any) -> str:
    if not isinstance(value, str):
        raise _not("text")
    return value if column.to == "areas" else value.lower()


def _english(column: Column, model: type[Model], value: Any) -> str:
    listed = value if isinstance(value, list) else []
    for name in listed:
        if isinstance(name, dict) and name.get("lang") == "en" and name.get("name"):
            return _text(column, model, name["name"])
    return ""


def _website(column: Column, model: type[Model], value: Any) -> str:
    listed = [link for link in value if isinstance(link, dict)] if isinstance(value, list) else []
    found = [link.get("url") for link in listed if link.get("note") == "website"]
    return _text(column, model, found[0]) if found else ""


def _json(column: Column, model: type[Model], value: Any) -> Any:
    try:
        has_signs = any(_INVISIBLE.search(text) for text in _texts_in(value))
    except RecursionError as deep:
        raise _Bad("popolo.type", _("The file is nested too deeply.")) from deep
    if has_signs:
        raise _Bad("text.sign", _("The text has invisible signs."), _("Take them out."))
    return value


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts_in(each)


_READERS: dict[str, Callable[[Column, type[Model], Any], Any]] = {
    "text": _text,
    "number": _number,
    "yes_no": _yes_no,
    "day": _day,
    "moment": _moment,
    "choice": _choice,
    "ref": _ref,
    "source": _ref,
    "english": _english,
    "website": _website,
    "file": _ref,
    "json": _json,
}


def _not(what: str) -> _Bad:
    names = {"list": _("a list"), "object": _("an object"), "text": _("a text")}
    return _Bad("popolo.type", _("This must be %(what)s.") % {"what": names[what]}, _("Mend it."))


def _unknown(value: Any, words: str) -> _Bad:
    said = {"said": str(value)[:60]}
    return _Bad(
        "popolo.word",
        _("“%(said)s” is not known here.") % said,
        _("Known are: %(words)s.") % {"words": words},
    )


def _word(value: Any) -> str:
    return "_".join(str(value).casefold().split())


def _fault(pointer: str, bad: _Bad) -> Fault:
    return Fault(pointer, bad.rule, bad.message, bad.mend)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _no_number(name: str) -> float:
    raise ValueError(f"{name} ({math.nan})")
