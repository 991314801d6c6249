"""Every figure of duplicates: the shipped weights, learned on pairs, with held-back figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from novator.bench.duplicate_cases import Cases, read_cases, read_pairs
from novator.bench.duplicates import figures, ordered
from novator.reports.likeness.features import NAMES, PLACE_TIME_KIND, place_time_kind
from novator.reports.likeness.learning import Choice, learned, rows_of, settled
from novator.reports.likeness.scoring import Weights

FOLDS, TURNS = 10, 2
UNRELATED = 1_500
PRIORS = {"text": 8.0, "photo": 8.0}
MIDDLE = {"text": 0.2, "photo": 0.05}
"""
Stated, not learned: the pairs have neither texts nor photos. Texts that share half of their words
multiply the odds by e^(8 × .3) ≈ 11, equal ones by e^6.4 ≈ 600, texts with nothing in common divide
them by 5. The same photo multiplies them by e^7.6 ≈ 2,000; unlike photos divide them by 1.5 only:
one trouble is photographed from two sides.
"""
_PULL = 0.5
_SEED = 20150101


def learn_duplicates(*, cases: Path, pairs: Path) -> tuple[Weights, dict[str, Any]]:
    """
    Learn from all pairs; the figures are of weights that had not seen the pair (10 folds, twice).

    :raises ValueError: a file is not what it should be
    """
    known = read_cases(cases)
    both = read_pairs(pairs, known)
    choices = [choice for choice in _of_pairs(known, both) if choice.chosen is not None]
    weights = settled([*choices, *_of_unrelated(known, both)], _learned(choices))
    return weights, {"pairs": len(both), "held_back": _held_back(known, both)}


def write_weights(path: Path, weights: Weights, report: dict[str, Any]) -> None:
    """Write the file that the package ships; no case is in it."""
    told = {
        "command": "novator learn duplicates --cases CASES.csv.gz --pairs PAIRS.csv.gz",
        "of": "place, time and category: 261 pairs of Boston's cases of 2015; text, photo: stated",
        "report": report,
        "weights": weights.stored(),
    }
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _learned(choices: Sequence[Choice]) -> Weights:
    """No prior for place, time and kind; text and photo stay as stated: nothing tells of them."""
    prior = Weights(dict.fromkeys(NAMES, 0.0) | PRIORS, MIDDLE, none=-9.0)
    return learned(choices, prior=prior, pull=_PULL)


def _of_pairs(cases: Cases, pairs: Sequence[tuple[int, int]]) -> list[Choice]:
    groups = _groups(pairs)
    choices = []
    for asked, right in pairs:
        around = cases.around(asked)
        chosen = around.index(right) if right in around else None
        choices.append(Choice(_rows(cases, asked, around), chosen, groups[asked]))
    return choices


def _of_unrelated(cases: Cases, pairs: Sequence[tuple[int, int]]) -> list[Choice]:
    """Cases that were not closed as repeats, each counting so often that shares are as in life."""
    random = np.random.default_rng(_SEED)
    plain = [number for number, was in enumerate(cases.were_duplicates) if not was]
    chosen = random.choice(plain, size=min(UNRELATED, len(plain)), replace=False)
    repeats = max(1, sum(cases.were_duplicates))
    weight = len(plain) / repeats * len(pairs) / len(chosen)
    return [
        Choice(_rows(cases, int(n), cases.around(int(n))), None, int(n), weight) for n in chosen
    ]


def _rows(cases: Cases, asked: int, around: Sequence[int]) -> np.ndarray[Any, Any]:
    features = [place_time_kind(cases.sides[asked], cases.sides[other]) for other in around]
    return rows_of(features, [(None, None)] * len(around))


def _groups(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Cases that hang together by pairs stay on one side of a fold."""
    group: dict[int, int] = {}
    for asked, right in pairs:
        old, new = group.get(asked, asked), group.get(right, right)
        for case, name in group.items():
            if name == old:
                group[case] = new
        group[asked] = group[right] = new
    return group


def _held_back(cases: Cases, pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
    choices = _of_pairs(cases, pairs)
    ranks: list[int | None] = []
    for turn in range(TURNS):
        names = sorted({choice.group for choice in choices})
        shuffled = np.random.default_rng(turn).permutation(len(names))
        fold_of = {names[place]: n % FOLDS for n, place in enumerate(shuffled)}
        for fold in range(FOLDS):
            seen = [c for c in choices if c.chosen is not None and fold_of[c.group] != fold]
            weights = _learned(seen)
            kept = [p for p, c in zip(pairs, choices, strict=True) if fold_of[c.group] == fold]
            ranks += [_rank(cases, asked, right, weights) for asked, right in kept]
    counts = [len(choice.rows) for choice in choices]
    return figures(ranks, counts) | {"folds": FOLDS, "turns": TURNS, "names": PLACE_TIME_KIND}


def _rank(cases: Cases, asked: int, right: int, weights: Weights) -> int | None:
    around = cases.around(asked)
    return ordered(cases, asked, around, weights).index(right) + 1 if right in around else None
