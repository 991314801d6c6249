"""Reports worked on: addresses of a city's staff and of its set-up."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    setup,
    setup_keys,
    work_acts,
    work_files,
    work_list,
    work_report,
    work_telephone,
)

_WORK = "work/<slug:slug>/reports/"
_SETUP = "work/<slug:slug>/setup/"

urlpatterns: list[URLPattern] = [
    path("work/", setup_keys.work_cities, name="work_cities"),
    path(_WORK, work_list.work_list, name="work_list"),
    path(_WORK + "points.json", work_list.work_points, name="work_points"),
    path(_WORK + "batch/", work_list.work_batch, name="work_batch"),
    path(_WORK + "views/", work_list.work_filter, name="work_filter"),
    path(_WORK + "telephone/", work_telephone.work_telephone, name="work_telephone"),
    path(_WORK + "statistics/", work_files.work_statistics, name="work_statistics"),
    path(_WORK + "file.<slug:kind>", work_files.work_export, name="work_export"),
    path(_WORK + "<str:number>/", work_report.work_report, name="work_report"),
    path(_WORK + "<str:number>/categories/", work_report.work_proposals, name="work_proposals"),
    path(_WORK + "<str:number>/contact/", work_acts.work_contact, name="work_contact"),
    path(_WORK + "<str:number>/act/<slug:act>/", work_acts.work_act, name="work_act"),
    path(_SETUP, setup.setup, name="setup"),
    path(_SETUP + "open/", setup.setup_open, name="setup_open"),
    path(_SETUP + "channel/", setup.setup_channel, name="setup_channel"),
    path(_SETUP + "keys/", setup_keys.setup_keys, name="setup_keys"),
    path(_SETUP + "keys/<int:pk>/end/", setup_keys.setup_key_end, name="setup_key_end"),
    path(_SETUP + "streets/", setup_keys.setup_streets, name="setup_streets"),
    path(_SETUP + "models/", setup.setup_models, name="setup_models"),
    path(_SETUP + "categories/together/", setup.setup_together, name="setup_together"),
    path(_SETUP + "<slug:table>/", setup.setup_table, name="setup_table"),
    path(_SETUP + "<slug:table>/new/", setup.setup_row, name="setup_new"),
    path(_SETUP + "<slug:table>/<int:pk>/", setup.setup_row, name="setup_row"),
    path(_SETUP + "<slug:table>/<int:pk>/remove/", setup.setup_remove, name="setup_remove"),
]
