"""Roles count from one day to another, begin by an address, and end at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from novator.accounts.granting import person_with
from novator.accounts.models import ASSOCIATION_ROLES, Invitation, Role, User
from novator.accounts.operations import (
    CannotEnd,
    CannotGrant,
    accept_invitations,
    end_role,
    grant_role,
    invite,
    withdraw_invitation,
)
from novator.accounts.permissions import may_end, may_grant, may_see_team, roles_to_grant
from novator.accounts.queries import holds, municipalities_of, needs_second_factor, roles_of
from novator.accounts.testing import make_role, make_second_factor, make_user
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Europe/Moscow"))


def fresh(user: User) -> User:
    """The same person as another request sees him."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "counts"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2020, 1, 1), TODAY - timedelta(days=1), False),
    ],
)
def test_a_role_counts_between_its_days(starts_on: date, ends_on: date | None, counts: bool):
    city = make_city("Zarechny")
    user = make_role("editor", city=city, starts_on=starts_on, ends_on=ends_on).user

    assert holds(user, {"editor"}, municipality=city, on=TODAY) is counts


def test_a_role_of_one_city_is_none_in_another():
    user = make_role("editor", city=make_city("Glazov")).user

    assert not holds(user, {"editor"}, municipality=make_city("Stary Bor"), on=TODAY)
    assert [city.slug for city in municipalities_of(user, {"editor"}, on=TODAY)] == ["glazov"]


def test_a_role_in_the_association_waits_for_the_second_factor():
    user = make_user("clerk@association.example")
    Role.objects.create(user=user, kind="office", starts_on=TODAY)

    assert roles_of(user, on=TODAY) == []
    assert needs_second_factor(user, on=TODAY)

    make_second_factor(user)

    assert holds(fresh(user), {"office"}, municipality=None, on=TODAY)
    assert not needs_second_factor(fresh(user), on=TODAY)


def test_roles_of_a_person_are_read_once(django_assert_num_queries: DjangoAssertNumQueries):
    city = make_city("Glazov")
    user = fresh(make_role("editor", city=city).user)

    with django_assert_num_queries(1):
        assert holds(user, {"editor"}, municipality=city, on=TODAY)
        assert not needs_second_factor(user, on=TODAY)


def test_the_database_refuses_a_role_in_a_wrong_place():
    with pytest.raises(IntegrityError):
        Role.objects.create(
            user=make_user(), kind="office", municipality=make_city("Glazov"), starts_on=TODAY
        )


def test_grants_and_says_who_did_it():
    city, head = make_city("Glazov"), make_user("head@glazov.example")

    role = grant_role(
        user=make_user(), kind="editor", municipality=city, starts_on=TODAY, granted_by=head
    )

    assert role.granted_by == head
    assert holds(role.user, {"editor"}, municipality=city, on=TODAY)


def test_refuses_a_role_that_is_held_already():
    city = make_city("Glazov")
    user = make_role("editor", city=city).user

    with pytest.raises(CannotGrant):
        grant_role(user=user, kind="editor", municipality=city, starts_on=TODAY)

    assert Role.objects.count() == 1


def test_refuses_days_in_the_wrong_order_and_a_wrong_place():
    with pytest.raises(CannotGrant):
        grant_role(
            user=make_user(),
            kind="editor",
            municipality=make_city("Glazov"),
            starts_on=TODAY,
            ends_on=TODAY - timedelta(days=1),
        )
    with pytest.raises(CannotGrant):
        grant_role(
            user=make_user("b@c.example"),
            kind="office",
            municipality=make_city("Zarechny"),
            starts_on=TODAY,
        )


def test_an_ended_role_stops_at_once_even_on_its_first_day():
    city = make_city("Glazov")
    role = make_role("editor", city=city, starts_on=TODAY)

    end_role(role=role, ended_by=None, at=NOW)

    assert not holds(fresh(role.user), {"editor"}, municipality=city, on=TODAY)
    with pytest.raises(CannotEnd):
        end_role(role=role, ended_by=None, at=NOW)


def test_the_last_of_the_office_cannot_leave():
    last = make_role("office")

    with pytest.raises(CannotEnd):
        end_role(role=last, ended_by=last.user, at=NOW)

    make_role("office", user=make_user("second@association.example"))
    end_role(role=last, ended_by=last.user, at=NOW)
    assert Role.objects.get(pk=last.pk).ended_at == NOW


def test_an_invitation_becomes_a_role_when_the_address_is_confirmed():
    city = make_city("Glazov")
    invite(email=" New@Glazov.example ", kind="editor", municipality=city)
    user = make_user("new@glazov.example")

    roles = accept_invitations(user=user, email=user.email, on=TODAY)

    assert [(role.kind, role.municipality) for role in roles] == [("editor", city)]
    assert Invitation.objects.get().email == ""


def test_an_address_that_only_looks_like_the_invited_one_gets_nothing():
    city = make_city("Glazov")
    invite(email="ivan@city.example", kind="head", municipality=city)
    make_user("ivan@city.example")
    looks_alike = make_user("\u0131van@c\u0131ty.example")

    assert accept_invitations(user=looks_alike, email=looks_alike.email, on=TODAY) == []
    assert person_with("\u0131van@city.example") is None
    assert str(person_with("Ivan@City.example")) == "ivan"


def test_an_invitation_is_made_once_and_can_be_taken_back():
    city = make_city("Glazov")
    invitation = invite(email="new@glazov.example", kind="editor", municipality=city)
    with pytest.raises(CannotGrant):
        invite(email="NEW@glazov.example", kind="editor", municipality=city)

    withdraw_invitation(invitation=invitation, at=NOW)

    user = make_user("new@glazov.example")
    assert accept_invitations(user=user, email=user.email, on=TODAY) == []
    with pytest.raises(CannotEnd):
        withdraw_invitation(invitation=invitation, at=NOW)


def test_the_head_gives_roles_in_the_own_city_only_and_not_that_of_head():
    glazov, stary_bor = make_city("Glazov"), make_city("Stary Bor")
    head = make_role("head", city=glazov).user

    assert "editor" in roles_to_grant(head, municipality=glazov, on=TODAY)
    assert not may_grant(head, "head", municipality=glazov, on=TODAY)
    assert roles_to_grant(head, municipality=stary_bor, on=TODAY) == ()
    assert roles_to_grant(head, municipality=None, on=TODAY) == ()


def test_the_office_gives_all_roles():
    office = make_role("office").user

    assert set(roles_to_grant(office, municipality=None, on=TODAY)) == set(ASSOCIATION_ROLES)
    assert may_grant(office, "head", municipality=make_city("Glazov"), on=TODAY)


@pytest.mark.parametrize("kind", ["editor", "approver", "secretary", "reports_officer"])
def test_others_give_nothing(kind: str):
    glazov = make_city("Glazov")
    user = make_role(kind, city=glazov).user

    assert roles_to_grant(user, municipality=glazov, on=TODAY) == ()
    assert may_see_team(user, glazov, on=TODAY)


def test_the_stranger_sees_no_team_and_ends_no_role():
    glazov = make_city("Glazov")
    role = make_role("editor", city=glazov)
    stranger = make_role("head", city=make_city("Stary Bor")).user

    assert not may_see_team(stranger, glazov, on=TODAY)
    assert not may_end(stranger, role, on=TODAY)
    assert may_end(role.user, role, on=TODAY)
