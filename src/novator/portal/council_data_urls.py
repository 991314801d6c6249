"""Addresses of a council as files, and of its people from a workbook."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import council_data

urlpatterns: list[URLPattern] = [
    path("councils/<slug:slug>/popolo.json", council_data.council_popolo, name="council_popolo"),
    path("councils/<slug:slug>/files/<str:kind>", council_data.council_data, name="council_data"),
    path("councils/<slug:slug>/desk/people/", council_data.council_roster, name="council_roster"),
    path("councils/<slug:slug>/desk/people/blank/", council_data.roster_blank, name="roster_blank"),
]
