"""Who acts at every step: how django-allauth speaks, writes letters and keeps secrets here."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from novator.accounts.letters import LETTERS, written
from novator.accounts.models import User
from novator.accounts.operations import accept_invitations

_SIGNED_UP = "signed_up"
LANGUAGES = [code for code, _name in settings.LANGUAGES]

SAID: dict[str, str | Promise] = {
    "account/messages/cannot_delete_primary_email.txt": _("Your only address cannot be removed."),
    "account/messages/email_confirmation_failed.txt": _(
        "The address cannot be confirmed: another account has it."
    ),
    "account/messages/email_confirmation_sent.txt": _("A letter is on its way to %(email)s."),
    "account/messages/email_confirmed.txt": _("The address %(email)s is confirmed."),
    "account/messages/email_deleted.txt": _("The address %(email)s is removed."),
    "account/messages/logged_out.txt": _("You have signed out."),
    "account/messages/password_changed.txt": _("The password is changed."),
    "account/messages/password_set.txt": _("The password is set."),
    "account/messages/primary_email_set.txt": _("The address is changed."),
    "account/messages/unverified_primary_email.txt": _("The address has to be confirmed first."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes are made."),
    "mfa/messages/totp_activated.txt": _("The app with codes is switched on."),
    "mfa/messages/totp_deactivated.txt": _("The app with codes is switched off."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "usersessions/messages/sessions_logged_out.txt": _("All other sessions are ended."),
    "socialaccount/messages/account_connected.txt": _("The sign-in is connected."),
    "socialaccount/messages/account_connected_updated.txt": _("The sign-in is connected."),
    "socialaccount/messages/account_connected_other.txt": _(
        "This sign-in belongs to another account already."
    ),
    "socialaccount/messages/account_disconnected.txt": _("The sign-in is disconnected."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Letters go through our queue, in the language of the person."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _("The address and the password do not belong together."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is not right or no longer valid."),
        "incorrect_password": _("The password is not right."),
        "invalid_or_expired_key": _("The link is no longer valid."),
        "invalid_password_reset": _("The link is no longer valid."),
        "too_many_login_attempts": _(
            "Too many attempts failed. Wait five minutes and try again, or choose a new password."
        ),
        "unverified_primary_email": _("The address has to be confirmed first."),
        "same_as_current": _("The new value is the same as the present one."),
        "rate_limited": _("Too many requests. Wait a little and try again."),
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words; what the next page shows anyway is not said."""
        said = SAID.get(message_template or "")
        if said:
            message = str(said) % {"email": "", **(message_context or {})}
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: Any, commit: bool = True
    ) -> AbstractBaseUser:
        """Keep the name and the language of the page where the account was opened."""
        assert isinstance(user, User)
        user.name = form.cleaned_data.get("name", "")
        user.position = form.cleaned_data.get("position", "")
        user.language = get_language() or settings.LANGUAGE_CODE
        saved: AbstractBaseUser = super().save_user(request, user, form, commit=commit)
        request.session[_SIGNED_UP] = str(user.public_id)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """
        Roles that wait for this address begin.

        Whoever confirms in another browser than the account was opened in may not be the one who
        chose its password: somebody could have opened it for a foreign address. That password is
        void then, and the owner of the mailbox chooses one by a letter.
        """
        user = email_address.user
        before = set(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed and isinstance(email_address.user, User):
            self._void_foreign_password(request, email_address.user)
            accept_invitations(
                user=email_address.user, email=email_address.email, on=timezone.localdate()
            )
            _forget_letters_to_former(user, before)
        return confirmed

    def _void_foreign_password(self, request: HttpRequest, user: User) -> None:
        is_own = request.user == user or request.session.get(_SIGNED_UP) == str(user.public_id)
        if is_own or not user.has_usable_password():
            return
        user.set_unusable_password()
        user.save()
        messages.warning(
            request,
            gettext(
                "The address is confirmed in another browser than the account was opened in. "
                "Choose a password: ask for a letter under “Forgot the password?”."
            ),
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the letter; its links lead to the public address of the site."""
        from novator.mail.operations import queue_letter

        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = getattr(user, "language", "") or get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            facts = {
                name: _public(str(value), language) if name.endswith("_url") else value
                for name, value in context.items()
            }
            facts["account_url"] = _public(reverse("my_account"), language)
            facts["when"] = date_format(timezone.localtime(), "DATETIME_FORMAT")
            subject, body = written(template_prefix, facts)
        kind = LETTERS[template_prefix].kind
        queue_letter(to=email, kind=kind, subject=subject, body=body, language=language)


def _forget_letters_to_former(user: AbstractBaseUser, before: set[str]) -> None:
    """Letters to addresses given up are forgotten, but for the warning that one was changed."""
    from novator.mail.operations import forget_letters_to

    now = set(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
    for address in before - now:
        forget_letters_to(address=address, but_waiting="security")


def _public(address: str, language: str) -> str:
    """
    The same page at the site's own address and in the language of the letter.

    Never at the address that the request named: whoever asks for a letter to somebody else could
    name his own site there and get the key of the letter.
    """
    parts = urlsplit(address)
    host = settings.SITE_ADDRESS
    path = re.sub(rf"^/({'|'.join(LANGUAGES)})/", f"/{language}/", parts.path)
    return f"{host}{path}" + (f"?{parts.query}" if parts.query else "")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted in the database, under the key of the site."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("The address cannot be changed while a second factor is set up."),
        "cannot_delete_authenticator": _("The second factor cannot be switched off."),
        "cannot_generate_recovery_codes": _("Set up a second factor first."),
        "incorrect_code": _("The code is not right or no longer valid."),
        "unverified_email": _("The address has to be confirmed first."),
    }

    def encrypt(self, text: str) -> str:
        """Lock a secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name for a new passkey that the person may change."""
        made = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": made + 1}

    def _get_site_name(self) -> str:
        return gettext("Novator")


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class OtherSignInAdapter(DefaultSocialAccountAdapter):
    """Sign-in by the provider that the operator names in the settings."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _(
            "There is an account with this address. Sign in to it first, then connect %s."
        ),
        "invalid_token": _("The provider's answer cannot be accepted."),
        "no_password": _("Set a password first; otherwise you could not sign in any more."),
        "no_verified_email": _("Confirm an address first."),
        "disconnect_last": _("This is your only way to sign in; set a password first."),
        "connected_other": _("This sign-in belongs to another account already."),
    }

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[Any]:
        """Only the settings name providers; no query."""
        apps = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for group in apps.values() for app in group]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Take the name over as the provider states it."""
        user = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:120]
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        """What the form begins with."""
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return initial | {"name": sociallogin.user.name}
