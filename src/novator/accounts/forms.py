"""Who acts at every step: the forms of an account, with words of our own."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as of_account
from allauth.mfa.base import forms as of_codes
from allauth.mfa.totp import forms as of_app
from allauth.socialaccount import forms as of_others
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from novator.accounts.consents import PROCESSING, give_consent
from novator.accounts.models import User

_PASSWORD_HELP = _("At least ten characters, not only digits, not one of the usual passwords.")
_WORDS = {
    "email": _("E-mail address"),
    "login": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "remember": _("Keep me signed in on this device for two weeks"),
    "code": _("Code"),
}


class OwnWords(forms.Form):
    """Labels of our own; no help that repeats them."""

    words: dict[str, Any] = {}
    helps: dict[str, Any] = {}
    all_required = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            known = {**_WORDS, **self.words}
            if name in known:
                field.label = known[name]
            if name in {"password", "oldpassword", "password1", "password2"}:
                field.help_text = _PASSWORD_HELP if name == "password1" else ""
            if name in self.helps:
                field.help_text = self.helps[name]
            if name in {"email", "login"}:
                field.widget.attrs.update({"autocomplete": "email", "spellcheck": "false"})


class SignInForm(OwnWords, of_account.LoginForm):
    """Address and password."""


class PersonFields(forms.Form):
    """What somebody tells of himself when an account is opened, and the consent (P2)."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("First name, patronymic and last name, as in official letters."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = forms.CharField(
        label=_("Position (optional)"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    consent = forms.BooleanField(
        label=_("I agree to the processing of my personal data"),
        error_messages={
            "required": _("Without this consent no account can be opened; tick the box.")
        },
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Store the consent together with the person."""
        give_consent(user=user, purpose=PROCESSING, at=timezone.now())


class SignUpForm(OwnWords, PersonFields, of_account.SignupForm):
    """A new account."""

    field_order = ["name", "position", "email", "password1", "consent"]
    words = {"password1": _("Password")}
    helps = {"email": _("A link to confirm it will be sent there.")}


class OtherSignUpForm(OwnWords, PersonFields, of_others.SignupForm):
    """A new account of somebody who signs in by another provider."""

    field_order = ["name", "position", "email", "consent"]


class NewAddressForm(OwnWords, of_account.AddEmailForm):
    """Another address to sign in with."""

    words = {"email": _("New e-mail address")}


class ChangePasswordForm(OwnWords, of_account.ChangePasswordForm):
    """A new password, by the present one."""

    words = {"password1": _("New password"), "password2": _("New password once more")}


class SetPasswordForm(OwnWords, of_account.SetPasswordForm):
    """A password where there was none."""

    words = {"password1": _("New password"), "password2": _("New password once more")}


class ForgottenPasswordForm(OwnWords, of_account.ResetPasswordForm):
    """Where the link for a new password is sent."""


class NewPasswordForm(OwnWords, of_account.ResetPasswordKeyForm):
    """A new password, by a link."""

    words = {"password1": _("New password"), "password2": _("New password once more")}


class PasswordAgainForm(OwnWords, of_account.ReauthenticateForm):
    """The password once more before something that matters."""


class CodeForm(OwnWords, of_codes.AuthenticateForm):
    """The code of an app, or a recovery code."""

    helps = {"code": _("Six digits from the app, or one of your recovery codes.")}


class CodeAgainForm(OwnWords, of_codes.ReauthenticateForm):
    """The code once more before something that matters."""

    helps = {"code": _("Six digits from the app, or one of your recovery codes.")}


class FirstCodeForm(OwnWords, of_app.ActivateTOTPForm):
    """The first code proves that the app has the secret."""

    words = {"code": _("Code that the app shows")}
    helps = {"code": _("Six digits; they change every half a minute.")}
