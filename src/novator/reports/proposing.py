"""A citizen's report: its category proposed by the city's model; sure ones are sorted at once."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from novator.cities.models import Municipality
from novator.reports.classifying.model import Model, ModelDamaged, Proposal, open_model
from novator.reports.classifying.quick import quick_encoders
from novator.reports.classifying.starting import CategoryText, start_model
from novator.reports.models import Category, CategoryModel, Channel, Report, ReportUpdate
from novator.reports.routing import department_for
from novator.reports.submitting import dates_for
from novator.text.encoders import Encoder, EncoderUnavailable, Kind, Matrix
from novator.text.vectors import vectors_for

log = logging.getLogger(__name__)

MODELS_KEPT = 8
Key = tuple[object, ...]

_opened: OrderedDict[int, tuple[Key, Model]] = OrderedDict()
"""The models that this process opened last, by city, each with what it was made of."""
_turn = threading.Lock()


@dataclass(frozen=True)
class Proposals:
    """Categories of a city that fit a text, the most probable first; they sum to 1 at most."""

    rows: tuple[Proposal, ...]
    is_sure: bool

    def __iter__(self) -> Iterator[Proposal]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> Proposal:
        return self.rows[place]


def propose_categories(text: str, municipality: Municipality) -> Proposals:
    """
    Active categories of the city for a text, by the model in use, else by that of the start.

    Costs two queries, and the opening of the model where this process had not opened it yet. With
    `is_sure` the first one is right in 94 of 100 cases, measured on texts the model had not seen.
    """
    known = category_texts(municipality)
    if not known:
        return Proposals((), is_sure=False)
    model = _model_of(municipality, known)
    told = model.propose(text)
    active = {category.code for category in known}
    rows = tuple(one for one in told if one.code in active)
    return Proposals(rows, is_sure=rows[:1] == told[:1] and model.is_sure(told))


def category_texts(municipality: Municipality) -> list[CategoryText]:
    """What the city says of its active categories, in both languages."""
    rows = Category.objects.filter(municipality=municipality, is_active=True)
    return [
        CategoryText(
            code=row.code,
            name=" ".join(filter(None, [row.name_ru, row.name_en])),
            description="\n".join(filter(None, [row.description_ru, row.description_en])),
            keywords=(*row.keywords_ru, *row.keywords_en),
        )
        for row in rows
    ]


def encoders_of_proposals() -> tuple[Encoder, ...]:
    """The encoders of this installation that are quick enough; none where none can be had."""
    try:
        return quick_encoders(settings.ENCODERS)
    except EncoderUnavailable:
        return ()


def _model_of(municipality: Municipality, known: Sequence[CategoryText]) -> Model:
    """The opened model of a city; made again when another is in use or the categories changed."""
    used = CategoryModel.objects.filter(municipality=municipality, is_used=True)
    used_pk = used.values_list("pk", flat=True).first()
    key: Key = (used_pk,) if used_pk else tuple(known)
    with _turn:
        kept = _opened.get(municipality.pk)
        if kept is None or kept[0] != key:
            kept = (key, _opened_model(used_pk, known))
        _opened[municipality.pk] = kept
        _opened.move_to_end(municipality.pk)
        while len(_opened) > MODELS_KEPT:
            _opened.popitem(last=False)
        return kept[1]


def _opened_model(used_pk: int | None, known: Sequence[CategoryText]) -> Model:
    encoders = encoders_of_proposals()
    if used_pk is not None:
        stored = CategoryModel.objects.filter(pk=used_pk).values_list("blob", flat=True).first()
        try:
            return open_model(bytes(stored or b""), encoders)
        except ModelDamaged as fault:
            log.error("Category model %s cannot be used: %s", used_pk, fault)
    return started(known, encoders)


def started(known: Sequence[CategoryText], encoders: Sequence[Encoder]) -> Model:
    """The model of the start; vectors of what cities say of categories are kept in the database."""
    made = start_model(known, [_Kept(encoder) for encoder in encoders])
    return replace(made, encoders={encoder.name: encoder for encoder in encoders})


class _Kept:
    """An encoder for texts that are nobody's: each is computed once for all processes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimensions = encoder.dimensions

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """One unit row a text, from the database where it is kept."""
        return vectors_for(texts, self._encoder, kind=kind)


@transaction.atomic
def sort_by_machine(*, report: Report, now: datetime) -> bool:
    """
    Give a report without a category that of the model, if the model is sure; True if it was.

    Body, days and danger follow the category. An unsure one stays without: a person chooses. Bears
    being repeated; never touches what a person chose or works on.
    """
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    is_new = row.is_open or row.status == "unconfirmed"
    if row.category_id is not None or row.erased_at is not None or not is_new:
        return False
    proposals = propose_categories(row.text, row.municipality)
    if not proposals.is_sure:
        return False
    category = Category.objects.get(municipality=row.municipality_id, code=proposals[0].code)
    channel = Channel.objects.get(municipality=row.municipality_id)
    changes = {
        "category": category,
        "category_by": "machine",
        "category_probability": proposals[0].probability,
        "is_danger": row.is_danger or category.is_danger,
        "changed_at": now,
        **dates_for(channel, category, row.arrived_at),
    }
    if row.department_id is None:
        changes["department"] = department_for(row.municipality, category=category, area=row.area)
    Report.objects.filter(pk=row.pk).update(**changes)
    ReportUpdate.objects.create(
        report=row,
        kind="category",
        details={"from": "", "to": category.code, "probability": proposals[0].probability},
        made_at=now,
    )
    report.refresh_from_db()
    return True
