"""Every step, told to a program: long lists in parts, with addresses of the neighbouring parts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field

from novator.api.v1.answers import Answer


class Part(Answer):
    """Where this part lies in the whole list."""

    total: int = Field(description=gettext_noop("How many entries the whole list has."))
    next: str | None = Field(description=gettext_noop("Address of the next part, or null."))
    previous: str | None = Field(description=gettext_noop("Address of the part before, or null."))


def neighbours(
    request: HttpRequest, *, total: int, limit: int, offset: int
) -> dict[str, str | None]:
    """Return the addresses `next` and `previous`; null at the ends."""
    further = _at(request, offset + limit) if offset + limit < total else None
    back = _at(request, max(0, min(offset, total) - limit)) if offset > 0 else None
    return {"next": further, "previous": back}


def absolute(request: HttpRequest, path: str) -> str:
    """Return a full address on this site."""
    site = str(settings.SITE_URL)
    return site + path if site else request.build_absolute_uri(path)


def _at(request: HttpRequest, offset: int) -> str:
    parameters = request.GET.copy()
    parameters["offset"] = str(offset)
    return absolute(request, f"{request.path}?{parameters.urlencode()}")
