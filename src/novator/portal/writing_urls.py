"""Solutions written: addresses of the pages on which a city writes about its own work."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import writing

urlpatterns: list[URLPattern] = [
    path("my/drafts/<uuid:public_id>/", writing.draft, name="draft"),
]
