"""A text that reads like an appeal is told apart; a plain message is not."""

from __future__ import annotations

import pytest

from novator.reports.appeals import looks_like_appeal


@pytest.mark.parametrize(
    "text",
    [
        "Прошу рассмотреть вопрос о ремонте дороги.",
        "В соответствии с 59-ФЗ жду ответа.",
        "Моё обращение осталось без ответа",
        "Жалоба на бездействие администрации",
        "This is a formal complaint about the mayor",
    ],
)
def test_reads_like_an_appeal(text):
    assert looks_like_appeal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Яма на дороге у дома 5",
        "Прошу засыпать яму. Рассмотреть её можно с дороги.",
        "A street light is out near the school",
    ],
)
def test_a_plain_message(text):
    assert not looks_like_appeal(text)
