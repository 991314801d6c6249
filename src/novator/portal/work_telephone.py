"""Reports worked on: what somebody says on the telephone is written down."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from novator.core.languages import reader_language
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.work_guard import Desk, desk_of, sections_of, work_crumbs
from novator.reports.calls import take_call
from novator.reports.contacts import ContactDetails
from novator.reports.models import Category
from novator.reports.models.report import LONGEST_TEXT
from novator.reports.streets import address_called
from novator.reports.submitting import ReportRefused, SentReport

_FIELDS = {"place": "address", "contact": "phone"}


class CallForm(forms.Form):
    """What the caller says; the consents are asked by voice."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong, in the caller’s words"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    address = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=300,
        help_text=gettext_lazy("Street and house; a known address gets its point on the map."),
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=gettext_lazy("let the machine propose"),
    )
    asset_number = forms.CharField(
        label=gettext_lazy("Number of the lamp, container …"), required=False, max_length=60
    )
    name = forms.CharField(label=gettext_lazy("Caller’s name"), required=False, max_length=120)
    phone = forms.CharField(label=gettext_lazy("Telephone"), required=False, max_length=40)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    processing = forms.BooleanField(
        label=gettext_lazy("The caller agreed that the contact is kept to answer"), required=False
    )
    publication = forms.BooleanField(
        label=gettext_lazy("The caller agreed that the text is shown without the name"),
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, desk: Desk, **facts: Any) -> None:
        super().__init__(*args, **facts)
        own = Category.objects.filter(municipality=desk.city, is_active=True)
        self.fields["category"].queryset = own  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("work_telephone", per_hour=120)
def work_telephone(request: HttpRequest, slug: str) -> HttpResponse:
    """A form short enough to fill in while somebody speaks; then the number to tell the caller."""
    desk = desk_of(request, slug)
    form = CallForm(request.POST or None, desk=desk, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            report = take_call(
                channel=desk.channel, sent=_sent(desk, form), by=desk.officer, now=desk.now
            )
        except ReportRefused as refusal:
            field = _FIELDS.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            messages.success(
                request, _("Tell the caller the number: %(number)s") % {"number": report.number}
            )
            return redirect("work_report", slug, report.number)
    context = {
        **sections_of(request, desk.city, "telephone"),
        "form": form,
        "channel": desk.channel,
        "crumbs": work_crumbs(desk.city, (_("Write down a call"), "")),
    }
    return render(request, "portal/work/telephone.html", context)


def _sent(desk: Desk, form: CallForm) -> SentReport:
    said = form.cleaned_data
    known = address_called(desk.city, said["address"])
    consents = {name for name in ("processing", "publication") if said[name]}
    return SentReport(
        text=said["text"],
        source="telephone",
        latitude=known.latitude if known else None,
        longitude=known.longitude if known else None,
        placed_by="address" if known else "nobody",
        address=str(known) if known else said["address"],
        category=said["category"],
        category_by="staff" if said["category"] else "nobody",
        contact=ContactDetails(email=said["email"], phone=said["phone"], name=said["name"]),
        consents=frozenset(consents),
        language=reader_language()[:2],
        asset_number=said["asset_number"],
        submission_key=said["key"],
    )
