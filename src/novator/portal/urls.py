"""Pages in the language of their address in their address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from novator.portal import (
    accessibility,
    account,
    appearance,
    audit,
    catalogue,
    cities,
    compare,
    home,
    mail,
    neighbours,
    office,
    practice,
    search,
    team,
    texts,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/cities/", search.city_names, name="city_names"),
    path("practices/<slug:slug>/", practice.practice, name="practice"),
    path("practices/<slug:slug>/helpful/", practice.helpful, name="helpful"),
    path("compare/", compare.compare, name="compare"),
    path("", include("novator.portal.collection_urls")),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("appearance/", appearance.change_appearance, name="appearance"),
    path("practices/", catalogue.by_topic, name="catalogue"),
    path("topics/<slug:code>/", catalogue.topic, name="topic"),
    path("cities/", cities.cities, name="cities"),
    path("cities/spots.json", cities.spots, name="city_spots"),
    path("cities/<slug:slug>/", cities.city, name="city"),
    path("cities/<slug:slug>/team/", team.team, name="team"),
    path("roles/<int:pk>/end/", team.role_end, name="role_end"),
    path(
        "invitations/<int:pk>/withdraw/", team.invitation_withdraw, name="invitation_withdraw"
    ),
    path("account/", include("novator.portal.account_urls")),
    path("personal-data/", account.personal_data, name="personal_data"),
    path("office/", office.office, name="office"),
    path("office/people/", team.office_people, name="office_people"),
    path("office/history/", audit.history, name="history"),
    path("office/history/<str:kind>/<str:pk>/", audit.record_history, name="record_history"),
    path("letters/<uuid:letter>/stop/", mail.stop, name="stop_letters"),
    path("office/letters/", mail.office, name="office_letters"),
    path("office/letters/<uuid:letter>/", mail.settle, name="settle_letter"),
    path("office/neighbours/", neighbours.office, name="office_neighbours"),
    path("office/neighbours/passing-on/", neighbours.passing_on, name="pass_on"),
    path("office/neighbours/<int:pk>/", neighbours.neighbour, name="neighbour"),
    path("office/neighbours/<int:pk>/act/", neighbours.act, name="neighbour_act"),
    path("office/conflicts/<int:pk>/", neighbours.conflict, name="neighbour_conflict"),
    path("", include("novator.portal.talk_urls")),
    path("", include("novator.portal.following_urls")),
    path("about/", texts.about, name="about"),
    path("method/", texts.method, name="method"),
    path("open-data/", texts.open_data, name="data"),
    path("", include("novator.portal.writing_urls")),
    path("", include("novator.portal.reviews_urls")),
]
