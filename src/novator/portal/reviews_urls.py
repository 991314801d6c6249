"""Solutions judged: addresses of moderation, reviews, contests, versions and twins."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    contest_office,
    contests,
    jury,
    merges,
    moderation,
    scoring,
    versions_pages,
)

_DRAFT = "office/moderation/<uuid:public_id>/"
_CONTEST = "contests/<slug:slug>/"
_OFFICE = "office/contests/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("office/moderation/", moderation.moderation, name="moderation"),
    path("office/moderation/decided/", moderation.moderation_decided, name="moderation_decided"),
    path(_DRAFT, moderation.moderation_draft, name="moderation_draft"),
    path(_DRAFT + "take/", moderation.moderation_take, name="moderation_take"),
    path(_DRAFT + "decide/", moderation.moderation_decide, name="moderation_decide"),
    path("office/twins/", merges.merges, name="merges"),
    path("office/twins/<int:pk>/", merges.merge_decide, name="merge_decide"),
    path("practices/<slug:slug>/twin/", merges.merge_propose, name="merge_propose"),
    path("practices/<slug:slug>/versions/", versions_pages.versions, name="versions"),
    path(
        "practices/<slug:slug>/versions/differences/",
        versions_pages.version_differences,
        name="version_differences",
    ),
    path("practices/<slug:slug>/review/", scoring.review_card, name="review_card"),
    path("my/reviews/", scoring.my_reviews, name="my_reviews"),
    path("my/reviews/<uuid:public_id>/withdraw/", scoring.review_withdraw, name="review_withdraw"),
    path("my/conflicts/", scoring.conflict_declare, name="conflict_declare"),
    path("my/conflicts/<int:pk>/end/", scoring.conflict_end, name="conflict_end"),
    path("contests/", contests.contests, name="contests"),
    path(_CONTEST, contests.contest, name="contest"),
    path(_CONTEST + "results/", contests.contest_results, name="contest_results"),
    path(_CONTEST + "protocol.<slug:kind>", contests.contest_protocol, name="contest_protocol"),
    path(_CONTEST + "enter/", contests.contest_enter, name="contest_enter"),
    path(_CONTEST + "jury/", jury.jury, name="jury"),
    path(_CONTEST + "jury/<uuid:public_id>/", jury.jury_entry, name="jury_entry"),
    path(_CONTEST + "jury/<uuid:public_id>/recuse/", jury.jury_recuse, name="jury_recuse"),
    path("entries/<uuid:public_id>/withdraw/", contests.entry_withdraw, name="entry_withdraw"),
    path("office/contests/new/", contest_office.contest_new, name="contest_new"),
    path(_OFFICE, contest_office.contest_office, name="contest_office"),
    path(_OFFICE + "edit/", contest_office.contest_edit, name="contest_edit"),
    path(_OFFICE + "jury/", contest_office.juror_name, name="juror_name"),
    path(_OFFICE + "jury/<int:pk>/end/", contest_office.juror_end, name="juror_end"),
    path(_OFFICE + "act/<slug:act>/", contest_office.contest_act, name="contest_act"),
]
