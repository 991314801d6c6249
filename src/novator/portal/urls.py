"""Pages in the language of their address in their address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from novator.portal import accessibility, appearance, compare, home, practice, search


def _soon(request: HttpRequest, **parts: str) -> HttpResponse:
    return render(request, "portal/base.html")


urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/cities/", search.city_names, name="city_names"),
    path("practices/<slug:slug>/", practice.practice, name="practice"),
    path("practices/<slug:slug>/helpful/", practice.helpful, name="helpful"),
    path("compare/", compare.compare, name="compare"),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("appearance/", appearance.change_appearance, name="appearance"),
    # Part B: replace each line by its view.
    path("practices/", _soon, name="catalogue"),
    path("topics/<slug:code>/", _soon, name="topic"),
    path("cities/", _soon, name="cities"),
    path("cities/<slug:slug>/", _soon, name="city"),
    path("about/", _soon, name="about"),
    path("method/", _soon, name="method"),
    path("open-data/", _soon, name="data"),
]
