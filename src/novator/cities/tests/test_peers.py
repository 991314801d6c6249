"""Likeness of cities: symmetric, bounded, with reasons; peers in a fixed order."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.cities.peers import CityFacts, CityTable, distance_km, likeness

GLAZOV = CityFacts(
    slug="glazov",
    name="Глазов",
    population=87_000,
    latitude=58.14,
    longitude=52.66,
    region="RU-UD",
    kind="urban_okrug",
)
VOTKINSK = CityFacts(
    slug="votkinsk",
    name="Воткинск",
    population=97_000,
    latitude=57.05,
    longitude=53.98,
    region="RU-UD",
    kind="urban_okrug",
)
STARY_BOR = CityFacts(slug="stary-bor")

CITIES = st.builds(
    CityFacts,
    slug=st.sampled_from(["a", "b", "c", "d"]),
    population=st.none() | st.integers(1, 20_000_000),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
    region=st.sampled_from(["", "RU-UD", "RU-KIR"]),
    kind=st.sampled_from(["unknown", "urban_okrug", "municipal_district"]),
)


@given(CITIES, CITIES)
def test_likeness_is_symmetric_and_bounded(a: CityFacts, b: CityFacts) -> None:
    there, back = likeness(a, b), likeness(b, a)

    assert 0 <= there.score <= 1
    assert math.isclose(there.score, back.score, abs_tol=1e-6)


@given(CITIES)
def test_a_city_with_all_facts_is_like_itself(city: CityFacts) -> None:
    found = likeness(city, city)
    known = [reason for reason in found.reasons if reason.likeness is not None]

    assert found.score == (1.0 if known else 0.0)


@given(st.lists(CITIES), st.integers(0, 5))
def test_peers_do_not_depend_on_the_order_of_candidates(
    cities: list[CityFacts], limit: int
) -> None:
    unique = list({city.slug: city for city in cities}.values())

    there, back = CityTable(unique), CityTable(reversed(unique))

    assert there.peers_of(GLAZOV, limit) == back.peers_of(GLAZOV, limit)


@given(st.lists(CITIES, max_size=8))
def test_many_cities_at_once_score_as_one_by_one(cities: list[CityFacts]) -> None:
    scores = CityTable(cities).scores(GLAZOV)

    assert scores.tolist() == pytest.approx(
        [likeness(GLAZOV, city).score for city in cities], abs=2e-6
    )


@given(st.lists(CITIES, unique_by=lambda city: city.slug), st.integers(1, 3))
def test_the_likest_of_many_are_the_likest_of_all(cities: list[CityFacts], limit: int) -> None:
    whole = CityTable(cities).peers_of(GLAZOV, len(cities))

    assert CityTable(cities).peers_of(GLAZOV, limit) == whole[:limit]


def test_says_why_two_cities_are_alike() -> None:
    found = likeness(GLAZOV, VOTKINSK)

    assert [reason.aspect for reason in found.reasons] == [
        "population",
        "distance",
        "region",
        "kind",
    ]
    assert [reason.text("en") for reason in found.reasons] == [
        "about as many inhabitants",
        "144 km away",
        "same region",
        "same kind of municipality",
    ]


def test_says_which_facts_are_missing() -> None:
    found = likeness(GLAZOV, STARY_BOR)

    assert found.score == 0
    assert all(reason.likeness is None for reason in found.reasons)
    assert found.reasons[0].text("en") == "population not known of both"


def test_tells_by_how_much_the_population_differs() -> None:
    village = CityFacts(slug="village", population=8_700)

    assert likeness(GLAZOV, village).reasons[0].text("en") == (
        "population differs by a factor of 10"
    )


def test_never_names_the_city_itself() -> None:
    assert [peer.city.slug for peer in CityTable([GLAZOV, VOTKINSK]).peers_of(GLAZOV)] == [
        "votkinsk"
    ]


def test_equal_peers_stand_by_slug() -> None:
    twins = [CityFacts(slug=slug, population=87_000) for slug in ("tver", "abakan")]

    assert [peer.city.slug for peer in CityTable(twins).peers_of(GLAZOV)] == ["abakan", "tver"]


def test_measures_the_distance_between_moscow_and_saint_petersburg() -> None:
    moscow = CityFacts(slug="m", latitude=55.7558, longitude=37.6173)
    petersburg = CityFacts(slug="p", latitude=59.9343, longitude=30.3351)

    assert distance_km(moscow, petersburg) == pytest.approx(634, abs=3)


@pytest.mark.parametrize(
    ("population", "words"),
    [(44_000, "в 2 раза"), (55_000, "в 2,5 раза"), (286_000, "в 13 раз"), (462_000, "в 21 раз")],
)
def test_counts_the_factor_as_russian_does(population: int, words: str) -> None:
    village, town = CityFacts("village", population=22_000), CityFacts("b", population=population)

    told = likeness(village, town).reasons[0].text("ru")

    assert told == f"население различается {words}"
