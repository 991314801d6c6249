"""Experts' scores put together, against figures reckoned by hand."""

from __future__ import annotations

import pytest

from novator.reviews.scales import checklist, contest_rules, review_scale
from novator.reviews.scoring import Scored, opinion, weighted_total

WEIGHTS = {"effect": 30, "cost": 20, "copyability": 20, "sustainability": 20, "participation": 10}


def scores(*given: int) -> dict[str, int]:
    return dict(zip(WEIGHTS, given, strict=True))


def test_a_total_is_the_mean_by_weights():
    # (30·5 + 20·4 + 20·3 + 20·2 + 10·1) / 100 = 340 / 100
    assert weighted_total(scores(5, 4, 3, 2, 1), WEIGHTS) == pytest.approx(3.4)


def test_a_missing_score_is_refused():
    with pytest.raises(ValueError, match="cost"):
        weighted_total({"effect": 5}, {"effect": 1, "cost": 1})


def test_three_reviews_reckoned_by_hand():
    reviews = [
        Scored(scores(5, 4, 3, 2, 1), WEIGHTS),  # 3.4
        Scored(scores(3, 3, 3, 3, 3), WEIGHTS),  # 3.0
        Scored(scores(4, 5, 3, 4, 5), WEIGHTS),  # (120 + 100 + 60 + 80 + 50) / 100 = 4.1
    ]
    found = opinion(reviews, list(WEIGHTS))

    assert found is not None
    assert found.number == 3
    assert found.total == pytest.approx(3.5)
    # deviations -0.1, -0.5, 0.6: (0.01 + 0.25 + 0.36) / 2 = 0.31
    assert found.total_spread == pytest.approx(0.31**0.5)
    effect, _cost, copyability, *_rest = found.by_criterion
    assert (effect.mean, effect.least, effect.most) == (4.0, 3, 5)
    assert effect.spread == pytest.approx(1.0)
    assert copyability.spread == 0.0


def test_one_review_has_no_spread():
    found = opinion([Scored(scores(5, 5, 5, 5, 5), WEIGHTS)], list(WEIGHTS))

    assert found is not None
    assert found.total_spread is None
    assert found.by_criterion[0].spread is None


def test_no_review_is_no_opinion():
    assert opinion([], list(WEIGHTS)) is None


def test_each_review_keeps_the_weights_of_its_time():
    old = Scored({"effect": 1, "cost": 5}, {"effect": 1, "cost": 3})  # 4.0
    new = Scored({"effect": 1, "cost": 5}, {"effect": 3, "cost": 1})  # 2.0
    found = opinion([old, new], ["effect", "cost"])

    assert found is not None
    assert found.total == pytest.approx(3.0)


def test_the_data_files_hold_together():
    scale = review_scale()

    assert scale.weight_of_all == 100
    for criterion in scale.criteria:
        told = [level.score for level in criterion.levels]
        assert told == list(range(scale.least, scale.most + 1))
        assert all(level.ru and level.en for level in criterion.levels)
    assert {"implemented", "sources", "no_personal_data"} <= {i.code for i in checklist().items}
    kinds = [kind for category in contest_rules().categories for kind in category.kinds]
    assert len(kinds) == len(set(kinds))
