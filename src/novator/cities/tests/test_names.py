"""What stated names say, and how Russian names read in Latin letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.cities.names import folded_name, is_derived, read_stated_name, without_kind
from novator.cities.romanise import romanised_name, russian_name, slug_of


@pytest.mark.parametrize(
    ("stated", "kind", "core"),
    [
        ("городской округ «Город Калуга»", "urban_okrug", "Калуга"),
        ("городской округ город-герой Волгоград", "urban_okrug", "Волгоград"),
        ("городской округ — город Барнаул", "urban_okrug", "Барнаул"),
        ("Владивостокский городской округ", "urban_okrug", "Владивостокский"),
        ("муниципальное образование «Город Киров»", "unknown", "Киров"),
        ("муниципальный округ Истра", "municipal_okrug", "Истра"),
        ("Лискинский муниципальный район", "municipal_district", "Лискинский"),
        ("Сковородинский район", "municipal_district", "Сковородинский"),
        ("Караидельский сельсовет", "rural_settlement", "Караидельский"),
        ("сельское поселение Палевицы (Сыктывдинский район)", "rural_settlement", "Палевицы"),
        ("городское поселение город Калач (Калачеевский район)", "urban_settlement", "Калач"),
        ("рабочий посёлок Заветы Ильича", "settlement", "Заветы Ильича"),
        ("город Москва", "federal_city", "Москва"),
        ("Санкт-Петербург", "federal_city", "Санкт-Петербург"),
        ("город федерального значения Севастополь", "federal_city", "Севастополь"),
        ("город Набережные Челны", "unknown", "Набережные Челны"),
    ],
)
def test_reads_kind_and_proper_name(stated: str, kind: str, core: str) -> None:
    found = read_stated_name(stated)

    assert (found.kind, found.core) == (kind, core)


def test_names_a_district_of_a_federal_city_so() -> None:
    found = read_stated_name("Фрунзенский район Санкт-Петербурга")

    assert found.kind == "federal_city_district"


@pytest.mark.parametrize("text", ["", "   ", "город", "«»", "(", "район"])
def test_reads_odd_names_without_fault(text: str) -> None:
    read_stated_name(text)


@given(st.text(max_size=60))
def test_reads_any_text_without_fault(text: str) -> None:
    read_stated_name(text)
    assert folded_name(folded_name(text)) == folded_name(text)


@pytest.mark.parametrize("text", ["г. Глазов", "город Глазов", "г.о. Глазов", "Глазов"])
def test_leaves_the_proper_name(text: str) -> None:
    assert without_kind(text) == "Глазов"


@pytest.mark.parametrize(
    ("adjective", "place"),
    [
        ("Лискинский", "Лиски"),
        ("Воробьёвский", "Воробьевка"),
        ("Находкинский", "Находка"),
        ("Уссурийский", "Уссурийск"),
        ("Усманский", "Усмань"),
        ("Кочубеевский", "Кочубеевское"),
        ("Советский", "Советское"),
    ],
)
def test_sees_which_place_an_adjective_comes_from(adjective: str, place: str) -> None:
    assert is_derived(adjective, place)


@pytest.mark.parametrize(
    ("adjective", "place"),
    [("Лискинский", "Липецк"), ("Буйский", "Бугульма"), ("Ржевский", "Ржавки")],
)
def test_sees_where_an_adjective_does_not_come_from(adjective: str, place: str) -> None:
    assert not is_derived(adjective, place)


@pytest.mark.parametrize(
    ("russian", "latin"),
    [
        ("Глазов", "Glazov"),
        ("Йошкар-Ола", "Yoshkar-Ola"),
        ("Елец", "Yelets"),
        ("Щёлково", "Shchyolkovo"),
        ("Нижний Новгород", "Nizhny Novgorod"),
        ("Ростов-на-Дону", "Rostov-na-Donu"),
    ],
)
def test_writes_russian_names_in_latin_letters(russian: str, latin: str) -> None:
    assert romanised_name(russian) == latin


@given(st.text(max_size=80))
def test_slugs_are_addresses(text: str) -> None:
    assert all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in slug_of(text))


@pytest.mark.parametrize(
    ("latin", "spellings", "russian"),
    [
        ("Kazan", ["Казан", "Казань", "Хусан", "Kazań"], "Казань"),
        ("Cherepovets", ["Череповец", "Череповець", "Череповетс"], "Череповец"),
        ("Omsk", ["Омск", "Омськ", "Омьскъ"], "Омск"),
        ("Troitsk", ["Троицк"], "Троицк"),
        ("Bratsk", ["Братск", "Брацк", "Братськ"], "Братск"),
        ("Grozny", ["Грозни", "Грозный", "Грозний"], "Грозный"),
        ("Ulan-Ude", ["Улан Уде", "Улан-Удэ"], "Улан-Удэ"),
        ("Kisilevsk", ["Дулугубгей"], None),
        ("LMS", [], None),
    ],
)
def test_picks_the_russian_spelling_or_none(
    latin: str, spellings: list[str], russian: str | None
) -> None:
    assert russian_name(latin, spellings) == russian
