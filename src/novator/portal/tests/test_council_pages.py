"""Councils, people and bodies as everybody reads them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from novator.cities.testing import make_city
from novator.council.bodies import (
    add_life_event,
    cite_source,
    end_membership,
    found_organization,
    record_statement,
)
from novator.council.testing import (
    make_council,
    make_deputies,
    make_faction,
    make_membership,
    make_person,
    make_post,
    partial,
)

pytestmark = pytest.mark.django_db


def text_of(page: Any) -> str:
    """What a reader sees, without tags and needless spaces."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", "", main)).split())


def _made_known() -> None:
    """A council with nine deputies, two factions, a head and a committee."""
    council = make_council()
    make_deputies(council)
    post = make_post(council)
    make_membership("Анна Берёзкина", council, post=post, role="head")
    committee = found_organization(kind="committee", parent=council, name="Комитет по бюджету")
    make_membership("Вера Липова", committee, role="chair")


def test_the_page_of_a_council_shows_who_sits_on_the_day_in_words_and_as_a_drawing(
    client: Client,
):
    _made_known()

    page = client.get("/en/councils/zarechny/?day=2026-05-05")

    words = text_of(page)
    assert "Composition on" in words
    assert "9 of 9 seats are taken. 9 seats: Сад 5, Поле 3, of no faction 1." in words
    assert "Глава города" in words
    assert page.content.count(b'seat seat-1 seat-is-seat" transform') == 5
    assert "/en/people/vera-lipova/" in page.content.decode()


def test_before_the_first_convocation_the_page_says_that_nobody_sat(client: Client):
    _made_known()

    words = text_of(client.get("/ru/councils/zarechny/?day=2001-01-01"))

    assert "Созыв 1" in words
    assert "Анна Берёзкина" not in words


def test_a_resigned_party_secretary_stays_head_of_the_city_and_the_page_shows_exactly_that(
    client: Client,
):
    council = make_council()
    paper = cite_source(title="Газета города Заречного", published=partial("2021-12-24"))
    person = make_person("Борис Кленов")
    post = make_post(council)
    make_membership(person, council, post=post, role="head", starts="../2021-12-24", source=paper)
    party = found_organization(kind="party", name="Партия садов")
    branch = found_organization(
        kind="party_branch", parent=party, name="Местное отделение партии садов"
    )
    secretary = make_membership(person, branch, role="secretary", starts="", source=paper)
    end_membership(
        membership=secretary, ends=partial("2021-12-23"), reason="добровольно сложил полномочия"
    )
    record_statement(
        person=person, text="Я сделал это осознанно.", made=partial("2021-12-24"), source=paper
    )
    add_life_event(person=person, text="Окончил институт", kind="study", source=paper)

    page = client.get("/en/people/boris-klenov/")

    words = text_of(page)
    order = [
        "Окончил институт",
        "23 December 2021",
        "добровольно сложил",
        "Я сделал это осознанно",
    ]
    places = [words.index(said) for said in order]
    assert places == sorted(places)
    assert "On that day: Глава города (City Duma of Zarechny)." in words
    assert "No longer: secretary (Местное отделение партии садов)." in words
    assert "no end recorded" in words
    assert page.content.decode().count('id="source-') == 1


def test_people_and_bodies_are_shown_in_both_languages(client: Client):
    _made_known()
    faction = make_faction()
    assert faction.parent is not None

    for language in ("ru", "en"):
        for path in (
            "councils/",
            "councils/zarechny/",
            "people/vera-lipova/",
            "people/vera-lipova/votes/",
            f"organizations/{faction.public_id}/",
            f"organizations/{faction.parent.public_id}/",
            "feeds/councils/zarechny/members.atom",
        ):
            page = client.get(f"/{language}/{path}")
            assert page.status_code == 200, path
    assert "no end recorded" in text_of(client.get(f"/en/organizations/{faction.public_id}/"))


def test_the_list_of_councils_costs_the_same_for_one_and_for_many(
    client: Client, django_assert_num_queries: Any
):
    for number in range(20):
        make_council(make_city(f"Town {number:02}"))
    client.get("/en/councils/")

    with django_assert_num_queries(4):
        page = client.get("/en/councils/")

    assert page.content.count(b'class="council-name"') == 20
    found = text_of(client.get("/en/councils/?q=Town 07"))
    assert "Town 07" in found
    assert "Town 08" not in found


def test_the_page_of_a_council_costs_the_same_whoever_sits(
    client: Client, django_assert_num_queries: Any
):
    council = make_council(seats=40)
    make_deputies(council, factions={"Сад": 20, "Поле": 15})
    client.get("/en/councils/zarechny/")

    with django_assert_num_queries(12):
        client.get("/en/councils/zarechny/")


def test_the_feed_tells_who_came_and_who_left(client: Client):
    make_council()
    row = make_membership("Борис Кленов")
    end_membership(membership=row, ends=partial("2026-05-05"), reason="переехал")

    feed = client.get("/en/feeds/councils/zarechny/members.atom").content.decode()

    assert "Борис Кленов: deputy (Convocation 1)" in feed
    assert "Борис Кленов is no longer deputy (Convocation 1)" in feed
    assert "5 May 2026. переехал" in feed


def test_councils_and_people_stand_in_the_sitemap(client: Client):
    make_membership("Борис Кленов")

    index = client.get("/sitemap.xml").content.decode()
    councils = b"".join(client.get("/sitemap-councils-1.xml").streaming_content)  # type: ignore[attr-defined]
    people = b"".join(client.get("/sitemap-people-1.xml").streaming_content)  # type: ignore[attr-defined]

    assert "sitemap-people-1.xml" in index
    assert b"/en/councils/zarechny/" in councils
    assert b"/ru/people/boris-klenov/" in people
