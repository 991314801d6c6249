"""Addresses of councils, people and bodies, and of the pages on which they are entered."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    bodies_desk,
    bodies_feeds,
    councils,
    organizations,
    people_desk,
    person,
    person_account,
)

_BODIES = "councils/<slug:slug>/bodies/"
_BODY = f"{_BODIES}of/<uuid:public_id>/"
_PERSON = f"{_BODIES}people/<slug:person>/"
_MEMBERSHIP = f"{_BODIES}memberships/<uuid:public_id>/"

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
    path(_BODIES, bodies_desk.council_bodies, name="council_bodies"),
    path(f"{_BODIES}open/", bodies_desk.council_open, name="council_open"),
    path(f"{_BODIES}new/<slug:kind>/", bodies_desk.body_new, name="body_new"),
    path(f"{_BODIES}rules/new/", bodies_desk.council_rule, name="council_rule_new"),
    path(f"{_BODIES}rules/<slug:code>/", bodies_desk.council_rule, name="council_rule"),
    path(_BODY, bodies_desk.body_entry, name="body_entry"),
    path(f"{_BODY}correct/", bodies_desk.body_change, name="body_change"),
    path(f"{_BODY}end/", bodies_desk.body_end, name="body_end"),
    path(f"{_BODY}posts/new/", bodies_desk.post_new, name="post_new"),
    path(f"{_BODY}posts/<int:pk>/end/", bodies_desk.post_end, name="post_end"),
    path(f"{_BODIES}people/", people_desk.person_new, name="person_new"),
    path(_PERSON, people_desk.person_entry, name="person_entry"),
    path(f"{_PERSON}correct/", people_desk.person_change, name="person_change"),
    path(f"{_PERSON}account/", person_account.person_account, name="person_account"),
    path(
        f"{_PERSON}account/take-back/",
        person_account.person_account_withdraw,
        name="person_account_withdraw",
    ),
    path(f"{_PERSON}account/end/", person_account.person_account_end, name="person_account_end"),
    path("my/person/end/", person_account.person_account_leave, name="person_account_leave"),
    path(
        "my/person/<str:token>/",
        person_account.person_account_confirm,
        name="person_account_confirm",
    ),
    path(f"{_PERSON}memberships/new/", people_desk.membership_new, name="membership_new"),
    path(f"{_PERSON}statements/new/", people_desk.statement_new, name="statement_new"),
    path(f"{_PERSON}life/new/", people_desk.life_new, name="life_new"),
    path(f"{_PERSON}<slug:what>/<int:pk>/remove/", people_desk.line_remove, name="line_remove"),
    path(f"{_MEMBERSHIP}end/", people_desk.membership_end, name="membership_end"),
    path(f"{_MEMBERSHIP}correct/", people_desk.membership_correct, name="membership_correct"),
    path(f"{_MEMBERSHIP}remove/", people_desk.membership_remove, name="membership_remove"),
]
