"""A citizen's report: ridge regression on likenesses of texts, with exact left-out scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fit:
    """
    What each training text says for each category, and what it was told without itself.

    `shares` [texts, codes]: the score of a new text is its likeness to each training text times
    its share. `left_out` [texts, codes]: scores of each text by a fit without its group.
    """

    shares: Floats
    left_out: Floats


def ridge(likeness: Floats, wanted: Floats, groups: Places, *, stiffness: float) -> Fit:
    """
    Kernel ridge regression; scores without each text's own group come from the same inverse.

    For a group g the left-out residual is inv(A_gg) (A y)_g, where A is the inverse of the
    stiffened likeness: exact, no second fit (Rifkin and Lippert, "Notes on regularized least
    squares", 2007).
    """
    inverse = _inverse_of_stiffened(likeness, stiffness)
    shares = inverse @ wanted
    residual = shares / np.diag(inverse)[:, None]
    for members in _groups_of_several(groups):
        block = inverse[np.ix_(members, members)]
        residual[members] = linalg.solve(block, shares[members], assume_a="pos")
    return Fit(shares, wanted - residual)


def _inverse_of_stiffened(likeness: Floats, stiffness: float) -> Floats:
    """Of the likeness with the stiffness on its diagonal; two further squares of memory at most."""
    square = np.array(likeness, order="F")
    square[np.diag_indices_from(square)] += stiffness
    factor, _is_lower = linalg.cho_factor(square, lower=True, overwrite_a=True, check_finite=False)
    lower, _fault = linalg.lapack.dpotri(factor, lower=1, overwrite_c=1)
    for row in range(1, len(lower)):
        lower[:row, row] = lower[row, :row]
    return np.asarray(lower)


def _groups_of_several(groups: Places) -> list[Places]:
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=groups[order[:1]] - 1))
    return [members for members in np.split(order, starts[1:]) if len(members) > 1]
