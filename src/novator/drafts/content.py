"""Solutions written: what a draft tells, what is faulty in it and what is still missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.cities.models import Municipality
from novator.drafts.models import Draft
from novator.practices.card import Card
from novator.practices.completeness import FIELDS, Completeness
from novator.practices.costs import CostBands, bands_of
from novator.practices.previewing import card_from
from novator.practices.publishing import new_slug
from novator.practices.queries import cost_bands
from novator.practices.rows import COLUMNS, BadField, BadRow, PracticeRow, row_from
from novator.practices.values import NOTHING
from novator.practices.versions import content_of

NOT_MEASURED = "not_measured"
REASON_OF = {
    "one_off_cost": "cost_note",
    "yearly_cost": "cost_note",
    "result": "how_measured_ru",
}
"""What may be published as "not measured", and the field whose words must then say why."""

FIELD_OF = {
    "title": "title_ru",
    "topic": "topic",
    "problem": "problem_ru",
    "before": "baseline",
    "solution": "solution_ru",
    "idea": "core_idea_ru",
    "steps": "steps",
    "participants": "participants_ru",
    "reached": "residents_reached",
    "one_off_cost": "cost_amount",
    "yearly_cost": "yearly_cost_amount",
    "off_budget_share": "off_budget_share",
    "result": "effects",
    "how_measured": "how_measured_ru",
    "side_effects": "what_failed_ru",
    "lessons": "lessons_ru",
    "conditions": "conditions_ru",
    "legal_acts": "legal_basis",
    "copying": "copying",
    "help": "help_offered",
}
"""What a city must tell (rule E1), in the order of the form, and the first field that tells it."""

NAMES: dict[str, str | Promise] = {**FIELDS, "solution": gettext_lazy("what was done, in full")}
BELONGS_TO_THE_CITY = (
    *("id", "municipality", "region", "country", "oktmo", "confidence"),
    *("confirmed_on", "confirm_by"),
)
_MUST = ("title_ru", "topic", "problem_ru", "solution_ru")
_COST_PARTS = frozenset({"cost_currency", "cost_basis", "price_year"})
_PLACEHOLDER = "…"
_NO_BANDS = bands_of(())
_INNER = re.compile(r"(\w+)\[(\d+)\]")
_MOST_ROUNDS = 8


@dataclass(frozen=True)
class Standing:
    """How far a draft is: what cannot be taken as typed, and which things are still missing."""

    faults: tuple[BadField, ...]
    missing: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether it could be published as it is."""
        return not self.faults and not self.missing

    @property
    def told(self) -> int:
        """How many of the compulsory things it tells."""
        return len(FIELD_OF) - len(self.missing)

    @property
    def share(self) -> float:
        """Compulsory things told of all, 0 to 1."""
        return self.told / len(FIELD_OF)


def standing_of(draft: Draft, *, on: date) -> Standing:
    """Check everything a draft tells; no query beside its municipality."""
    values = _values(draft.content, draft.municipality, on=on)
    return Standing(
        faults=tuple(faults_of(draft.content, draft.municipality, on=on)),
        missing=missing_of(
            draft.content, readable_card(values, draft.municipality, _NO_BANDS, on=on)
        ),
    )


def faults_of(
    content: Mapping[str, Any], municipality: Municipality, *, on: date
) -> list[BadField]:
    """What is filled in and cannot be taken; what is missing altogether is no fault yet."""
    values = _values(content, municipality, on=on)
    faults: list[BadField] = []
    try:
        row_from(values)
    except BadRow as bad:
        faults = [f for f in bad.faults if f.field not in _MUST or values.get(f.field)]
    if content.get("source_url") in NOTHING and (
        content.get("source_title") or content.get("source_date")
    ):
        faults.append(BadField("source_url", _("is missing")))
    for code in said_to_be_unknown(content):
        reason = REASON_OF[code]
        if not str(content.get(reason) or "").strip():
            words = _("must say why this is not known: %(name)s")
            faults.append(BadField(reason, words % {"name": NAMES[code]}))
    return faults


def missing_of(content: Mapping[str, Any], card: Card) -> tuple[str, ...]:
    """Which compulsory things are not told, in the order of the form."""
    lacking = set(card.completeness.missing)
    said = card.text("ru")
    if not said.core_idea:
        lacking.add("idea")
    if not said.how_measured:
        lacking.add("how_measured")
    if not str(content.get("solution_ru") or "").strip():
        lacking.add("solution")
    if any(not step.duration or not step.role for step in card.steps):
        lacking.add("steps")
    if not any(f.unit and f.measured and f.source for f in card.baselines):
        lacking.add("before")
    lacking -= set(said_to_be_unknown(content))
    return tuple(code for code in FIELD_OF if code in lacking)


