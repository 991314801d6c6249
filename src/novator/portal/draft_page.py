"""Solutions written: a draft as its pages show it: fields with faults, steps with gaps."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from novator.drafts.content import FIELD_OF, NAMES, NOT_MEASURED, Standing, standing_of
from novator.drafts.fields import Field, Step, Words, typed_from
from novator.drafts.form import STEP_BY_CODE, STEPS
from novator.drafts.models import Draft, Remark
from novator.drafts.permissions import may_see
from novator.drafts.queries import drafts
from novator.drafts.steps import (
    columns_of,
    faults_by_place,
    step_of_place,
    typed_of_step,
    value_in,
)
from novator.drafts.writing import mark_of

MOST_ROWS = 40
_CURRENCIES = ("cost_currency", "yearly_cost_currency")
_ROW = re.compile(r"(\w+?)-(\d{1,3})-(\w+)")


@dataclass(frozen=True)
class Cell:
    """One control: what it asks, what stands in it, what is wrong with that."""

    asks: Field
    name: str
    value: Any
    faults: tuple[str, ...] = ()
    has_example: bool = True

    @property
    def id(self) -> str:
        """Id of the control; links of faults and missing things lead to it."""
        return f"f-{self.name}"

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader adds to the label."""
        parts = {
            "help": self.asks.help,
            "example": self.asks.example and self.has_example,
            "error": self.faults,
        }
        return " ".join(f"{self.id}-{part}" for part, is_there in parts.items() if is_there)

    @property
    def is_unlisted(self) -> bool:
        """Whether a choice was typed elsewhere and is none of those offered."""
        return bool(self.value) and self.value not in {code for code, _name in self.asks.options}

    @property
    def mode(self) -> str:
        """Which keys a phone shows."""
        is_figure = self.asks.kind in {"number", "money", "percent"}
        return "decimal" if is_figure else ("url" if self.asks.kind == "address" else "")


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_first(self) -> bool:
        """Whether nothing stands above it."""
        return self.number == 1


