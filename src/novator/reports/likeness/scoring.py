"""
A citizen's report: the probability that it repeats one of those around it.

A conditional logit (McFadden 1974) over the candidates and the answer "none of them": what many
neighbours share speaks for none of them, so that a lively corner makes no duplicates.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from novator.reports.likeness.features import (
    PLACE_TIME_KIND,
    WORDS_AND_PHOTOS,
    Features,
    place_time_kind,
    words_and_photos,
)
from novator.reports.likeness.sides import Side

READ_IN_FULL = 40
"""Texts and photos of so many candidates are compared: those likeliest by place, time and kind."""


@dataclass(frozen=True)
class Weights:
    """
    How much each feature counts. `middle` is the likeness of two texts (photos) that says nothing.

    `none` is the utility of the answer "none of them", `sharpness` multiplies all utilities.
    """

    values: Mapping[str, float]
    middle: Mapping[str, float]
    none: float
    sharpness: float = 1.0

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Weights:
        """Read what `stored` wrote."""
        return cls(stored["values"], stored["middle"], stored["none"], stored["sharpness"])

    def stored(self) -> dict[str, Any]:
        """Return all of them as plain values."""
        return {
            "values": dict(self.values),
            "middle": dict(self.middle),
            "none": self.none,
            "sharpness": self.sharpness,
        }


@dataclass(frozen=True, slots=True)
class Scored:
    """How likely one candidate is; `features` are those of PLACE_TIME_KIND."""

    probability: float
    features: Features
    text: float | None
    photo: float | None


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """Return the weights of the package, with the stated priors of text and photo."""
    text = resources.files("novator.reports.likeness").joinpath("data/weights.json").read_text()
    return Weights.of(json.loads(text)["weights"])


def score(asked: Side, others: Sequence[Side], weights: Weights) -> list[Scored]:
    """Return the probability of each candidate; they and "none of them" sum to one."""
    plain = [weights.values[name] for name in PLACE_TIME_KIND]
    seen = [place_time_kind(asked, other) for other in others]
    utilities = [sum(w * f for w, f in zip(plain, row, strict=True)) for row in seen]
    compared: dict[int, tuple[float | None, float | None]] = {}
    if asked.text or asked.photos:
        likeliest = sorted(range(len(others)), key=lambda n: -utilities[n])[:READ_IN_FULL]
        compared = {n: words_and_photos(asked, others[n]) for n in likeliest}
    for place, pair in compared.items():
        utilities[place] += of_words_and_photos(pair, weights)
    shares = _softmax([weights.sharpness * u for u in utilities], weights.none)
    return [
        Scored(share, row, *compared.get(n, (None, None)))
        for n, (share, row) in enumerate(zip(shares, seen, strict=True))
    ]


def of_words_and_photos(pair: Sequence[float | None], weights: Weights) -> float:
    """Return what two likenesses add; one that is not known adds nothing."""
    return sum(
        weights.values[name] * (value - weights.middle[name])
        for name, value in zip(WORDS_AND_PHOTOS, pair, strict=True)
        if value is not None
    )


def _softmax(utilities: Sequence[float], none: float) -> list[float]:
    top = max([none, *utilities])
    parts = [math.exp(u - top) for u in utilities]
    whole = sum(parts) + math.exp(none - top)
    return [part / whole for part in parts]
