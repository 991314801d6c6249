"""A figure is called a plan or a forecast only where its own note says so."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from novator.portal.signs import effect_sign
from novator.portal.stages import stage_of
from novator.practices.card import CardEffect


def effect(indicator: str, period: str, *, after: float = 12) -> CardEffect:
    return CardEffect(indicator, "шт.", None, after, None, "", period, "self-reported")


@pytest.mark.parametrize(
    ("indicator", "period", "stage"),
    [
        ("Котельных в программе", "план", "plan"),
        ("Площадок накопления", "план 2020 года", "plan"),
        ("Площадок", "к началу августа, план", "plan"),
        ("Запланировано стерилизаций", "", "plan"),
        ("Умных светофоров (план на конец 2025)", "", "plan"),
        ("Подъездов по плану 2022 года", "2022", "plan"),
        ("Площадь центра", "по проекту 2022 г.", "plan"),
        ("Экономия бюджета", "после завершения, прогноз", "forecast"),
        ("Дополнительные поступления (осторожный прогноз)", "", "forecast"),
        ("Ожидаемая экономия", "", "forecast"),
        ("Отремонтировано подъездов", "2025 год (план выполнен на 100%)", ""),
        ("Отремонтировано подъездов", "план выполнен", ""),
        ("Площадок с камерами", "на сентябрь 2025 (ещё 50 в плане)", ""),
        ("Модернизировано", "первый год; план — 167 за пять лет", ""),
        ("Время составления плана работы", "в шесть раз быстрее", ""),
        ("Простой ожидания (выявлено)", "замер", ""),
        ("Плановых осмотров", "за год", ""),
        ("Жалобы", "", ""),
    ],
)
def test_only_the_note_on_the_figure_itself_counts(indicator: str, period: str, stage: str) -> None:
    with override("en"):
        assert stage_of(effect(indicator, period)) == stage


def test_what_was_seen_leads_before_what_was_planned() -> None:
    planned, seen = effect("Котельных", "план"), effect("Котельных", "за год", after=3)

    with override("en"):
        assert effect_sign(language="en", effects=[planned, seen]).headline.startswith("3")
        assert effect_sign(language="en", effects=[planned]).stage == "plan"
