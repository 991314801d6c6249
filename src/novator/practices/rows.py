"""Solutions found: one card as files carry it, checked field by field; no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from novator.cities.regions import region_called
from novator.core.topics import TOPIC_BY_CODE
from novator.practices.models import (
    CHANGE_KINDS,
    COPYING,
    COST_BASES,
    EFFECT_EVIDENCE,
    FUNDING_SOURCES,
    HELP_OFFERS,
)
from novator.practices.values import (
    NOTHING,
    Unfit,
    amount,
    control_digit,
    country_code,
    currency_code,
    day,
    inhabitants,
    number,
    objects,
    oktmo_code,
    one_of,
    parted,
    partial_date,
    share,
    slug,
    text_of,
    web_address,
    year,
)

T = TypeVar("T")
_MOST_ITEMS = 60
_MOST_EFFECTS = 30
_MOST_STEPS = 40


@dataclass(frozen=True)
class StatedCost:
    """What it cost, as the source states it."""

    amount: Decimal
    currency: str
    basis: str
    price_year: int | None


@dataclass(frozen=True)
class EffectRow:
    """One change that the source states."""

    indicator_ru: str
    unit: str
    before: float | None
    after: float | None
    change: float | None
    change_kind: str
    period: str
    evidence: str


@dataclass(frozen=True)
class YearlyCost:
    """What it costs to run for a year."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class BaselineRow:
    """The situation before as a figure; `date` is "2019", "2019-05" or "2019-05-03"."""

    indicator_ru: str
    value: float
    unit: str
    date: str
    source: str


@dataclass(frozen=True)
class StepRow:
    """One step of the work."""

    what_ru: str
    duration: str
    role: str


@dataclass(frozen=True)
class SourceRow:
    """Where the facts are from; `date` is "2019", "2019-05" or "2019-05-03"."""

    url: str
    title: str
    date: str


@dataclass(frozen=True)
class PracticeRow:
    """
    One card with every field that files carry; unknown is None or empty.

    `asked_as_*` is None where the file has no such column: then what is stored stays.
    """

    id: str
    title_ru: str
    title_en: str
    municipality: str
    region: str
    country: str
    oktmo: str
    population: int | None
    population_source: str
    topic: str
    problem_ru: str
    solution_ru: str
    problem_en: str
    solution_en: str
    year_start: int | None
    year_end: int | None
    cost: StatedCost | None
    cost_note: str
    funding: tuple[str, ...]
    effects: tuple[EffectRow, ...]
    contact_org: str
    legal_basis: str
    replicated_in: tuple[str, ...]
    tags_ru: tuple[str, ...]
    sources: tuple[SourceRow, ...]
    confidence: float | None
    core_idea_ru: str
    participants_ru: str
    conditions_ru: str
    how_measured_ru: str
    what_failed_ru: str
    lessons_ru: str
    core_idea_en: str
    participants_en: str
    conditions_en: str
    how_measured_en: str
    what_failed_en: str
    lessons_en: str
    baseline: tuple[BaselineRow, ...]
    steps: tuple[StepRow, ...]
    residents_reached: int | None
    yearly_cost: YearlyCost | None
    off_budget_share: float | None
    copying: str
    help_offered: tuple[str, ...]
    confirmed_on: str
    confirm_by: str
    asked_as_ru: tuple[str, ...] | None
    asked_as_en: tuple[str, ...] | None


@dataclass(frozen=True)
class BadField:
    """Why a field cannot be taken; the reason is fit to show."""

    field: str
    reason: str


class BadRow(Exception):
    """The row has at least one field that cannot be taken."""

    def __init__(self, faults: Sequence[BadField]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.reason}" for fault in faults))
        self.faults = tuple(faults)


def row_from(values: Mapping[str, Any]) -> PracticeRow:
    """
    Check the values of one row of a file and make a card of them.

    :raises BadRow: with every fault found, not only the first
    """
    return _Reader(values).row()


