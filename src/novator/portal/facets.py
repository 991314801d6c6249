"""Problem to practices: by what the answers can be narrowed, with how many are left each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from novator.cities.queries import region_names
from novator.cities.sizes import SIZE_CLASSES
from novator.core.topics import TOPIC_BY_CODE, TOPICS
from novator.matching.search import Filters
from novator.portal.countries import country_name
from novator.practices.queries import facet_counts

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Value:
    """One value to choose, with how many answers it would leave."""

    code: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by; `name` is the parameter of the address."""

    name: str
    title: str
    values: tuple[Value, ...]

    @property
    def chosen(self) -> Value | None:
        """The value that is chosen now."""
        return next((value for value in self.values if value.is_chosen), None)


def facets_of(filters: Filters, *, among: Sequence[str] | None = None) -> list[Facet]:
    """Count the values of every facet over some cards or over all; two queries."""
    found = facet_counts(filters, among=among)
    counts = {
        name: {str(int(v) if isinstance(v, bool) else v): n for v, n in values.items()}
        for name, values in found.items()
    }
    facets = [
        Facet("topic", _("Topic"), _topics(counts["topic"], filters)),
        Facet("region", _("Region"), _regions(counts["region"], filters)),
        Facet("country", _("Country"), _named(counts["country"], filters.country, country_name)),
        Facet("size_class", _("Size of the city"), _sizes(counts["size_class"], filters)),
        Facet("cost_band", _("Cost per inhabitant"), _bands(counts["cost_band"], filters)),
        Facet("year_from", _("Year, not before"), _years(counts["year"], filters)),
        Facet("has_numbers", _("Only with figures"), _numbers(counts, filters)),
    ]
    return [facet for facet in facets if facet.values]


def _value(code: str, name: str, counts: Counts, chosen: object) -> Value:
    is_chosen = chosen is not None and code == str(chosen)
    return Value(code, name, counts.get(code, 0), is_chosen=is_chosen)


def _kept(values: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(value for value in values if value.count or value.is_chosen)


def _topics(counts: Counts, filters: Filters) -> tuple[Value, ...]:
    return _kept([_value(t.code, t.name, counts, filters.topic) for t in TOPICS])


def _named(counts: Counts, chosen: str | None, name_of: Callable[[str], str]) -> tuple[Value, ...]:
    codes = set(counts) | ({chosen} if chosen else set())
    values = [_value(code, name_of(code), counts, chosen) for code in codes]
    return tuple(sorted(values, key=lambda value: (-value.count, value.name)))


def _regions(counts: Counts, filters: Filters) -> tuple[Value, ...]:
    names = region_names()
    values = _named(counts, filters.region, lambda code: names.get(code, code))
    return tuple(sorted(values, key=lambda value: value.name))


def _sizes(counts: Counts, filters: Filters) -> tuple[Value, ...]:
    chosen = filters.size_class
    return _kept([_value(code, str(n), counts, chosen) for code, n in SIZE_CLASSES.items()])


def _bands(counts: Counts, filters: Filters) -> tuple[Value, ...]:
    return _kept([_value(str(b), "₽" * b, counts, filters.cost_band) for b in range(1, 6)])


def _years(counts: Counts, filters: Filters) -> tuple[Value, ...]:
    known = {int(year): number for year, number in counts.items()}
    years = set(known) | ({filters.year_from} if filters.year_from else set())
    since = {str(y): sum(n for other, n in known.items() if other >= y) for y in years}
    ordered = [str(year) for year in sorted(years, reverse=True)]
    return tuple(_value(year, year, since, filters.year_from) for year in ordered)


def _numbers(counts: Mapping[str, Counts], filters: Filters) -> tuple[Value, ...]:
    chosen = "1" if filters.has_numbers else None
    return _kept([_value("1", "", counts["has_numbers"], chosen)])


def left_out_words(left_out: Sequence[tuple[str, str]]) -> str:
    """Parameters that are not known here, each with its value as it was asked."""
    names = {
        "topic": _("Topic"),
        "region": _("Region"),
        "country": _("Country"),
        "size_class": _("Size of the city"),
        "cost_band": _("Cost per inhabitant"),
        "year_from": _("Year, not before"),
        "year_to": _("Year, not after"),
        "order": _("Order"),
    }
    return "; ".join(f"{names[name]}: {value}" for name, value in left_out)


def chosen_words(filters: Filters) -> str:
    """The chosen topic in words, for the title of a page; nothing without one."""
    return TOPIC_BY_CODE[filters.topic].name if filters.topic else ""
