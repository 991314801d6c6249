"""Who acts at every step: the words of each letter about an account, by allauth's name of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """Subject and paragraphs of a letter; `%(names)s` are filled from what the letter is about."""

    subject: str | Promise
    parts: tuple[str | Promise, ...]
    kind: str = "account"


_NOT_YOU = _(
    "If this was not you, change your password at once and look at the list of your sessions: "
    "%(account_url)s"
)
_IGNORE = _("If you did not ask for this, do nothing: without the link nothing changes.")


def _changed(subject: str | Promise) -> Words:
    return Words(subject, (_("%(subject)s: %(when)s."), _NOT_YOU), kind="security")


LETTERS: dict[str, Words] = {
    "account/email/email_confirmation_signup": Words(
        _("Confirm your address"),
        (
            _("Somebody, most likely you, has opened an account in Novator with this address."),
            _("To begin, open this link within three days: %(activate_url)s"),
            _IGNORE,
        ),
    ),
    "account/email/email_confirmation": Words(
        _("Confirm your new address"),
        (
            _("This address is to become the one with which you sign in to Novator."),
            _("Open this link within three days: %(activate_url)s"),
            _IGNORE,
        ),
    ),
    "account/email/password_reset_key": Words(
        _("A new password"),
        (
            _("To choose a new password, open this link within a day: %(password_reset_url)s"),
            _IGNORE,
        ),
    ),
    "account/email/unknown_account": Words(
        _("There is no account with this address"),
        (
            _("Somebody asked for a new password, but Novator knows no account with this address."),
            _("An account can be opened here: %(signup_url)s"),
        ),
    ),
    "account/email/account_already_exists": Words(
        _("You have an account already"),
        (
            _("Somebody, most likely you, wanted to open an account with this address again."),
            _("If you forgot the password, choose a new one here: %(password_reset_url)s"),
        ),
    ),
    "account/email/email_changed": _changed(_("Your address has been changed")),
    "account/email/email_confirm": _changed(_("Your address has been confirmed")),
    "account/email/email_deleted": _changed(_("An address has been removed from your account")),
    "account/email/password_changed": _changed(_("Your password has been changed")),
    "account/email/password_reset": _changed(_("A new password has been chosen")),
    "account/email/password_set": _changed(_("A password has been set")),
    "mfa/email/totp_activated": _changed(_("Codes from an app are now asked at sign-in")),
    "mfa/email/totp_deactivated": _changed(_("Codes from an app are no longer asked at sign-in")),
    "mfa/email/webauthn_added": _changed(_("A passkey has been added to your account")),
    "mfa/email/webauthn_removed": _changed(_("A passkey has been removed from your account")),
    "mfa/email/recovery_codes_generated": _changed(_("New recovery codes have been made")),
    "socialaccount/email/account_connected": _changed(
        _("Another way to sign in has been connected")
    ),
    "socialaccount/email/account_disconnected": _changed(
        _("Another way to sign in has been disconnected")
    ),
}


def written(name: str, facts: dict[str, object]) -> tuple[str, str]:
    """Subject and body of a letter in the language that is active."""
    words = LETTERS[name]
    subject = str(words.subject)
    known = {**facts, "subject": subject}
    return subject, "\n\n".join(str(part) % known for part in words.parts)
