"""Who may act for a member follows from the mandates of that day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from novator.accounts.testing import make_user
from novator.association.mandates import (
    CannotAct,
    acting_as,
    acting_for,
    active_members,
    is_active,
    representatives_on,
)
from novator.association.models import MemberStep, Representative
from novator.association.testing import make_member, make_representative
from novator.cities.testing import make_city
from novator.council.models import DecisionStep, Mandate, Membership, Person, Post

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def test_the_holder_of_a_mandate_acts_and_a_stranger_does_not() -> None:
    head = make_user("head@glazov.example")
    glazov = make_member("Glazov", user=head)
    stranger = make_user("secretary@stary-bor.example")
    make_member("Stary Bor", user=stranger)

    acting = acting_as(head, glazov, on=TODAY, act="vote")

    assert acting.mandate == Mandate.objects.get(municipality=glazov.municipality)
    with pytest.raises(CannotAct):
        acting_as(stranger, glazov, on=TODAY, act="vote")


@pytest.mark.parametrize(
    "facts",
    [
        {"ends_on": date(2026, 11, 19)},
        {"withdrawn_on": TODAY},
        {"starts_on": date(2026, 11, 21)},
        {"may_vote": False},
    ],
)
def test_a_mandate_that_is_not_in_force_stops_the_act(facts: dict[str, Any]) -> None:
    head = make_user("head@glazov.example")
    glazov = make_member("Glazov", user=head, **facts)

    with pytest.raises(CannotAct) as refusal:
        acting_as(head, glazov, on=TODAY, act="vote")

    assert str(refusal.value)


def test_a_repealed_decision_stops_its_mandates_at_once_and_not_before() -> None:
    head = make_user("head@glazov.example")
    glazov = make_member("Glazov", user=head)
    assert glazov.decision is not None
    DecisionStep.objects.create(
        decision=glazov.decision, state="repealed", on_from=TODAY, on_to=TODAY
    )
    glazov.decision.state = "repealed"
    glazov.decision.save()

    assert is_active(glazov, on=date(2026, 11, 19))
    assert not is_active(glazov, on=TODAY)
    with pytest.raises(CannotAct):
        acting_as(head, glazov, on=TODAY, act="speak")


def test_a_mandate_of_a_post_follows_whoever_holds_it() -> None:
    first, second = make_user("first@glazov.example"), make_user("second@glazov.example")
    glazov = make_member("Glazov", is_active=False)
    assert glazov.decision is not None
    post = Post.objects.create(organization=glazov.decision.council, label="Глава города")
    for person, starts, ends in [(first, None, date(2024, 9, 1)), (second, date(2024, 9, 2), None)]:
        Membership.objects.create(
            person=Person.objects.create(slug=person.name, name=person.name, user=person),
            organization=glazov.decision.council,
            post=post,
            starts_from=starts,
            starts_to=starts,
            ends_from=ends,
            ends_to=ends,
        )
    Mandate.objects.create(
        municipality=glazov.municipality,
        decision=glazov.decision,
        holder_post=post,
        subject="Представлять город",
        is_towards_association=True,
    )

    assert [a.person and a.person.user for a in representatives_on(glazov, on=TODAY)] == [second]
    assert acting_for(first, on=date(2024, 9, 1))
    assert not acting_for(first, on=TODAY)


def test_a_substitute_acts_while_the_mandate_allows_it_and_the_principal_stays() -> None:
    principal = make_user("head@glazov.example")
    substitute = make_user("deputy@glazov.example")
    glazov = make_member("Glazov", may_substitute=True)
    head = make_representative(glazov, principal)
    row = make_representative(glazov, substitute, substitute_of=head, ends_on=TODAY)

    assert acting_as(substitute, glazov, on=TODAY, act="sign").representative == row
    with pytest.raises(CannotAct):
        acting_as(substitute, glazov, on=date(2026, 11, 21), act="sign")

    Representative.objects.filter(pk=head.pk).update(ends_on=date(2026, 11, 19))
    with pytest.raises(CannotAct):
        acting_as(substitute, glazov, on=TODAY, act="sign")


def test_a_member_is_active_by_day() -> None:
    glazov = make_member("Glazov")
    make_member("Zarechny", is_active=False)
    MemberStep.objects.create(member=glazov, standing="suspended", on=date(2025, 1, 1))
    MemberStep.objects.create(member=glazov, standing="admitted", on=date(2025, 6, 1))
    MemberStep.objects.create(member=glazov, standing="left", on=TODAY)

    days = [date(2020, 2, 1), date(2024, 1, 1), date(2025, 1, 1), date(2025, 6, 1), TODAY]

    assert [bool(active_members(on=day)) for day in days] == [False, True, False, True, False]
    assert [is_active(glazov, on=day) for day in days] == [False, True, False, True, False]


def test_all_active_members_cost_a_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        make_member(make_city(f"City {number}"))

    with django_assert_num_queries(4):
        assert len(active_members(on=TODAY)) == 20
