"""What holds for every test, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """Begin each test in the default language, whatever a page of the last one has spoken."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()
