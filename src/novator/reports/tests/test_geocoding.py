"""The address service: only we ask it, its answers are checked, its silence is borne."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache

from novator.reports import geocoding
from novator.reports.geocoding import find_by_service, name_by_service
from novator.reports.testing import make_channel

pytestmark = pytest.mark.django_db
GOOD = {
    "lat": "57.001",
    "lon": "53.002",
    "display_name": "5, улица Ленина, Заречный, Россия",
    "address": {"road": "улица Ленина", "house_number": "5"},
}


@pytest.fixture
def service(settings, monkeypatch):
    cache.clear()
    settings.GEOCODER_URL = "http://geocoder.example/nominatim"
    asked = []

    def answer_with(answer):
        def fetched(_site, path, target):
            asked.append(f"{path}?{target}")
            if isinstance(answer, Exception):
                raise answer
            return answer if isinstance(answer, bytes) else json.dumps(answer).encode()

        monkeypatch.setattr(geocoding, "_fetched", fetched)
        return asked

    return answer_with


def test_asks_once_for_the_same_words(service):
    asked = service([GOOD])
    channel = make_channel()

    first = find_by_service(channel, "Ленина 5", language="ru")
    find_by_service(channel, " Ленина  5 ", language="ru")

    assert [(each.label, each.latitude) for each in first] == [("улица Ленина, 5", 57.001)]
    assert len(asked) == 1
    assert "bounded=1" in asked[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        {"error": "x"},
        [None, 1, "x", {}],
        [GOOD | {"lat": "nan"}],
        [GOOD | {"lat": "12.0"}],
        [GOOD | {"address": None, "display_name": 7}],
        OSError("away"),
    ],
)
def test_an_answer_that_is_no_address_of_the_city_is_none(service, answer):
    service(answer)

    assert find_by_service(make_channel(), "Ленина 5", language="ru") == []


def test_after_a_failure_it_is_left_alone_for_a_while(service):
    asked = service(OSError("away"))
    channel = make_channel()

    assert name_by_service(channel, 57.0, 53.0, language="ru") is None
    assert find_by_service(channel, "Мира 1", language="ru") == []
    assert len(asked) == 1


def test_without_a_service_nobody_is_asked(service, settings):
    asked = service([GOOD])
    settings.GEOCODER_URL = ""

    assert find_by_service(make_channel(), "Ленина 5", language="ru") == []
    assert not asked
