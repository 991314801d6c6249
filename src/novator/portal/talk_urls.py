"""Solutions discussed: addresses of questions, requests, help and what moderators do."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import help, questions, requests, talking

urlpatterns: list[URLPattern] = [
    path("practices/<slug:slug>/ask/", questions.ask_question_page, name="ask_question"),
    path(
        "practices/<slug:slug>/questions/", questions.practice_questions, name="practice_questions"
    ),
    path("questions/<uuid:public_id>/", questions.question, name="question"),
    path("questions/<uuid:public_id>/reply/", questions.question_reply, name="question_reply"),
    path(
        "questions/<uuid:public_id>/openness/",
        questions.question_openness,
        name="question_openness",
    ),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.request_new, name="request_new"),
    path("requests/<int:number>/", requests.request_page, name="request"),
    path("requests/<int:number>/answer/", requests.request_answer, name="request_answer"),
    path(
        "requests/<int:number>/answers/<uuid:public_id>/mark/",
        requests.request_mark,
        name="request_mark",
    ),
    path("requests/<int:number>/close/", requests.request_close, name="request_close"),
    path("practices/<slug:slug>/help/", help.help_page, name="help_page"),
    path("practices/<slug:slug>/help/book/", help.help_book, name="help_book"),
    path("bookings/<uuid:public_id>/", help.booking, name="booking"),
    path("bookings/<uuid:public_id>/move/", help.booking_move, name="booking_move"),
    path("bookings/<uuid:public_id>/rate/", help.booking_rate, name="booking_rate"),
    path(
        "bookings/<uuid:public_id>/invitation.ics",
        help.booking_invitation,
        name="booking_invitation",
    ),
    path("my/talk/", talking.my_talk, name="my_talk"),
    path("office/talk/", talking.office_talk, name="office_talk"),
    path("hidden/<slug:kind>/<uuid:public_id>/", talking.objection, name="objection"),
    path("hide/<slug:kind>/<uuid:public_id>/", talking.hide_thing, name="hide_thing"),
]
