"""Matching: how near a question lies to the catalogue as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from novator.matching.mixture import Places
from novator.text.tables import Vectors

REFERENCE_CARDS = 200
REFERENCE_FORMULATIONS = 120
NEAREST_SHARE = 0.006

Scale = npt.NDArray[np.float32]


def reference_cards(cards: int) -> Places:
    """Some two hundred cards, evenly taken: by these any catalogue is measured alike."""
    return np.arange(0, cards, max(1, cards // REFERENCE_CARDS))


def passages_of(cards: Places, starts: Places) -> tuple[Places, Places]:
    """
    Places of the passages of some cards, and to which of these cards each belongs.

    :param starts: where each card's passages begin, and where the last ends
    """
    lengths = (starts[cards + 1] - starts[cards]).astype(np.int64)
    owners = np.repeat(np.arange(len(cards)), lengths)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(starts[cards], lengths) + offsets, owners


def nearest(similarities: npt.NDArray[np.floating]) -> float:
    """Mean of the nearest few in a thousand passages; 0 where there are none."""
    if not similarities.size:
        return 0.0
    count = max(1, round(NEAREST_SHARE * similarities.size))
    return float(np.partition(similarities, -count)[-count:].mean())


def scale_of(table: Vectors, starts: Places, is_asked: npt.NDArray[np.bool_]) -> Scale:
    """
    Mean and spread of that nearness for the formulations of the cards: an encoder's own scale.

    :param starts: where each card's passages begin, and where the last ends
    """
    compared, _owners = passages_of(reference_cards(len(starts) - 1), starts)
    asked = np.flatnonzero(is_asked)
    asked = asked[:: max(1, len(asked) // REFERENCE_FORMULATIONS)]
    found = [nearest(row) for row in table.scores_at(compared, table.at(asked))]
    middle, spread = (np.mean(found), np.std(found)) if found else (0.0, 0.0)
    return np.array([middle, max(float(spread), 1e-6)], dtype=np.float32)


def on_scale(found: Sequence[float], scales: Sequence[Scale]) -> float:
    """Mean over the encoders, each by its scale; 0: as near as a usual formulation."""
    pairs = zip(found, scales, strict=True)
    return float(np.mean([(value - middle) / spread for value, (middle, spread) in pairs]))
