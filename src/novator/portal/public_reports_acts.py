"""A citizen's report: what its sender does on its page, by account or by link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from novator.files.models import StoredFile
from novator.files.operations import FileRefused, keep_file
from novator.portal.limits import limited
from novator.portal.public_reports import (
    NO_ADDRESS_TOLD,
    channel_of,
    link_gone,
    page_of,
    report_called,
)
from novator.portal.public_reports_forms import AddressForm, RefuteForm, WordsForm
from novator.portal.public_reports_shown import ShownReport
from novator.reports.by_sender import (
    ActRefused,
    add_words,
    confirm_address,
    correct_address,
    data_of,
    withdraw,
    withdraw_publication,
)
from novator.reports.erasing import erase_report
from novator.reports.life import StepRefused, local_day
from novator.reports.links import author_path, ended_report_of, report_of
from novator.reports.models import Report
from novator.reports.permissions import is_author
from novator.reports.subscribing import CONFIRMED_WITHIN
from novator.reports.verdicts import VerdictRefused, judge


@require_POST
@limited("report_act", per_hour=60)
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """
    Do what the sender asks: words, verdict, withdrawal, correction, erasure.

    The sender is known by account or by the signed link that stands in the form.
    """
    found = report_called(number)
    link = request.POST.get("link", "")
    if link:
        if report_of(link) is None and ended_report_of(link) == found:
            return redirect("report_by_link", link)
        if report_of(link) != found:
            raise PermissionDenied(_("This link does not belong to this report."))
    elif not is_author(request.user, found):
        raise PermissionDenied(_("Only the sender of a report can do this."))
    done = ACTS.get(name)
    if done is None:
        raise Http404(_("There is nothing like this to do."))
    return done(request, found, link, timezone.now())


@require_http_methods(["GET", "HEAD"])
@cache_control(private=True, no_store=True)
def verdict_page(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Show the answer with the one button to which the letter led; opening it judges nothing."""
    found = report_of(token)
    if found is None:
        return link_gone(request, token)
    channel = channel_of(found)
    context = {
        "report": found,
        "shown": ShownReport(found, channel, today=local_day(channel, timezone.now())),
        "kind": kind,
        "link": token,
        "refute_form": RefuteForm(prefix="refute"),
        "answered_at": found.answered_at.isoformat() if found.answered_at else "",
    }
    with timezone.override(channel.time_zone):
        response = render(request, "portal/reports/verdict.html", context)
    response["Referrer-Policy"] = NO_ADDRESS_TOLD
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@limited("report_address", per_hour=30)
@cache_control(private=True, no_store=True)
def address_confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by a button that letters about a report come to this address from now on."""
    found = report_of(token, purpose="address", max_age=CONFIRMED_WITHIN)
    if found is None:
        raise Http404(_("This link is too old, or the address was corrected again."))
    if request.method == "POST":
        confirm_address(report=found, now=timezone.now())
        messages.success(request, _("The address is confirmed. Letters come to it now."))
        return redirect(author_path(found))
    return render(request, "portal/reports/confirm_address.html", {"report": found})


@require_http_methods(["GET", "HEAD"])
@cache_control(private=True, no_store=True)
def own_data(request: HttpRequest, token: str) -> HttpResponse:
    """Give the sender all that is stored of the report, as a file (P4)."""
    found = report_of(token, purpose="data")
    if found is None:
        raise Http404(_("This link does not hold any more."))
    response = JsonResponse(data_of(found), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="report-{found.number}.json"'
    return response


def back_to(found: Report, link: str) -> HttpResponse:
    """The page from which the sender acted; after a corrected address by the new link."""
    return redirect(author_path(found) if link else reverse("report", args=[found.number]))


def _words(request: HttpRequest, found: Report, link: str, now: datetime) -> HttpResponse:
    form = WordsForm(request.POST, request.FILES, prefix="words")
    photos = _kept(form, "photos") if form.is_valid() else []
    if form.is_valid():
        try:
            add_words(report=found, text=form.cleaned_data["text"], photos=photos, now=now)
        except ActRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your words are with the city now."))
            return back_to(found, link)
    return page_of(request, found, is_sender=True, link=link, status=422, words_form=form)


def _confirm(request: HttpRequest, found: Report, link: str, now: datetime) -> HttpResponse:
    try:
        judge(report=found, kind="confirmed", now=now, answered_at=_answer_read(request))
    except VerdictRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. The report counts as solved, confirmed by you."))
    return back_to(found, link)


def _refute(request: HttpRequest, found: Report, link: str, now: datetime) -> HttpResponse:
    form = RefuteForm(request.POST, request.FILES, prefix="refute")
    photos = _kept(form, "photos") if form.is_valid() else []
    if form.is_valid():
        try:
            judge(
                report=found,
                kind="refuted",
                now=now,
                answered_at=_answer_read(request),
                text=form.cleaned_data["text"],
                photos=photos,
            )
        except VerdictRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("The report is opened again. The city has a new date; this is counted.")
            )
        return back_to(found, link)
    return page_of(request, found, is_sender=True, link=link, status=422, refute_form=form)


def _withdraw(request: HttpRequest, found: Report, link: str, now: datetime) -> HttpResponse:
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box to say that you are sure."))
        return back_to(found, link)
    try:
        withdraw(report=found, now=now)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The report is withdrawn. Nobody works on it any more."))
    return back_to(found, link)


def _unpublish(request: HttpRequest, found: Report, link: str, now: datetime) -> HttpResponse:
    withdraw_publication(report=found, now=now)
    messages.success(request, _("Text and photos are shown to nobody but the city from now on."))
    return back_to(found, link)


def _address(request: HttpRequest, found: Report, link: str, now: datetime) -> HttpResponse:
    form = AddressForm(request.POST, prefix="address")
    if form.is_valid():
        try:
            correct_address(report=found, email=form.cleaned_data["email"], now=now)
        except ActRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(
                request,
                _(
                    "A letter is on its way to the new address. Open the link in it; earlier links "
                    "of this report hold no more."
                ),
            )
            return back_to(found, link)
    return page_of(request, found, is_sender=True, link=link, status=422, address_form=form)


def _erase(request: HttpRequest, found: Report, link: str, now: datetime) -> HttpResponse:
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box to say that you are sure."))
        return back_to(found, link)
    erase_report(report=found, now=now)
    messages.success(
        request, _("Your words, photos and address are erased. Number, category and dates remain.")
    )
    return redirect("report", found.number)


ACTS: dict[str, Callable[[HttpRequest, Report, str, datetime], HttpResponse]] = {
    "words": _words,
    "solved": _confirm,
    "not-solved": _refute,
    "withdraw": _withdraw,
    "unpublish": _unpublish,
    "address": _address,
    "erase": _erase,
}


def _answer_read(request: HttpRequest) -> datetime | None:
    """The answer that stood on the page; the form of an old page judges no newer one."""
    try:
        return parse_datetime(request.POST.get("answered_at", "")[:40])
    except ValueError:  # written like a moment, but there is no such day
        return None


def _kept(form: WordsForm | RefuteForm, name: str) -> list[StoredFile]:
    """Keep the photos of a form; what is none of them is a fault of the field."""
    kept = []
    for upload in form.cleaned_data.get(name, []):
        try:
            kept.append(_photo(upload))
        except FileRefused as refusal:
            form.add_error(name, f"{upload.name}: {refusal}")
    return kept


def _photo(upload: UploadedFile[Any]) -> StoredFile:
    file = keep_file(upload=upload)
    if file.kind != "photo":
        raise FileRefused(_("Only photos are taken here: JPEG, PNG or WebP."))
    return file
