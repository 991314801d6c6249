"""Municipalities of cards and towns of the gazetteer: one row for one city."""

from dataclasses import replace

import pytest

from novator.cities import operations
from novator.cities.models import Municipality, Region
from novator.cities.operations import (
    StatedPopulation,
    load_gazetteer,
    load_regions,
    place_municipality,
)

pytestmark = pytest.mark.django_db

NAMES = {"Глазов", "Киров", "Лиски", "Москва", "Санкт-Петербург"}
CENSUS = StatedPopulation(87_000, 2021, "Всероссийская перепись населения 2020–2021 гг.")


@pytest.fixture
def _few_towns(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = operations.gazetteer()
    towns = tuple(town for town in whole.towns if town.name_ru in NAMES)
    monkeypatch.setattr(operations, "gazetteer", lambda: replace(whole, towns=towns))
    load_gazetteer()


def test_loads_every_town_once() -> None:
    first = load_gazetteer()
    second = load_gazetteer()

    assert first > 2500
    assert second == 0
    assert Municipality.objects.count() == first


@pytest.mark.usefixtures("_few_towns")
def test_a_later_geonames_renews_its_own_figures_only(monkeypatch: pytest.MonkeyPatch) -> None:
    place_municipality(
        name="город Глазов",
        region_text="Удмуртская Республика",
        country="RU",
        population=CENSUS,
    )
    monkeypatch.setattr(operations, "source_name", lambda: "GeoNames (later)")

    assert load_gazetteer() == 0

    sources = dict(Municipality.objects.values_list("slug", "population_source"))
    assert sources["liski"] == "GeoNames (later)"
    assert sources["glazov"] == CENSUS.source


def test_loads_regions_once() -> None:
    load_regions()
    load_regions()

    assert Region.objects.filter(country="RU").count() == 85


@pytest.mark.usefixtures("_few_towns")
def test_a_stated_city_and_its_town_are_one_row() -> None:
    before = Municipality.objects.count()

    city = place_municipality(
        name="городской округ «Город Глазов»",
        region_text="Удмуртская Республика",
        country="RU",
        population=CENSUS,
    )

    assert Municipality.objects.count() == before
    assert (city.slug, city.short_name_ru, city.kind) == ("glazov", "Глазов", "urban_okrug")
    assert city.name_ru == "городской округ «Город Глазов»"
    assert (city.population, city.population_year) == (87_000, 2021)
    assert city.has_point


@pytest.mark.usefixtures("_few_towns")
def test_another_name_for_the_same_city_gives_the_same_row() -> None:
    region = "Кировская область"

    first = place_municipality(
        name="муниципальное образование «Город Киров»", region_text=region, country="RU"
    )
    second = place_municipality(name="город Киров", region_text=region, country="RU")
    namesake = place_municipality(name="город Киров", region_text="Калужская область", country="RU")

    assert first.pk == second.pk
    assert second.name_ru == "муниципальное образование «Город Киров»"
    assert namesake.slug == "kirov-klu"


@pytest.mark.usefixtures("_few_towns")
def test_a_district_takes_the_point_of_its_centre_but_is_no_city() -> None:
    district = place_municipality(
        name="Лискинский муниципальный район", region_text="Воронежская область", country="RU"
    )

    town = Municipality.objects.get(slug="liski")
    assert district.pk != town.pk
    assert district.kind == "municipal_district"
    assert (district.latitude, district.longitude) == (town.latitude, town.longitude)
    assert district.geonames_id is None


@pytest.mark.usefixtures("_few_towns")
@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Буйское сельское поселение", "Кировская область"),
        ("городской округ Китеж", "Нижегородская область"),
        ("город Глазов", "Тридевятое царство"),
        ("город Глазов", ""),
    ],
)
def test_a_place_that_is_not_sure_gets_no_point(name: str, region: str) -> None:
    city = place_municipality(name=name, region_text=region, country="RU")

    assert not city.has_point
    assert city.region_text == region


@pytest.mark.usefixtures("_few_towns")
def test_a_federal_city_and_its_district_are_named_so() -> None:
    moscow = place_municipality(name="город Москва", region_text="Москва", country="RU")
    district = place_municipality(
        name="Фрунзенский район Санкт-Петербурга", region_text="Санкт-Петербург", country="RU"
    )

    assert (moscow.slug, moscow.kind) == ("moscow", "federal_city")
    assert district.kind == "federal_city_district"
    assert not moscow.is_municipal
    assert "спб" in Municipality.objects.get(slug="saint-petersburg").keys


def test_a_foreign_city_has_its_point_and_english_name() -> None:
    load_regions()

    city = place_municipality(name="город Гент", region_text="Восточная Фландрия", country="BE")

    assert (city.slug, city.short_name_en, city.kind) == ("ghent", "Ghent", "foreign_city")
    assert city.has_point


def test_a_newer_population_wins_and_an_older_one_does_not() -> None:
    load_regions()

    def place(number: int, year: int) -> Municipality:
        return place_municipality(
            name="город Китеж",
            region_text="Нижегородская область",
            country="RU",
            population=StatedPopulation(number, year, "перепись"),
        )

    place(1000, 2010)
    place(900, 2021)
    city = place(1000, 2010)

    assert (city.population, city.population_year) == (900, 2021)


def test_addresses_of_namesakes_differ() -> None:
    load_regions()

    slugs = [
        place_municipality(name="Советский район", region_text=region, country="RU").slug
        for region in ("Саратовская область", "Кировская область", "Где-то")
    ]

    assert slugs == ["sovetsky-district", "sovetsky-district-kir", "sovetsky-district-2"]
