"""Who acts at every step: builders of people and roles for tests."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client

from novator.accounts.models import Role, User
from novator.cities.models import Municipality

LONG_AGO = date(2020, 1, 1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "long enough words"


def make_user(email: str = "editor@glazov.example", *, name: str = "", **facts: object) -> User:
    """A person of an invented role whose address is confirmed."""
    user = User.objects.create_user(email, PASSWORD, name=name or email.partition("@")[0], **facts)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_role(
    kind: str = "editor",
    *,
    user: User | None = None,
    city: Municipality | None = None,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Role:
    """A role of a city or, without one, of the association, with the second factor it needs."""
    place = city.slug if city else "association"
    person = user or make_user(f"{kind}@{place}.example")
    if city is None:
        make_second_factor(person)
    return Role.objects.create(
        user=person, municipality=city, kind=kind, starts_on=starts_on, ends_on=ends_on
    )


def make_second_factor(user: User) -> Authenticator:
    """An app with codes; its secret is `TOTP_SECRET`."""
    known = {"data": {"secret": get_adapter().encrypt(TOTP_SECRET)}}
    kind = Authenticator.Type.TOTP
    return Authenticator.objects.get_or_create(user=user, type=kind, defaults=known)[0]


def signed_in(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client
