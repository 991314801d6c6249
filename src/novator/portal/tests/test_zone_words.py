"""Times of places in the words of people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from novator.portal.zone_words import zone_choices, zone_in_words

MOMENT = datetime(2026, 12, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Moscow", "Moscow time (UTC+3)"),
        ("Asia/Yekaterinburg", "UTC+5"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/New_York", "UTC−5"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_told_as_people_write_it(zone: str, words: str) -> None:
    with override("en"):
        assert zone_in_words(zone, at=MOMENT) == words


def test_moscow_is_named_in_russian_too() -> None:
    with override("ru"):
        assert zone_in_words("Europe/Moscow", at=MOMENT) == "по московскому времени (UTC+3)"


def test_zones_are_chosen_by_cities() -> None:
    with override("en"):
        names = dict(zone_choices())

    assert names["Asia/Yekaterinburg"] == "Yekaterinburg (UTC+5)"
    assert not any("/" in name for name in names.values())
