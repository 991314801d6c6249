"""Every page that explains, the sitemap and what is told to search engines."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import pytest
from django.test import Client

from novator.portal.texts import bands_in_roubles
from novator.practices.queries import CostBands
from novator.practices.testing import make_practice
from novator.reviews.testing import make_contest
from novator.talk.testing import make_request

pytestmark = pytest.mark.django_db

PAGES = ("practices", "topics/roads", "cities", "about", "method", "open-data")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_has_its_language_one_title_and_one_heading(
    client: Client, page: str, language: str
) -> None:
    answer = client.get(f"/{language}/{page}/")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in text
    assert text.count("<h1") == 1
    assert re.search(r"<title>\S.+</title>", text)
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)


def test_titles_differ(client: Client) -> None:
    titles = [
        re.findall(r"<title>(.*?)</title>", client.get(f"/en/{page}/").content.decode())[0]
        for page in PAGES
    ]

    assert len(set(titles)) == len(PAGES)


def test_what_is_called_planned_is_what_the_product_does_not_do(client: Client) -> None:
    text = client.get("/en/about/").content.decode()

    assert "Planned: motions" not in text
    assert "Sessions, votes, decisions and mandates" in text
    assert text.index("which practice it adopts") < text.index("Planned: what was begun")


def test_the_method_says_how_words_of_another_language_count(client: Client) -> None:
    text = client.get("/en/method/").content.decode()

    assert "only the meaning counts" not in text
    assert "nearest to it in meaning" in text


def test_the_method_names_the_bounds_of_the_bands_as_they_are(client: Client) -> None:
    for number in range(1, 6):
        make_practice(f"card-{number}", cost={"amount": Decimal(870_000 * number)})

    text = client.get("/en/method/").content.decode()

    assert "less than 18" in text
    assert "42 and more" in text


def test_too_few_costs_give_no_bounds(client: Client) -> None:
    make_practice()

    assert "at least five cards" in client.get("/en/method/").content.decode()


def test_bands_are_open_at_both_ends() -> None:
    bands = bands_in_roubles(CostBands((Decimal(1), Decimal(2), Decimal(3), Decimal(4)), 9))

    assert [band.marks for band in bands] == ["₽", "₽₽", "₽₽₽", "₽₽₽₽", "₽₽₽₽₽"]
    assert bands[0].least is None
    assert bands[-1].most is None
    assert bands_in_roubles(CostBands((), 0)) == []


def test_the_files_of_open_data_are_there(client: Client) -> None:
    make_practice()
    text = client.get("/en/open-data/").content.decode()

    for address in re.findall(r'href="(/api/v1/[^"]+)"', text):
        assert client.get(address).status_code == 200, address


def test_the_sitemap_names_every_page_in_both_languages(client: Client) -> None:
    make_practice()
    asked = make_request()
    contest = make_contest()
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    parts = [place.text or "" for place in index.findall(".//s:loc", space)]

    found = []
    for part in parts:
        answer = client.get(part.removeprefix("http://testserver"))
        tree = ElementTree.fromstring(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
        found += [place.text or "" for place in tree.findall(".//s:loc", space)]

    assert "http://testserver/ru/practices/glazov-warm-stops/" in found
    assert "http://testserver/en/cities/glazov/" in found
    assert "http://testserver/ru/exchange/" in found
    assert f"http://testserver/en/requests/{asked.pk}/" in found
    assert f"http://testserver/en/contests/{contest.slug}/" in found
    assert len(found) == len(set(found))
    for address in found[:60:7]:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("part", ["pages-2", "practices-9", "cities-0", "secrets-1"])
def test_an_unknown_part_of_the_sitemap_is_not_found(client: Client, part: str) -> None:
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


def test_robots_are_told_where_the_sitemap_is(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()

    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /*/search/?" in text
    for folder in ("account", "collections", "my", "office", "papers"):
        assert f"Disallow: /*/{folder}/" in text
