"""Solutions written: the step on which documents and photos are hung on the card."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.accounts.attempts import seconds_to_wait
from novator.drafts.attaching import (
    CannotAttach,
    attach_file,
    describe_attachments,
    move_up,
    remove_attachment,
)
from novator.drafts.fields import Step
from novator.drafts.form import STEPS
from novator.drafts.models import Draft
from novator.drafts.permissions import may_edit
from novator.files.operations import FileRefused
from novator.portal.draft_page import open_remarks, progress_of, step_url
from novator.portal.limits import too_often
from novator.portal.people import reader

SAVED = gettext_lazy("Saved.")
UPLOADS_AN_HOUR = 120


def files(request: HttpRequest, draft: Draft, step: Step, *, on: date) -> HttpResponse:
    """Show what is attached; take one more file, words about those there are, another order."""
    if request.method != "POST":
        return _page(request, draft, step, on=on)
    if not may_edit(request.user, draft, on=on):
        raise PermissionDenied(_("This draft cannot be changed now."))
    if request.FILES:
        key = f"draft_upload:{reader(request).pk}"
        if wait := seconds_to_wait(key=key, most=UPLOADS_AN_HOUR, now=timezone.now()):
            return too_often(request, wait)
    try:
        words = _act(request, draft)
    except (CannotAttach, FileRefused) as refusal:
        return _page(request, draft, step, on=on, fault=str(refusal))
    if words:
        messages.success(request, words)
    goes_on = {"next": 1, "back": -1}.get(request.POST.get("go", ""), 0)
    return redirect(step_url(draft, STEPS[STEPS.index(step) + goes_on]))


def _act(request: HttpRequest, draft: Draft) -> str:
    """Do what the button says; words about what was attached are kept whatever it is."""
    by = reader(request)
    describe_attachments(draft=draft, words=_words(request, draft), by=by)
    upload = request.FILES.get("file")
    if upload is not None:
        attach_file(
            draft=draft,
            upload=upload,
            caption=request.POST.get("caption", ""),
            alt=request.POST.get("alt", ""),
            by=by,
        )
        return _("“%(name)s” is attached.") % {"name": upload.name}
    for name, act in (("remove", remove_attachment), ("up", move_up)):
        if (number := request.POST.get(name, "")).isdecimal():
            act(draft=draft, number=int(number), by=by)
            return ""
    if request.POST.get("go") == "attach":
        raise CannotAttach(_("Choose a file first."))
    return str(SAVED)


def _words(request: HttpRequest, draft: Draft) -> dict[int, tuple[str, str]]:
    """Caption and description by the number of the attachment, as far as they were sent."""
    return {
        part.pk: (
            request.POST.get(f"caption-{part.pk}", part.caption),
            request.POST.get(f"alt-{part.pk}", part.alt),
        )
        for part in draft.attachments.all()
    }


def _page(
    request: HttpRequest, draft: Draft, step: Step, *, on: date, fault: str = ""
) -> HttpResponse:
    place = STEPS.index(step)
    context = {
        "draft": draft,
        "step": step,
        "number": place + 1,
        "attachments": list(draft.attachments.select_related("file")),
        "fault": fault,
        "typed": {"caption": request.POST.get("caption", ""), "alt": request.POST.get("alt", "")},
        "progress": progress_of(draft, on=on, here=step),
        "may_edit": may_edit(request.user, draft, on=on),
        "next_step": STEPS[place + 1],
        "next_url": step_url(draft, STEPS[place + 1]),
        "previous": STEPS[place - 1],
        "remarks": [r for r in open_remarks(draft) if r.field == "attachments"],
    }
    return render(request, "portal/writing/files.html", context)
