"""The three signs say in words what they mean, and never show a number nobody stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from novator.portal.signs import change_in_figures, cost_sign, effect_sign, evidence_sign
from novator.practices.card import CardCost, CardEffect


@pytest.fixture(autouse=True)
def _english() -> Any:
    with override("en"):
        yield


def cost(**facts: Any) -> CardCost:
    stated: dict[str, Any] = {
        "amount": Decimal(870_000),
        "currency": "RUB",
        "basis": "total",
        "note": "",
        "price_year": 2020,
        "price_year_from": "stated",
        "per_inhabitant": Decimal(10),
        "roubles_per_inhabitant": Decimal(10),
        "band": 1,
    }
    return CardCost(**(stated | facts))


def effect(**facts: Any) -> CardEffect:
    stated: dict[str, Any] = {
        "indicator": "Жалобы",
        "unit": "шт.",
        "before": None,
        "after": None,
        "change": None,
        "change_kind": "",
        "period": "",
        "evidence": "self-reported",
    }
    return CardEffect(**(stated | facts))


def test_cost_sign_marks_the_band_of_a_cost_per_inhabitant() -> None:
    sign = cost_sign(cost(band=2), language="en")

    assert sign.headline == "10\u00a0₽ per inhabitant"
    assert sign.marks == [True, True, False, False, False]
    assert sign.words


def test_cost_without_inhabitants_is_shown_as_stated_without_marks() -> None:
    stated = cost(roubles_per_inhabitant=None, per_inhabitant=None, band=None)

    sign = cost_sign(stated, language="en")

    assert sign.name == "Stated cost"
    assert sign.headline.startswith("870,000\u00a0₽")
    assert sign.marks == []
    assert "not known" in sign.words


def test_unknown_is_said_and_is_never_zero() -> None:
    signs = [cost_sign(None, language="en"), effect_sign(language="en", effects=())]

    assert [sign.headline for sign in signs] == ["not stated", "not stated"]
    assert not any(sign.is_known for sign in signs)
    assert "0" not in "".join(sign.headline for sign in signs)


def test_evidence_is_the_source_s_word_until_adoptions_measured_it() -> None:
    stated = evidence_sign(grade=None, effects=[effect(evidence="before-after")])
    measured = evidence_sign(grade=3, effects=[])

    assert stated.headline == "stated by the source, not checked"
    assert stated.lit == 0
    assert measured.marks == [True, True, True, False, False]


def test_the_best_known_effect_leads() -> None:
    outputs = effect(indicator="Заменено", after=15500.0)
    outcome = effect(indicator="ДТП", change=-28.0, change_kind="percent", evidence="evaluation")

    sign = effect_sign(language="ru", effects=[outputs, outcome])

    assert (sign.headline, sign.words) == ("−28\u00a0%", "ДТП")


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"before": 120.0, "after": 30.0, "change": -90.0}, "120 → 30\u00a0шт."),
        ({"change": 60.0, "change_kind": "percent"}, "+60\u00a0%"),
        ({"after": 1177.0}, "1177\u00a0шт."),
        ({"change": -300000.0, "change_kind": "absolute"}, "−300\u00a0000\u00a0шт."),
        ({"before": 10.5}, ""),
        ({}, ""),
    ],
)
def test_a_change_is_written_as_it_was_stated(facts: dict[str, float], text: str) -> None:
    assert change_in_figures(effect(**facts), "ru") == text
