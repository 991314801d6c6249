"""My account: name and language, roles, ways to sign in, consents, own data, erasure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.consents import (
    PROCESSING,
    PURPOSES,
    give_consent,
    withdraw_consent,
)
from novator.accounts.erasure import CannotErase, erase_person
from novator.accounts.models import Consent, Role
from novator.accounts.operations import begin_waiting_roles, change_details, is_last_of_office
from novator.accounts.own_data import own_data_of
from novator.accounts.queries import invitations_to, needs_second_factor, roles_of
from novator.portal.limits import limited
from novator.portal.office import pages_of_office
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.person_account import own_link
from novator.portal.your_work import may_act, work_of

asked_again: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]] = (
    reauthentication_required
)


class DetailsForm(forms.Form):
    """What a person tells of himself."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letters to you"),
        choices=lambda: settings.LANGUAGES,
        widget=forms.RadioSelect,
    )


@require_safe
@sign_in_needed
def my_account(request: HttpRequest) -> HttpResponse:
    """What the reader may do, how he signs in and what he agreed to."""
    user, on = reader(request), today()
    consents = {one.purpose: one for one in Consent.objects.filter(user=user, withdrawn_at=None)}
    context = {
        "roles": Role.objects.filter(user=user)
        .select_related("municipality", "granted_by")
        .order_by("ended_at", "starts_on", "id"),
        "invitations": list(invitations_to(user)),
        "counting": {role.pk for role in roles_of(user, on=on)},
        "waits_for_factor": needs_second_factor(user, on=on),
        "factors": set(Authenticator.objects.filter(user=user).values_list("type", flat=True)),
        "session_count": UserSession.objects.filter(user=user).count(),
        "purposes": [(code, one, consents.get(code)) for code, one in PURPOSES.items()],
        "office_pages": pages_of_office(user, on=on),
        "provider_name": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "work": work_of(user, on=on),
        "may_act": may_act(user, on=on),
        **own_link(request),
    }
    return render(request, "portal/account/my_account.html", context)


@require_POST
@sign_in_needed
@limited("account_roles", per_hour=60)
def begin_roles(request: HttpRequest) -> HttpResponse:
    """Begin the roles to which the reader is invited."""
    if begin_waiting_roles(user=reader(request), on=today()):
        messages.success(request, _("Your new role has begun."))
    else:
        messages.warning(request, _("No invitation waits for you any more."))
    return redirect("my_account")


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("account_details", per_hour=60)
def details(request: HttpRequest) -> HttpResponse:
    """Change name, position and language."""
    user = reader(request)
    known = {"name": user.name, "position": user.position, "language": user.language}
    form = DetailsForm(request.POST or None, initial=known)
    if form.is_valid():
        change_details(user=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("my_account")
    return render(request, "portal/account/details.html", {"form": form})


@require_POST
@sign_in_needed
@limited("account_consents", per_hour=60)
def consents(request: HttpRequest) -> HttpResponse:
    """Give or withdraw a consent; without that to processing there can be no account."""
    user, purpose = reader(request), request.POST.get("purpose", "")
    if purpose not in PURPOSES:
        return redirect("my_account")
    if "give" in request.POST:
        give_consent(user=user, purpose=purpose, at=timezone.now())
        messages.success(request, _("Your consent is stored."))
    elif purpose == PROCESSING:
        return redirect("account_erase")
    elif withdraw_consent(user=user, purpose=purpose, at=timezone.now()):
        messages.success(request, _("Your consent is withdrawn."))
    return redirect("my_account")


@require_safe
@sign_in_needed
@limited("account_data", per_hour=20)
def own_data(request: HttpRequest) -> HttpResponse:
    """Give everything that is stored of the reader as one JSON file."""
    told: dict[str, Any] = {"made_at": timezone.now(), **own_data_of(reader(request))}
    text = json.dumps(told, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="novator-my-data.json"'
    return response


class EraseForm(forms.Form):
    """The box that says it is meant."""

    all_required = True
    sure = forms.BooleanField(
        label=gettext_lazy("I understand that this cannot be undone"),
        error_messages={"required": gettext_lazy("Tick the box if you want to erase the account.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@asked_again
@limited("account_erase", per_hour=20)
def erase(request: HttpRequest) -> HttpResponse:
    """Close the account for good, after the password was asked once more."""
    user = reader(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erase_person(user=user, at=timezone.now())
        except CannotErase as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account is erased."))
            return redirect("home")
    context = {"form": form, "is_last": is_last_of_office(user, on=today())}
    return render(request, "portal/account/erase.html", context)


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """The text of the consent, of the version that is stored with it."""
    context = {
        "version": PURPOSES[PROCESSING].version,
        "operator": settings.OPERATOR,
    }
    return render(request, "portal/account/personal_data.html", context)
