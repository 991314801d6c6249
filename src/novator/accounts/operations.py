"""Who acts at every step: everything that gives and ends roles, and closes accounts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import ASSOCIATION_ROLES, Invitation, Role, User
from novator.accounts.permissions import may_grant
from novator.accounts.queries import (
    confirmed_addresses,
    forget_known_roles,
    open_invitations,
    roles_on,
)
from novator.cities.models import Municipality
from novator.mail.operations import forget_letter


class CannotGrant(Exception):
    """The role cannot be given so; the message is fit to show."""


class CannotEnd(Exception):
    """The role cannot be ended; the message is fit to show."""


@transaction.atomic
def grant_role(
    *,
    user: User,
    kind: str,
    municipality: Municipality | None,
    starts_on: date,
    ends_on: date | None = None,
    granted_by: User | None = None,
) -> Role:
    """
    Give a person a role; who grants is recorded (nobody: the command line).

    :raises CannotGrant: the days do not fit, the place does not, or the role is held already
    """
    _check_place(kind, municipality)
    if ends_on is not None and ends_on < starts_on:
        raise CannotGrant(_("The last day lies before the first one."))
    if user.erased_at or not user.is_active:
        raise CannotGrant(_("This account is closed."))
    held = roles_on(starts_on).filter(user=user, kind=kind, municipality=municipality)
    if held.exists():
        raise CannotGrant(_("This person holds the role already."))
    return Role.objects.create(
        user=user,
        municipality=municipality,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=granted_by,
    )


def _check_place(kind: str, municipality: Municipality | None) -> None:
    if (municipality is None) != (kind in ASSOCIATION_ROLES):
        raise CannotGrant(_("There is no such role in this place."))


@transaction.atomic
def end_role(*, role: Role, ended_by: User | None, at: datetime) -> Role:
    """
    End a role: from this moment on it no longer counts; what it invited to lapses.

    :raises CannotEnd: it has ended already, or nobody would be left in the office
    """
    role = Role.objects.select_for_update().get(pk=role.pk)
    today = timezone.localdate(at)
    if role.ended_at is not None or (role.ends_on is not None and role.ends_on < today):
        raise CannotEnd(_("This role has ended already."))
    if is_last_of_office(role.user, on=today) and role.kind == "office":
        raise CannotEnd(_("Nobody would be left in the office; name another person first."))
    role.ended_at = at
    role.ended_by = ended_by
    role.save()
    if ended_by is not None:
        forget_known_roles(ended_by)
    lapse_invitations(by=role.user, at=at)
    return role


def is_last_of_office(user: User, *, on: date) -> bool:
    """Whether nobody else would be left in the office of the association."""
    office = roles_on(on).filter(kind="office", user__is_active=True)
    return office.filter(user=user).exists() and not office.exclude(user=user).exists()


@transaction.atomic
def invite(
    *,
    email: str,
    kind: str,
    municipality: Municipality | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    invited_by: User | None = None,
) -> Invitation:
    """
    Offer a role to an address; it begins when its owner confirms the address or signs in.

    :raises CannotGrant: this was offered already, there is no such role in this place, or the
        days do not fit
    """
    _check_place(kind, municipality)
    if ends_on is not None and starts_on is not None and ends_on < starts_on:
        raise CannotGrant(_("The last day lies before the first one."))
    address = email.strip().lower()
    known = open_invitations().filter(email=address, kind=kind, municipality=municipality)
    if known.exists():
        raise CannotGrant(_("This address is invited to this role already."))
    return Invitation.objects.create(
        email=address,
        kind=kind,
        municipality=municipality,
        starts_on=starts_on,
        ends_on=ends_on,
        invited_by=invited_by,
    )


@transaction.atomic
def accept_invitations(*, user: User, email: str, on: date) -> list[Role]:
    """
    Give every role that waits for this confirmed address; the address is then forgotten.

    Addresses are compared as they are kept, in small letters: the database would also take the
    letter «ı» without a dot for an «i», and so a foreign address for the invited one. What was
    offered by somebody who may give such a role no more lapses.
    """
    roles = []
    waiting = open_invitations().filter(email=email.lower()).select_for_update(of=("self",))
    for invitation in waiting.select_related("municipality", "invited_by"):
        try:
            if not _still_stands(invitation, on=on):
                raise CannotGrant(_("Whoever offered this role may not give it any more."))
            invitation.role = grant_role(
                user=user,
                kind=invitation.kind,
                municipality=invitation.municipality,
                starts_on=max(on, invitation.starts_on or on),
                ends_on=invitation.ends_on,
                granted_by=invitation.invited_by,
            )
        except CannotGrant:
            invitation.withdrawn_at = timezone.now()
        else:
            roles.append(invitation.role)
        invitation.email = ""
        invitation.save()
    return roles


def begin_waiting_roles(*, user: User, on: date) -> list[Role]:
    """Give every role that waits for one of the person's confirmed addresses."""
    addresses = confirmed_addresses(user)
    roles = [r for one in addresses for r in accept_invitations(user=user, email=one, on=on)]
    if roles:
        forget_known_roles(user)
    return roles


def lapse_invitations(*, by: User, at: datetime) -> None:
    """Take back what a person offered and may not give any more."""
    forget_known_roles(by)
    for invitation in open_invitations().filter(invited_by=by).select_related("municipality"):
        if not _still_stands(invitation, on=timezone.localdate(at)):
            withdraw_invitation(invitation=invitation, at=at)


def _still_stands(invitation: Invitation, *, on: date) -> bool:
    by = invitation.invited_by
    return by is None or may_grant(by, invitation.kind, municipality=invitation.municipality, on=on)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, at: datetime) -> Invitation:
    """
    Take an offered role back; the address is forgotten.

    :raises CannotEnd: it was accepted or withdrawn before
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.role_id is not None or invitation.withdrawn_at is not None:
        raise CannotEnd(_("This invitation was accepted or withdrawn already."))
    forget_letter(key=invitation_key(invitation))
    invitation.withdrawn_at = at
    invitation.email = ""
    invitation.save()
    return invitation


def invitation_key(invitation: Invitation) -> str:
    """By what the letter of an invitation is known."""
    return f"invitation:{invitation.pk}"


@transaction.atomic
def change_details(*, user: User, name: str, position: str, language: str) -> User:
    """Change what a person tells of himself, and the language of his letters."""
    user.name = name
    user.position = position
    user.language = language
    user.save(update_fields=["name", "position", "language"])
    return user
