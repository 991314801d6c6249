"""Being written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Being written."""
    return render(request, "portal/base.html", {})


def helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Being written."""
    return render(request, "portal/base.html", {})
