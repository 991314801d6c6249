"""Several people at the same moment: nothing is kept twice and nothing is overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from novator.cities.testing import make_city
from novator.practices.testing import make_practice
from novator.talk.bookings import CannotMove, accept_booking, decline_booking
from novator.talk.models import Booking, Question, Reply
from novator.talk.questions import ask_question, write_reply
from novator.talk.testing import ON, make_booking, make_question, make_speaker, voice_of

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*acts):
    def act_and_leave(act):
        try:
            return act()
        except CannotMove as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act_and_leave, acts))


def test_one_form_sent_four_times_at_once_is_one_question():
    practice = make_practice()
    voice = voice_of(make_speaker("editor", make_city("Zarechny")))
    token = uuid4()

    def ask():
        return ask_question(
            practice=practice,
            voice=voice,
            text="Сколько?",
            is_public=True,
            token=token,
            at=timezone.now(),
            on=ON,
        )

    asked = _at_once(ask, ask, ask, ask)

    assert {question.pk for question in asked} == {Question.objects.get().pk}


def test_two_colleagues_who_answer_at_once_are_both_kept():
    question = make_question()
    city = question.practice.municipality
    voices = [voice_of(make_speaker(kind, city)) for kind in ("editor", "head")]

    def answering(voice):
        return lambda: write_reply(
            question=question,
            side="author",
            voice=voice,
            text="Ответ",
            may_be_shown=True,
            token=uuid4(),
            at=timezone.now(),
            on=ON,
        )

    _at_once(*(answering(voice) for voice in voices))

    assert Reply.objects.count() == 2


def test_of_two_who_decide_at_once_the_second_is_told():
    booking = make_booking()
    by = make_speaker("editor", booking.practice.municipality).user
    facts: dict[str, Any] = {
        "booking": booking,
        "by": by,
        "seen": 0,
        "at": timezone.now(),
        "on": ON,
    }

    def accept():
        return accept_booking(
            **facts,
            meeting_on=ON + timedelta(days=3),
            meeting_time=None,
            meeting_place="",
            note="",
        )

    def decline():
        return decline_booking(**facts, because="Нет людей")

    found = _at_once(accept, decline)

    assert sum(isinstance(one, CannotMove) for one in found) == 1
    assert Booking.objects.get().times_moved == 1
