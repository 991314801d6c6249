"""Addresses of councils, people and bodies, and of the pages on which they are entered."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import bodies_feeds, councils, organizations, person

urlpatterns: list[URLPattern] = [
    path("councils/", councils.councils, name="councils"),
    path("councils/<slug:slug>/", councils.council, name="council"),
    path("people/<slug:slug>/", person.person, name="person"),
    path("people/<slug:slug>/votes/", person.person_votes, name="person_votes"),
    path("organizations/<uuid:public_id>/", organizations.organization, name="organization"),
    path(
        "feeds/councils/<slug:slug>/members.atom",
        bodies_feeds.members,
        name="council_members_feed",
    ),
]
