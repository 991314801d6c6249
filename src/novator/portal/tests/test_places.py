"""Where the loop happens: the map, the list and the page of a city."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from novator.cities.testing import make_city
from novator.portal.atlas import CityRow, drawing_of, radius_of
from novator.portal.projection import RUSSIA, WORLD
from novator.practices.models import Practice
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


def test_the_list_names_cities_with_practices_and_how_many(client: Client) -> None:
    make_practice()
    make_city("Zarechny")

    page = client.get("/en/cities/")

    assert page.status_code == 200
    text = page.content.decode()
    assert '<html lang="en"' in text
    assert "/en/cities/glazov/" in text
    assert "/en/cities/zarechny/" not in text
    assert "<circle" in text


def test_a_city_whose_only_card_was_withdrawn_has_no_practices(client: Client) -> None:
    card = make_practice()
    make_practice("pavements", city=make_city("Zarechny"))
    Practice.objects.filter(pk=card.pk).update(withdrawn_at=timezone.now())

    listed = client.get("/en/cities/").content.decode()
    beside = client.get("/en/cities/zarechny/").content.decode()
    sitemap = client.get("/sitemap-cities-1.xml").getvalue().decode()
    having = client.get("/api/v1/municipalities?with_practices=true").json()

    assert "/en/cities/glazov/" not in listed
    assert re.search(r"/en/cities/glazov/.*?none yet", beside, re.DOTALL)
    assert "/cities/zarechny/" in sitemap
    assert "/cities/glazov/" not in sitemap
    assert [row["id"] for row in having["results"]] == ["zarechny"]


def test_a_city_without_practices_is_found_by_its_name(client: Client) -> None:
    make_city("Zarechny")

    text = client.get("/ru/cities/", {"q": "Заречный"}).content.decode()

    assert "/ru/cities/zarechny/" in text


def test_a_typing_error_leads_to_the_city_that_was_meant(client: Client) -> None:
    make_city("Zarechny")

    text = client.get("/en/cities/", {"q": "Заречнвй"}).content.decode()

    assert "Did you mean" in text
    assert "/en/cities/zarechny/" in text


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\0"},
        {"q": "<script>alert(1)</script>"},
        {"q": "'; DROP TABLE cities_municipality; --"},
        {"q": "🏙" * 3000},
        {"map": "moon"},
        {"page": "x"},
        {"page": "-1"},
        {"page": "٣"},
    ],
)
def test_odd_questions_give_a_page(client: Client, query: dict[str, str]) -> None:
    make_practice()

    page = client.get("/en/cities/", query)

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_beyond_the_last_page_there_is_nothing(client: Client) -> None:
    assert client.get("/en/cities/", {"page": "7"}).status_code == 404


def test_the_page_of_a_city_says_what_is_not_known(client: Client) -> None:
    make_city(
        "Zarechny",
        population=None,
        population_year=None,
        population_source="",
        latitude=None,
        longitude=None,
    )

    text = client.get("/en/cities/zarechny/").content.decode()

    assert text.count("not stated") >= 2
    assert "not known" in text
    assert ">0<" not in text


def test_a_population_without_year_says_so(client: Client) -> None:
    make_city("Zarechny", population_year=None)

    assert "year not stated" in client.get("/en/cities/zarechny/").content.decode()


def test_a_city_without_practices_shows_what_cities_like_it_did(client: Client) -> None:
    make_practice()
    make_city("Zarechny")

    text = client.get("/en/cities/zarechny/").content.decode()

    assert "What cities like this one did" in text
    assert "/en/practices/glazov-warm-stops/" in text
    assert "same region" in text


def test_what_is_no_municipality_is_named_so(client: Client) -> None:
    make_city("Stary Bor", kind="federal_city_district")

    assert "no municipality" in client.get("/en/cities/stary-bor/").content.decode()


def test_the_spot_of_a_city_tells_the_number_of_its_practices_if_it_has_any(client: Client) -> None:
    for number in range(3):
        make_practice(f"card-{number}")
    make_city("Zarechny")

    assert "<title>Glazov: 3</title>" in client.get("/en/cities/glazov/").content.decode()
    assert "<title>Zarechny</title>" in client.get("/en/cities/zarechny/").content.decode()


def test_an_unknown_city_is_not_found(client: Client) -> None:
    assert client.get("/ru/cities/nowhere/").status_code == 404


def test_the_map_can_be_kept_by_the_browser(client: Client) -> None:
    make_practice()

    first = client.get("/en/cities/spots.json")
    again = client.get("/en/cities/spots.json", HTTP_IF_NONE_MATCH=first["ETag"])

    assert [city[2] for city in first.json()["cities"]] == ["Glazov"]
    assert again.status_code == 304


def test_without_pictures_the_map_is_said_in_words(client: Client) -> None:
    make_practice()
    client.cookies["novator_view"] = "version=accessible&images=off"

    text = client.get("/en/cities/").content.decode()

    assert "<svg" not in text
    assert "leaflet" not in text
    assert "Map: 1 city with practices" in text


def test_the_list_costs_the_same_queries_however_long(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        city = make_city(f"City {number}", name_ru=f"Город {number}")
        make_practice(f"card-{number}", city=city)

    with django_assert_num_queries(2):
        client.get("/en/cities/")
    with django_assert_num_queries(1):
        text = client.get("/en/cities/").content.decode()

    assert len(re.findall(r'class="city-name"', text)) == 20


def test_the_page_of_a_city_costs_the_same_queries_however_many_cards(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_practice(f"card-{number}")
        make_practice(f"other-{number}", city=make_city(f"C {number}", name_ru=f"Г {number}"))
    client.get("/en/cities/glazov/")

    with django_assert_num_queries(5):
        page = client.get("/en/cities/glazov/")

    assert page.status_code == 200


def _row(name: str, spot: tuple[float, float] | None, practices: int = 1) -> CityRow:
    return CityRow(name, f"/{name}/", name, "", practices, None, spot=spot)


def test_near_cities_share_a_circle_and_those_without_a_point_have_none() -> None:
    rows = [_row("a", (100.0, 100.0), 3), _row("b", (101.0, 100.0)), _row("c", None)]

    drawing = drawing_of(rows, RUSSIA)

    assert [(spot.cities, spot.practices) for spot in drawing.spots] == [(2, 4)]
    assert drawing.cities == 2


def test_cities_without_practices_stand_where_they_are() -> None:
    drawing = drawing_of([_row("a", (100.0, 100.0), 0), _row("b", (102.0, 101.0), 0)], RUSSIA)

    assert [(spot.x, spot.y, spot.title) for spot in drawing.spots] == [(101.0, 100.5, "a, b")]


def test_area_of_a_circle_grows_with_practices_up_to_a_bound() -> None:
    assert radius_of(1) < radius_of(4) < radius_of(40) <= radius_of(100_000) == 18.0


def test_both_sheets_have_ground() -> None:
    for sheet in (RUSSIA, WORLD):
        drawing = drawing_of([], sheet)

        assert drawing.ground.land.startswith("M")
        assert drawing.ground.settled.startswith("M")
