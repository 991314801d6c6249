"""A question goes to the author city, is answered in public or privately, and is kept once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.utils import timezone

from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.mail.operations import address_digest, stop_letters
from novator.practices.testing import make_practice
from novator.talk.keeping import CannotHide, hide, object_to_hiding, show_again
from novator.talk.models import Question, Reply
from novator.talk.queries import public_threads, thread_of
from novator.talk.questions import (
    CannotAsk,
    CannotReply,
    ask_question,
    open_question,
    write_reply,
)
from novator.talk.testing import ON, make_question, make_reply, make_speaker, voice_of

pytestmark = pytest.mark.django_db


def _asked(**changes):
    practice = changes.pop("practice", None) or make_practice()
    role = make_speaker("editor", make_city("Zarechny"))
    facts: dict[str, Any] = {
        "practice": practice,
        "voice": voice_of(role),
        "text": "Сколько стоит тепло?",
        "is_public": True,
        "token": uuid4(),
        "at": timezone.now(),
        "on": ON,
    }
    return ask_question(**facts | changes)


def _replied(question, **changes):
    facts: dict[str, Any] = {
        "question": question,
        "side": "author",
        "voice": voice_of(make_speaker("editor", question.practice.municipality)),
        "text": "Четыре тысячи.",
        "may_be_shown": True,
        "token": uuid4(),
        "at": timezone.now(),
        "on": ON,
    }
    return write_reply(**facts | changes)


def test_those_who_answer_for_the_author_city_get_a_letter_in_their_language():
    practice = make_practice()
    glazov = practice.municipality
    make_role("editor", city=glazov)
    make_role("head", city=glazov, user=make_user("head@glazov.example", language="en"))
    make_role("secretary", city=glazov)
    make_role("editor", city=make_city("Stary Bor"))

    question = _asked(practice=practice)

    letters = {letter.to_email: letter for letter in Letter.objects.all()}
    assert set(letters) == {"editor@glazov.example", "head@glazov.example"}
    assert {letter.kind for letter in letters.values()} == {"question"}
    assert "Warm bus stops" in letters["head@glazov.example"].subject
    assert f"/en/questions/{question.public_id}/" in letters["head@glazov.example"].body
    assert "Тёплые остановки" in letters["editor@glazov.example"].subject
    assert f"/ru/questions/{question.public_id}/" in letters["editor@glazov.example"].body
    assert "Сколько стоит тепло?" in letters["editor@glazov.example"].body


def test_private_words_stand_in_no_letter():
    practice = make_practice()
    make_role("editor", city=practice.municipality)

    question = _asked(practice=practice, is_public=False)
    _replied(question, text="Тайный ответ", may_be_shown=True)

    letters = list(Letter.objects.all())
    assert len(letters) == 2
    assert not any("тепло" in letter.body or "Тайный" in letter.body for letter in letters)


def test_a_form_sent_twice_is_kept_once():
    practice = make_practice()
    make_role("editor", city=practice.municipality)
    token = uuid4()

    first = _asked(practice=practice, token=token)
    second = _asked(practice=practice, token=token)
    _replied(first, token=token)
    _replied(first, token=token)

    assert first == second
    assert Question.objects.count() == 1
    assert Reply.objects.count() == 1
    assert Letter.objects.count() == 2


def test_nobody_is_written_to_who_stopped_such_letters():
    practice = make_practice()
    make_role("editor", city=practice.municipality)
    stop_letters(digest=address_digest("editor@glazov.example"), kind="question")

    _asked(practice=practice)

    assert Letter.objects.get().state == "unwanted"


def test_the_office_gets_the_question_while_the_city_is_not_here():
    office = make_role("office")

    question = _asked()

    letter = Letter.objects.get()
    assert (letter.kind, letter.to_email) == ("office", office.user.email)
    assert Question.objects.waiting().get() == question


def test_refuses_a_question_to_the_own_city_and_on_a_withdrawn_card():
    practice = make_practice()
    own = voice_of(make_speaker("editor", practice.municipality))

    with pytest.raises(CannotAsk):
        _asked(practice=practice, voice=own)
    practice.withdrawn_at = timezone.now()
    with pytest.raises(CannotAsk):
        _asked(practice=practice)

    assert not Question.objects.exists()


def test_two_who_answer_at_once_are_both_kept():
    question = make_question()
    glazov = question.practice.municipality
    editor, head = make_role("editor", city=glazov), make_role("head", city=glazov)

    _replied(question, voice=voice_of(editor), text="Четыре тысячи.")
    _replied(question, voice=voice_of(head), text="Пять тысяч.")

    assert [reply.text for reply in question.replies.all()] == ["Четыре тысячи.", "Пять тысяч."]
    question.refresh_from_db()
    assert question.answered_at is not None
    assert Letter.objects.filter(kind="answer", to_email=question.written_by.email).count() == 2


def test_a_private_question_stays_private_whatever_the_answerer_wishes():
    question = make_question(is_public=False)

    reply = _replied(question, may_be_shown=True)

    assert public_threads(question.practice.slug) == []
    open_question(question=question, is_public=True, at=timezone.now())
    assert public_threads(question.practice.slug)[0].replies == [reply]
    open_question(question=question, is_public=False, at=timezone.now())
    assert public_threads(question.practice.slug) == []


def test_a_private_answer_to_a_public_question_is_not_shown():
    question = make_question()
    reply = _replied(question, may_be_shown=False)

    assert public_threads(question.practice.slug)[0].replies == []
    assert thread_of(question, with_private=False).replies == []
    assert thread_of(question, with_private=True).replies == [reply]


def test_the_office_names_whose_answer_it_passes_on():
    question = make_question()
    office = voice_of(make_role("office"))

    with pytest.raises(CannotReply):
        _replied(question, side="office", voice=office)
    reply = _replied(question, side="office", voice=office, source="Письмо администрации")

    assert reply.source == "Письмо администрации"
    assert Letter.objects.filter(kind="answer").count() == 1


def test_what_is_hidden_is_kept_and_takes_no_reply():
    question = make_question()
    reply = make_reply(question)
    moderator = make_role("moderator").user

    with pytest.raises(CannotHide):
        hide(thing=reply, by=moderator, because="  ", at=timezone.now())
    hide(thing=reply, by=moderator, because="реклама", at=timezone.now())
    assert public_threads(question.practice.slug)[0].replies == []
    show_again(thing=reply, at=timezone.now())
    hide(thing=question, by=moderator, because="грубость", at=timezone.now())

    assert public_threads(question.practice.slug) == []
    assert Question.objects.get().text == "Сколько стоит тепло в месяц?"
    with pytest.raises(CannotReply):
        _replied(question)


def test_the_trail_of_changes_holds_no_words():
    question = make_question(is_public=False)
    open_question(question=question, is_public=True, at=timezone.now())

    events = apps.get_model("talk", "QuestionEvent")._default_manager.all()
    assert events.count() == 2
    assert not hasattr(events[0], "text")


def test_questions_of_a_merged_twin_move_with_it():
    survivor = make_practice("glazov-heated-stops")
    twin = make_practice(merged_into=survivor, withdrawn_at=timezone.now())
    question = make_question(practice=twin)

    assert [thread.question for thread in public_threads(survivor.slug)] == [question]
    assert Question.objects.waiting().get() == question
    survivor.withdrawn_at = timezone.now()
    survivor.save()
    assert not Question.objects.waiting().exists()


def test_who_wrote_hidden_words_learns_why_and_may_object_once():
    reply = make_reply(make_question())
    hider, other = make_role("moderator").user, make_role("moderator", user=make_user("m2@a.ru"))
    hide(thing=reply, by=hider, because="реклама", at=timezone.now())

    letter = Letter.objects.get(kind="hidden")
    assert letter.to_email == reply.written_by.email
    assert "реклама" in letter.body
    assert f"/hidden/reply/{reply.public_id}/" in letter.body
    object_to_hiding(thing=reply, by=reply.written_by, words="Это цена, не реклама", on=ON)
    with pytest.raises(CannotHide):
        object_to_hiding(thing=reply, by=reply.written_by, words="Ещё раз", on=ON)

    told = Letter.objects.filter(body__contains="Это цена, не реклама")
    assert [one.to_email for one in told] == [other.user.email]
    reply.refresh_from_db()
    assert reply.objection == "Это цена, не реклама"
    show_again(thing=reply, at=timezone.now())
    assert Letter.objects.filter(kind="hidden").count() == 2
