"""Solutions written: one step of the form: saved as it is typed, faults shown, nothing lost."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from novator.drafts.content import standing_of
from novator.drafts.fields import Field, Step
from novator.drafts.form import STEPS
from novator.drafts.models import Draft
from novator.drafts.permissions import may_edit, may_write
from novator.drafts.steps import columns_of, values_of_step, with_unknown
from novator.drafts.writing import CannotEdit, DraftChanged, save_fields
from novator.portal.draft_check import check
from novator.portal.draft_files import files
from novator.portal.draft_page import (
    draft_or_404,
    faults_of_step,
    marks_from,
    marks_of,
    marks_of_step,
    open_remarks,
    progress_of,
    shown_fields,
    step_or_404,
    step_url,
    summary_of,
    told_lines,
    typed_in,
    typed_now,
)
from novator.portal.kept_words import kept_words
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.similar_cards import similar_to

SAVES_AN_HOUR = 900
AUTOSAVES_AN_HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("draft_step", per_hour=SAVES_AN_HOUR)
def draft_step(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """Show one step, or save it and go on."""
    on = today()
    draft = draft_or_404(request, public_id, on=on)
    step = step_or_404(code)
    if step.code == "check":
        return check(request, draft, on=on)
    if step.code == "files":
        return files(request, draft, step, on=on)
    if request.method != "POST":
        return _page(request, draft, step, typed_now(step, draft), more=request.GET.get("more", ""))
    if not may_write(request.user, draft.municipality, on=on):
        raise PermissionDenied(_("Only people who write for this city can change its drafts."))
    typed = _rearranged(typed_in(step, request.POST), request)
    try:
        saved = _save(request, draft, step, typed)
    except DraftChanged as other:
        return _contest(request, other, step, typed)
    except CannotEdit as refusal:
        context = {"draft": draft, "why": str(refusal), "kept": kept_words(request)}
        return render(request, "portal/writing/closed.html", context, status=409)
    return _after(request, saved, step)


@require_POST
@sign_in_needed
@limited("draft_autosave", per_hour=AUTOSAVES_AN_HOUR)
def autosave(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """Save the step while it is typed, and tell so; what a colleague wrote is never overwritten."""
    on = today()
    draft = draft_or_404(request, public_id, on=on)
    step = step_or_404(code)
    if not may_write(request.user, draft.municipality, on=on):
        raise PermissionDenied(_("Only people who write for this city can change its drafts."))
    context: dict[str, Any] = {"step": step}
    typed = typed_in(step, request.POST)
    try:
        draft = _save(request, draft, step, typed, on_purpose=False)
    except DraftChanged as other:
        draft, context["contested"] = other.draft, True
    except CannotEdit as refusal:
        context["refusal"] = str(refusal)
    else:
        context["marks"] = marks_of(with_unknown(values_of_step(step, typed), draft.content))
    context |= {"draft": draft, "progress": progress_of(draft, on=on, here=step)}
    response = render(request, "portal/writing/saved.html", context)
    if step.code == "problem":
        response.headers["HX-Trigger"] = "draft-saved"
    return response


def _save(
    request: HttpRequest,
    draft: Draft,
    step: Step,
    typed: Mapping[str, Any],
    *,
    on_purpose: bool = True,
) -> Draft:
    values = with_unknown(values_of_step(step, typed), draft.content)
    revision = request.POST.get("revision", "")
    return save_fields(
        draft=draft,
        values=_chosen(values, step, request),
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
        page=request.POST.get("page", "")[:16],
        was=marks_from(request.POST.get("was", "")),
        by=reader(request),
        step=step.code,
        on_purpose=on_purpose,
    )


def _chosen(values: dict[str, Any], step: Step, request: HttpRequest) -> dict[str, Any]:
    """After two versions were compared: without the fields for which the other one was chosen."""
    theirs = {
        column
        for asked in step.fields
        if request.POST.get(f"choose-{asked.name}") == "theirs"
        for column in _columns(asked)
    }
    return {name: value for name, value in values.items() if name not in theirs}


def _after(request: HttpRequest, draft: Draft, step: Step) -> HttpResponse:
    """Where to go after saving: faults keep the writer on the step, a list may grow by a row."""
    asked_for = request.POST.get("go", "")
    if added := request.POST.get("add", ""):
        rows = len(typed_now(step, draft).get(added) or ()) + 1
        return redirect(f"{step_url(draft, step)}?more={added}#row-{added}-{rows}")
    if moved := request.POST.get("remove", "") or request.POST.get("up", ""):
        return redirect(f"{step_url(draft, step)}#list-{moved.partition(':')[0]}")
    if faults_of_step(step, standing_of(draft, on=today())) and asked_for != "leave":
        return _page(request, draft, step, typed_now(step, draft), was_sent=True)
    place = STEPS.index(step)
    if asked_for == "next":
        return redirect(step_url(draft, STEPS[place + 1]))
    if asked_for == "back" and place:
        return redirect(step_url(draft, STEPS[place - 1]))
    return redirect(f"{step_url(draft, step)}?saved=1")


def _page(
    request: HttpRequest,
    draft: Draft,
    step: Step,
    typed: Mapping[str, Any],
    *,
    more: str = "",
    was_sent: bool = False,
) -> HttpResponse:
    on = today()
    progress = progress_of(draft, on=on, here=step)
    faults = faults_of_step(step, progress.standing)
    place = STEPS.index(step)
    context = {
        "draft": draft,
        "step": step,
        "number": place + 1,
        "fields": shown_fields(step, typed, faults=faults, remarks=open_remarks(draft), more=more),
        "faults": summary_of(step, draft, faults) if was_sent else [],
        "progress": progress,
        "marks": marks_of_step(step, draft),
        "page": request.POST.get("page", "")[:16] or secrets.token_hex(6),
        "may_edit": may_edit(request.user, draft, on=on),
        "next_step": STEPS[place + 1] if place + 1 < len(STEPS) else None,
        "next_url": step_url(draft, STEPS[place + 1]) if place + 1 < len(STEPS) else "",
        "previous": STEPS[place - 1] if place else None,
        "was_saved": request.GET.get("saved") == "1",
        "general_remarks": [r for r in open_remarks(draft) if not r.field] if not place else [],
        "similar": similar_to(draft) if step.code == "problem" else None,
    }
    return render(request, "portal/writing/step.html", context)


def _contest(
    request: HttpRequest, other: DraftChanged, step: Step, typed: Mapping[str, Any]
) -> HttpResponse:
    """Show what both wrote, field by field; nothing was overwritten."""
    contested = set(other.fields)
    mine = with_unknown(values_of_step(step, typed), other.draft.content)
    pairs = [
        (asked, told_lines(asked, other.draft.content), told_lines(asked, mine))
        for asked in step.fields
        if contested & set(_columns(asked))
    ]
    context = {
        "draft": other.draft,
        "step": step,
        "pairs": pairs,
        "kept": [(n, v) for n, v in _kept(request) if not n.startswith("choose-")],
        "page": secrets.token_hex(6),
        "unaware": request.POST.get("was", ""),
    }
    return render(request, "portal/writing/contested.html", context, status=409)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, whole; not what the page itself had put in."""
    own = {"csrfmiddlewaretoken", "revision", "page", "was", "go", "add", "remove", "up"}
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in own
        for value in values
    ]


def _columns(asked: Field) -> tuple[str, ...]:
    if asked.name.startswith("not_measured"):
        return ("not_measured",)
    return columns_of(asked)


def _rearranged(typed: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Take a row out of a list, or move it up, as its button says; "steps:2" is the second."""
    for act in ("remove", "up"):
        name, _colon, number = request.POST.get(act, "").partition(":")
        rows = typed.get(name)
        if not isinstance(rows, list) or not number.isdecimal():
            continue
        place = int(number) - 1
        if not 0 <= place < len(rows):
            continue
        row = rows.pop(place)
        if act == "up":
            rows.insert(max(0, place - 1), row)
    return typed
