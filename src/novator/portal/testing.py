"""Every page: what tests of the pages stand on instead of large encoders."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def plain_static_files(settings: Any) -> None:
    """Serve the static files as they lie in the packages, without a collected manifest."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