@dataclass(frozen=True)
class ShownField:
    """One question with its control, or with its rows."""

    control: Cell
    rows: tuple[Row, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def asks(self) -> Field:
        """The question."""
        return self.control.asks


@dataclass(frozen=True)
class Missing:
    """A compulsory thing that is not told, and where to tell it."""

    name: Words
    url: str


@dataclass(frozen=True)
class StepLine:
    """A step in the list of steps."""

    number: int
    step: Step
    url: str
    is_here: bool
    missing: tuple[Missing, ...]
    faults: int
    remarks: int
    is_done: bool


@dataclass(frozen=True)
class Fault:
    """A fault in the summary, with the control it belongs to."""

    label: str
    url: str
    words: str


@dataclass(frozen=True)
class Progress:
    """How far the whole draft is."""

    standing: Standing
    steps: tuple[StepLine, ...]
    all_things: int = field(default=len(FIELD_OF))

    @property
    def percent(self) -> int:
        """Compulsory things told of all."""
        return round(100 * self.standing.share)


def draft_or_404(request: HttpRequest, public_id: UUID, *, on: date) -> Draft:
    """The draft, if the reader may see it; for others it does not exist."""
    found = drafts().filter(public_id=public_id).first()
    if found is None or not may_see(request.user, found, on=on):
        raise Http404(_("There is no such draft, or it is not of your city."))
    return found


def step_or_404(code: str) -> Step:
    """A step by its code."""
    if code not in STEP_BY_CODE:
        raise Http404(_("The form has no such step."))
    return STEP_BY_CODE[code]


def step_url(draft: Draft, step: Step, place: str = "") -> str:
    """Address of a step, of one of its controls."""
    address = reverse("draft_step", args=[draft.public_id, step.code])
    return f"{address}#f-{place}" if place else address


def typed_in(step: Step, sent: QueryDict) -> dict[str, Any]:
    """What was typed in the fields of a step, by field; rows in their order."""
    return {asked.name: _typed(asked, sent) for asked in step.fields}


def shown_fields(
    step: Step,
    typed: Mapping[str, Any],
    *,
    faults: Mapping[str, list[str]],
    remarks: list[Remark],
    more: str = "",
) -> list[ShownField]:
    """The fields of a step; `more` names the list that is to have one empty row more."""
    return [
        ShownField(
            control=Cell(f, f.name, typed.get(f.name, ""), tuple(faults.get(f.name, ()))),
            rows=_rows(f, typed.get(f.name) or [], faults, is_longer=more == f.name),
            remarks=tuple(r for r in remarks if r.field in {f.name, *columns_of(f)}),
        )
        for f in step.fields
    ]


def typed_now(step: Step, draft: Draft) -> dict[str, Any]:
    """What stands in the fields of a step; the currency of the country where none is stored."""
    typed = typed_of_step(step, draft.content)
    usual = "RUB" if draft.municipality.country == "RU" else ""
    return typed | {name: typed[name] or usual for name in _CURRENCIES if name in typed}


def told_lines(asked: Field, content: Mapping[str, Any]) -> list[str]:
    """What a content says in a field, as lines to read."""
    value = typed_from(asked, value_in(asked, content))
    if asked.kind == "rows":
        return [
            " · ".join(_in_words(asked, name, v) for name, v in row.items() if v) for row in value
        ]
    if asked.kind == "choices":
        return [name for code, name in asked.options if code in value]
    if asked.kind == "choice":
        return [dict(asked.options).get(value, value)] if value else []
    return str(value).split("\n") if value else []


def _in_words(asked: Field, name: str, value: str) -> str:
    cell = next(cell for cell in asked.cells if cell.name == name)
    return dict(cell.options).get(value, value)


def faults_of_step(step: Step, standing: Standing) -> dict[str, list[str]]:
    """Faults of the fields of one step, by place."""
    places = faults_by_place(standing.faults)
    return {place: words for place, words in places.items() if step_of_place(place) is step}


def summary_of(step: Step, draft: Draft, faults: Mapping[str, list[str]]) -> list[Fault]:
    """The faults of a step as a list of links."""
    return [
        Fault(_label(step, place), f"#f-{place}", words)
        for place, several in faults.items()
        for words in several
    ]


def progress_of(draft: Draft, *, on: date, here: Step | None = None) -> Progress:
    """How far each step is; one query or three, and one for the remarks."""
    standing = standing_of(draft, on=on)
    faulty = [step_of_place(place) for place in faults_by_place(standing.faults)]
    remarks = [step_of_place(remark.field) for remark in open_remarks(draft)]
    lines = [
        StepLine(
            number=number,
            step=step,
            url=step_url(draft, step),
            is_here=step is here,
            missing=tuple(_missing(draft, step, standing)),
            faults=faulty.count(step),
            remarks=remarks.count(step),
            is_done=_is_done(draft, step),
        )
        for number, step in enumerate(STEPS, start=1)
    ]
    return Progress(standing, tuple(lines))


def open_remarks(draft: Draft) -> list[Remark]:
    """Remarks that nobody has answered; one query for each draft object."""
    known: list[Remark] | None = getattr(draft, "_open_remarks", None)
    if known is None:
        known = list(draft.remarks.filter(answered_at=None).select_related("made_by"))
        draft._open_remarks = known  # type: ignore[attr-defined]
    return known


def marks_of_step(step: Step, draft: Draft) -> str:
    """What the page shows, as short marks by column: it goes along with what is typed."""
    columns = {column for f in step.fields for column in columns_of(f)} | {NOT_MEASURED}
    return marks_of({name: draft.content.get(name) for name in columns})


def marks_of(values: Mapping[str, Any]) -> str:
    """Values as short marks by column."""
    return json.dumps({name: mark_of(values[name]) for name in sorted(values)})


def marks_from(text: str) -> dict[str, str]:
    """Read the marks that came back; nothing where they are damaged."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _typed(asked: Field, sent: QueryDict) -> Any:
    if asked.kind == "choices":
        return sent.getlist(asked.name)
    if asked.kind != "rows":
        return sent.get(asked.name, "")
    rows: dict[int, dict[str, str]] = {}
    for name, value in sent.items():
        found = _ROW.fullmatch(name)
        if found and found[1] == asked.name and isinstance(value, str):
            rows.setdefault(int(found[2]), {})[found[3]] = value
    return [rows[number] for number in sorted(rows)][:MOST_ROWS]


def _rows(
    asked: Field, typed: list[Any], faults: Mapping[str, list[str]], *, is_longer: bool
) -> tuple[Row, ...]:
    if asked.kind != "rows":
        return ()
    filled = [*typed, {}] if is_longer or not typed else typed
    return tuple(
        Row(
            number,
            tuple(
                Cell(
                    cell,
                    f"{asked.name}-{number}-{cell.name}",
                    row.get(cell.name, ""),
                    tuple(faults.get(f"{asked.name}-{number}-{cell.name}", ())),
                    has_example=number == 1,
                )
                for cell in asked.cells
            ),
        )
        for number, row in enumerate(filled, start=1)
    )


def _missing(draft: Draft, step: Step, standing: Standing) -> list[Missing]:
    names = {f.name: f for f in step.fields}
    return [
        Missing(NAMES[code], step_url(draft, step, _first_control(names[FIELD_OF[code]])))
        for code in standing.missing
        if FIELD_OF[code] in names
    ]


def _first_control(asked: Field) -> str:
    return f"{asked.name}-1-{asked.cells[0].name}" if asked.kind == "rows" else asked.name


def _is_done(draft: Draft, step: Step) -> bool:
    if step.code == "files":
        return bool(getattr(draft, "attachment_count", 0)) or step.code in draft.steps_done
    return step.code in draft.steps_done or any(
        draft.content.get(column) for f in step.fields for column in columns_of(f)
    )


def _label(step: Step, place: str) -> str:
    name, _dash, inner = place.partition("-")
    asked = next(f for f in step.fields if f.name == name)
    number, _dash, cell_name = inner.partition("-")
    cell = next((c for c in asked.cells if c.name == cell_name), None)
    if cell is None:
        return str(asked.label)
    return f"{asked.row_name} {number}, {cell.label}"
