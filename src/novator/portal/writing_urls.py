"""Solutions written: addresses of the pages on which a city writes about its own work."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import claims, draft_step, form_import, releasing, writing

_DRAFT = "my/drafts/<uuid:public_id>/"

urlpatterns: list[URLPattern] = [
    path("my/drafts/", writing.my_drafts, name="my_drafts"),
    path("my/drafts/new/", writing.new_draft, name="new_draft"),
    path("my/drafts/from-file/", form_import.from_file, name="draft_from_file"),
    path("my/drafts/form.<slug:kind>", form_import.blank_form, name="blank_form"),
    path("my/drafts/left/", writing.drafts_left, name="drafts_left"),
    path(_DRAFT, writing.draft, name="draft"),
    path(_DRAFT + "preview/", writing.preview, name="draft_preview"),
    path(_DRAFT + "similar/", writing.similar, name="draft_similar"),
    path(_DRAFT + "act/<slug:act>/", releasing.draft_act, name="draft_act"),
    path(_DRAFT + "<slug:code>/", draft_step.draft_step, name="draft_step"),
    path(_DRAFT + "<slug:code>/autosave/", draft_step.autosave, name="draft_autosave"),
    path("my/cards/", claims.my_cards, name="my_cards"),
    path("practices/<slug:slug>/correct/", claims.card_correct, name="card_correct"),
    path("practices/<slug:slug>/confirm/", claims.card_confirm, name="card_confirm"),
    path("practices/<slug:slug>/withdraw/", claims.card_withdraw, name="card_withdraw"),
    path("practices/<slug:slug>/city/", claims.card_city, name="card_city"),
]
