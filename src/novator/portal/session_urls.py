"""Addresses of sessions and decisions: their pages, papers, calendars, feeds and the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    council_feeds,
    decision_desk,
    decision_desk_parts,
    decisions,
    protocol_desk,
    protocol_pages,
    sessions,
)

_SESSION = "councils/sessions/<int:pk>/"
_DECISION = "councils/decisions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("councils/<slug:slug>/sessions/", sessions.council_sessions, name="council_sessions"),
    path("councils/<slug:slug>/decisions/", decisions.council_decisions, name="council_decisions"),
    path("councils/<slug:slug>/calendar.ics", sessions.calendar, name="council_calendar"),
    path("councils/items/<int:pk>/", sessions.agenda_item, name="agenda_item"),
    path(_SESSION, sessions.session_page, name="council_session"),
    path(f"{_SESSION}agenda.<str:kind>", protocol_pages.agenda, name="session_agenda_paper"),
    path(f"{_SESSION}minutes.<str:kind>", protocol_pages.minutes, name="session_minutes"),
    path(
        f"{_SESSION}protocols/<int:number>/", protocol_pages.protocol_page, name="session_protocol"
    ),
    path(f"{_SESSION}protocols/", protocol_pages.compared, name="session_protocols"),
    path(f"{_SESSION}sign/", protocol_desk.sign, name="session_sign"),
    path(f"{_SESSION}correct/", protocol_desk.correct, name="session_correct"),
    path(_DECISION, decisions.decision_page, name="council_decision"),
    path(f"{_DECISION}decision.<str:kind>", decisions.document, name="decision_document"),
    path(
        "councils/<slug:slug>/desk/decisions/new/", decision_desk.new_decision, name="decision_new"
    ),
    path(f"{_DECISION}change/", decision_desk.change_decision, name="decision_change"),
    path(f"{_DECISION}step/", decision_desk.next_step, name="decision_step"),
    path(f"{_DECISION}effect/", decision_desk_parts.new_effect, name="decision_effect"),
    path(
        f"{_DECISION}effect/<int:effect>/remove/",
        decision_desk_parts.drop_effect,
        name="decision_effect_remove",
    ),
    path(f"{_DECISION}mandate/", decision_desk_parts.new_mandate, name="decision_mandate"),
    path(f"{_DECISION}file/", decision_desk_parts.new_file, name="decision_file"),
    path(
        "councils/mandates/<int:pk>/withdraw/",
        decision_desk_parts.end_mandate,
        name="mandate_withdraw",
    ),
    path("feeds/decisions.atom", council_feeds.all_decisions, name="decisions_feed"),
    path(
        "feeds/councils/<slug:slug>/decisions.atom",
        council_feeds.decisions,
        name="council_decisions_feed",
    ),
    path(
        "feeds/councils/<slug:slug>/sessions.atom",
        council_feeds.sessions,
        name="council_sessions_feed",
    ),
]
