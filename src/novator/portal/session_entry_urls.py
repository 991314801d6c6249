"""Who decides: addresses of the secretary's desk, where sessions and votes are entered."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from novator.portal import session_books, session_desk, session_items, session_lists, vote_entry

_SESSION = "councils/<slug:slug>/desk/sessions/<int:pk>/"
_ITEM = f"{_SESSION}items/<int:item_pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("councils/<slug:slug>/desk/", session_desk.council_desk, name="council_desk"),
    path("councils/<slug:slug>/desk/sessions/new/", session_desk.session_new, name="session_new"),
    path(_SESSION, session_desk.session_desk, name="session_desk"),
    path(f"{_SESSION}facts/", session_desk.session_facts, name="session_facts"),
    path(f"{_SESSION}step/", session_desk.session_step, name="session_step"),
    path(f"{_SESSION}agenda/", session_lists.session_agenda, name="session_agenda"),
    path(f"{_SESSION}attendance/", session_lists.session_attendance, name="session_attendance"),
    path(f"{_SESSION}blank/", session_books.session_blank, name="session_blank"),
    path(f"{_SESSION}book/", session_books.session_book, name="session_book"),
    path(_ITEM, session_items.session_item, name="session_item"),
    path(f"{_ITEM}speeches/", session_items.speech_add, name="speech_add"),
    path(f"{_ITEM}speeches/<int:row>/", session_items.speech_remove, name="speech_remove"),
    path(f"{_ITEM}papers/", session_items.paper_add, name="paper_add"),
    path(f"{_ITEM}papers/<int:row>/", session_items.paper_remove, name="paper_remove"),
    path(f"{_ITEM}vote/", vote_entry.vote_new, name="vote_new"),
    path(f"{_ITEM}vote/check/", vote_entry.vote_check, name="vote_check"),
    path(f"{_ITEM}votes/<int:event_pk>/", vote_entry.vote_change, name="vote_change"),
    path(f"{_ITEM}votes/<int:event_pk>/remove/", vote_entry.vote_remove, name="vote_remove"),
]
