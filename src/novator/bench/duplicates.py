"""
Every figure of duplicates: how often the right case is found for a known pair, and how fast.

For each pair the question is the case `id`, the right answer `ref`; candidates are all other cases
of the file within the window. The fixed rule of the field stands beside it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from novator.bench.duplicate_cases import Cases, read_cases, read_pairs
from novator.reports.likeness.places import METRES_AROUND, metres_between
from novator.reports.likeness.scoring import Weights, score, shipped_weights
from novator.reports.likeness.sides import DAYS_APART

LEAST_RECALL, LEAST_TOP1, MOST_P95_MS = 0.85, 0.62, 20
RULE_METRES, RULE_DAYS = 100.0, 60
TOP = 10


def run_duplicates_bench(*, cases: Path, pairs: Path) -> dict[str, Any]:
    """
    Ask for the other case of each pair.

    :raises ValueError: a file is not what it should be
    """
    known = read_cases(cases)
    told = measured(known, read_pairs(pairs, known), shipped_weights())
    return {
        **told,
        "fixed_rule": fixed_rule(known, read_pairs(pairs, known)),
        "window": {"metres": METRES_AROUND, "days": DAYS_APART},
        "budgets": {
            "recall@10": told["recall@10"] >= LEAST_RECALL,
            "top1": told["top1"] >= LEAST_TOP1,
            "p95_ms": told["p95_ms"] <= MOST_P95_MS,
        },
    }


def measured(cases: Cases, pairs: Sequence[tuple[int, int]], weights: Weights) -> dict[str, Any]:
    """Find, score and order the candidates of each pair; times are of all three together."""
    ranks, counts, times = [], [], []
    for asked, right in pairs:
        began = time.perf_counter()
        candidates = cases.around(asked)
        order = ordered(cases, asked, candidates, weights)
        times.append(1000 * (time.perf_counter() - began))
        ranks.append(order.index(right) + 1 if right in candidates else None)
        counts.append(len(candidates))
    came_later = [cases.sides[right].at > cases.sides[asked].at for asked, right in pairs]
    return {
        "pairs": len(pairs),
        **figures(ranks, counts),
        "top1_where_the_kept_came_first": _top1(ranks, came_later, is_later=False),
        "top1_where_the_kept_came_later": _top1(ranks, came_later, is_later=True),
        "p50_ms": round(float(np.quantile(times, 0.5)), 2),
        "p95_ms": round(float(np.quantile(times, 0.95)), 2),
    }


def ordered(cases: Cases, asked: int, candidates: Sequence[int], weights: Weights) -> list[int]:
    """Return the candidates, the likeliest first; of equal ones the nearer in time first."""
    question = cases.sides[asked]
    scored = score(question, [cases.sides[number] for number in candidates], weights)
    ranked = sorted(
        zip(candidates, scored, strict=True),
        key=lambda pair: (
            -pair[1].probability,
            abs(cases.sides[pair[0]].at - question.at),
            pair[0],
        ),
    )
    return [number for number, _scored in ranked]


def fixed_rule(cases: Cases, pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Within 100 m and 60 days: same type first, then the nearer in place, then in time."""
    ranks, counts = [], []
    for asked, right in pairs:
        candidates = cases.around(asked, metres=RULE_METRES, days=RULE_DAYS)
        order = sorted(candidates, key=lambda number: _by_rule(cases, asked, number))
        ranks.append(order.index(right) + 1 if right in candidates else None)
        counts.append(len(candidates))
    return figures(ranks, counts) | {"metres": RULE_METRES, "days": RULE_DAYS}


def _by_rule(cases: Cases, asked: int, number: int) -> tuple[bool, float, float]:
    here, there = cases.sides[asked], cases.sides[number]
    metres = metres_between(here.place, there.place) if here.place and there.place else 0.0
    return here.category != there.category, metres, abs(here.at - there.at)


def figures(ranks: Sequence[int | None], counts: Sequence[int]) -> dict[str, Any]:
    """Return the shares of pairs whose right case is a candidate, among the first, the first."""
    return {
        "recall": _share(ranks, None),
        "recall@10": _share(ranks, TOP),
        "top5": _share(ranks, 5),
        "top1": _share(ranks, 1),
        "mean_candidates": round(float(np.mean(counts)), 1),
    }


def _share(ranks: Sequence[int | None], most: int | None) -> float:
    hits = [rank for rank in ranks if rank is not None and (most is None or rank <= most)]
    return round(len(hits) / len(ranks), 4)


def _top1(ranks: Sequence[int | None], came_later: Sequence[bool], *, is_later: bool) -> float:
    chosen = [rank for rank, later in zip(ranks, came_later, strict=True) if later is is_later]
    return _share(chosen, 1) if chosen else 0.0
