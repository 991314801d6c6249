"""Every page: the reader's version (ordinary or for the visually impaired) and colours."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def appearance(request: HttpRequest) -> dict[str, Any]:
    """Template variables that every page has."""
    return {}
