"""Solutions written: a field of the form, what is typed in it, and what a draft keeps of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from novator.core.languages import reads_russian
from novator.core.partial_dates import read_stated, write_partial
from novator.practices.values import NOTHING, Unfit, amount, number

Words = str | Promise
Kind = Literal[
    "line", "text", "number", "money", "percent", "date", "address", "choice", "choices", "lines",
    "rows",
]  # fmt: skip
_PLAIN_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_THOUSANDS = re.compile(r"[+\-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_EXACT = 10**15


@dataclass(frozen=True)
class Field:
    """
    One question of the form; `name` is its column in the catalogue's schema.

    `code` names the compulsory thing that it tells, `language` the one it is to be written in;
    `cells` are the columns of a list, `lines` how tall its box is.
    """

    name: str
    kind: Kind
    label: Words
    help: Words = ""
    example: Words = ""
    code: str = ""
    choices: Callable[[], Sequence[tuple[str, Words]]] | None = None
    cells: tuple[Field, ...] = ()
    language: str = ""
    lines: int = 4
    row_name: Words = ""

    @property
    def options(self) -> list[tuple[str, str]]:
        """Codes and their names in the language of the reader."""
        return [(code, str(name)) for code, name in self.choices()] if self.choices else []

    @property
    def is_compulsory(self) -> bool:
        """Whether a card cannot be published without it."""
        return bool(self.code)


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    code: str
    title: Words
    lead: Words
    fields: tuple[Field, ...] = ()


def kept(field: Field, typed: Any) -> Any:
    """
    What a draft keeps of what was typed: a value of the schema, else the words themselves.

    `typed` is text, for "choices" a list of codes, for "rows" a list of texts by cell.
    """
    if field.kind == "rows":
        rows = [{c.name: kept(c, row.get(c.name, "")) for c in field.cells} for row in typed]
        return [told for row in rows if (told := {k: v for k, v in row.items() if v != ""})]
    if field.kind == "choices":
        known = [code for code, _name in field.options]
        return [code for code in known if code in typed]
    text = _UNSTORABLE.sub("", str(typed)).replace("\r\n", "\n").strip()
    if field.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    reader = _READERS.get(field.kind)
    if not text or reader is None:
        return text
    try:
        return reader(_without_thousands(text) if field.kind != "date" else text)
    except Unfit:
        return text


def typed_from(field: Field, value: Any) -> Any:
    """What stands in the form for a kept value; the inverse of `kept`."""
    if field.kind == "rows":
        return [
            {cell.name: typed_from(cell, row.get(cell.name)) for cell in field.cells}
            for row in value or ()
            if isinstance(row, Mapping)
        ]
    if field.kind == "choices":
        return list(value or ())
    if value in NOTHING:
        return ""
    if field.kind == "lines":
        return "\n".join(str(item) for item in value) if isinstance(value, list) else str(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return str(value)
    if field.kind == "percent" and isinstance(value, int | float):
        return _written(round(Decimal(str(value)) * 100, 6))
    if field.kind == "date":
        return _date_in_words(str(value))
    return _written(Decimal(str(value))) if isinstance(value, int | float) else value


def fault_words(field: Field, reason: str) -> str:
    """A fault of the schema in the words of the form, where the form asks otherwise."""
    if field.kind == "percent" and reason == _("must be from 0 to 1"):
        return _("must be from 0 to 100 percent")
    if field.kind == "choice" and reason != _("is missing"):
        return _("is none of those to choose from")
    return reason


def _without_thousands(text: str) -> str:
    """12,000 is twelve thousand in English, and twelve in Russian."""
    is_english = not reads_russian()
    return text.replace(",", "") if is_english and _THOUSANDS.fullmatch(text) else text


def _kept_number(text: str) -> int | float:
    found = number(text)
    return int(found) if found.is_integer() and abs(found) < _EXACT else found


def _kept_money(text: str) -> int | float:
    """Kopecks and cents of more than 10^15 are not kept."""
    if text.lstrip().startswith("-"):
        raise Unfit(text)
    found = amount(re.sub(r"\s*(₽|руб\.?|р\.|RUB)$", "", text.strip())) or Decimal(0)
    return int(found) if found == found.to_integral_value() else float(found)


def _kept_percent(text: str) -> int | float:
    share = Decimal(str(number(text.rstrip(" %")))) / 100
    return int(share) if share == share.to_integral_value() else float(share)


def _kept_date(text: str) -> str:
    """A date as people write it, "03.05.2019", "май 2019"; what is none stays as it is."""
    try:
        written = write_partial(*read_stated(text))
    except ValueError:
        return text
    return written if _PLAIN_DATE.fullmatch(written) else text


def _date_in_words(text: str) -> str:
    """2019-05-03 as the reader writes it; what is no date stays as it is."""
    if not _PLAIN_DATE.fullmatch(text) or not reads_russian():
        return text
    return ".".join(reversed(text.split("-")))


def _written(value: Decimal) -> str:
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if reads_russian() else text


def cell_text(value: Any) -> str:
    """A cell of a filled table or document as text; dates and whole numbers as people type them."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


_READERS: dict[str, Callable[[str], Any]] = {
    "number": _kept_number,
    "money": _kept_money,
    "percent": _kept_percent,
    "date": _kept_date,
}
