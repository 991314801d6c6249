"""Who acts at every step: a role given to an address, with a letter, account or not."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.accounts.models import ROLES, Invitation, Role, User
from novator.accounts.operations import CannotGrant, grant_role, invitation_key, invite
from novator.accounts.permissions import is_office
from novator.cities.models import Municipality


def person_with(email: str) -> User | None:
    """The person whose confirmed address this is."""
    known = EmailAddress.objects.filter(
        email=email.strip().lower(), verified=True, user__is_active=True
    ).select_related("user")
    found = known.first()
    return found.user if found is not None and isinstance(found.user, User) else None


@transaction.atomic
def give_role_to_address(
    *,
    email: str,
    kind: str,
    municipality: Municipality | None,
    on: date,
    site: str,
    language: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    granted_by: User | None = None,
) -> Role | Invitation:
    """
    Give a role to whoever has this address, or invite; a letter tells of it.

    The head of a city always invites: nobody but the office learns in this way who has an account.
    `site` is the address of the site that the letter names, `language` the first of an invitation.

    :raises CannotGrant: to oneself, twice, or on days that do not fit
    """
    person = person_with(email)
    if granted_by is not None and person == granted_by:
        raise CannotGrant(_("Nobody gives a role to himself."))
    may_know = granted_by is None or is_office(granted_by, on=on)
    if person is None or not may_know:
        if (starts_on or on) < on:
            raise CannotGrant(_("An invitation cannot begin before today."))
        invitation = invite(
            email=email,
            kind=kind,
            municipality=municipality,
            starts_on=starts_on,
            ends_on=ends_on,
            invited_by=granted_by,
        )
        _write_invitation(invitation, site=site, first=language)
        return invitation
    role = grant_role(
        user=person,
        kind=kind,
        municipality=municipality,
        starts_on=starts_on or on,
        ends_on=ends_on,
        granted_by=granted_by,
    )
    _write_of_role(role, site=site)
    return role


def _place(municipality: Municipality | None) -> str:
    return municipality.name if municipality else _("the association of cities")


def _write_invitation(invitation: Invitation, *, site: str, first: str) -> None:
    """Write in both languages: which of them the owner of the address reads is not known yet."""
    from novator.mail.operations import queue_letter

    languages = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != first)
    said = []
    for language in languages:
        with translation.override(language):
            said.append(_words_of_invitation(invitation, site=f"{site}/{language}"))
    queue_letter(
        to=invitation.email,
        kind="role",
        subject=" / ".join(subject for subject, _body in said),
        body="\n\n* * *\n\n".join(body for _subject, body in said),
        language=languages[0],
        key=invitation_key(invitation),
    )


def _words_of_invitation(invitation: Invitation, *, site: str) -> tuple[str, str]:
    facts = {
        "role": str(ROLES[invitation.kind]),
        "place": _place(invitation.municipality),
        "signup_url": f"{site}/account/signup/",
        "account_url": f"{site}/account/",
    }
    parts = [
        _("You are invited to work in Novator: %(role)s, %(place)s."),
        _(
            "Open an account with this very address; the role begins when you confirm it: "
            "%(signup_url)s"
        ),
        _("If you have an account, sign in; the role begins there: %(account_url)s"),
        _("If you do not know what this is about, do nothing."),
    ]
    return _("Invitation: %(role)s, %(place)s") % facts, "\n\n".join(parts) % facts


def _write_of_role(role: Role, *, site: str) -> None:
    from novator.mail.operations import queue_letter

    language = role.user.language
    with translation.override(language):
        facts = {
            "role": str(ROLES[role.kind]),
            "place": _place(role.municipality),
            "start": date_format(role.starts_on, "DATE_FORMAT"),
            "account_url": f"{site}/{language}/account/",
        }
        parts = [
            _("You have a new role in Novator from %(start)s: %(role)s, %(place)s.") % facts,
            _("What you may do: %(account_url)s") % facts,
        ]
        subject = _("New role: %(role)s, %(place)s") % facts
    queue_letter(
        to=role.user.email,
        kind="role",
        subject=subject,
        body="\n\n".join(parts),
        language=language,
        key=f"role:{role.pk}",
    )