class _Reader:
    """Reads the fields of one row and gathers what is wrong with them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.faults: list[BadField] = []

    def row(self) -> PracticeRow:
        """The whole card."""
        row = PracticeRow(
            id=self.take("id", slug, "", must=True),
            title_ru=self.text("title_ru", 300, must=True),
            title_en=self.text("title_en", 300),
            municipality=self.text("municipality", 200, must=True),
            region=self.text("region", 160),
            country=self.take("country", country_code, "", must=True),
            oktmo=self.oktmo(),
            population=self.take("population", inhabitants, None),
            population_source=self.text("population_source", 300),
            topic=self.take("topic", one_of(TOPIC_BY_CODE), "", must=True),
            problem_ru=self.text("problem_ru", 20_000, must=True),
            solution_ru=self.text("solution_ru", 32_000, must=True),
            problem_en=self.text("problem_en", 20_000),
            solution_en=self.text("solution_en", 32_000),
            year_start=self.take("year_start", year, None),
            year_end=self.take("year_end", year, None),
            cost=self.cost(),
            cost_note=self.text("cost_note", 4000),
            funding=self.items("funding", one_of(FUNDING_SOURCES)),
            effects=self.effects(),
            contact_org=self.text("contact_org", 300),
            legal_basis=self.text("legal_basis", 4000),
            replicated_in=self.items("replicated_in", text_of(200)),
            tags_ru=self.items("tags_ru", text_of(80)),
            sources=self.sources(),
            confidence=self.take("confidence", share, None),
            core_idea_ru=self.text("core_idea_ru", 8000),
            participants_ru=self.text("participants_ru", 8000),
            conditions_ru=self.text("conditions_ru", 8000),
            how_measured_ru=self.text("how_measured_ru", 8000),
            what_failed_ru=self.text("what_failed_ru", 8000),
            lessons_ru=self.text("lessons_ru", 8000),
            core_idea_en=self.text("core_idea_en", 8000),
            participants_en=self.text("participants_en", 8000),
            conditions_en=self.text("conditions_en", 8000),
            how_measured_en=self.text("how_measured_en", 8000),
            what_failed_en=self.text("what_failed_en", 8000),
            lessons_en=self.text("lessons_en", 8000),
            baseline=self.baseline(),
            steps=self.steps(),
            residents_reached=self.take("residents_reached", inhabitants, None),
            yearly_cost=self.yearly_cost(),
            off_budget_share=self.take("off_budget_share", share, None),
            copying=self.take("copying", one_of(COPYING), ""),
            help_offered=self.items("help_offered", one_of(HELP_OFFERS)),
            confirmed_on=self.take("confirmed_on", day, ""),
            confirm_by=self.take("confirm_by", day, ""),
            asked_as_ru=self.asked("asked_as_ru"),
            asked_as_en=self.asked("asked_as_en", but=self.asked("asked_as_ru") or ()),
        )
        if row.year_start and row.year_end and row.year_end < row.year_start:
            self.fault("year_end", _("ends before it starts"))
        if row.confirm_by and (not row.confirmed_on or row.confirm_by < row.confirmed_on):
            self.fault("confirm_by", _("is before the day of confirmation"))
        if self.faults:
            raise BadRow(self.faults)
        return row

    def fault(self, field: str, reason: str) -> None:
        self.faults.append(BadField(field, reason))

    def take(self, field: str, read: Callable[[Any], T], missing: T, *, must: bool = False) -> T:
        """Read one field; a missing one is `missing`, and a fault where it is compulsory."""
        value = self.values.get(field)
        if isinstance(value, str):
            value = value.strip()
        if value in NOTHING:
            if must:
                self.fault(field, _("is missing"))
            return missing
        try:
            return read(value)
        except Unfit as unfit:
            self.fault(field, str(unfit))
        return missing

    def text(self, field: str, longest: int, *, must: bool = False) -> str:
        return self.take(field, text_of(longest), "", must=must)

    def items(self, field: str, read: Callable[[Any], T]) -> tuple[T, ...]:
        """Read a list, or text parted by semicolons; equal items once."""

        def read_all(value: Any) -> tuple[T, ...]:
            found = parted(value)
            if len(found) > _MOST_ITEMS:
                raise Unfit(_("has more than %(count)s items") % {"count": _MOST_ITEMS})
            return tuple(dict.fromkeys(read(item) for item in found))

        nothing: tuple[T, ...] = ()
        return self.take(field, read_all, nothing)

    def asked(self, field: str, *, but: tuple[str, ...] = ()) -> tuple[str, ...] | None:
        if field not in self.values or self.values[field] is None:
            return None
        return tuple(sorted(set(self.items(field, text_of(500))) - set(but)))

    def oktmo(self) -> str:
        """The code, which must be one of the stated region; that of a foreign city is refused."""
        control = self.take("oktmo_control", control_digit, "")
        if self.values.get("oktmo") in NOTHING:
            if control:
                self.fault("oktmo_control", _("is stated without oktmo"))
            return ""
        country = str(self.values.get("country") or "").strip().upper()
        if country and country != "RU":
            self.fault("oktmo", _("Only a municipality of Russia has such a code."))
            return ""
        region = region_called(str(self.values.get("region") or ""), "RU")
        prefix = region.oktmo_prefix if region else ""
        return self.take("oktmo", oktmo_code(control=control, region_prefix=prefix), "")

    def cost(self) -> StatedCost | None:
        stated = self.take("cost_amount", amount, None)
        if stated is None:
            for field in ("cost_currency", "cost_basis", "price_year"):
                if self.values.get(field) not in NOTHING and "cost_amount" not in self._faulty():
                    self.fault(field, _("is stated without cost_amount"))
            return None
        if stated == 0 and self.values.get("cost_note") in NOTHING:
            self.fault("cost_amount", _("0 needs a cost_note; leave it empty if it is unknown"))
        return StatedCost(
            amount=stated,
            currency=self.take("cost_currency", currency_code, "", must=True),
            basis=self.take("cost_basis", one_of(COST_BASES), "", must=True),
            price_year=self.take("price_year", year, None),
        )

    def yearly_cost(self) -> YearlyCost | None:
        stated = self.take("yearly_cost_amount", amount, None)
        if stated is None:
            return None
        return YearlyCost(stated, self.take("yearly_cost_currency", currency_code, "", must=True))

    def baseline(self) -> tuple[BaselineRow, ...]:
        return tuple(
            BaselineRow(
                indicator_ru=inner.text("indicator_ru", 300, must=True),
                value=inner.take("value", number, 0.0, must=True),
                unit=inner.text("unit", 80),
                date=inner._date("date"),
                source=inner.text("source", 300),
            )
            for inner in self._each("baseline", _MOST_EFFECTS, BaselineRow)
        )

    def steps(self) -> tuple[StepRow, ...]:
        return tuple(
            StepRow(
                what_ru=inner.text("what_ru", 600, must=True),
                duration=inner.text("duration", 80),
                role=inner.text("role", 160),
            )
            for inner in self._each("steps", _MOST_STEPS, StepRow)
        )

    def _each(
        self, field: str, most: int, kind: type[BaselineRow] | type[StepRow]
    ) -> Iterator[_Reader]:
        """A reader for each object of a list; its faults are gathered after it was read."""
        nothing: list[dict[str, Any]] = []
        found = self.take(field, objects, nothing)
        if len(found) > most:
            self.fault(field, _("has more than %(count)s items") % {"count": most})
            return
        for place, item in enumerate(found, start=1):
            inner = _Reader(item)
            yield inner
            for unknown in sorted(set(item) - set(kind.__dataclass_fields__)):
                inner.fault(str(unknown)[:40], _("is no field here"))
            self._inner_faults(f"{field}[{place}]", inner)

    def sources(self) -> tuple[SourceRow, ...]:
        is_of_the_city = self.values.get("confirmed_on") not in NOTHING
        first = self.take("source_url", web_address, "", must=not is_of_the_city)
        stated = SourceRow(first, self.text("source_title", 400), self._date("source_date"))
        found = [stated] if first else []
        nothing: list[dict[str, Any]] = []
        for place, item in enumerate(self.take("more_sources", objects, nothing), start=1):
            inner = _Reader(item)
            url = inner.take("url", web_address, "", must=True)
            found.append(SourceRow(url, inner.text("title", 400), inner._date("date")))
            self._inner_faults(f"more_sources[{place}]", inner)
        unique = {source.url: source for source in reversed(found)}
        return tuple(source for source in found if unique[source.url] is source)

    def effects(self) -> tuple[EffectRow, ...]:
        nothing: list[dict[str, Any]] = []
        found = self.take("effects", objects, nothing) or numbered_effects(self.values)
        if len(found) > _MOST_EFFECTS:
            self.fault("effects", _("has more than %(count)s items") % {"count": _MOST_EFFECTS})
            return ()
        return tuple(self._effect(place, item) for place, item in enumerate(found, start=1))

    def _effect(self, place: int, item: Mapping[str, Any]) -> EffectRow:
        inner = _Reader(item)
        effect = EffectRow(
            indicator_ru=inner.text("indicator_ru", 300, must=True),
            unit=inner.text("unit", 80),
            before=inner.take("before", number, None),
            after=inner.take("after", number, None),
            change=inner.take("change", number, None),
            change_kind=inner.take("change_kind", one_of(CHANGE_KINDS), ""),
            period=inner.text("period", 300),
            evidence=inner.take("evidence", one_of(EFFECT_EVIDENCE), "", must=True),
        )
        if effect.change is not None and not effect.change_kind:
            inner.fault("change_kind", _("is missing beside a change"))
        for unknown in sorted(set(item) - EFFECT_FIELDS):
            inner.fault(str(unknown)[:40], _("is no field of an effect"))
        self._inner_faults(f"effects[{place}]", inner)
        return effect

    def _date(self, field: str) -> str:
        return self.take(field, partial_date, "")

    def _inner_faults(self, prefix: str, inner: _Reader) -> None:
        self.faults += [BadField(f"{prefix}.{f.field}", f.reason) for f in inner.faults]

    def _faulty(self) -> set[str]:
        return {fault.field for fault in self.faults}


EFFECT_FIELDS = frozenset(EffectRow.__dataclass_fields__)
COLUMNS = (
    *("id", "title_ru", "title_en", "municipality", "region", "country", "oktmo"),
    *("population", "population_source", "topic", "problem_ru", "solution_ru", "problem_en"),
    *("solution_en", "year_start", "year_end", "cost_amount", "cost_currency", "cost_basis"),
    *("cost_note", "price_year", "funding", "effects", "contact_org", "legal_basis"),
    *("replicated_in", "tags_ru", "source_url", "source_title", "source_date"),
    *("more_sources", "confidence"),
    *("core_idea_ru", "baseline", "steps", "participants_ru", "residents_reached"),
    *("yearly_cost_amount", "yearly_cost_currency", "off_budget_share", "conditions_ru"),
    *("how_measured_ru", "what_failed_ru", "lessons_ru", "copying", "help_offered"),
    *("confirmed_on", "confirm_by", "core_idea_en", "participants_en", "conditions_en"),
    *("how_measured_en", "what_failed_en", "lessons_en", "asked_as_ru", "asked_as_en"),
)
ONLY_CHECKED = ("oktmo_control",)
"""Columns that a file may have and that are not kept: they check another one."""
_NUMBERED = re.compile(r"effect([1-9]\d?)_(\w+)")


def is_known_column(name: str) -> bool:
    """Tell whether a file may have this column."""
    found = _NUMBERED.fullmatch(name)
    return name in (*COLUMNS, *ONLY_CHECKED) or (found is not None and found[2] in EFFECT_FIELDS)


def numbered_effects(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Effects of a table from its columns effect1_indicator_ru, effect1_unit, effect2_…"""
    by_number: dict[int, dict[str, Any]] = {}
    for name, value in values.items():
        found = _NUMBERED.fullmatch(name)
        if found and value not in NOTHING:
            by_number.setdefault(int(found[1]), {})[found[2]] = value
    return [by_number[place] for place in sorted(by_number)]
