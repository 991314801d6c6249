"""Left-out scores are those of a fit that never saw the text."""

from __future__ import annotations

import numpy as np

from novator.reports.classifying.kernel import ridge


def test_left_out_scores_are_those_of_a_fit_without_the_group():
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(30, 5))
    likeness, wanted = rows @ rows.T, chance.normal(size=(30, 4))
    groups = np.array([*range(24), 20, 20, 21, 7, 7, 7])

    fit = ridge(likeness, wanted, groups, stiffness=0.7)

    for group in set(groups.tolist()):
        out = groups == group
        shares = np.linalg.solve(
            likeness[np.ix_(~out, ~out)] + 0.7 * np.eye(int((~out).sum())), wanted[~out]
        )
        assert np.allclose(fit.left_out[out], likeness[np.ix_(out, ~out)] @ shares)
    whole = np.linalg.solve(likeness + 0.7 * np.eye(30), wanted)
    assert np.allclose(fit.shares, whole)
