"""The association: nothing joins a secret ballot to a member; nobody votes twice, however fast."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from novator.accounts.testing import make_user
from novator.association import ballots
from novator.association.ballots import CannotVote, cast_open, cast_secret, take_right
from novator.association.models import OpenBallot, Poll, SecretBallot, VotingRight, VotingToken
from novator.association.poll_closing import close_due_polls
from novator.association.secret_ballots import clean_tables, digest_of, plain, use_token
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


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_database_joins_a_ballot_to_a_member():
    voters = _voters(VOTERS)
    poll = make_poll(is_secret=True)
    options = list(poll.options.all())
    codes, receipts = [], []
    for place, (member, user) in enumerate(voters):
        code = take_right(poll=poll, member=member, by=user, now=timezone.now())
        chosen = options[place % 3]
        codes.append(code)
        receipts.append(cast_secret(poll=poll, code=code, option=chosen, now=timezone.now()))
        during = _system_columns("secretballot")
        assert len({transaction_ for _row, _place, transaction_ in during}) == 1
    assert _is_no_better_than_chance([row for row, *_rest in during], [str(r) for r in receipts])

    close_due_polls(now=poll.closes_at + timedelta(seconds=1))
    with transaction.atomic():
        clean_tables()

    after = _system_columns("secretballot")
    assert {row for row, _place, _transaction in after} == {str(one) for one in receipts}
    assert len({transaction_ for _row, _place, transaction_ in after}) == 1
    assert _is_no_better_than_chance([row for row, *_rest in after], [str(r) for r in receipts])
    found = _whole_database()
    rights = next(rows for name, rows in found.items() if name == "association_votingright")
    assert len(rights) == VOTERS
    _refuse_traces(found, Poll.objects.get(), codes, receipts)


def _system_columns(table):
    """Key, place in the file and transaction of every row, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id::text, ctid::text, xmin::text FROM association_{table} ORDER BY ctid"
        )
        return cursor.fetchall()


def _is_no_better_than_chance(in_file, in_time):
    """Whether the order in the file says nothing of the order in time (Kendall's tau)."""
    places = [in_time.index(one) for one in in_file]
    pairs = [(a, b) for at, a in enumerate(places) for b in places[at + 1 :]]
    agreeing = sum(a < b for a, b in pairs)
    return abs(2 * agreeing / len(pairs) - 1) < 0.75  # by chance in one of 100,000 polls


def _whole_database():
    """Every row of every table as text, with its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = sorted(name for (name,) in cursor.fetchall())
        found = {}
        for name in names:
            cursor.execute(f'SELECT t::text, t.xmin::text FROM "{name}" t')
            found[name] = cursor.fetchall()
        return found


def _refuse_traces(found, poll, codes, receipts):
    """No code or digest anywhere; no receipt but on its ballot; no transaction shared by two."""
    secrets = codes + [plain(code) for code in codes]
    secrets += [digest_of(code, poll).hex() for code in codes]
    assert found["association_votingtoken"] == found["association_sealedtoken"] == []
    rights = {transaction_ for _row, transaction_ in found["association_votingright"]}
    for name, rows in found.items():
        for text, transaction_ in rows:
            assert not [one for one in secrets if one in text], name
            if name == "association_secretballot":
                assert transaction_ not in rights
                continue
            assert not [one for one in receipts if str(one) in text], name
