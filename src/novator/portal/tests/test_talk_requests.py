"""Requests to all cities on the pages: asked after a look at the catalogue, answered, settled."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import make_user, signed_in
from novator.cities.testing import make_city
from novator.matching.models import Judgement
from novator.practices.testing import make_practice
from novator.talk.keeping import hide
from novator.talk.models import Request, RequestAnswer
from novator.talk.testing import make_request, make_speaker

pytestmark = pytest.mark.django_db


def _browser(kind, name=None):
    return signed_in(make_speaker(kind, make_city(name) if name else None).user)


def _form(**changes):
    facts = {
        "title": "Зимой пассажиры мёрзнут на остановках",
        "text": "Зимой пассажиры мёрзнут на остановках, ждут долго.",
        "topic": "transport",
        "open_until": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "token": uuid4(),
    }
    return facts | changes


def _fresh(**facts):
    return make_request(open_until=timezone.localdate() + timedelta(days=9), **facts)


def test_cards_that_may_answer_are_shown_before_it_is_sent(index_of_cards):
    make_practice()
    index_of_cards()
    browser = _browser("editor", "Zarechny")
    form = _form()

    page = browser.post("/en/requests/new/", form).content.decode()
    assert "Warm bus stops" in page
    assert "Perhaps the catalogue answers already" in page
    assert not Request.objects.exists()
    sent = browser.post("/en/requests/new/", form | {"has_seen": "1"})

    request = Request.objects.get()
    assert sent.headers["Location"] == f"/en/requests/{request.pk}/"
    assert "Зимой пассажиры" in Client().get("/en/requests/").content.decode()


def test_without_an_index_it_is_sent_at_once():
    sent = _browser("secretary", "Zarechny").post("/en/requests/new/", _form())

    assert sent.status_code == 302
    assert Request.objects.get().city.slug == "zarechny"


@pytest.mark.parametrize(
    ("field", "value"), [("title", "снег"), ("topic", "nothing"), ("open_until", "2020-01-01")]
)
def test_each_fault_names_its_field_and_keeps_the_words(field, value):
    page = _browser("editor", "Zarechny").post("/en/requests/new/", _form(**{field: value}))

    text = page.content.decode()
    assert f'href="#id_{field}"' in text
    assert "ждут долго" in text
    assert not Request.objects.exists()


def test_another_city_answers_with_its_card_and_the_asking_city_marks_it():
    request = _fresh()
    make_practice()
    glazov, zarechny = _browser("editor", "Glazov"), _browser("head", "Zarechny")
    path = f"/en/requests/{request.pk}/"

    glazov.post(f"{path}answer/", {"own_card": "glazov-warm-stops", "token": uuid4()})
    answer = RequestAnswer.objects.get()
    mark = f"{path}answers/{answer.public_id}/mark/"
    assert glazov.post(mark, {"helped": "yes"}).status_code == 403
    for helped in ("yes", "no", "yes"):
        assert zarechny.post(mark, {"helped": helped}).status_code == 302

    page = Client().get(path).content.decode()
    assert "Warm bus stops" in page
    assert "Zarechny says: this helped" in page
    judgement = Judgement.objects.get()
    assert (judgement.practice.slug, judgement.is_helpful) == ("glazov-warm-stops", True)
    assert request.title in judgement.query


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [
        ("https://example.org/en/practices/glazov-warm-stops/?q=1", False),
        ("glazov-warm-stops", False),
        ("https://example.org/en/practices/nothing/", True),
    ],
)
def test_any_other_card_is_named_by_the_address_of_its_page(typed, faulty):
    request = _fresh()
    make_practice(city=make_city("Glazov"))

    page = _browser("editor", "Stary Bor").post(
        f"/en/requests/{request.pk}/answer/", {"other_card": typed, "token": uuid4()}
    )

    assert RequestAnswer.objects.exists() is not faulty
    assert (page.status_code == 200) is faulty


def test_the_stranger_neither_answers_for_others_nor_settles():
    request = _fresh()
    path = f"/en/requests/{request.pk}/"
    stranger = _browser("editor", "Stary Bor")

    assert stranger.get(f"{path}close/").status_code == 403
    assert stranger.post(f"{path}close/", {"outcome": "nothing"}).status_code == 403
    assert _browser("secretary", "Glazov").post(f"{path}answer/", {"text": "мы"}).status_code == 403
    assert _browser("editor", "Zarechny").post(f"{path}answer/", {"text": "мы"}).status_code == 403
    assert signed_in(make_user("a@example.org")).get("/en/requests/new/").status_code == 403
    assert Client().get(f"{path}answer/").status_code == 302
    request.refresh_from_db()
    assert request.closed_at is None
    assert not RequestAnswer.objects.exists()


def test_a_request_is_closed_with_what_helped():
    request = _fresh()
    path = f"/en/requests/{request.pk}/close/"
    zarechny = _browser("editor", "Zarechny")

    refused = zarechny.post(path, {"outcome": "solved"})
    assert "First mark the answer that helped" in refused.content.decode()
    zarechny.post(path, {"outcome": "own_way", "words": "Купили вторую машину."})

    page = Client().get(f"/en/requests/{request.pk}/").content.decode()
    assert "Купили вторую машину." in page
    late = _browser("editor", "Glazov").post(
        f"/en/requests/{request.pk}/answer/", {"text": "Поздний ответ"}
    )
    assert late.status_code == 200
    assert not RequestAnswer.objects.exists()


def test_a_hidden_request_is_read_by_its_city_and_the_moderators():
    request = _fresh()
    hide(
        thing=request,
        by=make_speaker("moderator", None).user,
        because="реклама",
        at=timezone.now(),
    )
    path = f"/en/requests/{request.pk}/"

    assert Client().get(path).status_code == 404
    assert _browser("editor", "Stary Bor").get(path).status_code == 404
    assert _browser("editor", "Zarechny").get(path).status_code == 200
    assert request.title not in Client().get("/en/requests/").content.decode()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_answer_in_both_languages(language):
    request = _fresh()
    zarechny, glazov = _browser("editor", "Zarechny"), _browser("editor", "Glazov")

    for browser, path in (
        (Client(), "requests/"),
        (Client(), "requests/?topic=transport&open=1"),
        (Client(), f"requests/{request.pk}/"),
        (zarechny, "requests/new/"),
        (zarechny, f"requests/{request.pk}/close/"),
        (glazov, f"requests/{request.pk}/answer/"),
        (Client(), "cities/zarechny/"),
    ):
        assert browser.get(f"/{language}/{path}").status_code == 200


def test_the_list_costs_a_fixed_number_of_queries(django_assert_max_num_queries):
    for _number in range(20):
        _fresh()

    with django_assert_max_num_queries(3):
        Client().get("/en/requests/")
