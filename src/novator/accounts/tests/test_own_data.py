"""Consents, the own data, and an account that is erased."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone

from novator.accounts import own_data
from novator.accounts.attempts import forget_attempts, seconds_to_wait
from novator.accounts.consents import (
    PROCESSING,
    PUBLICATION,
    give_consent,
    has_consented,
    public_names,
    withdraw_consent,
)
from novator.accounts.erasure import CannotErase, erase_person
from novator.accounts.models import Consent, Role, User
from novator.accounts.own_data import own_data_of, tell_own_data
from novator.accounts.tasks import tidy_until
from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 40, tzinfo=ZoneInfo("Europe/Moscow"))


def test_a_consent_is_stored_with_the_version_of_its_text_and_can_be_withdrawn():
    user = make_user()

    give_consent(user=user, purpose=PROCESSING, at=NOW)
    give_consent(user=user, purpose=PROCESSING, at=NOW)
    withdrawn = withdraw_consent(user=user, purpose=PROCESSING, at=NOW)

    assert withdrawn
    assert not has_consented(user, PROCESSING)
    assert Consent.objects.get().text_version == "2026-11-22"


def test_a_name_is_public_only_by_a_consent_of_its_own():
    user = make_user(name="Анна Иванова", position="секретарь")
    give_consent(user=user, purpose=PROCESSING, at=NOW)
    assert public_names([user]) == {}

    give_consent(user=user, purpose=PUBLICATION, at=NOW)

    assert public_names([user]) == {user.pk: "Анна Иванова, секретарь"}


def test_a_new_text_asks_for_a_new_consent():
    user = make_user()
    Consent.objects.create(user=user, purpose=PUBLICATION, text_version="2020-01-01")

    give_consent(user=user, purpose=PUBLICATION, at=NOW)

    assert Consent.objects.filter(withdrawn_at=None).get().text_version == "2026-11-22"


def test_tells_a_person_everything_that_is_stored(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own_data, "_TELLING", dict(own_data._TELLING))
    user = make_role("editor", city=make_city("Glazov")).user
    give_consent(user=user, purpose=PROCESSING, at=NOW)
    tell_own_data("letters", lambda person: [{"to": person.email}])

    told = own_data_of(user)

    assert told["account"][0]["email"] == user.email
    assert told["roles"][0]["municipality"] == "glazov"
    assert told["consents"][0]["purpose"] == PROCESSING
    assert told["letters"] == [{"to": user.email}]


def test_an_erased_account_leaves_a_row_without_a_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own_data, "_FORGETTING", {})
    monkeypatch.setattr(own_data, "_TELLING", dict(own_data._TELLING))
    forgotten: list[User] = []
    tell_own_data("test", lambda person: [], forgetting=forgotten.append)
    user = make_role("editor", city=make_city("Glazov"), user=make_user(name="Анна")).user
    user.position = "ведущий специалист"
    user.save()

    erase_person(user=user, at=NOW)

    left = User.objects.get()
    assert (left.name, left.position, left.is_active, left.erased_at) == ("", "", False, NOW)
    assert "glazov" not in left.email
    assert not left.has_usable_password()
    assert Role.objects.get().ended_at == NOW
    assert not EmailAddress.objects.exists()
    assert forgotten == [user]
    events = apps.get_model("accounts", "UserEvent").objects
    assert events.exists()
    assert not events.exclude(name="", position="").exists()


def test_the_last_of_the_office_cannot_be_erased():
    user = make_role("office").user

    with pytest.raises(CannotErase):
        erase_person(user=user, at=NOW)

    assert User.objects.get().is_active
    assert Authenticator.objects.exists()


def test_counts_attempts_within_an_hour():
    waits = [seconds_to_wait(key="draft:person:1", most=2, now=NOW) for _time in range(3)]

    assert waits == [0, 0, 20 * 60]
    assert seconds_to_wait(key="draft:person:2", most=2, now=NOW) == 0
    assert forget_attempts(before=NOW) == 2


def test_forgets_sessions_that_have_ended():
    user = make_user()
    signed_in(user)
    UserSession.objects.create(user=user, session_key="gone", ip="127.0.0.1", user_agent="")
    standing = Session.objects.get().session_key
    UserSession.objects.create(user=user, session_key=standing, ip="127.0.0.1", user_agent="")

    assert tidy_until(now=timezone.now()) == "sessions 1, counts 0"
    assert UserSession.objects.get().session_key == standing
