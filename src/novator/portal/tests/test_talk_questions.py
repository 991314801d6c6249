"""Questions on cards: asked, answered and read on the pages, refused to the stranger."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.practices.testing import make_practice
from novator.talk.models import Question, Reply
from novator.talk.testing import make_question, make_reply, make_speaker

pytestmark = pytest.mark.django_db

CARD = "/en/practices/glazov-warm-stops/"


def _browser(kind, name=None):
    return signed_in(make_speaker(kind, make_city(name) if name else None).user)


def _path(question, rest="", language="en"):
    return f"/{language}/questions/{question.public_id}/{rest}"


def test_an_official_asks_and_the_card_shows_it():
    make_practice()
    make_speaker("editor", make_city("Glazov"))
    browser = _browser("secretary", "Zarechny")
    page = browser.get(f"{CARD}ask/").content.decode()
    assert "A question to Glazov" in page

    answer = browser.post(
        f"{CARD}ask/", {"text": "Сколько стоит тепло?", "openness": "public", "token": uuid4()}
    )

    question = Question.objects.get()
    assert answer.headers["Location"] == _path(question)
    assert question.written_for == make_city("Zarechny")
    assert question.written_as == "secretary"
    card = Client().get(CARD).content.decode()
    assert "Сколько стоит тепло?" in card
    assert "Zarechny" in card
    assert "@zarechny" not in card


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_answer_in_both_languages(language):
    question = make_question()
    make_reply(question)
    editor = _browser("editor", "Glazov")

    for path in (
        _path(question, language=language),
        f"/{language}/practices/glazov-warm-stops/questions/",
    ):
        for browser in (Client(), editor):
            assert browser.get(path).status_code == 200
    assert editor.get(f"/{language}/my/talk/").status_code == 200


def test_an_empty_question_is_refused_by_field_and_nothing_is_lost():
    make_practice()

    page = _browser("editor", "Zarechny").post(f"{CARD}ask/", {"text": " ", "openness": "private"})

    text = page.content.decode()
    assert 'role="alert"' in text
    assert 'aria-invalid="true"' in text
    assert 'value="private"' in text
    assert not Question.objects.exists()


def test_a_form_sent_twice_makes_one_question():
    make_practice()
    browser = _browser("editor", "Zarechny")
    form = {"text": "Сколько?", "openness": "public", "token": str(uuid4())}

    first = browser.post(f"{CARD}ask/", form)
    second = browser.post(f"{CARD}ask/", form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Question.objects.count() == 1


def test_who_is_signed_out_meanwhile_sees_what_was_typed():
    make_practice()

    page = Client().post(
        f"{CARD}ask/", {"text": "Сколько стоит тепло зимой?", "openness": "public"}
    )

    assert page.status_code == 403
    assert "Сколько стоит тепло зимой?" in page.content.decode()


def test_who_asks_too_often_keeps_the_words():
    make_practice()
    browser = _browser("editor", "Zarechny")
    for _number in range(20):
        browser.post(f"{CARD}ask/", {"text": ""})

    page = browser.post(f"{CARD}ask/", {"text": "Сколько стоит тепло зимой?"})

    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert "Сколько стоит тепло зимой?" in page.content.decode()


def test_without_a_role_one_is_told_how_to_get_it():
    make_practice()

    page = signed_in(make_user("anna@example.org")).get(f"{CARD}ask/")

    assert page.status_code == 403
    assert "How to get a role" in page.content.decode()
    assert Client().get(f"{CARD}ask/").status_code == 302
    own = _browser("editor", "Glazov").get(f"{CARD}ask/")
    assert "This is your own city" in own.content.decode()


def test_stary_bor_neither_reads_nor_answers_for_others():
    question = make_question(is_public=False, text="Тайный вопрос")
    make_reply(question, text="Тайный ответ")
    stranger = _browser("head", "Stary Bor")
    public = make_question(practice=question.practice)
    make_reply(public, text="Частный ответ", may_be_shown=False)

    assert stranger.get(_path(question)).status_code == 404
    assert stranger.post(_path(question, "reply/"), {"text": "Я отвечу"}).status_code == 404
    assert stranger.post(_path(question, "openness/"), {"openness": "public"}).status_code == 404
    assert stranger.post(_path(public, "reply/"), {"text": "Я отвечу"}).status_code == 403
    assert stranger.post(_path(public, "openness/"), {"openness": "private"}).status_code == 403
    assert "Частный" not in stranger.get(_path(public)).content.decode()
    assert "Тайный" not in stranger.get(CARD).content.decode()
    assert Client().get(_path(question)).status_code == 302
    assert Reply.objects.count() == 2
    question.refresh_from_db()
    assert not question.is_public


def test_the_author_city_answers_and_the_asker_opens_the_thread():
    question = make_question(is_public=False)
    editor, asker = _browser("editor", "Glazov"), signed_in(question.written_by)

    sent = editor.post(
        _path(question, "reply/"),
        {"text": "Четыре тысячи.", "may_be_shown": "on", "token": uuid4()},
    )
    assert sent.status_code == 302
    assert editor.post(_path(question, "openness/"), {"openness": "public"}).status_code == 403
    assert "Четыре тысячи." not in Client().get(CARD).content.decode()
    asker.post(_path(question, "openness/"), {"openness": "public"})

    assert "Четыре тысячи." in Client().get(CARD).content.decode()


def test_the_office_passes_an_answer_on_with_its_source():
    question = make_question()
    office = _browser("office")

    assert "Pass an answer on" in office.get(_path(question)).content.decode()
    faulty = office.post(_path(question, "reply/"), {"text": "Ответ", "source": ""})
    assert faulty.status_code == 200
    office.post(
        _path(question, "reply/"),
        {"text": "Ответ", "source": "Письмо от 14 мая", "may_be_shown": "on", "token": uuid4()},
    )

    assert "Письмо от 14 мая" in Client().get(_path(question)).content.decode()


def test_a_moderator_hides_with_a_reason_and_the_office_sees_it():
    question = make_question(text="Купите нашу плитку")
    moderator = _browser("moderator")
    path = f"/en/hide/question/{question.public_id}/"

    for stranger in (_browser("head", "Stary Bor"), _browser("office")):
        assert stranger.post(path, {"because": "реклама"}).status_code == 403
    assert moderator.post(path, {"because": ""}).status_code == 200
    moderator.post(path, {"because": "реклама"})

    page = Client().get(_path(question)).content.decode()
    assert "реклама" in page
    assert "плитку" not in page
    assert "реклама" in _browser("office").get("/en/office/talk/").content.decode()
    assert _browser("head", "Stary Bor").get("/en/office/talk/").status_code == 403
    asker, own = signed_in(question.written_by), f"/en/hidden/question/{question.public_id}/"
    assert "реклама" in asker.get(own).content.decode()
    assert _browser("office").get(own).status_code == 404
    assert asker.post(own, {"words": ""}).status_code == 200
    asker.post(own, {"words": "Это вопрос о цене"})
    assert "Это вопрос о цене" in _browser("office").get("/en/office/talk/").content.decode()
    assert "Это вопрос о цене" in asker.get(own).content.decode()
    moderator.post(path, {"act": "show"})
    assert "плитку" in Client().get(_path(question)).content.decode()


def test_what_is_private_is_not_a_moderators_to_hide():
    question = make_question(is_public=False)

    page = _browser("moderator").get(f"/en/hide/question/{question.public_id}/")

    assert page.status_code == 404


def test_the_office_sees_no_private_words_of_cities_that_are_here():
    question = make_question(is_public=False, text="Тайный вопрос", reminded_at=timezone.now())
    make_role("editor", city=question.practice.municipality)

    page = _browser("office").get("/en/office/talk/").content.decode()

    assert "Zarechny → Glazov" in page
    assert "Тайный" not in page
    assert str(question.public_id) not in page


def test_forms_need_their_token_against_forgery():
    make_practice()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(
        make_speaker("editor", make_city("Zarechny")).user,
        backend="django.contrib.auth.backends.ModelBackend",
    )

    assert browser.post(f"{CARD}ask/", {"text": "Сколько?"}).status_code == 403
    assert not Question.objects.exists()


def test_lists_cost_a_fixed_number_of_queries(django_assert_max_num_queries):
    practice = make_practice()
    for _number in range(20):
        make_reply(make_question(practice=practice))
    editor = _browser("editor", "Glazov")
    editor.get("/en/my/talk/")

    with django_assert_max_num_queries(14):
        editor.get("/en/my/talk/")
    with django_assert_max_num_queries(6):
        Client().get(f"{CARD}questions/")
