"""Who may write, see, release and hand over: each rule once, with the stranger of Stary Bor."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.drafts.permissions import (
    may_claim,
    may_confirm,
    may_edit,
    may_hand_over,
    may_release,
    may_see,
    may_settle_city,
    may_withdraw,
    may_write,
)
from novator.drafts.testing import make_draft
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
EVERYBODY = ("editor", "approver", "head", "secretary", "stranger", "moderator", "expert", "nobody")


def people() -> dict[str, object]:
    glazov = make_city("Glazov", population=87_000)
    return {
        **{kind: make_role(kind, city=glazov).user for kind in EVERYBODY[:4]},
        "stranger": make_role("head", city=make_city("Stary Bor")).user,
        **{kind: make_role(kind).user for kind in ("moderator", "expert", "office")},
        "nobody": make_user("reader@example.org"),
        "anonymous": AnonymousUser(),
    }


def allowed(rule: object, *about: object) -> set[str]:
    return {name for name, user in people().items() if rule(user, *about, on=TODAY)}  # type: ignore[operator]


def test_writers_of_the_city_write() -> None:
    assert allowed(may_write, make_city("Glazov")) == {"editor", "approver", "head"}


def test_the_association_sees_a_draft_once_it_was_released() -> None:
    draft = make_draft(by=make_user("author@glazov.example"))

    assert allowed(may_see, draft) == {"editor", "approver", "head"}


@pytest.mark.parametrize("state", ["submitted", "returned", "published"])
def test_moderators_and_the_office_see_what_was_released(state: str) -> None:
    draft = make_draft(by=make_user("author@glazov.example"), state=state)

    assert allowed(may_see, draft) == {"editor", "approver", "head", "moderator", "office"}


@pytest.mark.parametrize(
    ("state", "is_open"),
    [("writing", True), ("returned", True), ("awaiting_release", False), ("submitted", False)],
)
def test_writers_edit_what_waits_for_nobody(state: str, is_open: bool) -> None:
    draft = make_draft(by=make_user("author@glazov.example"), state=state)

    assert allowed(may_edit, draft) == ({"editor", "approver", "head"} if is_open else set())


def test_the_head_and_whom_he_named_release() -> None:
    assert allowed(may_release, make_draft(by=make_user("author@glazov.example"))) == {
        "approver",
        "head",
    }


def test_those_who_release_and_the_office_hand_over() -> None:
    assert allowed(may_hand_over, make_city("Glazov")) == {"approver", "head", "office"}


def test_a_city_claims_its_own_cards() -> None:
    assert allowed(may_claim, make_practice()) == {"editor", "approver", "head"}


def test_a_city_confirms_and_withdraws_what_it_wrote() -> None:
    own = make_practice(is_by_its_city=True)
    imported = make_practice("glazov-other", is_by_its_city=False)

    assert allowed(may_confirm, own) == {"editor", "approver", "head"}
    for person in (make_role("head", city=own.municipality, user=make_user("h@x.example")).user,):
        assert may_withdraw(person, own, on=TODAY)
        assert not may_withdraw(person, imported, on=TODAY)
        assert not may_confirm(person, imported, on=TODAY)


def test_the_office_settles_whose_card_it_is() -> None:
    assert {n for n, u in people().items() if may_settle_city(u, on=TODAY)} == {"office"}  # type: ignore[arg-type]


def test_a_role_that_ended_opens_nothing() -> None:
    draft = make_draft()
    gone = make_role("editor", city=draft.municipality, user=make_user("gone@x.example"))
    gone.ends_on = date(2026, 11, 21)
    gone.save()

    assert not may_see(gone.user, draft, on=TODAY)
