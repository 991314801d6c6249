"""A citizen's report: every night the category model learns from what people chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_noop

from novator.cities.models import Municipality
from novator.reports.classifying.calibration import figures_of, log_loss
from novator.reports.classifying.model import Model, ModelDamaged, open_model
from novator.reports.classifying.training import LabelledText, train_model
from novator.reports.models import CategoryChoice, CategoryModel, Report
from novator.reports.proposing import category_texts, encoders_of_proposals, started
from novator.text.words import words

LEAST_CHOICES = 40
LEAST_HELD_BACK = 8
ONE_HELD_BACK_OF = 5
MOST_CHOICES = 20_000
BLOBS_KEPT = 5

NO_BETTER = gettext_noop("no better than the model in use on messages that neither had seen")


def retrain_all(*, now: datetime) -> int:
    """Train anew for each city in which people chose; how many new models were taken into use."""
    chosen = CategoryChoice.objects.values_list("report__municipality", flat=True).distinct()
    cities = Municipality.objects.filter(pk__in=chosen).order_by("pk")
    made = [retrain(municipality=city, now=now) for city in cities]
    return sum(model is not None and model.is_used for model in made)


def retrain(*, municipality: Municipality, now: datetime) -> CategoryModel | None:
    """
    Train a model on what people chose, and take it into use if it is better; None if nothing new.

    A fifth of the texts, chosen by their words so that it is the same every night, is held back:
    no model has ever learned from it, and the new one must beat the one in use on it. A model that
    learned from a report erased since goes in any case (P4), and so do its bytes.
    """
    used = CategoryModel.objects.filter(municipality=municipality, is_used=True).first()
    opened = _opened(used)
    must_go = _why_it_must_go(used, opened)
    rows = chosen_texts(municipality)
    held_back = [row for row in rows if is_held_back(row.text)]
    if len(rows) < LEAST_CHOICES or len(held_back) < LEAST_HELD_BACK:
        _forget(municipality, used if must_go else None)
        return None
    if not must_go and not _is_news(municipality):
        return None
    known, encoders = category_texts(municipality), encoders_of_proposals()
    model = train_model([r for r in rows if not is_held_back(r.text)], known, encoders)
    before, after = (
        _judged(opened or started(known, encoders), held_back),
        _judged(model, held_back),
    )
    is_better = after["loss"] < before["loss"] and after["accuracy"] >= before["accuracy"]
    figures = {
        "held_back": len(held_back),
        "new": after,
        "in_use": before,
        "taken_because": "better" if is_better else must_go,
    }
    kept = _keep(municipality, model, figures, now=now, is_used=is_better or bool(must_go))
    _forget(municipality, None)
    return kept


def chosen_texts(municipality: Municipality) -> list[LabelledText]:
    """
    Texts with the category that a person said of them last, staff before senders; oldest first.

    Never what the machine said by itself, nothing erased, unconfirmed or of a category given up.
    """
    choices = (
        CategoryChoice.objects.filter(
            report__municipality=municipality,
            report__erased_at=None,
            category__municipality=municipality,
            category__is_active=True,
        )
        .exclude(report__text="")
        .exclude(report__status="unconfirmed")
        .order_by("-report_id", "by_citizen", "-made_at", "-id")
        .distinct("report_id")
        .values_list("report__text", "category__code")[:MOST_CHOICES]
    )
    return [LabelledText(text, code) for text, code in choices][::-1]


def is_held_back(text: str) -> bool:
    """Whether a text is among the fifth that no model learns from; same words agree."""
    digest = blake2b(" ".join(words(text)).encode("utf-8", "ignore"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % ONE_HELD_BACK_OF == 0


def _opened(used: CategoryModel | None) -> Model | None:
    try:
        return None if used is None else open_model(bytes(used.blob), encoders_of_proposals())
    except ModelDamaged:
        return None


def _why_it_must_go(used: CategoryModel | None, opened: Model | None) -> str:
    """Why the model in use cannot stay, however well it does; nothing where it can."""
    if used is None:
        return ""
    if opened is None:
        return "damaged"
    return "erased" if _knows_erased(used) else ""


def _knows_erased(model: CategoryModel) -> bool:
    """Whether it may have learned from a report that was erased after it was made."""
    return Report.objects.filter(
        municipality=model.municipality_id,
        erased_at__gt=model.made_at,
        category_choices__isnull=False,
    ).exists()


def _is_news(municipality: Municipality) -> bool:
    """Whether anybody chose since the last training."""
    made = CategoryModel.objects.filter(municipality=municipality).values_list("made_at", flat=True)
    last = made.first()
    choices = CategoryChoice.objects.filter(report__municipality=municipality)
    return last is None or choices.filter(made_at__gt=last).exists()


def _judged(model: Model, held_back: Sequence[LabelledText]) -> dict[str, float]:
    """Figures on the held-back texts; `loss` is the mean surprise, in nats."""
    codes = list(dict.fromkeys([*model.codes, *(row.code for row in held_back)]))
    place = {code: column for column, code in enumerate(codes)}
    truth = np.array([place[row.code] for row in held_back])
    told = np.zeros((len(held_back), len(codes)))
    told[:, : len(model.codes)] = model.probabilities([row.text for row in held_back])
    figures = {**asdict(figures_of(told, truth)), "loss": log_loss(told, truth)}
    return {name: round(value, 4) for name, value in figures.items()}


@transaction.atomic
def _keep(
    municipality: Municipality,
    model: Model,
    figures: dict[str, Any],
    *,
    now: datetime,
    is_used: bool,
) -> CategoryModel:
    if is_used:
        CategoryModel.objects.filter(municipality=municipality, is_used=True).update(is_used=False)
    return CategoryModel.objects.create(
        municipality=municipality,
        blob=model.to_bytes(),
        rows=model.facts["rows"],
        figures={**figures, "sure_at": round(model.sure_at, 4)},
        is_used=is_used,
        refused_because="" if is_used else NO_BETTER,
        made_at=now,
    )


@transaction.atomic
def _forget(municipality: Municipality, used: CategoryModel | None) -> None:
    """
    Empty the bytes of versions that may know an erased text, and of all but the last five.

    What they were and how they did stays. `used` goes out of use first: the start takes its place.
    """
    if used is not None:
        CategoryModel.objects.filter(pk=used.pk).update(is_used=False)
    rest = CategoryModel.objects.filter(municipality=municipality, is_used=False).exclude(blob=b"")
    for place, model in enumerate(rest.defer("blob")):
        if place >= BLOBS_KEPT or _knows_erased(model):
            CategoryModel.objects.filter(pk=model.pk).update(blob=b"")
