"""Councils: addresses of votes and of the figures of support."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import council_support, votes

urlpatterns: list[URLPattern] = [
    path("councils/votes/<int:pk>/", votes.vote, name="council_vote"),
    path("councils/votes/<int:pk>/votes.csv", votes.vote_csv, name="council_vote_csv"),
    path("councils/votes/<int:pk>/vote.json", votes.vote_json, name="council_vote_json"),
    path("councils/<slug:slug>/support/", council_support.support, name="council_support"),
    path("councils/<slug:slug>/support.csv", council_support.pairs_csv, name="council_pairs_csv"),
]
