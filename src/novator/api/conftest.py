"""Before the interface is tested: it stands alone, unless a test wants the pages around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest, settings: Settings) -> None:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if not request.node.get_closest_marker("whole_site"):
        settings.ROOT_URLCONF = "novator.api.testing"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "whole_site: needs the pages around the interface")
