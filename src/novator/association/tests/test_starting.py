"""The second story of the start ends in the register, twice loaded as once."""

from __future__ import annotations

from datetime import date

import pytest

from novator.association.mandates import active_members, representatives_on
from novator.association.models import Member, MemberStep
from novator.association.starting import load_starter_members
from novator.council.starter import load_starter_councils

pytestmark = pytest.mark.django_db


def test_glazov_is_active_by_its_decision_and_others_are_as_the_source_names_them() -> None:
    load_starter_councils()

    assert (load_starter_members(), load_starter_members()) == (4, 0)

    glazov = Member.objects.get(municipality__slug="glazov")
    others = Member.objects.exclude(pk=glazov.pk)
    assert glazov.decision is not None
    assert [str(a.person) for a in representatives_on(glazov, on=date(2016, 5, 5))] == [
        "Олег Бекмеметьев"
    ]
    assert not active_members(on=date(2016, 5, 4))
    assert active_members(on=date(2026, 11, 20)) == [glazov]
    assert all(other.source_note and other.decision is None for other in others)
    assert MemberStep.objects.count() == 4
