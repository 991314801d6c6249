"""Before Open311 is tested: a city that takes reports, and a key of it."""

from __future__ import annotations

from typing import Any

import pytest

from novator.reports.keys import make_key
from novator.reports.models import ApiKey, Channel
from novator.reports.testing import make_channel


@pytest.fixture
def zarechny(db: None) -> Channel:
    """The one city that takes reports."""
    return make_channel()


@pytest.fixture
def key(zarechny: Channel) -> str:
    """A key of Zarechny that only reports."""
    return make_key(municipality=zarechny.municipality, name="FixMyStreet")[1]


@pytest.fixture
def trusted(zarechny: Channel) -> str:
    """A key of Zarechny whose updates change states."""
    return make_key(municipality=zarechny.municipality, name="Contractor", may_update=True)[1]


@pytest.fixture
def stranger(zarechny: Channel) -> ApiKey:
    """The key row of another city."""
    from novator.cities.testing import make_city

    other = make_channel(make_city("Stary Bor"), is_open=False)
    return make_key(municipality=other.municipality, name="FixMyStreet")[0]


@pytest.fixture
def defers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What is queued instead of being done: names of jobs and their values."""
    from procrastinate.contrib.django import app

    queued: list[tuple[str, dict[str, Any]]] = []

    class Queued:
        def __init__(self, name: str) -> None:
            self.name = name

        def defer(self, **values: Any) -> None:
            queued.append((self.name, values))

    monkeypatch.setattr(app, "configure_task", lambda name, **_how: Queued(name))
    return queued
