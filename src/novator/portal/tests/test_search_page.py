"""A problem in plain words gives a page, whatever the words are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.cities.testing import make_city
from novator.matching.search import Findings, Found
from novator.matching.testing import letters_fall_silent
from novator.portal import finding
from novator.practices.testing import make_open_question, make_practice

pytestmark = pytest.mark.django_db
Index = Callable[[], str]


@pytest.fixture
def few(index_of_cards: Index) -> None:
    make_practice()
    make_practice(
        "zarechny-lamps",
        city=make_city("Zarechny"),
        topic="lighting",
        title="Свет во дворах",
        title_en="Light in the yards",
        problem="Во дворах темно.",
        solution="Поставили светильники.",
        cost={},
        year_end=2023,
    )
    index_of_cards()


def page(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_shows_signs_reasons_and_likeness(client: Client, few: None) -> None:
    found = page(client, "/en/search/", q="Зимой пассажиры мёрзнут на остановках", city="Zarechny")

    assert "Warm bus stops" in found
    assert "10\u00a0₽ per inhabitant" in found
    assert "stated by the source, not checked" in found
    assert "How alike the city is" in found
    assert 'lang="ru"' in found


def test_facets_narrow_and_count(client: Client, few: None) -> None:
    found = page(client, "/en/search/", topic="lighting")

    assert "Light in the yards" in found
    assert "Warm bus stops" not in found
    assert "Public transport (1)" in found
    assert "1 solution" in found


def test_order_by_cost_leaves_out_cards_without_it_and_says_so(client: Client, few: None) -> None:
    found = page(client, "/en/search/", has_numbers="1", order="cost")

    assert "Warm bus stops" in found
    assert "Light in the yards" not in found
    assert "the others are left out" in found


def test_says_when_nothing_fits_and_which_open_question_it_resembles(
    client: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_open_question()
    findings = Findings(True, (), open_question_key="lamps-into-bedrooms")
    monkeypatch.setattr(finding, "find", lambda *words, **facts: findings)

    found = page(client, "/en/search/", q="фонарь светит в окно")

    assert "No card of the catalogue answers this yet." in found
    assert "Street lamps shine into bedrooms" in found
    assert "What you can do" in found


def test_shows_what_was_really_searched_for(
    client: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = Findings(False, (), repaired_query="дорога <b>")
    monkeypatch.setattr(finding, "find", lambda *words, **facts: findings)

    assert "<strong>дорога &lt;b&gt;</strong>" in page(client, "/ru/search/", q="дрога")


def test_says_while_the_index_is_being_made(client: Client, index_of_cards: Index) -> None:
    assert "The search index is being made" in page(client, "/en/search/", q="roads")


def test_says_when_an_encoder_went_away(
    client: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters_fall_silent(monkeypatch)

    found = page(client, "/en/search/", q="холодно на остановках")

    assert "The search cannot read questions right now." in found
    assert "letters are silent" not in found, "what an operator may know is in the log"


def test_ambiguous_and_unknown_cities_are_said(client: Client, few: None) -> None:
    make_city("Киров", region="RU-KIR", slug="kirov", population=468_000)
    make_city("Киров", region="RU-KLU", slug="kirov-klu", population=30_000)

    several = page(client, "/ru/search/", q="остановки", city="Киров")
    none = page(client, "/en/search/", q="остановки", city="Зарчный")

    assert "Киров (Калужская область)" in several
    assert "is not known here" in none
    assert "Zarechny" in none


@pytest.mark.parametrize(
    "query",
    [
        {"q": ""},
        {"q": "   "},
        {"q": "🙂🙂🙂"},
        {"q": "а" * 10_000},
        {"q": "'; DROP TABLE practices; --"},
        {"q": "<script>alert(1)</script>"},
        {"q": "доrога ямa улиця"},
        {"q": "a\x00b", "city": "\x00", "region": "\x00"},
        {"q": "остановки", "page": "999999999999"},
        {"q": "остановки", "page": "-1", "order": "best"},
        {"q": "остановки", "topic": "nope", "cost_band": "9", "year_from": "x", "size_class": "?"},
        {"q": "остановки", "city": "<b>" * 100},
        {"region": "RU-XX", "year_from": "1900", "has_numbers": "maybe"},
        {"topic": "roads"},
        {"q": "\ud800"},
    ],
)
def test_odd_questions_end_in_a_sensible_page(
    client: Client, few: None, query: dict[str, str]
) -> None:
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}

    found = page(client, "/en/search/", **query)

    assert "<script>alert" not in found
    assert found.count("<h1") == 1


def test_invalid_bytes_in_the_address_are_no_fault(client: Client, few: None) -> None:
    assert client.get("/ru/search/?q=%ff%fe&topic=%ff&city=%00").status_code == 200


def test_results_while_typing_are_the_same_without_the_frame(client: Client, few: None) -> None:
    typed = client.get(
        "/en/search/",
        {"q": "мёрзнут на остановках"},
        headers={"hx-request": "true", "hx-current-url": "http://testserver/en/"},
    ).content.decode()

    assert "Warm bus stops" in typed
    assert "<html" not in typed
    assert 'hx-swap-oob="true"' in typed


def test_typing_on_the_page_of_results_keeps_its_address(client: Client, few: None) -> None:
    typed = client.get(
        "/en/search/",
        {"has_numbers": "1"},
        headers={"hx-request": "true", "hx-current-url": "http://testserver/en/search/?q=a"},
    )

    assert typed.headers["HX-Replace-Url"] == "/en/search/?has_numbers=1"
    assert "facets" in typed.content.decode()


def test_a_whole_letter_is_answered_and_not_kept(client: Client, few: None) -> None:
    letter = SimpleUploadedFile("letter.txt", "Зимой люди мёрзнут на остановках".encode())

    answer = client.post("/en/search/", {"letter": letter})

    assert answer.status_code == 200
    assert "Warm bus stops" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"", b"a" * 1_000_001])
def test_a_letter_that_cannot_be_read_is_refused_with_a_reason(
    client: Client, few: None, content: bytes
) -> None:
    answer = client.post("/en/search/", {"letter": SimpleUploadedFile("letter.txt", content)})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_no_letter_and_too_long_a_request_are_refused(client: Client, few: None) -> None:
    assert client.post("/en/search/", {}).status_code == 422
    large = SimpleUploadedFile("letter.txt", b"a" * 2_000_000)
    assert client.post("/en/search/", {"letter": large}).status_code == 422


def test_names_of_cities_are_offered_while_typing(client: Client) -> None:
    make_city("Glazov")

    offered = client.get("/ru/search/cities/", {"city": "гла"}).content.decode()

    assert 'value="Глазов (Удмуртская Республика)"' in offered
    assert "option" not in client.get("/ru/search/cities/", {"city": "г"}).content.decode()


def test_costs_a_fixed_number_of_queries(
    client: Client,
    index_of_cards: Index,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(20):
        city = make_city(f"Town {number}", slug=f"town-{number}", name_ru=f"Город {number}")
        make_practice(f"stops-{number}", city=city)
    index_of_cards()
    slugs = tuple(f"stops-{number}" for number in range(20))
    results = tuple(Found(slug, 0.9, ()) for slug in slugs)
    findings = Findings(False, results, fit_anywhere=slugs)
    monkeypatch.setattr(finding, "find", lambda *words, **facts: findings)
    query = {"q": "мёрзнут на остановках", "city": "town-1"}
    client.get("/en/search/", query)

    with django_assert_num_queries(2):
        client.get("/en/search/", query)


@pytest.mark.parametrize("address", ["http://[", "javascript:1", "я", "/en/search/?q=%ff", ""])
def test_typed_results_come_wherever_the_browser_says_it_is(
    client: Client, few: None, address: str
) -> None:
    headers = {"hx-request": "true", "hx-current-url": address}

    answer = client.get("/en/search/", {"q": "темно во дворах"}, headers=headers)

    assert answer.status_code == 200
    assert "HX-Current-URL" in answer.headers["Vary"]


def test_a_question_without_words_is_told_so(client: Client, few: None) -> None:
    found = page(client, "/en/search/", q="🙂🙂 ?!")

    assert "There are no words in the question." in found
    assert "No card of the catalogue answers this yet." not in found


def test_typing_on_the_page_of_results_renews_its_heading(client: Client, few: None) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/en/search/?q=a"}

    found = client.get("/en/search/", {"q": "мёрзнут на остановках"}, headers=headers)

    assert '<h1 id="found-head" hx-swap-oob="true">Solutions found</h1>' in found.content.decode()


def test_where_nothing_fits_the_topic_of_the_question_is_offered(
    client: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = Findings(True, (), query_topic="lighting")
    monkeypatch.setattr(finding, "find", lambda *words, **facts: findings)

    assert '<a href="/en/topics/lighting/">' in page(client, "/en/search/", q="фонарь")


def test_says_that_only_the_conditions_leave_everything_out(
    client: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_open_question()
    findings = Findings(
        True,
        (Found("zarechny-lamps", 0.01, ()),),
        open_question_key="lamps-into-bedrooms",
        fit_anywhere=("glazov-warm-stops",),
    )
    monkeypatch.setattr(finding, "find", lambda *words, **facts: findings)

    found = page(client, "/en/search/", q="мёрзнут на остановках", topic="lighting")

    assert "Nothing in this selection fits." in found
    assert "Without the conditions 1 solution fits." in found
    assert "Public transport (1)" in found
    assert "Light in the yards" not in found
    assert "Street lamps shine into bedrooms" not in found
    assert "No card of the catalogue answers this yet." not in found
    link = found.split(">Search without conditions<")[0].rsplit("<a ", 1)[1]
    assert "q=" in link
    assert "topic=" not in link


def test_no_heading_stands_over_nothing(
    client: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "find", lambda *words, **facts: Findings(True, ()))

    assert "The nearest cards" not in page(client, "/en/search/", q="фонарь", country="AM")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"topic": "nosuch"}, "Topic: nosuch"),
        ({"country": "XX"}, "Country: XX"),
        ({"cost_band": "99"}, "Cost per inhabitant: 99"),
        ({"size_class": "huge"}, "Size of the city: huge"),
        ({"year_from": "abc", "order": "bogus"}, "Year, not before: abc; Order: bogus"),
        ({"topic": "<b>"}, "Topic: &lt;b&gt;"),
    ],
)
@pytest.mark.parametrize("asked", [{"q": "мёрзнут на остановках"}, {}])
def test_unknown_conditions_are_left_out_and_told(
    client: Client, few: None, query: dict[str, str], told: str, asked: dict[str, str]
) -> None:
    found = page(client, "/en/search/", **query, **asked)

    assert f"Left out, as not known here: {told}." in found
    assert "Nothing in this selection fits." not in found


def test_known_conditions_are_not_told_as_left_out(client: Client, few: None) -> None:
    known = {"topic": "lighting", "country": "ru", "order": "cost", "year_from": "", "region": ""}

    assert "Left out" not in page(client, "/en/search/", q="темно", **known)


def test_as_many_are_shown_as_the_facet_says(client: Client, few: None) -> None:
    whole = page(client, "/en/search/", q="мёрзнут на остановках")
    narrowed = page(client, "/en/search/", q="мёрзнут на остановках", topic="lighting")

    assert "Street lighting (1)" in whole
    assert "1 solution" in narrowed


def test_the_readers_own_city_has_no_likeness(client: Client, few: None) -> None:
    found = page(client, "/en/search/", q="темно во дворах", city="Zarechny")

    lamps = found.split('id="t-zarechny-lamps"')[1].split("</article>")[0]
    assert "it is your own city" in lamps
    assert "0 km away" not in lamps


def test_says_why_the_answers_to_a_letter_cannot_be_narrowed(client: Client, few: None) -> None:
    letter = SimpleUploadedFile("letter.txt", "Зимой люди мёрзнут на остановках".encode())

    found = client.post("/en/search/", {"letter": letter}).content.decode()

    assert "A letter is not put into the address of the page" in found
    assert "A letter is not put" not in page(client, "/en/search/", q="мёрзнут на остановках")
