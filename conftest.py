"""What holds for every test, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
hypothesis_settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """Begin each test in the default language, whatever a page of the last one has spoken."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()
