"""Addresses of everybody's own account, ours and those of django-allauth."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from novator.portal import account

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.my_account, name="my_account"),
    path("roles/", account.begin_roles, name="account_roles"),
    path("details/", account.details, name="account_details"),
    path("consents/", account.consents, name="account_consents"),
    path("data/", account.own_data, name="account_data"),
    path("erase/", account.erase, name="account_erase"),
    path("", include("allauth.account.urls")),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("connected/", include("allauth.socialaccount.urls")),
]
