"""Finding a city by a user's words."""

import pytest
from pytest_django import DjangoAssertNumQueries

from novator.cities.queries import find_city, peers, suggest_cities, without_point
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    make_city("Glazov", population=87_000)
    make_city("Киров", slug="kirov", region="RU-KIR", population=468_000)
    make_city("Киров", slug="kirov-klu", region="RU-KLU", population=29_000)
    make_city("Орёл", region="RU-ORL", short_name_en="Oryol")
    make_city("Stary Bor", latitude=None, longitude=None, population=None)


def slugs(text: str) -> list[str]:
    return [city.slug for city in find_city(text)]


@pytest.mark.parametrize(
    "text",
    ["Глазов", "г. Глазов", "город Глазов", " глазов ", "Glazov", "glazov", "ГЛАЗОВ (Удмуртия)"],
)
def test_finds_a_city_however_it_is_written(text: str) -> None:
    assert slugs(text) == ["glazov"]


def test_gives_all_namesakes_the_largest_first() -> None:
    assert slugs("Киров") == ["kirov", "kirov-klu"]


@pytest.mark.parametrize("text", ["Киров (Калужская область)", "Киров, Калужская область"])
def test_a_stated_region_decides(text: str) -> None:
    assert slugs(text) == ["kirov-klu"]


def test_a_slug_means_one_city() -> None:
    assert slugs("kirov-klu") == ["kirov-klu"]


def test_yo_is_ye() -> None:
    assert slugs("орел") == slugs("Орёл") == ["oryol"]


@pytest.mark.parametrize(
    "text", ["", "   ", "😀", "\0", "'; DROP TABLE", "(", "г.", "а" * 10_000, "Китеж"]
)
def test_odd_words_find_nothing(text: str) -> None:
    assert slugs(text) == []


@pytest.mark.parametrize("text", ["Глозов", "Глазв", "г. Глазоф"])
def test_a_typo_is_answered_by_suggestions(text: str) -> None:
    assert slugs(text) == []
    assert [city.slug for city in suggest_cities(text)][:1] == ["glazov"]


@pytest.mark.parametrize("text", ["", "ы", "щщщщщщщщщ", "\0\0\0"])
def test_nonsense_gets_no_suggestion(text: str) -> None:
    assert suggest_cities(text) == []


def test_finding_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert str(find_city("Киров (Кировская область)")[0].region)


def test_peers_come_with_reasons(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    glazov = find_city("Глазов")[0]

    with django_assert_num_queries(2):
        found = peers(glazov)

    assert len(found) == 4
    assert all(peer.likeness.reasons for peer in found)


def test_lists_cities_without_a_point() -> None:
    assert [city.slug for city in without_point()] == ["stary-bor"]
