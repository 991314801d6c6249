"""After every step: addresses of following, and of the feeds of every list."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import feeds, following

urlpatterns: list[URLPattern] = [
    path("follow/", following.begin, name="follow"),
    path("following/", following.following, name="following"),
    path("following/letters/", following.resume, name="resume_digests"),
    path("following/<int:pk>/", following.change, name="change_follow"),
    path("feeds/practices.atom", feeds.practices, name="practices_feed"),
    path("feeds/topics/<slug:code>.atom", feeds.topic, name="topic_feed"),
    path("feeds/cities/<slug:slug>.atom", feeds.city, name="city_feed"),
    path("feeds/search.atom", feeds.search, name="search_feed"),
    path("feeds/questions.atom", feeds.questions, name="questions_feed"),
    path("feeds/requests.atom", feeds.requests, name="requests_feed"),
    path("feeds/contests.atom", feeds.contests, name="contests_feed"),
]
