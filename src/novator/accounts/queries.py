"""Who acts at every step: which roles a person holds on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from novator.accounts.models import Invitation, Role, User
from novator.cities.models import Municipality

AnyUser = User | AnonymousUser


def roles_on(on: date) -> QuerySet[Role]:
    """Every role that is in force on a day; one that was ended early does not count that day."""
    return (
        Role.objects.filter(starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .filter(Q(ended_at=None) | Q(ended_at__date__gt=on))
    )


def open_invitations() -> QuerySet[Invitation]:
    """Roles that were offered and neither accepted nor taken back."""
    return Invitation.objects.filter(role=None, withdrawn_at=None)


def confirmed_addresses(user: User) -> list[str]:
    """Addresses of which the person has shown that they are his own."""
    rows = EmailAddress.objects.filter(user_id=user.pk, verified=True).order_by("email")
    return list(rows.values_list("email", flat=True))


def invitations_to(user: User) -> QuerySet[Invitation]:
    """Roles that wait for this person's confirmed addresses; two queries."""
    addresses = [address.lower() for address in confirmed_addresses(user)]
    return open_invitations().filter(email__in=addresses).select_related("municipality")


def roles_of(user: AnyUser, *, on: date) -> list[Role]:
    """
    Roles in which this person may act on a day; kept on the user object.

    A role in the association counts only once the person has a second factor. One query, two for
    whoever has a role in the association.
    """
    return _roles_in_force(user, on).counting


def needs_second_factor(user: AnyUser, *, on: date) -> bool:
    """Tell whether a role in the association waits for this person's second factor."""
    return _roles_in_force(user, on).are_waiting


def forget_known_roles(user: User) -> None:
    """Read the roles anew when they are asked for again: they have just changed."""
    if hasattr(user, "_roles_in_force"):
        del user._roles_in_force


@dataclass(frozen=True)
class _Roles:
    on: date | None
    counting: list[Role]
    are_waiting: bool


_NONE = _Roles(None, [], are_waiting=False)


def _roles_in_force(user: AnyUser, on: date) -> _Roles:
    if not isinstance(user, User) or not user.is_active:
        return _NONE
    known: _Roles | None = getattr(user, "_roles_in_force", None)
    if known is None or known.on != on:
        found = list(roles_on(on).filter(user=user).select_related("municipality__region"))
        of_cities = [role for role in found if role.municipality_id is not None]
        waiting = len(of_cities) < len(found) and not has_second_factor(user)
        known = _Roles(on, of_cities if waiting else found, waiting)
        user._roles_in_force = known  # type: ignore[attr-defined]
    return known


def has_second_factor(user: User) -> bool:
    """Tell whether the person has an app with codes or a passkey; recovery codes do not count."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists())


def holds(
    user: AnyUser, kinds: Collection[str], *, municipality: Municipality | None, on: date
) -> bool:
    """Tell whether the person holds one of these roles there that day (None: association)."""
    place = municipality.pk if municipality else None
    return any(
        role.kind in kinds and role.municipality_id == place for role in roles_of(user, on=on)
    )


def municipalities_of(user: AnyUser, kinds: Collection[str], *, on: date) -> list[Municipality]:
    """Municipalities in which the person holds one of these roles, by name."""
    found = {
        role.municipality_id: role.municipality
        for role in roles_of(user, on=on)
        if role.municipality is not None and role.kind in kinds
    }
    return sorted(found.values(), key=lambda city: (city.short_name_ru, city.pk))
