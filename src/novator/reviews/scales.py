"""Solutions judged: criteria, checklist and rules of contests, read from data; no database."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from novator.core.languages import reads_russian

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Level:
    """What one score of a criterion means."""

    score: int
    ru: str
    en: str

    @property
    def words(self) -> str:
        """In the language of the current reader."""
        return self.ru if _is_russian() else self.en


@dataclass(frozen=True)
class Criterion:
    """What is scored, how much it weighs among the others, and what each score means."""

    code: str
    name_ru: str
    name_en: str
    weight: int
    asks_ru: str = ""
    asks_en: str = ""
    levels: tuple[Level, ...] = ()

    @property
    def name(self) -> str:
        """In the language of the current reader."""
        return self.name_ru if _is_russian() else self.name_en or self.name_ru

    @property
    def asks(self) -> str:
        """The question to the expert, in the language of the current reader."""
        return self.asks_ru if _is_russian() else self.asks_en


@dataclass(frozen=True)
class ReviewScale:
    """The criteria by which experts score a card, with the version they are known by."""

    version: str
    least: int
    most: int
    conflict_years: int
    criteria: tuple[Criterion, ...]

    @property
    def weights(self) -> dict[str, int]:
        """Weight of each criterion by its code."""
        return {criterion.code: criterion.weight for criterion in self.criteria}

    @property
    def weight_of_all(self) -> int:
        """Sum of the weights."""
        return sum(self.weights.values())


@dataclass(frozen=True)
class Check:
    """One thing a moderator looks at; a card with a "no" to one that is a must is not published."""

    code: str
    ru: str
    en: str
    is_must: bool
    fields: tuple[str, ...]

    @property
    def words(self) -> str:
        """In the language of the current reader."""
        return self.ru if _is_russian() else self.en


@dataclass(frozen=True)
class Checklist:
    """What a moderator looks at, with the version it is known by."""

    version: str
    items: tuple[Check, ...]


@dataclass(frozen=True)
class Category:
    """Municipalities that compete among themselves, told by their kinds."""

    code: str
    name_ru: str
    name_en: str
    kinds: tuple[str, ...]

    @property
    def name(self) -> str:
        """In the language of the current reader."""
        return self.name_ru if _is_russian() else self.name_en


@dataclass(frozen=True)
class ContestRules:
    """What a new contest begins with."""

    version: str
    least: int
    most: int
    least_scores: int
    tie_rule: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    categories: tuple[Category, ...]


@functools.cache
def review_scale() -> ReviewScale:
    """The criteria in force."""
    values = _read("review_criteria.json")
    return ReviewScale(
        version=values["version"],
        least=values["least"],
        most=values["most"],
        conflict_years=values["conflict_years"],
        criteria=tuple(criterion_of(one) for one in values["criteria"]),
    )


@functools.cache
def checklist() -> Checklist:
    """The moderator's checklist in force."""
    values = _read("moderation_checklist.json")
    items = (Check(**(one | {"fields": tuple(one["fields"])})) for one in values["items"])
    return Checklist(values["version"], tuple(items))


@functools.cache
def contest_rules() -> ContestRules:
    """The rules that a new contest takes over and may change."""
    values = _read("contest_rules.json")
    return ContestRules(
        version=values["version"],
        least=values["least"],
        most=values["most"],
        least_scores=values["least_scores"],
        tie_rule=tuple(values["tie_rule"]),
        criteria=tuple(criterion_of(one) for one in values["criteria"]),
        categories=tuple(category_of(one) for one in values["categories"]),
    )


def criterion_of(values: dict[str, Any]) -> Criterion:
    """A criterion as data files and contests keep it."""
    levels = tuple(Level(**one) for one in values.get("levels", ()))
    return Criterion(**(values | {"levels": levels}))


def category_of(values: dict[str, Any]) -> Category:
    """A category as data files and contests keep it."""
    return Category(**(values | {"kinds": tuple(values["kinds"])}))


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _is_russian() -> bool:
    return reads_russian()
