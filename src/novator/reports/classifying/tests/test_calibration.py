"""Probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from novator.reports.classifying.calibration import (
    best_sharpness,
    calibration_error,
    figures_of,
    log_loss,
    softmax,
    sure_threshold,
)

SCORES = arrays(
    np.float64,
    st.tuples(st.integers(1, 20), st.integers(2, 8)),
    elements=st.floats(-1e6, 1e6, allow_nan=False),
)


@given(SCORES)
def test_probabilities_sum_to_one_whatever_the_scores(scores):
    told = softmax(scores)

    assert np.allclose(told.sum(axis=1), 1)
    assert (told >= 0).all()


@given(SCORES, st.floats(0.01, 1.0), st.floats(1.0, 100.0))
def test_sharper_is_never_less_sure_and_never_of_another_opinion(scores, flat, sharp):
    scores = scores / max(1.0, float(np.abs(scores).max()))

    calm, keen = softmax(scores * flat), softmax(scores * sharp)

    assert (keen.max(axis=1) >= calm.max(axis=1) - 1e-12).all()
    top = np.take_along_axis(keen, calm.argmax(axis=1)[:, None], axis=1)[:, 0]
    assert np.allclose(top, keen.max(axis=1))


def _honest(texts: int, codes: int, width: float = 1.5):
    """Scores, and truths drawn with just the probabilities that the scores give."""
    chance = np.random.default_rng(0)
    scores = chance.normal(0, width, (texts, codes))
    sums = softmax(scores).cumsum(axis=1)
    truth = (chance.random(texts)[:, None] > sums).sum(axis=1).clip(0, codes - 1)
    return scores, truth


def test_the_error_of_honest_probabilities_is_near_nothing():
    scores, truth = _honest(40_000, 6)

    assert calibration_error(softmax(scores), truth) < 0.01
    assert calibration_error(softmax(scores * 3), truth) > 0.1


def test_the_error_is_the_gap_between_promise_and_truth():
    told = np.array([[0.9, 0.1]] * 10)
    truth = np.array([0] * 6 + [1] * 4)

    assert calibration_error(told, truth) == pytest.approx(0.3)


@pytest.mark.parametrize("wrong", [0.2, 1.0, 5.0])
def test_the_sharpness_that_was_lost_is_found_again(wrong):
    scores, truth = _honest(5_000, 5)

    found = best_sharpness(scores * wrong, truth)

    assert found * wrong == pytest.approx(1.0, abs=0.06)
    assert log_loss(softmax(scores * wrong * found), truth) <= log_loss(
        softmax(scores * wrong), truth
    )


def test_figures_of_a_few_texts_by_hand():
    told = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.6, 0.4, 0.0], [0.1, 0.2, 0.7]])

    found = figures_of(told, np.array([0, 1, 1, 2]))

    assert found.accuracy == 0.75
    assert found.accuracy_surest_70 == 1.0
    assert found.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_sure_ones_are_right_as_often_as_promised_on_texts_not_seen():
    scores, truth = _honest(6_000, 5, width=4)
    told = softmax(scores)

    at = sure_threshold(told[:3_000], truth[:3_000], least_right=0.94)

    sure = told[3_000:].max(axis=1) >= at
    assert sure.sum() > 500
    assert (told[3_000:].argmax(axis=1) == truth[3_000:])[sure].mean() >= 0.92


def test_a_dozen_lucky_texts_make_nobody_sure():
    told = np.array([[0.99, 0.01]] * 12)

    assert sure_threshold(told, np.zeros(12, dtype=int), least_right=0.94) > 1


def test_nobody_is_sure_where_too_few_are_right():
    told = np.array([[0.99, 0.01]] * 1_000)
    truth = np.array([0, 1] * 500)

    assert sure_threshold(told, truth, least_right=0.94) > 1
