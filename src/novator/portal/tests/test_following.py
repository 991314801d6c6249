"""Readers follow what they see by one button and end it by another; nobody ends another's."""

from __future__ import annotations

import pytest
from django.test import Client

from novator.accounts.testing import make_user, signed_in
from novator.cities.testing import make_city
from novator.mail.operations import address_digest, is_stopped, stop_letters
from novator.notices.models import Follow
from novator.notices.operations import follow
from novator.portal.following import in_one_form, search_key
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "key"), [("topic", "transport"), ("card", "glazov-warm-stops"), ("city", "glazov")]
)
def test_one_button_follows_and_leads_back(kind: str, key: str) -> None:
    practice = make_practice()
    key = practice.municipality.slug if kind == "city" else key
    anna = make_user()

    response = signed_in(anna).post(
        "/ru/follow/", {"kind": kind, "key": key, "next": "/ru/topics/transport/"}
    )

    assert (response.status_code, response["Location"]) == (302, "/ru/topics/transport/")
    own = Follow.objects.get()
    assert (own.user, own.kind, own.key, own.frequency) == (anna, kind, key, "weekly")


def test_a_search_is_followed_as_it_was_asked() -> None:
    client = signed_in(make_user())

    client.post("/ru/follow/", {"kind": "search", "key": "page=3&q=ямы&topic=roads&order=cost"})

    own = Follow.objects.get()
    assert own.key == "q=%D1%8F%D0%BC%D1%8B" or own.key.startswith("q=%D1%8F%D0%BC%D1%8B&topic=")
    assert own.params["text"] == "ямы"


def test_a_search_by_its_region_alone_is_the_region() -> None:
    assert in_one_form("search", "region=RU-UD&page=2") == ("region", "RU-UD")
    assert in_one_form("search", "region=RU-UD&q=x")[0] == "search"


def test_parameters_that_mean_nothing_make_no_search() -> None:
    assert search_key({"q": "!!!", "topic": "gossip", "page": "7"}) == ""


@pytest.mark.parametrize("language", ["ru", "en"])
def test_asks_how_often(language: str) -> None:
    page = signed_in(make_user()).get(f"/{language}/follow/?kind=topic&key=transport")

    assert page.status_code == 200
    assert not Follow.objects.exists()


def test_what_is_not_there_cannot_be_followed() -> None:
    client = signed_in(make_user())

    assert client.get("/ru/follow/?kind=search&key=").status_code == 404
    assert client.get("/ru/follow/?kind=gossip&key=x").status_code == 404
    assert client.post("/ru/follow/", {"kind": "topic", "key": "gossip"}).status_code == 302
    assert not Follow.objects.exists()


def test_leads_to_no_other_site() -> None:
    response = signed_in(make_user()).post(
        "/ru/follow/", {"kind": "topic", "key": "transport", "next": "https://evil.example/"}
    )

    assert response["Location"] == "/ru/following/"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_list_names_what_is_followed(language: str) -> None:
    anna = make_user()
    practice = make_practice()
    for kind, key in (
        ("topic", "transport"),
        ("card", practice.slug),
        ("city", practice.municipality.slug),
    ):
        follow(user=anna, kind=kind, key=key)
    follow(user=anna, kind="search", key="q=x", params={"text": "ямы на дороге", "filters": {}})

    page = signed_in(anna).get(f"/{language}/following/").content.decode()

    assert ("Тёплые остановки" if language == "ru" else "Warm bus stops") in page
    assert "ямы на дороге" in page
    assert f"/{language}/search/?q=x" in page


def test_twenty_cost_no_more_queries(django_assert_max_num_queries) -> None:
    anna = make_user()
    for number in range(20):
        follow(user=anna, kind="card", key=make_practice(f"card-{number}").slug)
    client = signed_in(anna)

    with django_assert_max_num_queries(30):
        assert client.get("/ru/following/").status_code == 200


def test_says_how_often_and_ends() -> None:
    anna = make_user()
    own = follow(user=anna, kind="topic", key="transport")
    client = signed_in(anna)

    client.post(f"/ru/following/{own.pk}/", {"frequency": "daily"})
    own.refresh_from_db()
    frequency = own.frequency
    client.post(f"/ru/following/{own.pk}/", {"end": "yes"})

    assert frequency == "daily"
    assert not Follow.objects.exists()


def test_a_stranger_ends_nothing() -> None:
    own = follow(user=make_user(), kind="topic", key="transport")
    stranger = make_user("editor@stary-bor.example")

    response = signed_in(stranger).post(f"/ru/following/{own.pk}/", {"end": "yes"})

    assert response.status_code == 404
    assert Follow.objects.get() == own


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/ru/following/").status_code == 302
    assert client.get("/ru/follow/?kind=topic&key=transport").status_code == 302
    assert client.post("/ru/follow/", {"kind": "topic", "key": "transport"}).status_code == 403
    assert not Follow.objects.exists()


def test_needs_the_proof_of_this_site() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")

    response = client.post("/ru/follow/", {"kind": "topic", "key": "transport"})

    assert response.status_code == 403


def test_stopped_letters_begin_again() -> None:
    anna = make_user()
    digest = address_digest(anna.email)
    stop_letters(digest=digest, kind="digest")
    client = signed_in(anna)

    page = client.get("/ru/following/").content.decode()
    client.post("/ru/following/letters/")

    assert "/ru/following/letters/" in page
    assert not is_stopped(digest=digest, kind="digest")


def test_pages_offer_the_button_and_the_feed(client: Client) -> None:
    practice = make_practice()
    city = practice.municipality.slug
    anna = make_user()
    follow(user=anna, kind="topic", key="transport")

    topic = client.get("/ru/topics/transport/").content.decode()
    own_topic = signed_in(anna).get("/ru/topics/transport/").content.decode()
    place = client.get(f"/ru/cities/{city}/").content.decode()
    card = client.get(f"/ru/practices/{practice.slug}/").content.decode()
    search = client.get("/ru/search/?topic=transport").content.decode()

    assert 'href="/ru/feeds/topics/transport.atom"' in topic
    assert "/ru/follow/?kind=topic&amp;key=transport" in topic
    assert 'name="end"' in own_topic
    assert f'href="/ru/feeds/cities/{city}.atom"' in place
    assert "kind=card" in card
    assert "/ru/feeds/search.atom?topic=transport" in search
    assert make_city("Stary Bor").slug not in place
