"""DATABASE_URL: what is wrong with a server is said in words, before anything starts."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from novator.site.foreign import check_server, refuse_unsuitable
from novator.site.postgres import DatabaseUnavailable, running_database
from novator.site.testing import temporary_data_dir


@contextmanager
def server_that_says(answer: bytes) -> Iterator[int]:
    """Run a server that is not PostgreSQL on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_once() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(answer)

        threading.Thread(target=answer_once, daemon=True).start()
        yield listener.getsockname()[1]


def _message(kind: bytes, *texts: str, number: int | None = None) -> bytes:
    """One message of PostgreSQL's protocol."""
    body = b"" if number is None else struct.pack("!i", number)
    body += b"".join(text.encode() + b"\0" for text in texts)
    return kind + struct.pack("!i", len(body) + 4) + body


_READY = b"Z\0\0\0\x05I"
_GREETING = (
    _message(b"R", number=0)
    + _message(b"S", "server_version", "16.3")
    + _message(b"S", "server_encoding", "UTF8")
    + _message(b"S", "client_encoding", "UTF8")
    + _READY
)
_REJECTION = _message(b"E", "SERROR", "C0A000", "Munsupported query", "") + _READY


@contextmanager
def server_that_rejects_queries(answer: bytes) -> Iterator[int]:
    """Run a server that lets everybody in and answers the first query so, as a pooler may."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_once() -> None:
            connection, _address = listener.accept()
            with connection:
                while b"user\0" not in connection.recv(4096):
                    connection.sendall(b"N")
                connection.sendall(_GREETING)
                connection.recv(4096)
                connection.sendall(answer)

        threading.Thread(target=answer_once, daemon=True).start()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("answer", "expected"), [(_REJECTION, "unsupported query"), (b"", "cannot be used")]
)
def test_a_server_that_rejects_the_first_query_is_refused_in_words(
    answer: bytes, expected: str
) -> None:
    with server_that_rejects_queries(answer) as port:
        words = refusal(f"postgresql://clerk:hush@127.0.0.1:{port}/novator")

    assert f"127.0.0.1:{port}/novator cannot be used" in words
    assert expected in words
    assert "hush" not in words


def refusal(url: str) -> str:
    with pytest.raises(DatabaseUnavailable) as refused:
        check_server(url)
    return str(refused.value)


def test_names_the_place_where_nobody_listens() -> None:
    words = refusal("postgresql://clerk:hush@127.0.0.1:1/novator")

    assert "127.0.0.1:1/novator" in words
    assert "refused" in words
    assert "hush" not in words


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_says_that_it_is_not_postgres(answer: bytes) -> None:
    with server_that_says(answer) as port:
        words = refusal(f"postgresql://clerk:hush@127.0.0.1:{port}/novator")

    assert "not PostgreSQL" in words


def test_says_how_an_address_looks() -> None:
    assert "postgresql://user" in refusal("mysql://clerk:hush@127.0.0.1/novator")


@pytest.mark.parametrize(
    ("version", "encoding", "may_create", "expected"),
    [
        (140011, "UTF8", True, "PostgreSQL 14; Novator needs 15"),
        (160002, "SQL_ASCII", True, "encoded in SQL_ASCII"),
        (160002, "UTF8", False, "may not create tables"),
    ],
)
def test_refuses_an_unsuitable_server(
    version: int, encoding: str, may_create: bool, expected: str
) -> None:
    with pytest.raises(DatabaseUnavailable, match=expected):
        refuse_unsuitable(
            version=version, encoding=encoding, may_create=may_create, place="db:5432/novator"
        )


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with temporary_data_dir() as folder, running_database(Path(folder)) as url:
        yield url


@pytest.mark.slow
def test_accepts_a_server_that_suits(server: str) -> None:
    check_server(server)


@pytest.mark.slow
def test_refuses_a_user_without_rights(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")

    words = refusal(server.replace("novator@", "reader@"))

    assert "may not create tables" in words


@pytest.mark.slow
def test_refuses_another_encoding(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0"
            " LOCALE_PROVIDER libc LOCALE 'C'"
        )

    words = refusal(server.replace("/novator?", "/bytes?"))

    assert "SQL_ASCII" in words
