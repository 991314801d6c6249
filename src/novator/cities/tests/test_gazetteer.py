"""Towns of GeoNames under their Russian names, regions by their capitals."""

import pytest

from novator.cities.gazetteer import Gazetteer, foreign_cities
from novator.cities.names import folded_name
from novator.cities.operations import gazetteer
from novator.cities.regions import all_regions, region_called


@pytest.fixture(scope="module")
def towns() -> Gazetteer:
    return gazetteer()


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Глазов", "RU-UD"),
        ("Калуга", "RU-KLU"),
        ("Череповец", "RU-VLG"),
        ("Вологда", "RU-VLG"),
        ("Заречный", "RU-PNZ"),
        ("Заречный", "RU-SVE"),
        ("Нижний Новгород", "RU-NIZ"),
        ("Набережные Челны", "RU-TA"),
        ("Киров", "RU-KIR"),
        ("Киров", "RU-KLU"),
        ("Железногорск", "RU-KRS"),
        ("Железногорск", "RU-KYA"),
        ("Ростов-на-Дону", "RU-ROS"),
        ("Москва", "RU-MOW"),
        ("Йошкар-Ола", "RU-ME"),
        ("Орёл", "RU-ORL"),
        ("Грозный", "RU-CE"),
        ("Комсомольск-на-Амуре", "RU-KHA"),
        ("Великие Луки", "RU-PSK"),
        ("Россошь", "RU-VOR"),
    ],
)
def test_knows_well_known_towns(towns: Gazetteer, name: str, region: str) -> None:
    found = [town for town in towns.towns if (town.name_ru, town.region) == (name, region)]

    assert len(found) == 1


def test_each_region_of_russia_has_its_capital(towns: Gazetteer) -> None:
    named = {(place.name_ru, place.region) for place in towns.places}
    regions = [region for region in all_regions() if region.geonames_admin1]

    lacking = [r.code for r in regions if (r.capital_ru, r.code) not in named]

    assert not lacking
    assert len(regions) == 85


def test_no_two_towns_of_a_region_share_a_name(towns: Gazetteer) -> None:
    names = [(folded_name(town.name_ru), town.region) for town in towns.towns]

    assert len(names) == len(set(names))


def test_lists_what_it_leaves_out(towns: Gazetteer) -> None:
    assert {place.reason for place in towns.unsure} == {"no name", "namesake"}
    assert len(towns.unsure) < 0.01 * len(towns.towns)


def test_foreign_cities_stand_in_known_regions_and_have_points(towns: Gazetteer) -> None:
    codes = {region.code for region in all_regions()}

    for city in foreign_cities().values():
        assert city.region in codes
        assert city.geonames_id is None or city.geonames_id in towns.foreign_points


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Удмуртская Республика", "RU-UD"),
        ("удмуртия", "RU-UD"),
        ("Ханты-Мансийский автономный округ — Югра", "RU-KHM"),
        ("Ханты-Мансийский автономный округ - Югра", "RU-KHM"),
        ("Кемеровская область", "RU-KEM"),
        ("Udmurt Republic", "RU-UD"),
    ],
)
def test_finds_regions_as_sources_name_them(text: str, code: str) -> None:
    region = region_called(text, "RU")

    assert region is not None
    assert region.code == code


def test_does_not_guess_a_region() -> None:
    assert region_called("Тридевятое царство", "RU") is None
    assert region_called("Удмуртская Республика", "US") is None
