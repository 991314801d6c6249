"""Solutions found: one card with everything that a page or an answer shows; no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from novator.core.languages import reader_language, reads_russian
from novator.practices.completeness import Completeness


@dataclass(frozen=True)
class CardText:
    """What a card says in one language."""

    language: str
    title: str
    problem: str
    solution: str
    tags: tuple[str, ...]
    core_idea: str = ""
    participants: str = ""
    conditions: str = ""
    how_measured: str = ""
    what_failed: str = ""
    lessons: str = ""


@dataclass(frozen=True)
class CardBaseline:
    """The situation before as a figure; `measured` is a day, a month or a year, as known."""

    indicator: str
    value: float
    unit: str
    measured: str
    source: str


@dataclass(frozen=True)
class CardStep:
    """One step of the work, as the author words it."""

    what: str
    duration: str
    role: str


@dataclass(frozen=True)
class CardCity:
    """The municipality of a card; what is not known is None or empty."""

    slug: str
    name_ru: str
    short_name_ru: str
    short_name_en: str
    kind: str
    country: str
    region: str
    region_ru: str
    region_en: str
    region_text: str
    oktmo: str
    population: int | None
    population_year: int | None
    population_source: str
    latitude: float | None
    longitude: float | None

    @property
    def name(self) -> str:
        """What people call it, in the language of the current reader."""
        return self.short_name_ru if _is_russian() else self.short_name_en or self.short_name_ru

    @property
    def region_name(self) -> str:
        """The region in the language of the current reader, as stated if it is not in the table."""
        known = self.region_ru if _is_russian() else self.region_en
        return known or self.region_text


@dataclass(frozen=True)
class CardCost:
    """
    The stated cost, and what follows from it.

    `price_year` is the stated one; where none is stated it is the year of the work or, failing
    that, of the source, and `price_year_from` says which ("stated", "work", "source", ""). Prices
    are not moved between years. `per_inhabitant` is in `currency`, `roubles_per_inhabitant` by the
    rate of the price year; None means "not stated".
    """

    amount: Decimal
    currency: str
    basis: str
    note: str
    price_year: int | None
    price_year_from: str
    per_inhabitant: Decimal | None
    roubles_per_inhabitant: Decimal | None
    band: int | None


@dataclass(frozen=True)
class CardEffect:
    """One change that the source states."""

    indicator: str
    unit: str
    before: float | None
    after: float | None
    change: float | None
    change_kind: str
    period: str
    evidence: str

    @property
    def has_number(self) -> bool:
        """Whether it states any figure."""
        return self.before is not None or self.after is not None or self.change is not None


@dataclass(frozen=True)
class CardSource:
    """Where the facts are from, and whether the address still answers."""

    url: str
    title: str
    published: str
    published_from: date | None
    published_to: date | None
    state: str
    checked_at: datetime | None


@dataclass(frozen=True)
class Card:
    """
    A practice with its texts, city, cost, effects and sources.

    `grade` is None until adoptions have given evidence: "stated by the source, not checked", and
    when the facts were not confirmed again in time (`is_overdue`).
    `population` is the card's own figure, by which the cost per inhabitant is reckoned.
    """

    slug: str
    topic: str
    texts: tuple[CardText, ...]
    city: CardCity
    year_start: int | None
    year_end: int | None
    cost: CardCost | None
    cost_note: str
    effects: tuple[CardEffect, ...]
    sources: tuple[CardSource, ...]
    funding: tuple[str, ...]
    contact_org: str
    legal_basis: str
    replicated_in: tuple[str, ...]
    population: int | None
    population_source: str
    size_class: str | None
    completeness: Completeness
    confidence: float | None
    grade: int | None
    baselines: tuple[CardBaseline, ...]
    steps: tuple[CardStep, ...]
    residents_reached: int | None
    yearly_cost: Decimal | None
    yearly_cost_currency: str
    off_budget_share: float | None
    copying: str
    help_offered: tuple[str, ...]
    is_by_its_city: bool
    confirmed_on: date | None
    confirm_by: date | None
    is_overdue: bool
    origin: str
    created_at: datetime
    changed_at: datetime

    def text(self, language: str) -> CardText:
        """The text in this language, or the one there is; a translation may have only a title."""
        by_language = {text.language: text for text in self.texts}
        wanted = by_language.get(language[:2]) or by_language.get("ru")
        return wanted or next(iter(self.texts), CardText("ru", self.slug, "", "", ()))

    @property
    def title(self) -> str:
        """Title in the language of the current reader."""
        return self.text(reader_language()).title or self.full_text.title

    @property
    def full_text(self) -> CardText:
        """The text with problem and solution: of the reader's language if it has them, else any."""
        wanted = self.text(reader_language())
        if wanted.solution:
            return wanted
        return max(self.texts, key=lambda text: len(text.solution), default=wanted)

    @property
    def year(self) -> int | None:
        """The latest year the source names, or None."""
        return self.year_end or self.year_start

    @property
    def has_numbers(self) -> bool:
        """Whether any stated effect has a figure."""
        return any(effect.has_number for effect in self.effects)


def _is_russian() -> bool:
    return reads_russian()
