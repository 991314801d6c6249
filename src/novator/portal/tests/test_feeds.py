"""Every list is a feed: valid Atom, stable names, no people, nothing sent twice to who knows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from django.test import Client
from django.utils import timezone

from novator.practices.models import Practice
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _address(settings) -> None:
    settings.SITE_URL = "https://novator.example"


def changed(practice: Practice, at: datetime) -> Practice:
    Practice.objects.filter(pk=practice.pk).update(changed_at=at)
    return practice


def feed(client: Client, path: str, **headers: str):
    response = client.get(path, headers=headers, secure=True)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return fromstring(response.content)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_is_what_the_standard_asks_for(client: Client, language: str) -> None:
    changed(make_practice(), NOON)

    root = feed(client, f"/{language}/feeds/practices.atom")

    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}id") == (
        f"tag:novator.example,2026:{language}/feeds/practices.atom"
    )
    assert root.findtext(f"{ATOM}updated") == NOON.isoformat()
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"https://novator.example/{language}/feeds/practices.atom"
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == (
        f"tag:novator.example,2026:{language}/practices/glazov-warm-stops"
    )
    wanted = "Тёплые остановки" if language == "ru" else "Warm bus stops"
    assert entry.findtext(f"{ATOM}title") == wanted
    assert entry.findtext(f"{ATOM}updated") == NOON.isoformat()
    assert entry.find(f"{ATOM}link").get("href") == (
        f"https://novator.example/{language}/practices/glazov-warm-stops/"
    )


def test_the_latest_come_first_and_withdrawn_ones_never(client: Client) -> None:
    changed(make_practice("older"), NOON)
    changed(make_practice("newer"), NOON + timedelta(days=1))
    make_practice("gone", withdrawn_at=timezone.now())

    entries = feed(client, "/ru/feeds/practices.atom").findall(f"{ATOM}entry")

    names = [entry.findtext(f"{ATOM}id").rpartition("/")[2] for entry in entries]
    assert names == ["newer", "older"]


def test_lists_hold_what_their_pages_hold(client: Client) -> None:
    practice = make_practice()
    make_practice("glazov-lessons", topic="education")
    city = practice.municipality.slug

    counts = {
        path: len(feed(client, path).findall(f"{ATOM}entry"))
        for path in (
            "/ru/feeds/topics/transport.atom",
            f"/ru/feeds/cities/{city}.atom",
            "/ru/feeds/search.atom?topic=education",
            "/ru/feeds/search.atom?topic=education&has_numbers=1&year_from=2030",
            "/ru/feeds/search.atom",
            "/ru/feeds/questions.atom",
            "/ru/feeds/requests.atom",
            "/ru/feeds/contests.atom",
        )
    }

    assert list(counts.values()) == [1, 2, 1, 0, 2, 0, 0, 0]


def test_who_knows_it_is_sent_nothing(client: Client) -> None:
    changed(make_practice(), NOON)
    first = client.get("/ru/feeds/practices.atom", secure=True)

    same = client.get(
        "/ru/feeds/practices.atom", headers={"If-None-Match": first["ETag"]}, secure=True
    )
    since = client.get(
        "/ru/feeds/practices.atom",
        headers={"If-Modified-Since": first["Last-Modified"]},
        secure=True,
    )
    changed(Practice.objects.get(), NOON + timedelta(hours=1))
    later = client.get(
        "/ru/feeds/practices.atom", headers={"If-None-Match": first["ETag"]}, secure=True
    )

    assert (same.status_code, since.status_code, later.status_code) == (304, 304, 200)
    assert parsedate_to_datetime(first["Last-Modified"]) == NOON


def test_an_empty_feed_stays_the_same(client: Client) -> None:
    one = client.get("/ru/feeds/practices.atom", secure=True)
    other = client.get("/ru/feeds/practices.atom", secure=True)

    assert one["ETag"] == other["ETag"]


def test_questions_name_cities_and_no_people(client: Client) -> None:
    from novator.talk.testing import make_question

    about = make_question().practice

    response = client.get("/ru/feeds/questions.atom", secure=True)

    assert response.status_code == 200
    assert b"@" not in response.content
    own = feed(client, f"/ru/feeds/questions.atom?practice={about.slug}")
    assert len(own.findall(f"{ATOM}entry")) == 1
    assert client.get("/ru/feeds/questions.atom?practice=x", secure=True).status_code == 404


@pytest.mark.parametrize("path", ["/ru/feeds/topics/gossip.atom", "/ru/feeds/cities/nowhere.atom"])
def test_what_is_not_there_has_no_feed(client: Client, path: str) -> None:
    assert client.get(path, secure=True).status_code == 404


def test_twenty_cards_cost_no_more_queries(client: Client, django_assert_max_num_queries) -> None:
    for number in range(20):
        make_practice(f"card-{number}")

    with django_assert_max_num_queries(24):
        assert client.get("/ru/feeds/practices.atom", secure=True).status_code == 200
