"""
Before the first test: one embedded PostgreSQL for the whole run, shared by all workers.

Loaded by `-p`, because the settings must find `DATABASE_URL` when they are first read.
A `DATABASE_URL` of the environment is used as it is.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Generator
from contextlib import ExitStack, nullcontext

import pytest


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
    _serve_database()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Make the tables of the test's database as those of a first start are made."""
    from novator.site.first_tables import only_what_changes

    is_first = fixturedef.argname == "django_db_setup"
    with only_what_changes() if is_first else nullcontext():
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Invented people need no slow digest; what one test keeps in memory is not the next one's."""
    from django.conf import settings

    settings.CITY_SETUP_KEPT_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
