"""
Before the first test: one embedded PostgreSQL for the whole run, shared by all workers, and the
order in which they take the tests.

Loaded by `-p`, because the settings must find `DATABASE_URL` when they are first read.
A `DATABASE_URL` of the environment is used as it is.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_OF_THIS_RUN = "NOVATOR_TEST_TABLES"
"""Names the file that appears when the tables are made, where the server is this run's own."""
_PATTERN = "tables"
_LONGEST_MAKING = 300.0
_MOST_CONNECTIONS = 400
_GROUPS = ("slow", "browser")
"""Markers of what takes long; each group begins at once, in a worker of its own."""


def _keep_bytecode() -> None:
    """
    Compile the tests once for all processes and runs, whatever the environment wants.

    The installation leaves bytecode beside the sources anyway; kept elsewhere, that of all packages
    would be made anew.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _serve_database() -> None:
    from novator.site.testing import temporary_data_dir

    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(temporary_data_dir())
    os.environ["NOVATOR_DATA_DIR"] = str(folder)
    os.environ.setdefault("NOVATOR_CACHE_DIR", str(folder / "cache"))
    os.environ.setdefault("NOVATOR_DATABASE_POOL", "0")
    os.environ.setdefault("NOVATOR_SECRET_KEY", "only-for-tests-" + "0" * 50)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "DATABASE_URL" not in os.environ:
        from novator.site.postgres import start_database

        server = start_database(folder)
        _fit_for_tests(server.url)
        server.stop()
        server = start_database(folder)
        os.environ["DATABASE_URL"] = server.url
        os.environ[_OF_THIS_RUN] = str(folder / "tables.made")
        stack.callback(server.stop)


def _fit_for_tests(url: str) -> None:
    """
    Spare the database what guards it against a power cut: it lives as long as the run.

    Tests of fifty people at once run in several workers, beside the servers of the others: more
    connections than one site ever has.
    """
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute(f"ALTER SYSTEM SET max_connections = {_MOST_CONNECTIONS}")


if "PYTEST_XDIST_WORKER" not in os.environ:
    _keep_bytecode()
    _serve_database()


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: some tests wait for other programs most of the time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Let what takes long begin first, or the run ends in one worker's last slow test.

    Each worker is given one piece of the list and takes from the end of the others' when it is done
    with its own: so the groups stand at the beginnings of different pieces.
    """
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    pieces: list[list[pytest.Item]] = [[] for _worker in range(workers)]
    quick: list[pytest.Item] = []
    for item in items:
        group = next((name for name in _GROUPS if item.get_closest_marker(name)), None)
        (quick if group is None else pieces[_GROUPS.index(group) % workers]).append(item)
    for number, piece in enumerate(pieces):
        left = len(quick) + sum(len(each) for each in pieces[number:])
        fill = max(left // (workers - number) - len(piece), 0)
        piece += quick[:fill]
        del quick[:fill]
    items[:] = [*(item for piece in pieces for item in piece), *quick]
    gc.freeze()  # what is collected stays: nobody need look through it for waste


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Make the tables of the test's database as those of a first start are made."""
    is_first = fixturedef.argname == "django_db_setup"
    blocker = request.getfixturevalue("django_db_blocker") if is_first else None
    with nullcontext() if blocker is None else _tables_made_once(blocker):
        made = yield
    if blocker is not None:
        fixturedef.addfinalizer(partial(_end_other_sessions, blocker))
    return made


@contextmanager
def _tables_made_once(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the first worker make the tables, as a first start does, and the others copy them."""
    from django.db import connection

    from novator.site.first_tables import only_what_changes
    from novator.site.lock import FileLock

    if _OF_THIS_RUN not in os.environ or "PYTEST_XDIST_WORKER" not in os.environ:
        with only_what_changes():
            yield
        return
    whole = Path(os.environ[_OF_THIS_RUN])
    lock = FileLock(whole.with_suffix(".lock"))
    lock.acquire(timeout=_LONGEST_MAKING, words=str(os.getpid()))
    with lock:
        if whole.exists():
            with _copied_tables(connection):
                yield
            return
        with only_what_changes():
            yield
        _keep_tables(connection, blocker)
        whole.touch()


@contextmanager
def _copied_tables(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let Django make its database from the pattern, in which there is nothing to migrate."""
    settings = connection.settings_dict["TEST"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(settings, "TEMPLATE", _PATTERN)
        patch.setattr("django.core.management.call_command", lambda *_words, **_how: None)
        yield


def _keep_tables(connection: BaseDatabaseWrapper, blocker: DjangoDbBlocker) -> None:
    """Copy the database with new tables, while nobody is connected to it, for other workers."""
    made = connection.settings_dict["NAME"]
    with blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{_PATTERN}" TEMPLATE "{made}"')


def _end_other_sessions(blocker: DjangoDbBlocker) -> None:
    """Let nothing keep the database from being dropped: threads of servers end when they may."""
    from django.db import connection

    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    is_marked = marker is not None and bool(marker.kwargs.get("transaction"))
    return is_marked or bool({"transactional_db", "live_server"} & set(request.fixturenames))


@pytest.fixture(autouse=True)
def _no_job_is_left(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Generator[None, None, None]:
    """After a test that commits: its jobs, whose tables Django does not empty, go too."""
    yield
    if not _commits(request):
        return
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


_KEPT = {"django_content_type", "auth_permission", "django_migrations"}
"""Tables whose rows come with the tables: Django would make these rows anew each time."""
_WRITTEN = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""


def _delete_what_was_committed() -> None:
    """
    Delete the few rows that there are; to empty all tables at once takes many times as long.

    The locks wait, as emptying does, for what a server's thread still writes; keys and triggers
    are not asked, as they are not when tables are emptied.
    """
    from django.db import connection, transaction

    known = set(connection.introspection.django_table_names(only_existing=True)) - _KEPT
    named = ", ".join(f'"{name}"' for name in sorted(known))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {named} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_WRITTEN)
        names = [name for (name,) in cursor.fetchall() if name in known]
        cursor.execute("".join(f'DELETE FROM "{name}";' for name in names) or "SELECT 1")


def _flush_quickly(original: Callable[..., object]) -> Callable[..., object]:
    """Stand in for Django's commands where a test that committed is cleared away."""

    def call(name: str, *words: object, **how: object) -> object:
        if name == "flush" and not how.get("reset_sequences"):
            return _delete_what_was_committed()
        return original(name, *words, **how)

    return call


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Invented people need no slow digest; what one test keeps in memory is not the next one's."""
    from django.conf import settings
    from django.test import testcases

    if _OF_THIS_RUN in os.environ:  # else the user of the database may be one who may not
        testcases.call_command = _flush_quickly(testcases.call_command)
    settings.CITY_SETUP_KEPT_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
