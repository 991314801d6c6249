"""Every page has its language, title, heading and its twin in the other language."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
PAGES = (
    "",
    "search/",
    "search/?q=остановки",
    "practices/glazov-warm-stops/",
    "compare/",
    "compare/?id=glazov-warm-stops",
    "accessibility/",
)


@pytest.fixture(autouse=True)
def _one_card(index_of_cards: object) -> None:
    make_practice()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_frame(client: Client, page: str, language: str) -> None:
    answer = client.get(f"/{language}/{page}")
    text = answer.content.decode()

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in text
    assert text.count("<h1") == 1
    assert 'href="#main"' in text
    for other in ("ru", "en"):
        twin = rf'<link rel="alternate" hreflang="{other}" href="http://testserver/{other}/'
        assert re.search(twin, text)
    assert "style=" not in text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_titles_are_unique(client: Client, language: str) -> None:
    texts = [client.get(f"/{language}/{page}").content.decode() for page in PAGES]

    titles = [re.search("<title>(.*?)</title>", text, re.DOTALL) for text in texts]

    assert len({title[1] for title in titles if title}) == len(PAGES)


@pytest.mark.parametrize(
    ("browser", "language"), [("en-GB,en", "en"), ("ru", "ru"), ("de", "ru"), ("", "ru")]
)
def test_the_bare_address_leads_to_the_reader_s_language(
    client: Client, browser: str, language: str
) -> None:
    answer = client.get("/", headers={"accept-language": browser})

    assert answer.headers["Location"] == f"/{language}/"
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_front_page_counts_the_catalogue(client: Client) -> None:
    page = client.get("/en/").content.decode()

    assert "<dd>1</dd>" in page
    assert "Public transport" in page
