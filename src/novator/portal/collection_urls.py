"""Addresses of collections of cards and of papers made of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import briefing, collection_sharing, collections

urlpatterns: list[URLPattern] = [
    path("collections/", collections.collections, name="collections"),
    path("collections/add/", collections.add_to_collection, name="add_to_collection"),
    path("collections/shared/<str:token>/", collections.by_link, name="collection_by_link"),
    path("collections/<uuid:public_id>/", collections.collection, name="collection"),
    path("collections/<uuid:public_id>/edit/", collections.edit, name="collection_edit"),
    path("collections/<uuid:public_id>/remove/", collections.remove, name="collection_remove"),
    path("collections/<uuid:public_id>/delete/", collections.delete, name="collection_delete"),
    path(
        "collections/<uuid:public_id>/practices.<str:kind>",
        collections.export,
        name="collection_export",
    ),
    path(
        "collections/<uuid:public_id>/sharing/",
        collection_sharing.sharing,
        name="collection_sharing",
    ),
    path("collections/<uuid:public_id>/papers/", briefing.begin, name="briefing_begin"),
    path("compare/briefing/", briefing.begin_from_comparison, name="briefing_from_comparison"),
    path("papers/<uuid:public_id>/", briefing.paper, name="briefing"),
    path("papers/<uuid:public_id>/edit/", briefing.edit, name="briefing_edit"),
    path("papers/<uuid:public_id>/delete/", briefing.delete, name="briefing_delete"),
    path("papers/<uuid:public_id>/briefing.<str:kind>", briefing.as_file, name="briefing_file"),
]
