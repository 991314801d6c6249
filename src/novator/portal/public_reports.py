"""A citizen's report: its page for everybody and, with account or link, for its sender."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from novator.accounts.models import User
from novator.files.disk import path_of
from novator.portal.limits import limited
from novator.portal.public_reports_forms import (
    AddressForm,
    LookupForm,
    RefuteForm,
    WishForm,
    WordsForm,
)
from novator.portal.public_reports_shown import ShownReport
from novator.reports.by_sender import can_be_withdrawn
from novator.reports.erasing import holders_of
from novator.reports.life import local_day
from novator.reports.links import ended_report_of, report_of, token_of
from novator.reports.models import Channel, Report, ReportPhoto, Subscription, Support, Verdict
from novator.reports.numbers import key_of
from novator.reports.permissions import is_author
from novator.reports.renewing import CannotRenew, send_new_link
from novator.reports.supporting import SUPPORTED

_GONE = gettext_lazy(
    "This link does not hold any more: the report was erased or its address corrected."
)
NO_ADDRESS_TOLD = "strict-origin"
"""
The link in the address goes to nobody. Not `no-referrer`: with it browsers send `Origin: null`, and
every form of the page would be refused as forged.
"""


@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Lead to the report whose number was typed; a slip is told from a number that is unknown."""
    form = LookupForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        found = Report.objects.filter(pk=form.cleaned_data["number"]).first()
        if found is not None:
            return redirect(found)
        form.add_error("number", _("The number is possible, but no report has it here."))
    return render(request, "portal/reports/lookup.html", {"form": form})


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Show a report to everybody; to its sender with an account what the sender can do."""
    found = report_called(number)
    if number != found.number:
        return redirect(found, permanent=True)
    return page_of(request, found, is_sender=is_author(request.user, found))


@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a report to its sender without an account."""
    found = report_of(token)
    if found is None:
        return link_gone(request, token)
    return page_of(request, found, is_sender=True, link=token)


@require_safe
@cache_control(private=True, no_store=True)
def photo_by_link(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """Give the sender without an account a small picture of an own photo."""
    found = linked_report(token)
    photo = get_object_or_404(ReportPhoto.objects.select_related("original"), report=found, pk=pk)
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    try:
        body = path_of(photo.original.small_digest).read_bytes()
    except OSError as fault:
        raise Http404(_("The file is not there any more.")) from fault
    response = HttpResponse(body, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


def link_gone(request: HttpRequest, token: str, *, is_sent: bool = False) -> HttpResponse:
    """
    Say that a link has ended, with a button that sends a new one to the sender's address.

    :raises Http404: it was never ours, the report was erased or its address corrected
    """
    if ended_report_of(token) is None:
        raise Http404(_GONE)
    context = {"token": token, "is_sent": is_sent}
    response = render(request, "portal/reports/link_ended.html", context, status=410)
    response["Referrer-Policy"] = NO_ADDRESS_TOLD
    return response


@require_POST
@limited("report_new_link", per_hour=10)
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Send a link of today to the sender's address; the page names none."""
    found = ended_report_of(token)
    if found is None:
        raise Http404(_GONE)
    try:
        send_new_link(report=found, now=timezone.now())
    except CannotRenew as refusal:
        messages.error(request, str(refusal))
        return link_gone(request, token)
    return link_gone(request, token, is_sent=True)


def report_called(number: str) -> Report:
    """
    Return the report with a number.

    :raises Http404: it is none, or no report has it
    """
    key = key_of(number)
    known = Report.objects.select_related("municipality__channel", "category", "department", "area")
    found = known.filter(pk=key).first() if key else None
    if found is None:
        raise Http404(_("No report has this number."))
    return found


def linked_report(token: str) -> Report:
    """
    Return the report whose sender has this link.

    :raises Http404: forged, replaced by a newer one, or the report was erased
    """
    found = report_of(token)
    if found is None:
        raise Http404(_GONE)
    return found


def page_of(
    request: HttpRequest,
    found: Report,
    *,
    is_sender: bool,
    link: str = "",
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    """The page of a report; `forms` are those that were sent and have to be corrected."""
    channel = channel_of(found)
    shown = ShownReport(found, channel, today=local_day(channel, timezone.now()))
    context: dict[str, Any] = {
        "report": found,
        "shown": shown,
        "city": found.municipality,
        "channel": channel,
        "sees_place": shown.is_open_to_all or (is_sender and not shown.is_erased),
        "is_sender": is_sender,
        "link": link,
        "wish_form": forms.get("wish_form") or WishForm(prefix="wish"),
        "form": next((form for form in forms.values() if form is not None), None),
        "can_support": shown.is_open_to_all and found.status in SUPPORTED and not is_sender,
        **_of_reader(request, found),
    }
    if is_sender:
        context |= _of_sender(found, forms, link)
    with timezone.override(shown.zone):
        response = render(request, "portal/reports/report.html", context, status=status)
    if is_sender:
        patch_cache_control(response, private=True, no_store=True)
    if link:
        response["Referrer-Policy"] = NO_ADDRESS_TOLD
    return response


def channel_of(found: Report) -> Channel:
    """The channel of the report's city, its municipality at hand."""
    channel: Channel = found.municipality.channel
    channel.municipality = found.municipality
    return channel


def _of_reader(request: HttpRequest, found: Report) -> dict[str, Any]:
    user = request.user
    if not isinstance(user, User):
        return {}
    standing = Subscription.objects.filter(user=user, report=found, ended_at=None)
    return {
        "supports_it": Support.objects.filter(user=user, report=found).exists(),
        "follows_it": standing.exists(),
    }


def _of_sender(found: Report, forms: dict[str, Any], link: str) -> dict[str, Any]:
    own = found.photos.select_related("original").order_by("position", "id")
    return {
        "words_form": forms.get("words_form") or WordsForm(prefix="words"),
        "refute_form": forms.get("refute_form") or RefuteForm(prefix="refute"),
        "address_form": forms.get("address_form") or AddressForm(prefix="address"),
        "own_photos": [(photo, _photo_address(photo, link)) for photo in own],
        "own_words": found.updates.filter(kind="comment").order_by("made_at", "id"),
        "verdicts": Verdict.objects.filter(report=found).order_by("made_at", "id"),
        "holders": holders_of(found) if found.erased_at is None else [],
        "may_withdraw": can_be_withdrawn(found),
        "answered_at": found.answered_at.isoformat() if found.answered_at else "",
        "data_token": token_of(found, purpose="data") if found.erased_at is None else "",
    }


def _photo_address(photo: ReportPhoto, link: str) -> str:
    if link:
        return reverse("report_photo_by_link", args=[link, photo.pk])
    return photo.original.small_url
