"""A city asks all, others answer, the city says what helped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.practices.testing import make_practice
from novator.talk.models import Request, RequestAnswer
from novator.talk.queries import answers_to
from novator.talk.requests import (
    CannotAnswerAll,
    CannotAskAll,
    CannotSettle,
    answer_request,
    ask_all,
    close_request,
    mark_answer,
)
from novator.talk.testing import ON, make_request, make_speaker, voice_of

pytestmark = pytest.mark.django_db


def _asked(**changes):
    facts: dict[str, Any] = {
        "voice": voice_of(make_speaker("editor", make_city("Zarechny"))),
        "title": "Кто убирает снег ночью?",
        "text": "Днём мешают машины.",
        "topic": "transport",
        "open_until": ON + timedelta(days=30),
        "token": uuid4(),
        "at": timezone.now(),
        "on": ON,
    }
    return ask_all(**facts | changes)


def _answered(request, **changes):
    facts: dict[str, Any] = {
        "request": request,
        "voice": voice_of(make_speaker("editor", make_city("Glazov"))),
        "text": "Мы убираем с двух до пяти.",
        "practice": None,
        "token": uuid4(),
        "at": timezone.now(),
        "on": ON,
    }
    return answer_request(**facts | changes)


def test_a_request_is_kept_once_and_its_day_is_near():
    token = uuid4()

    assert _asked(token=token) == _asked(token=token)
    for day in (ON - timedelta(days=1), ON + timedelta(days=181)):
        with pytest.raises(CannotAskAll):
            _asked(open_until=day)

    assert Request.objects.count() == 1


def test_the_asking_official_is_told_of_each_answer():
    request = make_request()
    card = make_practice()

    _answered(request)
    _answered(request, practice=card, text="")

    letters = Letter.objects.filter(kind="answer", to_email=request.written_by.email)
    assert letters.count() == 2
    assert "Тёплые остановки" in letters.latest("id").body


def test_refuses_an_empty_answer_and_one_that_comes_too_late():
    request = make_request()

    with pytest.raises(CannotAnswerAll):
        _answered(request, text=" ")
    with pytest.raises(CannotAnswerAll):
        _answered(request, on=request.open_until + timedelta(days=1))

    assert not RequestAnswer.objects.exists()


def test_a_helpful_card_is_a_judgement_once():
    request = make_request()
    answer = _answered(request, practice=make_practice())
    in_words = _answered(request)
    now = timezone.now()

    assert mark_answer(answer=answer, has_helped=True, at=now)
    assert not mark_answer(answer=answer, has_helped=False, at=now)
    assert not mark_answer(answer=answer, has_helped=True, at=now)
    assert not mark_answer(answer=in_words, has_helped=True, at=now)


def test_answers_that_helped_come_first():
    request = make_request()
    first, second = _answered(request), _answered(request)
    mark_answer(answer=second, has_helped=True, at=timezone.now())

    assert answers_to(request) == [second, first]


def test_a_request_is_closed_once_with_what_came_of_it():
    request = make_request()
    answer = _answered(request)
    now = timezone.now()

    with pytest.raises(CannotSettle):
        close_request(request=request, outcome="solved", words="", at=now)
    mark_answer(answer=answer, has_helped=True, at=now)
    closed = close_request(request=request, outcome="solved", words="Убираем ночью.", at=now)

    assert (closed.outcome, closed.is_open(ON)) == ("solved", False)
    with pytest.raises(CannotSettle):
        close_request(request=request, outcome="nothing", words="", at=now)
