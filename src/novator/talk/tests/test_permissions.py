"""Who may ask, read, answer and hide; Stary Bor is the stranger who is refused everywhere."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.practices.testing import make_practice
from novator.talk import permissions
from novator.talk.testing import ON, make_booking, make_question, make_request, make_speaker
from novator.talk.voices import voices_of

pytestmark = pytest.mark.django_db


def _user(kind, name=None):
    return make_speaker(kind, make_city(name) if name else None).user


@pytest.fixture
def _people():
    make_speaker("editor", make_city("Glazov"))
    make_speaker("editor", make_city("Zarechny"))
    make_speaker("editor", make_city("Stary Bor"))


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(
    ("kind", "city", "reads_private", "answers"),
    [
        ("editor", "Glazov", True, True),
        ("head", "Glazov", True, True),
        ("approver", "Glazov", True, True),
        ("secretary", "Glazov", False, False),
        ("editor", "Zarechny", True, False),
        ("head", "Zarechny", True, False),
        ("secretary", "Zarechny", False, False),
        ("editor", "Stary Bor", False, False),
        ("head", "Stary Bor", False, False),
        ("office", None, False, False),
        ("moderator", None, False, False),
        ("expert", None, False, False),
    ],
)
def test_a_private_question_is_of_the_two_cities(kind, city, reads_private, answers):
    question = make_question(is_public=False)
    user = _user(kind, city)

    assert permissions.may_read(user, question, on=ON) is reads_private
    assert permissions.may_read_private(user, question, on=ON) is reads_private
    assert permissions.may_answer(user, question, on=ON) is answers
    sides = [side for side, _voice in permissions.voices_to_reply(user, question, on=ON)]
    assert sides == (["author"] if answers else ["asker"] if reads_private else [])


@pytest.mark.usefixtures("_people")
def test_everybody_reads_a_public_question_but_only_the_cities_write():
    question = make_question()

    for user in (AnonymousUser(), _user("editor", "Stary Bor"), _user("office")):
        assert permissions.may_read(user, question, on=ON)
        assert not permissions.may_read_private(user, question, on=ON)
        assert permissions.voices_to_reply(user, question, on=ON) == []


def test_the_office_passes_on_only_while_nobody_is_there():
    question = make_question(is_public=False)
    office = _user("office")
    moderator = _user("moderator")

    assert permissions.may_read(office, question, on=ON)
    assert permissions.may_pass_on(office, question, on=ON)
    assert not permissions.may_read(moderator, question, on=ON)
    make_role("editor", city=question.practice.municipality)
    assert not permissions.may_pass_on(office, question, on=ON)
    assert not permissions.may_read(office, question, on=ON)


def test_an_ended_role_counts_no_longer():
    question = make_question(is_public=False)
    former = make_role(
        "editor",
        user=make_user("former@glazov.example"),
        city=question.practice.municipality,
        ends_on=ON.replace(day=1),
    ).user

    assert not permissions.may_read(former, question, on=ON)
    assert not permissions.may_answer(former, question, on=ON)


@pytest.mark.usefixtures("_people")
def test_only_who_asked_opens_a_question():
    question = make_question(is_public=False)

    assert permissions.may_open(question.written_by, question, on=ON)
    for user in (_user("head", "Zarechny"), _user("editor", "Glazov"), _user("office")):
        assert not permissions.may_open(user, question, on=ON)


def test_nobody_asks_the_own_city_and_nobody_without_a_role_asks():
    practice = make_practice()
    glazov = practice.municipality_id

    assert permissions.voices_to_ask(_user("editor", "Glazov"), glazov, on=ON) == []
    assert permissions.voices_to_ask(make_user("anna@example.org"), glazov, on=ON) == []
    assert permissions.voices_to_ask(AnonymousUser(), glazov, on=ON) == []
    for user in (_user("secretary", "Zarechny"), _user("expert")):
        assert len(permissions.voices_to_ask(user, glazov, on=ON)) == 1


def test_another_city_answers_a_request_and_only_the_asking_one_settles_it():
    request = make_request()

    assert permissions.voices_to_answer_all(_user("editor", "Glazov"), request, on=ON)
    assert not permissions.voices_to_answer_all(_user("editor", "Zarechny"), request, on=ON)
    assert not permissions.voices_to_answer_all(_user("secretary", "Glazov"), request, on=ON)
    assert permissions.may_settle_request(_user("head", "Zarechny"), request, on=ON)
    for user in (_user("editor", "Stary Bor"), _user("editor", "Glazov"), _user("office")):
        assert not permissions.may_settle_request(user, request, on=ON)


def test_a_booking_is_of_the_two_cities():
    booking = make_booking()

    assert permissions.may_decide_booking(_user("editor", "Glazov"), booking, on=ON)
    assert permissions.may_speak_for_guest(_user("editor", "Zarechny"), booking, on=ON)
    assert not permissions.may_decide_booking(_user("editor", "Zarechny"), booking, on=ON)
    assert not permissions.may_speak_for_guest(_user("editor", "Glazov"), booking, on=ON)
    for user in (_user("head", "Stary Bor"), _user("office"), _user("moderator"), AnonymousUser()):
        assert not permissions.may_read_booking(user, booking, on=ON)


def test_moderators_hide_and_the_office_looks_after():
    assert permissions.may_hide(_user("moderator"), on=ON)
    assert not permissions.may_hide(_user("office"), on=ON)
    assert not permissions.may_hide(_user("head", "Stary Bor"), on=ON)
    assert permissions.may_look_after(_user("office"), on=ON)
    assert not permissions.may_look_after(_user("head", "Stary Bor"), on=ON)


def test_one_voice_for_each_place_with_the_strongest_role():
    zarechny = make_city("Zarechny")
    user = make_role("secretary", city=zarechny).user
    make_role("editor", user=user, city=zarechny)
    make_role("editor", user=user, city=make_city("Glazov"))

    voices = voices_of(user, {"editor", "secretary"}, on=ON)

    assert [(voice.key, voice.role) for voice in voices] == [
        ("glazov", "editor"),
        ("zarechny", "editor"),
    ]
