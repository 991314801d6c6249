"""
Before the law's first step: is the PostgreSQL that DATABASE_URL names one we can work with?
"""

from contextlib import closing

import psycopg
from psycopg.conninfo import conninfo_to_dict

from novator.site.language import gettext as _
from novator.site.unavailable import DatabaseUnavailable

OLDEST_VERSION = 150000
_CONNECT_SECONDS = 5
_NOT_POSTGRES = (
    "invalid response to SSL negotiation",
    "expected authentication request",
    "closed the connection unexpectedly",
    "unexpected response",
    "SSL SYSCALL",
)


def check_server(url: str) -> None:
    """
    Connect once and see that the server is PostgreSQL, new enough, UTF-8 and lets us make tables.

    :raises DatabaseUnavailable: it is not; the message says why and never shows the password
    """
    place = _place(url)
    try:
        connection = psycopg.connect(url, connect_timeout=_CONNECT_SECONDS, autocommit=True)
    except psycopg.Error as fault:
        raise DatabaseUnavailable(_why_unreachable(str(fault), place)) from fault
    with closing(connection):
        version = connection.info.server_version
        encoding = connection.info.parameter_status("server_encoding") or ""
        refuse_unsuitable(version=version, encoding=encoding, may_create=True, place=place)
        try:
            may_create = _may_create_tables(connection)
        except psycopg.Error as fault:
            raise DatabaseUnavailable(_unusable(str(fault), place)) from fault
        refuse_unsuitable(version=version, encoding=encoding, may_create=may_create, place=place)


def refuse_unsuitable(*, version: int, encoding: str, may_create: bool, place: str) -> None:
    """
    Judge a server by what it says of itself; `version` is its number, as 150004.

    :raises DatabaseUnavailable: it does not suit us
    """
    if version < OLDEST_VERSION:
        message = _("%(place)s runs PostgreSQL %(version)s; Novator needs 15 or newer.")
    elif encoding != "UTF8":
        message = _(
            "The database at %(place)s is encoded in %(encoding)s; Novator needs UTF8:"
            " CREATE DATABASE novator ENCODING 'UTF8' TEMPLATE template0."
        )
    elif not may_create:
        message = _(
            "The user of DATABASE_URL may not create tables at %(place)s."
            " Make it the owner of the database, and see that the server is not a read-only copy."
        )
    else:
        return
    facts = {"place": place, "version": version // 10000, "encoding": encoding or "?"}
    raise DatabaseUnavailable(message % facts)


def _may_create_tables(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    question = """
        SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
           AND NOT pg_is_in_recovery()
    """
    row = connection.execute(question).fetchone()
    return row is not None and bool(row[0])


def _place(url: str) -> str:
    """Name the server without its secrets."""
    try:
        known = conninfo_to_dict(url)
    except psycopg.ProgrammingError as fault:
        raise DatabaseUnavailable(
            _(
                "DATABASE_URL is not the address of a PostgreSQL database;"
                " it looks like postgresql://user:password@host:5432/novator."
            )
        ) from fault
    host = known.get("host") or known.get("hostaddr") or "localhost"
    return f"{host}:{known.get('port') or 5432}/{known.get('dbname') or ''}"


def _why_unreachable(words: str, place: str) -> str:
    if any(sign in words for sign in _NOT_POSTGRES):
        message = _("What answers at %(place)s is not PostgreSQL. Check DATABASE_URL.")
    elif "timeout" in words:
        message = _("The database at %(place)s does not answer. Check DATABASE_URL.")
    else:
        return _unusable(words, place)
    return message % {"place": place}


def _unusable(words: str, place: str) -> str:
    message = _("The database at %(place)s cannot be used: %(reason)s")
    return message % {"place": place, "reason": _reason(words)}


def _reason(words: str) -> str:
    """The last cause that the driver names; lines that begin with a tab only guess at it."""
    causes = [line for line in words.strip().splitlines() if not line.startswith("\t")]
    return causes[-1] if causes else words.strip()
