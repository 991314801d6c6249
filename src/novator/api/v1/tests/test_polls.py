"""Votes of the association's members, told to programs."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import make_user
from novator.association.ballots import cast_open
from novator.association.poll_closing import close_due_polls, digest_of
from novator.association.testing import make_member, make_poll

pytestmark = pytest.mark.django_db


def test_ballots_and_result_are_told_after_the_closing_only(client: Client):
    user = make_user("head@glazov.example")
    member = make_member("Glazov", user=user)
    poll = make_poll()
    option = poll.options.get(code="for")
    cast_open(poll=poll, member=member, option=option, by=user, now=timezone.now())

    before = client.get(f"/api/v1/polls/{poll.public_id}?lang=en").json()
    assert poll.closes_at is not None
    close_due_polls(now=poll.closes_at + timedelta(seconds=1))
    after = client.get(f"/api/v1/polls/{poll.public_id}?lang=en").json()

    assert (before["ballots"], before["verdict"], before["digest"]) == ([], None, None)
    assert before["entitled"] == [{"municipality": "glazov", "weight": 1}]
    assert before["options"][0]["weight"] is None
    assert after["title"] == "On the yearly meeting"
    assert after["ballots"] == [{"key": "glazov", "option": "for", "weight": 1}]
    assert (after["winner"], after["options"][0]["share"]) == ("for", "1/1")
    poll.refresh_from_db()
    assert after["digest"] == poll.result["digest"]
    assert digest_of([]) != after["digest"]


def test_lists_what_was_opened(client: Client, django_assert_num_queries):
    make_member("Glazov", user=make_user("head@glazov.example"))
    draft = make_poll(is_open=False)
    for _number in range(20):
        make_poll()

    with django_assert_num_queries(2):
        told = client.get("/api/v1/polls?limit=20&lang=ru").json()

    assert told["total"] == len(told["results"]) == 20
    assert client.get("/api/v1/polls?kind=secret").json()["total"] == 0
    assert client.get(f"/api/v1/polls/{draft.public_id}").status_code == 404
    assert client.get(f"/api/v1/polls/{uuid4()}").status_code == 404
