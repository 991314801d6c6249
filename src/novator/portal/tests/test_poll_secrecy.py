"""Votes of members: nothing that the site keeps joins a secret ballot to a member."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from novator.accounts.testing import make_user, signed_in
from novator.association.models import Poll
from novator.association.poll_closing import close_due_polls
from novator.association.secret_ballots import clean_tables, digest_of, plain
from novator.association.testing import make_member, make_poll
from novator.cities.testing import make_city

VOTERS = 20
CODE = re.compile(r'<p class="poll-code" tabindex="0">([^<]+)</p>')
RECEIPT = re.compile(r'poll-receipt" tabindex="0">([^<]+)</p>')


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_database_joins_a_ballot_to_a_member():
    clients = []
    for place in range(1, VOTERS + 1):
        user = make_user(f"head@city{place}.example")
        make_member(make_city(f"City {place}"), user=user)
        clients.append((f"city-{place}", signed_in(user)))
    poll = make_poll(is_secret=True)
    before = _whole_database()
    codes, receipts = [], []
    for place, (slug, client) in enumerate(clients):
        code, receipt = _vote(poll, slug, client, ("for", "against", "abstain")[place % 3])
        codes.append(code)
        receipts.append(receipt)
    _refuse_traces(_whole_database(), before, Poll.objects.get(), codes, receipts)

    assert poll.closes_at is not None
    close_due_polls(now=poll.closes_at + timedelta(seconds=1))
    with transaction.atomic():
        clean_tables()

    found = _whole_database()
    assert found["association_votingtoken"] == found["association_sealedtoken"] == []
    assert len(found["association_votingright"]) == VOTERS
    _refuse_traces(found, before, Poll.objects.get(), codes, receipts)


def _found(pattern: re.Pattern[str], page: Any) -> str:
    found = pattern.search(page.content.decode())
    assert found is not None
    return found[1]


def _vote(poll: Poll, slug: str, client: Client, option: str) -> tuple[str, str]:
    """Take the right signed in, cast the ballot from the same browser; the code and the receipt."""
    where = f"/ru/association/polls/{poll.public_id}/"
    shown = client.post(f"{where}right/", {"member": slug, "is_ready": "on"})
    code = _found(CODE, shown)
    asked = {"code": code, "option": option}
    client.post(f"{where}cast/", asked)
    cast = client.post(f"{where}cast/", asked | {"sure": "1"})
    return code, _found(RECEIPT, cast)


def _whole_database():
    """Every row of every table as text, with its place in the file and its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = sorted(name for (name,) in cursor.fetchall())
        found = {}
        for name in names:
            cursor.execute(f'SELECT t::text, t.xmin::text FROM "{name}" t ORDER BY t.ctid')
            found[name] = cursor.fetchall()
        return found


def _refuse_traces(found, before, poll, codes, receipts):
    """
    No code or digest of one anywhere, no receipt but on its ballot.

    All ballots are of one transaction, which wrote nothing that names a member; their order in the
    file is by chance. Casting wrote nothing anywhere else: what is new names no ballot.
    """
    secrets = codes + [plain(code) for code in codes]
    ballots = found.pop("association_secretballot")
    assert len({transaction_ for _row, transaction_ in ballots}) == 1
    in_file = [row.strip("(").split(",")[0] for row, _transaction in ballots]
    assert sorted(in_file) == sorted(receipts)
    assert _is_no_better_than_chance(in_file, receipts)
    digests = [digest_of(code, poll).hex() for code in codes]
    written = {transaction_ for _row, transaction_ in ballots}
    about_poll = {"association_poll", "association_pollevent", "procrastinate_jobs"}
    for name, rows in found.items():
        text = "\n".join(row for row, _transaction in rows)
        assert not [one for one in [*secrets, *digests, *receipts] if one in text], name
        if name not in about_poll | {"procrastinate_events"}:
            assert not written & {transaction_ for _row, transaction_ in rows}, name
    new = {name for name, rows in found.items() if set(rows) - set(before[name])}
    assert new <= {
        "accounts_attempt",  # how often each person took a right within the hour
        "association_votingright",
        *about_poll,
        "procrastinate_events",
    }


def _is_no_better_than_chance(in_file, in_time):
    """Whether the order in the file says nothing of the order in time (Kendall's tau)."""
    places = [in_time.index(one) for one in in_file]
    pairs = [(a, b) for at, a in enumerate(places) for b in places[at + 1 :]]
    agreeing = sum(a < b for a, b in pairs)
    return abs(2 * agreeing / len(pairs) - 1) < 0.75  # by chance in one of 200,000 polls
