"""Solutions written: a form filled in Word or Excel: downloaded, read, reported on, begun from."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from novator.cities.models import Municipality
from novator.core.languages import reader_language
from novator.drafts.blank_forms import excel_form, word_form
from novator.drafts.filled_forms import NotAForm, Understood, read_form, understood
from novator.drafts.form import STEPS
from novator.drafts.permissions import WRITERS
from novator.drafts.writing import begin_draft
from novator.portal.draft_page import step_url, told_lines
from novator.portal.limits import limited
from novator.portal.people import acting_cities, acting_city, reader, sign_in_needed, today
from novator.portal.writing import new_context

FORMS = {
    "docx": (
        word_form,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (excel_form, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
UPLOADS_AN_HOUR = 60
_SALT = "novator.drafts.form"
_KEPT_FOR = 24 * 60 * 60


@require_safe
@sign_in_needed
def blank_form(request: HttpRequest, kind: str) -> HttpResponse:
    """The form to fill in, in the language of the page."""
    if kind not in FORMS:
        raise Http404
    make, content_type = FORMS[kind]
    language = reader_language()[:2]
    response = HttpResponse(make(language), content_type=content_type)
    name = f"novator-card-{language}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("draft_from_file", per_hour=UPLOADS_AN_HOUR)
def from_file(request: HttpRequest) -> HttpResponse:
    """
    Report what was understood of a filled form; when that is confirmed, begin the draft.

    Whoever comes back to the address of a report finds the form where a file is chosen.
    """
    on = today()
    if request.method != "POST":
        return redirect(f"{reverse('new_draft')}#way-file")
    city = acting_city(request, WRITERS, on=on)
    if city is None:
        raise PermissionDenied(_("You cannot write for this municipality."))
    if told := request.POST.get("told"):
        return _begin(request, city, told)
    upload = request.FILES.get("file")
    if upload is None:
        return _again(request, city, _("Choose a file first."))
    try:
        typed = read_form(upload, name=upload.name or "", size=upload.size or 0)  # type: ignore[arg-type]
    except NotAForm as refusal:
        return _again(request, city, str(refusal))
    report = understood(typed, city, on=on)
    context = {
        "city": city,
        "name": upload.name,
        "counts": {state: report.count(state) for state in ("taken", "faulty", "empty")},
        "groups": _groups(report),
        "told": signing.dumps(report.content, salt=_SALT, compress=True),
    }
    return render(request, "portal/writing/report.html", context)


def _begin(request: HttpRequest, city: Municipality, told: str) -> HttpResponse:
    try:
        content = signing.loads(told, salt=_SALT, max_age=_KEPT_FOR)
    except signing.BadSignature:
        return _again(request, city, _("The report is a day old. Upload the form once more."))
    draft = begin_draft(municipality=city, by=reader(request), content=content)
    return redirect(step_url(draft, STEPS[-1]))


def _again(request: HttpRequest, city: Municipality, fault: str) -> HttpResponse:
    cities = acting_cities(request, WRITERS, on=today())
    context = new_context(cities, city) | {"fault": fault}
    return render(request, "portal/writing/new.html", context, status=422)


def _groups(report: Understood) -> list[tuple[Any, list[tuple[Any, list[str]]]]]:
    """Questions by step, each with what was read in it."""
    return [
        (
            step,
            [
                (line, told_lines(line.asks, report.content))
                for line in report.lines
                if line.step is step
            ],
        )
        for step in STEPS
        if step.fields
    ]
