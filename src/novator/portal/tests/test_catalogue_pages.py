"""Solutions found: the catalogue by topic and the cards of one topic."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.practices.models import Practice
from novator.practices.testing import make_open_question, make_practice

pytestmark = pytest.mark.django_db


def test_every_topic_is_there_with_its_count_and_first_cards(client: Client) -> None:
    make_practice()

    text = client.get("/en/practices/").content.decode()

    assert text.count('class="shelf"') == 18
    assert "/en/topics/transport/" in text
    assert "/en/practices/glazov-warm-stops/" in text


def test_an_empty_catalogue_says_what_to_do(client: Client) -> None:
    assert "starter catalogue" in client.get("/en/practices/").content.decode()


def test_a_topic_lists_its_cards_only(client: Client) -> None:
    make_practice()
    make_practice("glazov-bright-yards", topic="lighting")

    text = client.get("/en/topics/lighting/").content.decode()

    assert "/en/practices/glazov-bright-yards/" in text
    assert "/en/practices/glazov-warm-stops/" not in text


def test_by_cost_only_cards_whose_cost_is_known(client: Client) -> None:
    make_practice()
    make_practice("no-cost", cost={})

    text = client.get("/en/topics/transport/", {"order": "cost"}).content.decode()

    assert "/en/practices/glazov-warm-stops/" in text
    assert "/en/practices/no-cost/" not in text


def test_a_topic_names_its_questions_without_an_answer(client: Client) -> None:
    make_open_question()

    assert "Street lamps shine" in client.get("/en/topics/lighting/").content.decode()


def test_an_unknown_topic_is_not_found(client: Client) -> None:
    assert client.get("/en/topics/magic/").status_code == 404


@pytest.mark.parametrize("query", [{"order": "\0"}, {"order": "price"}, {"page": "one"}])
def test_odd_parameters_are_ignored(client: Client, query: dict[str, str]) -> None:
    make_practice()

    assert client.get("/en/topics/transport/", query).status_code == 200


def test_beyond_the_last_page_there_is_nothing(client: Client) -> None:
    make_practice()

    assert client.get("/en/topics/transport/", {"page": "2"}).status_code == 404


def test_pages_of_a_long_topic(client: Client) -> None:
    for number in range(21):
        make_practice(f"card-{number:02}")

    first = client.get("/en/topics/transport/").content.decode()
    second = client.get("/en/topics/transport/", {"page": "2"}).content.decode()

    assert first.count('<article class="result"') == 20
    assert second.count('<article class="result"') == 1
    assert Practice.objects.count() == 21


@pytest.mark.parametrize(
    ("address", "queries"), [("/en/practices/", 1), ("/en/topics/transport/", 2)]
)
def test_more_cards_cost_no_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str, queries: int
) -> None:
    for number in range(20):
        make_practice(f"card-{number}")
    client.get(address)

    with django_assert_num_queries(queries):
        page = client.get(address)

    assert page.status_code == 200