def said_to_be_unknown(content: Mapping[str, Any]) -> list[str]:
    """What the draft says that nobody knows, of what may be unknown."""
    codes = content.get(NOT_MEASURED)
    return [code for code in REASON_OF if isinstance(codes, list) and code in codes]


def preview_of(draft: Draft, *, on: date) -> Card:
    """The card as readers would see it; what cannot be taken as typed is left out."""
    values = _values(draft.content, draft.municipality, on=on)
    return readable_card(values, draft.municipality, cost_bands(), on=on)


def readable_card(
    values: Mapping[str, Any], municipality: Municipality, bands: CostBands, *, on: date
) -> Card:
    """The card of whatever can be read of these values; no query."""
    card = card_from(_readable_row(values), municipality=municipality, on=on, bands=bands)
    left_out = Completeness(
        tuple(c for c in card.completeness.present if c != "topic" or values.get("topic")),
        card.completeness.missing + (() if values.get("topic") else ("topic",)),
    )
    return replace(card, completeness=left_out)


def row_to_publish(draft: Draft, *, on: date) -> PracticeRow:
    """
    The row that publishing the draft stores, under the card's id or a new one.

    :raises BadRow: something in it cannot be taken
    """
    row = row_from(_values(draft.content, draft.municipality, on=on))
    slug = (
        draft.practice.slug
        if draft.practice
        else new_slug(title=row.title_ru, municipality=draft.municipality)
    )
    return replace(row, id=slug)


def content_from(row: PracticeRow, *, is_by_its_city: bool) -> dict[str, Any]:
    """What a draft begins with when it begins from a card."""
    content = {k: v for k, v in content_of(row).items() if k not in BELONGS_TO_THE_CITY}
    if is_by_its_city:
        content |= _unknown_in(row)
    return content


def _unknown_in(row: PracticeRow) -> dict[str, Any]:
    unknown = {
        "one_off_cost": row.cost is None or row.cost.basis != "total",
        "yearly_cost": row.yearly_cost is None
        and (row.cost is None or row.cost.basis != "per_year"),
        "result": all(e.after is None and e.change is None for e in row.effects),
    }
    codes = [code for code, is_so in unknown.items() if is_so and getattr(row, REASON_OF[code])]
    return {NOT_MEASURED: codes} if codes else {}


def _values(content: Mapping[str, Any], municipality: Municipality, *, on: date) -> dict[str, Any]:
    """The draft as a row of a file: what it tells, and what is known of its municipality."""
    told = {name: content.get(name) for name in COLUMNS if name not in BELONGS_TO_THE_CITY}
    return told | {
        "id": "draft",
        "municipality": municipality.name_ru,
        "region": municipality.region_text,
        "country": municipality.country,
        "oktmo": municipality.oktmo,
        "confirmed_on": on.isoformat(),
        "asked_as_ru": content.get("asked_as_ru") or [],
        "asked_as_en": content.get("asked_as_en") or [],
    }


def _readable_row(values: Mapping[str, Any]) -> PracticeRow:
    """Read what can be read: what is faulty is left out, what must not be empty is made up."""
    kept = dict(values)
    for name in _MUST:
        kept[name] = kept.get(name) or (_PLACEHOLDER if name != "topic" else "governance")
    for _round in range(_MOST_ROUNDS):
        try:
            row = row_from(kept)
        except BadRow as bad:
            kept = _without(kept, bad)
        else:
            return _without_placeholders(row)
    must = dict.fromkeys(_MUST, _PLACEHOLDER) | {"topic": "governance"}
    bare = {name: values[name] for name in ("id", "municipality", "country", "confirmed_on")}
    return _without_placeholders(row_from(must | bare))


def _without_placeholders(row: PracticeRow) -> PracticeRow:
    def told(text: str) -> str:
        return "" if text == _PLACEHOLDER else text

    return replace(
        row,
        title_ru=told(row.title_ru),
        problem_ru=told(row.problem_ru),
        solution_ru=told(row.solution_ru),
    )


def _without(values: Mapping[str, Any], bad: BadRow) -> dict[str, Any]:
    kept = dict(values)
    for fault in bad.faults:
        inner = _INNER.match(fault.field)
        if inner and isinstance(kept.get(inner[1]), list):
            items = kept[inner[1]]
            kept[inner[1]] = [
                {} if place == int(inner[2]) else item for place, item in enumerate(items, start=1)
            ]
        elif fault.field in _COST_PARTS:
            kept["cost_amount"] = kept[fault.field] = None
        elif fault.field == "yearly_cost_currency":
            kept["yearly_cost_amount"] = kept[fault.field] = None
        elif fault.field in _MUST:
            kept[fault.field] = _PLACEHOLDER if fault.field != "topic" else "governance"
        else:
            kept[fault.field] = None
    return {
        name: [item for item in value if item not in NOTHING] if isinstance(value, list) else value
        for name, value in kept.items()
    }
