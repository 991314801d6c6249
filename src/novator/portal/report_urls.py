"""Addresses of a citizen's report, from the choice of the city to its confirmation."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    report_cities,
    report_confirming,
    report_ground,
    report_hints,
    report_offline,
    report_photos,
    report_sending,
    report_widget,
)

urlpatterns: list[URLPattern] = [
    path("report/", report_cities.report_begin, name="report_begin"),
    path("report/sw.js", report_offline.service_worker, name="report_worker"),
    path("report/sent/<str:token>/", report_confirming.report_sent, name="report_sent"),
    path("report/confirm/<str:token>/", report_confirming.report_confirm, name="report_confirm"),
    path("report/photos/<str:token>/photo.jpg", report_photos.held_photo, name="report_photo"),
    path("report/<slug:slug>/", report_sending.report_new, name="report_new"),
    path("report/<slug:slug>/ready.json", report_sending.ready, name="report_ready"),
    path("report/<slug:slug>/hints.json", report_hints.hints, name="report_hints"),
    path("report/<slug:slug>/places.json", report_hints.places, name="report_places"),
    path("report/<slug:slug>/ground.json", report_ground.ground, name="report_ground"),
    path("report/<slug:slug>/questions/", report_hints.questions, name="report_questions"),
    path(
        "report/<slug:slug>/consent/<slug:purpose>/",
        report_confirming.report_consent,
        name="report_consent",
    ),
    path("report/<slug:slug>/embed/", report_widget.embed, name="report_embed"),
    path("report/<slug:slug>/official/", report_widget.official, name="report_official"),
    path("widget/<slug:slug>/", report_widget.widget, name="report_widget"),
    path("widget/sent/<str:token>/", report_widget.widget_sent, name="report_widget_sent"),
]
