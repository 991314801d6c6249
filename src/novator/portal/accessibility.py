"""Every page: how the site can be made easier to read, and what it promises."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the settings of the version for the visually impaired and say how the site is made."""
    return render(request, "portal/accessibility.html")
