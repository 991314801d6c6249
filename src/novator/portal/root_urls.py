"""Pages without a language in their address."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import home

urlpatterns: list[URLPattern] = [
    path("", home.front, name="front"),
]
