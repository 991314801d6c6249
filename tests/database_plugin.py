"""
Before the first test: one embedded PostgreSQL for the whole run, shared by all workers, and the
order in which they take the tests.

Loaded by `-p`, because the settings must find `DATABASE_URL` when they are first read.
A `DATABASE_URL` of the environment is used as it is.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Generator
from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

_GROUPS = ("slow", "browser")
"""Markers of what takes long; each group begins at once, in a worker of its own."""


def _keep_bytecode() -> None:
    """Compile once, apart from the sources, where the environment wants no bytecode beside them."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept = Path(__file__).parent.parent / ".pytest_cache" / "bytecode"
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(kept)
        sys.dont_write_bytecode = False


def _serve_database() -> None:
    from novator.site.testing import temporary_data_dir

    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(temporary_data_dir())
    os.environ["NOVATOR_DATA_DIR"] = str(folder)
    os.environ.setdefault("NOVATOR_DATABASE_POOL", "0")
    os.environ.setdefault("NOVATOR_SECRET_KEY", "only-for-tests-" + "0" * 50)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "DATABASE_URL" not in os.environ:
        from novator.site.postgres import start_database

        server = start_database(folder)
        os.environ["DATABASE_URL"] = server.url
        stack.callback(server.stop)


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


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Make the tables of the test's database as those of a first start are made."""
    from novator.site.first_tables import only_what_changes

    is_first = fixturedef.argname == "django_db_setup"
    with only_what_changes() if is_first else nullcontext():
        made = yield
    if is_first:
        blocker = request.getfixturevalue("django_db_blocker")
        fixturedef.addfinalizer(partial(_end_other_sessions, blocker))
    return made


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


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Invented people need no slow digest; what one test keeps in memory is not the next one's."""
    from django.conf import settings

    settings.CITY_SETUP_KEPT_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
