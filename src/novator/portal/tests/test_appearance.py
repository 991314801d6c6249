"""The reader's version is kept between pages and visits, and nothing else is."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from novator.portal.appearance import (
    COOKIE,
    Appearance,
    address_in,
    changed,
    read_cookie,
    written_cookie,
)

PAGE = "/ru/accessibility/"


def choose(client: Client, **wishes: str) -> None:
    answer = client.post("/ru/appearance/", {"next": PAGE, **wishes})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)


def test_the_accessible_version_holds_on_every_page_for_a_year(client: Client) -> None:
    choose(client, version="accessible", font="3")
    choose(client, colours="white-on-black")

    page = client.get(PAGE).content.decode()

    assert 'data-version="accessible"' in page
    assert 'data-font="3"' in page
    assert 'data-colours="white-on-black"' in page
    assert client.cookies[COOKIE]["max-age"] == 365 * 24 * 3600
    assert 'name="normal"' in page


@pytest.mark.django_db
def test_its_settings_are_folded_and_a_choice_comes_back_to_them(client: Client) -> None:
    choose(client, version="accessible")

    page = client.get("/ru/cities/").content.decode()

    assert '<details class="wrap settings-fold">' in page
    assert page.count('name="font" value="3"') == 1
    assert 'value="/ru/cities/#settings"' in page


def test_pictures_are_replaced_on_the_server(client: Client) -> None:
    choose(client, version="accessible")
    assert "<svg" in client.get(PAGE).content.decode()

    choose(client, images="off")

    assert "<svg" not in client.get(PAGE).content.decode()


def test_back_to_the_ordinary_version_forgets_everything(client: Client) -> None:
    choose(client, version="accessible", font="2")

    choose(client, normal="1")

    page = client.get(PAGE).content.decode()
    assert 'data-version="ordinary"' in page
    assert client.cookies[COOKIE].value == ""


def test_the_dark_scheme_can_be_chosen(client: Client) -> None:
    choose(client, theme="dark")

    assert 'data-theme="dark"' in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:1", ""]
)
def test_never_leads_to_another_site(client: Client, address: str) -> None:
    answer = client.post("/ru/appearance/", {"next": address, "font": "2"})

    assert answer.headers["Location"] == "/ru/"


def test_is_changed_by_post_only(client: Client) -> None:
    assert client.get("/ru/appearance/").status_code == 405


def test_caches_know_that_pages_differ_by_cookie(client: Client) -> None:
    assert "Cookie" in client.get(PAGE).headers["Vary"]


@given(st.text(max_size=400))
def test_any_cookie_is_understood_as_far_as_it_makes_sense(value: str) -> None:
    appearance = read_cookie(value)

    assert read_cookie(written_cookie(appearance)) == appearance


def test_unknown_wishes_are_ignored() -> None:
    assert changed(Appearance(), {"font": "9", "colours": "pink", "x": "y"}) == Appearance()


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/ru/search/?q=a%20b&page=2", "/en/search/?q=a%20b&page=2"),
        ("/ru/", "/en/"),
        ("/nowhere", "/en/"),
    ],
)
def test_the_switch_of_language_keeps_page_and_query(path: str, address: str) -> None:
    assert address_in(path, "en") == address
