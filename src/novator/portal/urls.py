"""Pages in the language of their address in their address."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    accessibility,
    appearance,
    catalogue,
    cities,
    compare,
    home,
    practice,
    search,
    texts,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/cities/", search.city_names, name="city_names"),
    path("practices/<slug:slug>/", practice.practice, name="practice"),
    path("practices/<slug:slug>/helpful/", practice.helpful, name="helpful"),
    path("compare/", compare.compare, name="compare"),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("appearance/", appearance.change_appearance, name="appearance"),
    path("practices/", catalogue.by_topic, name="catalogue"),
    path("topics/<slug:code>/", catalogue.topic, name="topic"),
    path("cities/", cities.cities, name="cities"),
    path("cities/spots.json", cities.spots, name="city_spots"),
    path("cities/<slug:slug>/", cities.city, name="city"),
    path("about/", texts.about, name="about"),
    path("method/", texts.method, name="method"),
    path("open-data/", texts.open_data, name="data"),
]
