"""Who acts at every step: everything that is stored of a person, told and forgotten (P4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from novator.accounts.models import Consent, Role, User

Rows = Iterable[Mapping[str, Any]]
Telling = Callable[[User], Rows]
Forgetting = Callable[[User], None]

_TELLING: dict[str, Telling] = {}
_FORGETTING: dict[str, Forgetting] = {}


def tell_own_data(name: str, telling: Telling, *, forgetting: Forgetting | None = None) -> None:
    """
    Register what a package stores of a person: call it in `ready()` of the package's AppConfig.

    `telling` returns the rows that go into the person's own export under `name`. `forgetting`
    removes what is personal when the account is erased; it runs inside that transaction, before
    the account is emptied.
    """
    _TELLING[name] = telling
    if forgetting is not None:
        _FORGETTING[name] = forgetting


def own_data_of(user: User) -> dict[str, list[dict[str, Any]]]:
    """Everything that the product stores of a person, by kind."""
    return {name: [dict(row) for row in telling(user)] for name, telling in _TELLING.items()}


def forget_own_data(user: User) -> None:
    """Let every package remove what is personal."""
    for forgetting in _FORGETTING.values():
        forgetting(user)


def _account(user: User) -> Rows:
    yield {
        "id": user.public_id,
        "email": user.email,
        "name": user.name,
        "position": user.position,
        "language": user.language,
        "joined_at": user.joined_at,
        "last_login": user.last_login,
    }


def _roles(user: User) -> Rows:
    for role in Role.objects.filter(user=user).select_related("municipality"):
        yield {
            "role": role.kind,
            "municipality": role.municipality.slug if role.municipality else None,
            "starts_on": role.starts_on,
            "ends_on": role.ends_on,
            "granted_at": role.granted_at,
            "ended_at": role.ended_at,
        }


def _consents(user: User) -> Rows:
    yield from Consent.objects.filter(user=user).values(
        "purpose", "text_version", "given_at", "withdrawn_at"
    )


def _addresses(user: User) -> Rows:
    yield from EmailAddress.objects.filter(user=user).values("email", "verified", "primary")


def _sessions(user: User) -> Rows:
    yield from UserSession.objects.filter(user=user).values(
        "created_at", "last_seen_at", "ip", "user_agent"
    )


def _second_factors(user: User) -> Rows:
    yield from Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")


def _other_sign_ins(user: User) -> Rows:
    yield from SocialAccount.objects.filter(user=user).values(
        "provider", "uid", "date_joined", "last_login", "extra_data"
    )


def tell_of_accounts() -> None:
    """Register what this package and django-allauth store."""
    tell_own_data("account", _account)
    tell_own_data("addresses", _addresses)
    tell_own_data("roles", _roles)
    tell_own_data("consents", _consents)
    tell_own_data("sessions", _sessions)
    tell_own_data("second_factors", _second_factors)
    tell_own_data("other_sign_ins", _other_sign_ins)
