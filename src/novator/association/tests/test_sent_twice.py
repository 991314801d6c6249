"""The same form sent twice makes one position, one event, one poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from novator.accounts.testing import make_role
from novator.association.common_work import EventFacts, make_event
from novator.association.models import Gathering, Poll, Position
from novator.association.polls import Option, Plan, prepare_poll
from novator.association.positions import Draft, begin_position

pytestmark = pytest.mark.django_db


def test_what_the_office_writes_is_written_once():
    office, now = make_role("office").user, timezone.now()
    soon = now + timedelta(days=3)
    draft = Draft(kind="bill", title="О дворах", text="Первое.\n\nВторое.")
    facts = EventFacts(name="Встреча", starts_at=soon, ends_at=soon + timedelta(hours=2))
    plan = Plan("О девизе", soon, [Option("for", "За"), Option("against", "Против")])

    for one, event, poll in (
        *[(draft, facts, plan)] * 2,
        (
            replace(draft, text="Первое."),
            replace(facts, place="Зал"),
            replace(plan, options=[*plan.options, Option("abstain", "Иначе", "", True)]),
        ),
    ):
        begin_position(draft=one, by=office, now=now, on=timezone.localdate(now))
        make_event(facts=event, by=office, now=now)
        prepare_poll(plan=poll, by=office, now=now)

    assert [rows.objects.count() for rows in (Position, Gathering, Poll)] == [2, 2, 2]
