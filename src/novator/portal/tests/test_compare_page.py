"""Up to five cards stand side by side; facts that none of them tells take no room."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.cities.testing import make_city
from novator.practices.testing import make_full_practice, make_practice

pytestmark = pytest.mark.django_db


def _address(*slugs: str) -> str:
    return "/en/compare/?" + "&".join(f"id={slug}" for slug in slugs)


def test_every_fact_of_a_full_card_is_a_row(client: Client) -> None:
    make_full_practice()
    make_practice("zarechny-lamps", city=make_city("Zarechny"))

    page = client.get(_address("glazov-warm-stops", "zarechny-lamps")).content.decode()

    for told in (
        "Тепло включается, только когда",
        "1. Выбрать остановки (2 месяца)",
        "Первые двери сломались",
        "Двери лучше не ставить",
        "can be copied directly",
        "a visit, documents",
        "Жалобы на холод: 120\u00a0шт. в год",
        "1 March 2026",
        "25%",
    ):
        assert told in page, told


def test_rows_that_no_card_fills_are_left_out_and_named(client: Client) -> None:
    make_practice()

    page = client.get(_address("glazov-warm-stops")).content.decode()

    table, _end, after = page.partition("</table>")
    assert "Lessons" not in table
    assert "the rows are left out:" in after
    assert "Lessons" in after


def test_text_of_another_language_is_marked(client: Client) -> None:
    make_full_practice()

    page = client.get(_address("glazov-warm-stops")).content.decode()

    assert '<p lang="ru">Двери лучше не ставить вовсе.</p>' in page
    assert "<p>40,000</p>" in page


def test_five_fit_in_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 6):
        city = make_city(f"Town {number}", slug=f"town-{number}", name_ru=f"Город {number}")
        make_practice(f"card-{number}", city=city)
    address = _address(*(f"card-{number}" for number in range(1, 6)))
    client.get(address)

    with django_assert_num_queries(1):
        page = client.get(address).content.decode()

    assert page.count('<th scope="col"') == 5
    assert "compare-5" in page
    assert 'tabindex="0" role="region"' in page
    assert 'name="id" value="card-5"' in page


def test_results_are_put_into_a_collection_without_javascript(
    client: Client, index_of_cards: object
) -> None:
    make_practice()
    index_of_cards()  # type: ignore[operator]

    page = client.get("/en/search/?topic=transport").content.decode()

    assert 'formaction="/en/collections/add/"' in page
    assert 'type="checkbox" name="id" value="glazov-warm-stops"' in page
