"""
The association: tokens and ballots of secret polls, so that nothing ties a ballot to its member.

Three things happen to a token, each in a transaction of its own: all are made at the opening in
random order (digest and encrypted text apart), one is drawn when a member takes its right, one is
used up when somebody casts a ballot with it. Drawing touches no digest; using touches nothing that
names a member; and with every ballot all of the poll are written anew in random order, so that
neither their place nor their transaction tells which came when. See docs/polls.md.

Values go to the database apart from the statement (never within its text, as Django does), past
the wrappers that sign statements with their author: no log of statements and no list of running
ones holds a digest, an option or a person.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import secrets
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from novator.association.models import Poll

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: no letter that is taken for a digit."""
_LENGTH = 24
_ALIKE = str.maketrans("OILАВЕКМНОРСТХУ", "011ABEKMH0PCTXY")
_SHUFFLE = random.SystemRandom()


class TokenUnreadable(Exception):
    """The token was encrypted with a key that is gone; the message is fit to show."""


def make_tokens(*, poll: Poll, weights: Sequence[int]) -> None:
    """
    Make a token for each weight; called once, in the transaction that opens the poll.

    Digests and encrypted tokens are stored each in a random order of their own.
    """
    tokens = [(_new_token(), weight) for weight in weights]
    digests = [(digest_of(token, poll), weight) for token, weight in tokens]
    sealed = [(_sealed(token), weight) for token, weight in tokens]
    for table, column, rows in (
        ("association_votingtoken", "digest", sorted(digests)),
        ("association_sealedtoken", "sealed", sorted(sealed)),
    ):
        _run(
            f"INSERT INTO {table} ({column}, poll_id, weight)"  # noqa: S608
            " SELECT made, %s, heavy FROM unnest(%s::bytea[], %s::int[]) AS them (made, heavy)",
            [poll.pk, [made for made, _weight in rows], [weight for _made, weight in rows]],
        )


def draw_token(*, poll: Poll, weight: int) -> str:
    """
    Take one of the tokens of this weight that nobody has, by chance; it is known only now.

    The database chooses, by random numbers of its own, and forgets the encrypted text.

    :raises LookupError: none is left
    :raises TokenUnreadable: the key with which it was encrypted is gone
    """
    rows = _run(
        "DELETE FROM association_sealedtoken WHERE sealed = ("
        " SELECT sealed FROM association_sealedtoken WHERE poll_id = %s AND weight = %s"
        " ORDER BY gen_random_uuid() LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING sealed",
        [poll.pk, weight],
    )
    if not rows:
        raise LookupError(poll.pk)
    return written(_opened(bytes(rows[0][0])))


def use_token(*, poll: Poll, code: str, option_id: int) -> UUID | None:
    """
    Turn a token into a ballot and return its receipt; None where there is no such token.

    All ballots of the poll are written anew in random order. The caller holds the poll.
    """
    used = _run(
        "DELETE FROM association_votingtoken WHERE digest = %s AND poll_id = %s RETURNING weight",
        [digest_of(code, poll), poll.pk],
    )
    if not used:
        return None
    receipt = uuid4()
    _write_anew(poll, [(receipt, option_id, used[0][0])])
    return receipt


def has_token(*, poll: Poll, code: str) -> bool:
    """Whether a ballot can be cast with this code."""
    asked = [digest_of(code, poll), poll.pk]
    query = "SELECT 1 FROM association_votingtoken WHERE digest = %s AND poll_id = %s"
    return bool(_run(query, asked))


def shuffle_ballots(poll: Poll) -> None:
    """Write all ballots of a poll anew in random order; the caller holds the poll."""
    _write_anew(poll, [])


def forget_secrets(poll: Poll, *, with_ballots: bool = False) -> None:
    """Delete what is left of tokens (and the ballots of a cancelled poll)."""
    tables = ["association_votingtoken", "association_sealedtoken"]
    for table in [*tables, *(["association_secretballot"] if with_ballots else [])]:
        _run(f"DELETE FROM {table} WHERE poll_id = %s", [poll.pk])  # noqa: S608


def counts_by_weight(poll: Poll) -> dict[int, dict[str, int]]:
    """By weight: how many tokens are unused, sealed, how many ballots, rights, members."""
    rows = _run(
        """
        SELECT 'tokens', weight, count(*) FROM association_votingtoken
        WHERE poll_id = %(poll)s GROUP BY weight
        UNION ALL SELECT 'sealed', weight, count(*) FROM association_sealedtoken
        WHERE poll_id = %(poll)s GROUP BY weight
        UNION ALL SELECT 'ballots', weight, count(*) FROM association_secretballot
        WHERE poll_id = %(poll)s GROUP BY weight
        UNION ALL SELECT 'members', weight, count(*) FROM association_entitlement
        WHERE poll_id = %(poll)s GROUP BY weight
        UNION ALL SELECT 'rights', weight, count(*) FROM association_votingright
        JOIN association_entitlement USING (poll_id, member_id)
        WHERE poll_id = %(poll)s GROUP BY weight
        """,
        {"poll": poll.pk},
    )
    names = ("tokens", "sealed", "ballots", "members", "rights")
    found: dict[int, dict[str, int]] = {}
    for name, weight, number in rows:
        found.setdefault(weight, dict.fromkeys(names, 0))[name] = number
    return found


def clean_tables() -> None:
    """
    Write the three tables into new files without the rows that were deleted.

    What no transaction can see any more is gone with the old files. In a transaction; waits a few
    seconds at most for those who read.

    :raises OperationalError: the tables were in use
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        for table in ("votingtoken", "sealedtoken", "secretballot"):
            name = f"association_{table}"
            cursor.execute(f"CLUSTER {name} USING {name}_pkey")


def digest_of(code: str, poll: Poll) -> bytes:
    """What stands in the database for a token, however it was typed."""
    text = plain(code).encode()
    return hmac.new(b"novator poll " + poll.public_id.bytes, text, hashlib.sha256).digest()


def plain(code: str) -> str:
    """The signs of a code as they were typed, alike ones taken for those meant."""
    folded = code.upper().translate(_ALIKE)
    return "".join(sign for sign in folded if sign in _SIGNS)[: 2 * _LENGTH]


def written(token: str) -> str:
    """A token in groups of four, as people copy it."""
    return "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def _write_anew(poll: Poll, more: Iterable[tuple[UUID, int, int]]) -> None:
    known = _run(
        "DELETE FROM association_secretballot WHERE poll_id = %s RETURNING id, option_id, weight",
        [poll.pk],
    )
    rows = [*known, *more]
    _SHUFFLE.shuffle(rows)
    _run(
        "INSERT INTO association_secretballot (id, poll_id, option_id, weight)"
        " SELECT one, %s, chosen, heavy"
        " FROM unnest(%s::uuid[], %s::bigint[], %s::int[]) AS them (one, chosen, heavy)",
        [poll.pk, *([row[place] for row in rows] for place in range(3))],
    )


def _run(statement: str, values: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement whose values travel apart from it, unseen by any wrapper of Django's."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _new_token() -> str:
    return "".join(secrets.choice(_SIGNS) for _sign in range(_LENGTH))


def _sealed(token: str) -> bytes:
    return _cipher().encrypt_at_time(token.encode(), current_time=0)


def _opened(sealed: bytes) -> str:
    try:
        return _cipher().decrypt(sealed).decode()
    except InvalidToken as fault:
        raise TokenUnreadable(
            _("The codes of this poll were encrypted with a key that this site does not have.")
        ) from fault


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(_stretched(key)) for key in settings.PERSONAL_KEYS])


def _stretched(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"poll token" + key.encode()).digest())
