"""Problem in words: what a reader asked in the address of the page, as far as it makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from novator.cities.sizes import SIZE_CLASSES
from novator.core.topics import TOPIC_BY_CODE
from novator.matching.search import Filters
from novator.portal.countries import COUNTRIES
from novator.practices.queries import countries_with_cards
from novator.text.words import words

Order = Literal["relevance", "cost", "newest"]

ORDERS: tuple[Order, ...] = ("relevance", "cost", "newest")
LONGEST_QUESTION = 10_000
LONGEST_NAME = 120
LAST_PAGE = 10_000
_LONGEST_TOLD = 40
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Asked:
    """
    A question with its city, filters, order and page.

    `left_out` are parameters whose values are not known here, with these values.
    """

    text: str = ""
    city_text: str = ""
    filters: Filters = field(default_factory=Filters)
    order: Order = "relevance"
    page: int = 1
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def has_words(self) -> bool:
        """Whether there is a word or a number in it; signs and faces alone ask nothing."""
        return bool(words(self.text))

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the results."""
        return self.filters != Filters()


def asked_in(query: Mapping[str, str]) -> Asked:
    """Read the parameters of an address; what makes no sense is left out, which is remembered."""
    order = query.get("order", "")
    filters = _filters_in(query)
    return Asked(
        text=_clean(query.get("q", ""))[:LONGEST_QUESTION],
        city_text=_clean(query.get("city", ""))[:LONGEST_NAME],
        filters=filters,
        order=order if order in ORDERS else "relevance",
        page=_number(query.get("page", ""), range(1, LAST_PAGE)) or 1,
        left_out=_left_out(query, filters),
    )


def _filters_in(query: Mapping[str, str]) -> Filters:
    topic = query.get("topic", "")
    return Filters(
        topic=topic if topic in TOPIC_BY_CODE else None,
        region=_code(query.get("region", "")),
        country=_country(query.get("country", "").upper()),
        size_class=size if (size := query.get("size_class", "")) in SIZE_CLASSES else None,
        cost_band=_number(query.get("cost_band", ""), range(1, 6)),
        has_numbers=True if query.get("has_numbers", "") in {"1", "true", "on"} else None,
        year_from=_number(query.get("year_from", ""), _YEARS),
        year_to=_number(query.get("year_to", ""), _YEARS),
    )


def _left_out(query: Mapping[str, str], filters: Filters) -> tuple[tuple[str, str], ...]:
    """What was asked for, but is not known here."""
    read = [
        (name, getattr(filters, name) is None)
        for name in Filters.__dataclass_fields__
        if name != "has_numbers"
    ]
    read.append(("order", query.get("order", "") not in ORDERS))
    return tuple(
        (name, _clean(query[name])[:_LONGEST_TOLD])
        for name, is_unknown in read
        if is_unknown and _clean(query.get(name, ""))
    )


def _country(text: str) -> str | None:
    code = _code(text)
    return code if code and (code in COUNTRIES or code in countries_with_cards()) else None


def _clean(text: str) -> str:
    """Drop what no database column can hold; the rest stays as it was typed."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip()


def _code(text: str) -> str | None:
    is_code = len(text) <= 16 and all(c.isalnum() or c in "-_+.>" for c in text)
    return _clean(text) or None if is_code else None


def _number(text: str, allowed: range) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        return None
    return int(text) if int(text) in allowed else None
