"""Solutions written: the last step: what is missing, what is like it, who lets it out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from novator.accounts.models import User
from novator.drafts.form import CHECK
from novator.drafts.letters import holders_of
from novator.drafts.models import Draft, Remark
from novator.drafts.operations import CONSENT_VERSION
from novator.drafts.permissions import (
    RELEASERS,
    WRITERS,
    may_edit,
    may_hand_over,
    may_release,
    may_write,
)
from novator.drafts.steps import faults_by_place, step_of_place
from novator.portal.draft_page import (
    Fault,
    Progress,
    StepLine,
    open_remarks,
    progress_of,
    summary_of,
)
from novator.portal.similar_cards import similar_to


def check(
    request: HttpRequest,
    draft: Draft,
    *,
    on: date,
    fault: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show how far the draft is and the steps it may take now; `fault` is why one was refused."""
    progress = progress_of(draft, on=on, here=CHECK)
    user = request.user
    assert isinstance(user, User)
    context: dict[str, Any] = {
        "draft": draft,
        "step": CHECK,
        "number": len(progress.steps),
        "progress": progress,
        "faults": _faults(draft, progress),
        "refusal": fault,
        "typed": typed,
        "may_edit": may_edit(user, draft, on=on),
        "may_write": may_write(user, draft.municipality, on=on),
        "may_release": may_release(user, draft, on=on),
        "releasers": holders_of(RELEASERS, draft.municipality, on=on),
        "colleagues": _colleagues(draft, user, on=on),
        "similar": similar_to(draft),
        "remarks": _remarks(draft, progress),
        "attachment_count": draft.attachments.count(),
        "consent_version": CONSENT_VERSION,
    }
    return render(request, "portal/writing/check.html", context, status=status)


def _faults(draft: Draft, progress: Progress) -> list[Fault]:
    """Every fault of the draft, with the address of the control it belongs to."""
    found = []
    for place, words in faults_by_place(progress.standing.faults).items():
        step = step_of_place(place)
        if step is not None:
            url = next(line.url for line in progress.steps if line.step is step)
            found += [
                Fault(one.label, url + one.url, one.words)
                for one in summary_of(step, draft, {place: words})
            ]
    return found


def _remarks(draft: Draft, progress: Progress) -> list[tuple[Remark, StepLine | None]]:
    """Open remarks, each with the step of the field it is about."""
    lines = {line.step.code: line for line in progress.steps}
    found = [(remark, step_of_place(remark.field)) for remark in open_remarks(draft)]
    return [(remark, lines.get(step.code) if step else None) for remark, step in found]


def _colleagues(draft: Draft, user: User, *, on: date) -> list[User]:
    """To whom the reader may hand the draft over; nobody where he may not."""
    if not draft.is_open:
        return []
    is_own = draft.holder_id == user.pk and may_write(user, draft.municipality, on=on)
    if not is_own and not may_hand_over(user, draft.municipality, on=on):
        return []
    found = {one.pk: one for one in holders_of(WRITERS, draft.municipality, on=on)}
    found.pop(draft.holder_id, None)
    return list(found.values())
