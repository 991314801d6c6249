"""Who may see, change and share a collection; Stary Bor is refused."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from novator.accounts.models import Role, User
from novator.accounts.testing import make_role, make_user
from novator.briefings.models import Collection
from novator.briefings.operations import share_with_address, share_with_city
from novator.briefings.permissions import may_edit, may_manage, may_see
from novator.briefings.queries import visible_to
from novator.briefings.testing import make_collection
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def _rights(user: User, collection: Collection) -> tuple[bool, bool, bool]:
    """May see, change, share; what lists say must be the same."""
    collection.refresh_from_db()
    user = User.objects.get(pk=user.pk)
    rights = (
        may_see(user, collection, on=TODAY),
        may_edit(user, collection, on=TODAY),
        may_manage(user, collection, on=TODAY),
    )
    listed = visible_to(user, on=TODAY)
    seen = {row.pk for row in (*listed.own, *listed.of_cities, *listed.shared)}
    assert (collection.pk in seen, collection.pk in listed.editable) == rights[:2]
    return rights


@pytest.fixture
def owner() -> User:
    return make_role("editor", city=make_city("Zarechny")).user


@pytest.fixture
def stranger() -> User:
    return make_role("head", city=make_city("Stary Bor")).user


def test_a_private_collection_is_its_owner_s_alone(owner: User, stranger: User):
    collection = make_collection(owner, municipality=make_city("Zarechny"))
    colleague = make_role("head", city=make_city("Zarechny")).user
    office = make_role("office").user

    assert _rights(owner, collection) == (True, True, True)
    for other in (stranger, colleague, office):
        assert _rights(other, collection) == (False, False, False)
    assert not may_see(AnonymousUser(), collection, on=TODAY)


@pytest.mark.parametrize(("access", "may_change"), [("see", False), ("edit", True)])
def test_people_of_the_city_get_what_was_given(
    owner: User, stranger: User, access: str, may_change: bool
):
    city = make_city("Zarechny")
    collection = make_collection(owner)
    secretary = make_role("secretary", city=city).user
    head = make_role("head", city=city).user

    share_with_city(collection=collection, municipality=city, access=access, by=owner)

    assert _rights(secretary, collection) == (True, may_change, False)
    assert _rights(head, collection) == (True, True, True)
    assert _rights(owner, collection) == (True, True, True)
    assert _rights(stranger, collection) == (False, False, False)


def test_an_owner_who_left_has_no_part_in_what_is_the_city_s(owner: User):
    city = make_city("Zarechny")
    collection = make_collection(owner)
    share_with_city(collection=collection, municipality=city, access="edit", by=owner)

    Role.objects.filter(user=owner).update(ends_on=date(2026, 11, 21))

    assert _rights(owner, collection) == (False, False, False)


@pytest.mark.parametrize("may_change", [False, True])
def test_an_address_opens_it_once_it_is_confirmed(owner: User, stranger: User, may_change: bool):
    collection = make_collection(owner)

    share_with_address(
        collection=collection, email="Head@Stary-Bor.example", may_edit=may_change, by=owner
    )

    assert _rights(stranger, collection) == (True, may_change, False)
    EmailAddress.objects.filter(user=stranger).update(verified=False)
    assert _rights(stranger, collection) == (False, False, False)


def test_whoever_is_not_active_sees_nothing(owner: User):
    collection = make_collection(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert not may_see(User.objects.get(pk=owner.pk), collection, on=TODAY)
    assert not may_see(make_user("else@example.org"), collection, on=TODAY)
