"""Solutions written: a draft asked to be released, released, sent back, handed over, put aside."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from novator.accounts.models import User
from novator.drafts import operations
from novator.drafts.models import Draft
from novator.drafts.operations import CannotMove
from novator.drafts.permissions import may_hand_over, may_release, may_see, may_write
from novator.drafts.queries import drafts
from novator.portal.draft_check import check
from novator.portal.draft_page import draft_or_404
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today

ACTS_AN_HOUR = 120
Act = Callable[[HttpRequest, Draft], str]


@require_POST
@sign_in_needed
@limited("draft_act", per_hour=ACTS_AN_HOUR)
def draft_act(request: HttpRequest, public_id: UUID, act: str) -> HttpResponse:
    """Take one step with a draft; a refusal is told on the page of the draft, nothing is lost."""
    on = today()
    if act not in ACTS:
        raise Http404
    draft = _to_hand_over(request, public_id) if act == "hand-over" else None
    is_unread = draft is not None and not may_see(request.user, draft, on=on)
    draft = draft if draft and is_unread else draft_or_404(request, public_id, on=on)
    try:
        words = ACTS[act](request, draft)
    except CannotMove as refusal:
        if is_unread:
            messages.error(request, str(refusal))
            return redirect("drafts_left")
        draft.refresh_from_db()
        typed = request.POST.get("words", "")
        return check(request, draft, on=on, fault=str(refusal), typed=typed, status=409)
    messages.success(request, words)
    if act == "discard":
        return redirect("my_drafts")
    is_from_list = is_unread or request.POST.get("back") == "left"
    return redirect("drafts_left") if is_from_list else redirect("draft_step", public_id, "check")


def _to_hand_over(request: HttpRequest, public_id: UUID) -> Draft | None:
    """A draft that the office may hand over without reading it."""
    found = drafts().filter(public_id=public_id).first()
    if found and may_hand_over(request.user, found.municipality, on=today()):
        return found
    return None


def _ask(request: HttpRequest, draft: Draft) -> str:
    _only_writers(request, draft)
    operations.ask_release(
        draft=draft,
        by=reader(request),
        consents=request.POST.get("consent") == "yes",
        on=today(),
        note=request.POST.get("words", "").strip()[:2000],
    )
    return _("The people who release for your city have been told by letter.")


def _release(request: HttpRequest, draft: Draft) -> str:
    if not may_release(request.user, draft, on=today()):
        raise PermissionDenied(_("Only the head of the municipality, or whom the head named, may."))
    operations.release(
        draft=draft,
        by=reader(request),
        consents=request.POST.get("consent") == "yes",
        on=today(),
    )
    return _("Released. A moderator of the association reads the card now.")


def _send_back(request: HttpRequest, draft: Draft) -> str:
    if not may_release(request.user, draft, on=today()):
        raise PermissionDenied(_("Only the head of the municipality, or whom the head named, may."))
    operations.send_back(
        draft=draft, words=request.POST.get("words", "")[:4000], by=reader(request)
    )
    return _("Sent back to the writer with your words.")


def _answer(request: HttpRequest, draft: Draft) -> str:
    _only_writers(request, draft)
    number = request.POST.get("remark", "")
    operations.answer_remark(
        draft=draft,
        remark_id=int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0,
        words=request.POST.get("answer", ""),
    )
    return _("Saved. The moderator reads it beside the remark.")


def _take_back(request: HttpRequest, draft: Draft) -> str:
    _only_writers(request, draft)
    operations.take_back(draft=draft, by=reader(request))
    return _("The draft can be changed again. It has to be released anew afterwards.")


def _discard(request: HttpRequest, draft: Draft) -> str:
    _only_writers(request, draft)
    operations.discard(draft=draft, by=reader(request))
    return _("The draft is put aside. It can be taken up again below.")


def _take_up(request: HttpRequest, draft: Draft) -> str:
    _only_writers(request, draft)
    operations.take_up_again(draft=draft, by=reader(request))
    return _("The draft can be changed again.")


def _hand_over(request: HttpRequest, draft: Draft) -> str:
    user, on = reader(request), today()
    is_own = draft.holder_id == user.pk and may_write(user, draft.municipality, on=on)
    if not is_own and not may_hand_over(user, draft.municipality, on=on):
        raise PermissionDenied(_("Only who holds the draft, or who releases for the city, may."))
    number = request.POST.get("to", "")
    to = User.objects.filter(public_id=number).first() if _is_uuid(number) else None
    if to is None:
        raise CannotMove(_("Choose a colleague."))
    operations.hand_over(draft=draft, to=to, by=user, on=on)
    return _("The draft is handed over to %(name)s.") % {"name": to}


def _only_writers(request: HttpRequest, draft: Draft) -> None:
    if not may_write(request.user, draft.municipality, on=today()):
        raise PermissionDenied(_("Only people who write for this city can change its drafts."))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


ACTS: dict[str, Act] = {
    "ask": _ask,
    "release": _release,
    "send-back": _send_back,
    "answer": _answer,
    "take-back": _take_back,
    "discard": _discard,
    "take-up": _take_up,
    "hand-over": _hand_over,
}
