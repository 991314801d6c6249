"""Before the first test: one embedded PostgreSQL for the whole run, shared by all workers."""

from __future__ import annotations

import os

import pytest

IS_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests of one file on one worker; they share a browser."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
