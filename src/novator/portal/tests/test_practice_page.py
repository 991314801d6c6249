"""The card tells all it knows and says what it does not; readers can say whether it helped."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.cities.testing import make_city
from novator.matching.models import Judgement
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
CARD = "/en/practices/glazov-warm-stops/"


def test_leads_with_three_signs_and_names_what_is_missing(client: Client) -> None:
    make_practice(cost={"price_year": 2020})

    page = client.get(CARD).content.decode()

    assert "10\u00a0₽ per inhabitant" in page
    assert "stated by the source, not checked" in page
    assert "120 → 30\u00a0шт. в год" in page
    assert "2020" in page
    assert "What it does not tell" in page
    assert 'rel="noopener nofollow"' in page


def test_russian_text_is_marked_on_an_english_page_only(client: Client) -> None:
    make_practice(title_en="")

    english = client.get(CARD).content.decode()
    russian = client.get(CARD.replace("/en/", "/ru/")).content.decode()

    assert '<h1 lang="ru">Тёплые остановки</h1>' in english
    assert "<h1>Тёплые остановки</h1>" in russian


def test_linked_data_cannot_break_out_of_its_element(client: Client) -> None:
    make_practice(problem="</script><script>alert(1)</script> & «так»")

    page = client.get(CARD).content.decode()

    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    assert json.loads(block[1])["description"].startswith("</script>")
    assert "<script>alert" not in page


def test_unknown_cards_are_missing_pages(client: Client) -> None:
    answer = client.get("/en/practices/never-was/")

    assert answer.status_code == 404
    assert "There is no such practice" in answer.content.decode()
    assert client.post("/en/practices/never-was/helpful/", {"helpful": "yes"}).status_code == 404


def test_keeps_whether_it_helped_with_the_words_searched_for(client: Client) -> None:
    make_practice()
    assert 'name="query" value="холодно"' in client.get(CARD, {"q": "холодно"}).content.decode()

    answer = client.post(f"{CARD}helpful/", {"helpful": "yes", "query": "холодно\x00" * 200})

    judgement = Judgement.objects.get()
    assert (judgement.is_helpful, len(judgement.query)) == (True, 500)
    assert answer.headers["Location"].startswith(f"{CARD}?thanks=1")
    assert "Thank you" in client.get(CARD, {"thanks": "1"}).content.decode()


def test_one_reader_counts_once_a_day(client: Client) -> None:
    make_practice()

    for answer in ("yes", "yes", "no"):
        client.post(f"{CARD}helpful/", {"helpful": answer})

    assert Judgement.objects.count() == 1


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_other_answers_are_not_kept(client: Client, answer: str) -> None:
    make_practice()

    client.post(f"{CARD}helpful/", {"helpful": answer})

    assert not Judgement.objects.exists()


def test_a_form_from_elsewhere_is_refused() -> None:
    make_practice()
    stranger = Client(enforce_csrf_checks=True)

    answer = stranger.post(f"{CARD}helpful/", {"helpful": "yes"})

    assert answer.status_code == 403
    assert "was not sent from this site" in answer.content.decode()
    assert not Judgement.objects.exists()
    assert stranger.get(f"{CARD}helpful/").status_code == 405


def test_costs_no_more_queries_among_many_cards(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        city = make_city(f"Town {number}", slug=f"town-{number}", name_ru=f"Город {number}")
        make_practice(f"stops-{number}", city=city, effects=[{}] * 5)
    client.get("/en/practices/stops-1/")

    with django_assert_max_num_queries(23):
        client.get("/en/practices/stops-1/")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Choose up to five cards"),
        ("?id=glazov-warm-stops&id=zarechny-lamps", "Light in the yards"),
        ("?id=never-was", "do not exist"),
        ("?id=a&id=b&id=c&id=d&id=e&id=f", "Only five cards fit"),
        ("?id=%00&id=<b>&id=" + "a" * 500, "Choose up to five cards"),
    ],
)
def test_compares_what_there_is_and_says_what_there_is_not(
    client: Client, query: str, said: str
) -> None:
    make_practice()
    make_practice("zarechny-lamps", city=make_city("Zarechny"), title_en="Light in the yards")

    answer = client.get(f"/en/compare/{query}")

    assert answer.status_code == 200
    assert said in answer.content.decode()
