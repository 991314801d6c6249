"""Who decides: letters that ask whether somebody is a person of public office, and what ended."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.accounts.granting import person_with
from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.council.models import Person
from novator.council.offices import office_told
from novator.mail.operations import forget_letters_with_keys, queue_letter

KIND = "role"


def write_question(
    person: Person, *, email: str, municipality: Municipality, token: str, on: date, first: str
) -> None:
    """
    Write to an address; `token` is what the link holds.

    In the language of the account that confirmed the address, in both where there is none.
    """
    known = person_with(email)
    languages = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != first)
    if known is not None:
        languages = [known.language]
    said = []
    for language in languages:
        with override(language):
            office = office_told(person, municipality, on=on)
            path = reverse("person_account_confirm", args=[token])
            said.append(_words_of_question(person, office, f"{settings.SITE_ADDRESS}{path}"))
    queue_letter(
        to=email,
        kind=KIND,
        subject=" / ".join(subject for subject, _body in said),
        body="\n\n* * *\n\n".join(body for _subject, body in said),
        language=languages[0],
        key=f"{_beginning(person)}{person.account_asked}-{person.account_asked_at:%Y%m%d%H%M%S}",
    )


def write_that_it_ended(person: Person, account: User, *, reason: str, now: datetime) -> None:
    """Tell the owner of an account that it is linked to the person no more."""
    with override(account.language):
        facts = {"name": str(person), "reason": reason}
        subject = _("Your account is no longer linked: %(name)s") % facts
        parts = [
            _(
                "The secretary of the council has ended the link of your account to %(name)s. You "
                "get no more letters of the council’s sessions, and do not act on mandates that "
                "name this person."
            ),
            _("The reason: %(reason)s"),
            _("If this is a mistake, write to the secretary of the council."),
        ]
        body = "\n\n".join(parts) % facts
    queue_letter(
        to=account.email,
        kind=KIND,
        subject=subject,
        body=body,
        language=account.language,
        key=f"person-unlinked-{person.pk}-{account.pk}-{now:%Y%m%d%H%M%S%f}",
    )


def forget_letters_about(person: Person) -> None:
    """Delete address and text of letters that asked for this person; what waits is not sent."""
    forget_letters_with_keys([], begins=[_beginning(person)])


def _words_of_question(person: Person, office: str, address: str) -> tuple[str, str]:
    facts = {"name": str(person), "office": office, "address": address}
    parts = [
        _("The secretary of the council asks whether this is you: %(name)s, %(office)s."),
        _("If it is, open this link within seven days and answer Yes: %(address)s"),
        _(
            "Sign in with the account of this very address. Whoever has none opens one first, "
            "confirms the address and then opens the link again."
        ),
        _(
            "What it means: letters of the council’s sessions come to your account, and where a "
            "mandate of the council names you, your account may act for the city. You can end it "
            "on “My account” at any time. No public page tells of it."
        ),
        _("If it is not you, do nothing: without your answer nothing changes."),
    ]
    return _("Is this you: %(name)s?") % facts, "\n\n".join(parts) % facts


def _beginning(person: Person) -> str:
    return f"person-account-{person.pk}-"
