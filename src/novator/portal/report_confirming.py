"""A citizen's report: after it was sent – its number and date, and the address confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from novator.portal.limits import limited
from novator.portal.report_cities import channel_called
from novator.reports.confirming import (
    CONFIRMED_WITHIN,
    CannotConfirm,
    confirm_report,
    correct_address,
    reported_by,
)
from novator.reports.consents import VERSIONS
from novator.reports.contacts import ContactUnreadable, opened
from novator.reports.links import author_path, report_of, token_of
from novator.reports.models import Contact, Report

CORRECTIONS_AN_HOUR = 6


class AddressForm(forms.Form):
    """An address put right."""

    email = forms.EmailField(
        label=gettext_lazy("The right e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    all_required = True


@require_http_methods(["GET", "HEAD", "POST"])
@limited("report_address", per_hour=CORRECTIONS_AN_HOUR)
@cache_control(private=True, no_store=True)
def report_sent(request: HttpRequest, token: str) -> HttpResponse:
    """Show number and date; let a mistyped address be put right while it is not confirmed."""
    return sent_page(request, token, layout="portal/base.html", page="report_sent")


def sent_page(request: HttpRequest, token: str, *, layout: str, page: str) -> HttpResponse:
    """The page after sending, on our site or in a frame."""
    report = report_of(token, purpose="sent", max_age=CONFIRMED_WITHIN)
    if report is None:
        raise Http404(_("This link is too old, or the address was put right on another page."))
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            correct_address(report=report, email=form.cleaned_data["email"], now=timezone.now())
        except CannotConfirm as refusal:
            form.add_error(None, str(refusal))
        else:
            # The old tokens are void with the old address: this page goes on under a new one.
            return redirect(page, token_of(report, purpose="sent"))
    context = _facts(report) | {
        "form": form,
        "layout": layout,
        "is_frame": layout != "portal/base.html",
        "post_to": reverse(page, args=[token]),
    }
    return render(request, "portal/report/sent.html", context)


def _facts(report: Report) -> dict[str, Any]:
    contact = Contact.objects.filter(report=report).first()
    return {
        "report": report,
        "city": report.municipality,
        "channel": report.municipality.channel,
        "is_waiting": report.status == "unconfirmed",
        "asks_letter": contact is not None and bool(contact.digest) and not contact.confirmed_at,
        "letter_to": _masked(contact) if contact and contact.digest else "",
        "author_path": _author_path(report),
    }


def _author_path(report: Report) -> str:
    try:
        return author_path(report)
    except NoReverseMatch:
        return ""


def _masked(contact: Contact) -> str:
    """Show as much of an address as lets its owner see a slip, and nobody else read it."""
    try:
        name, _at, host = opened(contact.sealed).email.partition("@")
    except ContactUnreadable:
        return ""
    shown = name[:2] if len(name) > 3 else name[:1]
    return f"{shown}***@{host}"


# The token of the letter is the proof; a cookie would only keep out those who open the letter in
# an application of their mail.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited("report_confirm", per_hour=60)
@cache_control(private=True, no_store=True)
def report_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the address by a button: programs that check links in letters press none."""
    report = reported_by(token)
    if report is None:
        return render(request, "portal/report/late.html", status=404)
    if request.method == "POST":
        try:
            confirm_report(report=report, now=timezone.now())
        except CannotConfirm:
            return render(request, "portal/report/late.html", status=404)
        return redirect("report_sent", token_of(report, purpose="sent"))
    return render(request, "portal/report/confirm.html", _facts(report))


@require_http_methods(["GET", "HEAD"])
def report_consent(request: HttpRequest, slug: str, purpose: str) -> HttpResponse:
    """The text to which senders agree, of the version that is stored with it (P2)."""
    if purpose not in VERSIONS:
        raise Http404(_("There is no such text."))
    channel = channel_called(slug)
    context = {
        "channel": channel,
        "city": channel.municipality,
        "purpose": purpose,
        "version": VERSIONS[purpose],
        "operator": channel.operator_name or channel.municipality.name_ru,
        "processor": settings.OPERATOR,
    }
    return render(request, "portal/report/consent.html", context)
