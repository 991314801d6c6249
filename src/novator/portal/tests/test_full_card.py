"""What a city tells of its own work is shown, with its language; overdue cards say so."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from novator.cities.testing import make_city
from novator.portal import card_extras
from novator.practices.models import Practice, PracticeText
from novator.practices.publishing import merge_cards, withdraw_card
from novator.practices.testing import make_full_practice, make_practice

pytestmark = pytest.mark.django_db
CARD = "/en/practices/glazov-warm-stops/"
RUSSIAN = CARD.replace("/en/", "/ru/")


def _page(client: Client, address: str = CARD) -> str:
    return client.get(address).content.decode()


def test_shows_everything_a_city_tells_of_its_own_work(client: Client) -> None:
    make_full_practice()

    page = _page(client)

    for told in (
        "120\u00a0шт. в год",
        "Журнал обращений",
        "Тепло включается, только когда",
        "Поставить павильоны",
        "2 месяца · Транспорт",
        "две сети магазинов",
        "Reached 40,000 inhabitants",
        "120,000\u00a0₽</span> per year",
        "25%",
        "электрическая сеть",
        "Счётчик пассажиров",
        "Первые двери сломались",
        "Двери лучше не ставить",
        "Can be copied directly",
        "A visit, documents",
        "facts confirmed on 1 March 2026",
        "To be confirmed again by 1 March 2099",
        "stated by the city itself, not checked",
        "names no further source",
    ):
        assert told in page, told
    assert "The source names" not in page


def test_a_card_that_tells_little_has_no_empty_sections(client: Client) -> None:
    make_practice()

    page = _page(client)

    for head in ("idea", "before", "steps", "people", "measured", "failed", "copying", "lessons"):
        assert f'id="{head}"' not in page
    assert "onfirmed on" not in page


def test_words_are_shown_in_the_reader_s_language_if_there_are_any(client: Client) -> None:
    make_full_practice()
    PracticeText.objects.filter(language="en").update(lessons="Better no doors at all.")

    english, russian = _page(client), _page(client, RUSSIAN)

    assert '<div class="flow"><p>Better no doors at all.</p></div>' in english
    assert '<div class="flow" lang="ru"><p>Рядом есть' in english
    assert "Двери лучше не ставить вовсе." in russian
    assert 'lang="ru"' not in russian.partition("<main")[2].partition("</main")[0]


def test_a_card_not_confirmed_in_time_counts_as_unchecked(client: Client) -> None:
    make_full_practice(confirmed_on=date(2024, 3, 1), confirm_by=date(2025, 3, 1), grade=3)

    page, listed = _page(client), _page(client, "/en/topics/transport/")

    assert "not confirmed since 1 March 2024: counts as unchecked" in page
    assert "3 of 5 locks" not in page
    assert "not confirmed since 1 March 2024" in listed


def test_says_from_which_catalogue_a_card_comes(client: Client) -> None:
    make_practice(origin="https://exchange.example")

    assert '<a href="https://exchange.example" rel="noopener nofollow">exchange.example' in _page(
        client
    )


def test_linked_data_names_the_city_as_the_author(client: Client) -> None:
    make_full_practice()

    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', _page(client), re.S)

    assert block is not None
    described = json.loads(block[1])
    assert described["author"]["name"] == "Администрация города Глазова"
    assert described["abstract"].startswith("Тепло включается")
    assert described["expires"] == "2099-03-01"
    assert "isBasedOn" not in described


def test_readers_of_a_twin_are_led_to_the_card_that_stays(client: Client) -> None:
    twin = make_practice("zarechny-stops", city=make_city("Zarechny"))
    merge_cards(twin=twin, into=make_practice(), because="the same work")

    answer = client.get("/en/practices/zarechny-stops/")

    assert (answer.status_code, answer.headers["Location"]) == (301, CARD)


def test_a_card_taken_out_says_so(client: Client) -> None:
    withdraw_card(practice=make_practice(), because="Дубль <b>не</b> наш")

    answer = client.get(CARD)

    assert answer.status_code == 410
    page = answer.content.decode()
    assert "Дубль &lt;b&gt;не&lt;/b&gt; наш" in page
    assert "Тёплые остановки" not in page
    assert client.post(f"{CARD}helpful/", {"helpful": "yes"}).status_code == 404


def test_other_packages_add_to_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def extra(request: HttpRequest, practice: Practice) -> dict[str, Any]:
        return {"query": f"from {practice.municipality.region_id}"}

    monkeypatch.setattr(card_extras, "EXTRAS", (extra,))
    practice = make_practice()

    assert f"from {practice.municipality.region_id}" in _page(client)


def test_the_interface_tells_the_same(client: Client) -> None:
    make_full_practice()

    whole = client.get("/api/v1/practices/glazov-warm-stops?lang=en").json()

    assert whole["baselines"][0]["measured"] == "2018"
    assert [step["what"] for step in whole["steps"]] == ["Выбрать остановки", "Поставить павильоны"]
    assert whole["texts"][0]["what_failed"].startswith("Первые двери")
    assert whole["texts"][1]["what_failed"] is None
    assert whole["yearly_cost"] == {"amount": 120_000, "currency": "RUB"}
    assert (whole["copying"], whole["copying_name"]) == ("directly", "can be copied directly")
    assert whole["help_names"] == ["a visit", "documents"]
    assert (whole["confirmed_on"], whole["is_overdue"]) == ("2026-03-01", False)
    assert whole["evidence"] == "stated by the city itself, not checked"
    assert (whole["sources"], whole["origin"]) == ([], None)
