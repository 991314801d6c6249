"""The association: nobody votes twice, however fast; a right is whole or spent."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import timezone

from novator.accounts.testing import make_user
from novator.association import ballots
from novator.association.ballots import CannotVote, cast_open, cast_secret, take_right
from novator.association.models import OpenBallot, SecretBallot, VotingRight, VotingToken
from novator.association.secret_ballots import use_token
from novator.association.testing import make_member, make_poll
from novator.cities.testing import make_city

SESSIONS = 50
VOTERS = 20


def _voters(number):
    found = []
    for place in range(1, number + 1):
        user = make_user(f"head@city{place}.example")
        found.append((make_member(make_city(f"City {place}"), user=user), user))
    return found


def _at_once(act):
    """Call it from fifty threads at one moment, each with a connection of its own."""
    gate = threading.Barrier(SESSIONS)

    def one(number):
        try:
            connection.ensure_connection()
            gate.wait(30)
            return act(number)
        except CannotVote:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(SESSIONS) as threads:
        return [done for done in threads.map(one, range(SESSIONS)) if done is not None]


@pytest.mark.django_db(transaction=True)
def test_fifty_sessions_at_once_cast_one_open_vote():
    member, user = _voters(1)[0]
    poll = make_poll()
    options = list(poll.options.all())

    done = _at_once(
        lambda number: cast_open(
            poll=poll, member=member, option=options[number % 2], by=user, now=timezone.now()
        )
    )

    assert len(done) == 1
    assert OpenBallot.objects.get().pk == done[0].pk


@pytest.mark.django_db(transaction=True)
def test_fifty_sessions_at_once_take_one_right_and_cast_one_secret_ballot():
    voters = _voters(3)
    member, user = voters[0]
    poll = make_poll(is_secret=True)
    options = list(poll.options.all())

    codes = _at_once(
        lambda number: take_right(poll=poll, member=member, by=user, now=timezone.now())
    )
    receipts = _at_once(
        lambda number: cast_secret(
            poll=poll, code=codes[0], option=options[number % 2], now=timezone.now()
        )
    )

    assert len(codes) == len(receipts) == 1
    assert VotingRight.objects.get().member == member
    assert SecretBallot.objects.get().pk == receipts[0]
    assert VotingToken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_broken_off_between_right_and_ballot_a_right_is_whole_or_spent(monkeypatch):
    voters = _voters(3)
    member, user = voters[0]
    poll, now = make_poll(is_secret=True), timezone.now()
    option = poll.options.get(code="for")

    def killed(**facts):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(ballots, "draw_token", killed)
        with pytest.raises(KeyboardInterrupt):
            take_right(poll=poll, member=member, by=user, now=now)
    assert not VotingRight.objects.exists()

    code = take_right(poll=poll, member=member, by=user, now=now)

    def killed_after_use(**facts):
        use_token(**facts)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(ballots, "use_token", killed_after_use)
        with pytest.raises(KeyboardInterrupt):
            cast_secret(poll=poll, code=code, option=option, now=now)
    assert not SecretBallot.objects.exists()
    assert cast_secret(poll=poll, code=code, option=option, now=now)
