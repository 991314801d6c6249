"""Addresses of reports after they were sent: their pages, lists, figures and feeds."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    public_reports,
    public_reports_acts,
    public_reports_feeds,
    public_reports_following,
    public_reports_list,
    public_reports_statistics,
)

_LINK = "reports/by-link/<str:token>/"

urlpatterns: list[URLPattern] = [
    path("reports/", public_reports.lookup, name="report_lookup"),
    path("my/reports/", public_reports_following.my_reports, name="my_reports"),
    path(_LINK, public_reports.by_link, name="report_by_link"),
    path(
        f"{_LINK}solved/",
        public_reports_acts.verdict_page,
        {"kind": "confirmed"},
        name="report_confirmed",
    ),
    path(
        f"{_LINK}not-solved/",
        public_reports_acts.verdict_page,
        {"kind": "refuted"},
        name="report_refuted",
    ),
    path(f"{_LINK}new/", public_reports.new_link, name="report_new_link"),
    path(f"{_LINK}photos/<int:pk>/", public_reports.photo_by_link, name="report_photo_by_link"),
    path(
        "reports/address/<str:token>/",
        public_reports_acts.address_confirmed,
        name="confirm_report_address",
    ),
    path("reports/data/<str:token>/", public_reports_acts.own_data, name="report_data"),
    path(
        "reports/follow/<str:token>/",
        public_reports_following.confirm,
        name="confirm_report_subscription",
    ),
    path(
        "reports/follow/<uuid:public_id>/stop/",
        public_reports_following.stop,
        name="stop_report_subscription",
    ),
    path("reports/<str:number>/", public_reports.report, name="report"),
    path("reports/<str:number>/wish/", public_reports_following.wish, name="report_wish"),
    path("reports/<str:number>/act/<slug:name>/", public_reports_acts.act, name="report_act"),
    path("cities/<slug:slug>/reports/", public_reports_list.city_reports, name="city_reports"),
    path(
        "cities/<slug:slug>/reports/map.json", public_reports_list.on_map, name="city_reports_map"
    ),
    path(
        "cities/<slug:slug>/reports/follow/",
        public_reports_following.follow,
        name="follow_reports",
    ),
    path(
        "cities/<slug:slug>/reports/statistics/",
        public_reports_statistics.statistics,
        name="report_statistics",
    ),
    path(
        "cities/<slug:slug>/reports/statistics.csv",
        public_reports_statistics.statistics_csv,
        name="report_statistics_csv",
    ),
    path("feeds/reports/<slug:slug>.atom", public_reports_feeds.city, name="city_reports_feed"),
    path("feeds/report/<str:number>.atom", public_reports_feeds.one, name="report_feed"),
]
