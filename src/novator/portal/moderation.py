"""Solutions judged: the moderator's queue, a draft with checklist and remarks, the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from novator.accounts.models import User
from novator.drafts.content import standing_of
from novator.drafts.models import Draft, Remark
from novator.drafts.operations import CannotMove
from novator.drafts.queries import drafts
from novator.portal.limits import limited
from novator.portal.moderation_form import DecisionForm
from novator.portal.paging import page_of
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.shown import shown
from novator.portal.similar_cards import similar_to
from novator.portal.told_fields import column_name
from novator.portal.versions_pages import compared
from novator.practices.publishing import CannotPublish
from novator.practices.versions import content_of
from novator.practices.writing import practices_with_all, row_of
from novator.reviews.models import Moderation
from novator.reviews.moderation import (
    CannotDecide,
    open_moderation,
    publish_moderated,
    return_moderated,
    take_draft,
)
from novator.reviews.permissions import may_decide, may_moderate
from novator.reviews.queries import decided_moderations, moderation_queue
from novator.reviews.scales import checklist

EACH = 30
DECISIONS_AN_HOUR = 120


@require_safe
@sign_in_needed
def moderation(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator, oldest first, with who has taken it; three queries a page."""
    _only_moderators(request)
    rows = moderation_queue()
    page = page_of(list(rows.values_list("pk", flat=True)), request.GET.get("page", ""), each=EACH)
    context = {
        "drafts": list(rows.filter(pk__in=page.rows)),
        "total": page.total,
        "page": page.number,
        "pages": page.pages,
        "crumbs": [(_("Office of the association"), reverse("office")), (_("Moderation"), "")],
    }
    return render(request, "portal/moderation/queue.html", context)


@require_safe
@sign_in_needed
def moderation_decided(request: HttpRequest) -> HttpResponse:
    """Decisions that were made, newest first."""
    _only_moderators(request)
    rows = decided_moderations()
    page = page_of(list(rows.values_list("pk", flat=True)), request.GET.get("page", ""), each=EACH)
    context = {
        "decisions": list(rows.filter(pk__in=page.rows)),
        "page": page.number,
        "pages": page.pages,
        "crumbs": [*_crumbs(), (_("Decisions"), "")],
    }
    return render(request, "portal/moderation/decided.html", context)


@require_safe
@sign_in_needed
def moderation_draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A draft with all that a moderator looks at: fields, differences, twins, checklist."""
    found = _draft(request, public_id)
    form = DecisionForm(initial={"revision": found.revision}, content=found.content)
    return _page(request, found, form)


@require_POST
@sign_in_needed
@limited("moderation_take", per_hour=DECISIONS_AN_HOUR)
def moderation_take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin to moderate a draft, or take it over from a colleague."""
    found = _draft(request, public_id)
    try:
        take_draft(
            draft=found,
            moderator=reader(request),
            on=today(),
            from_colleague=request.POST.get("from_colleague") == "1",
        )
    except CannotDecide as refusal:
        messages.error(request, str(refusal))
    return redirect("moderation_draft", found.public_id)


@require_POST
@sign_in_needed
@limited("moderation_decide", per_hour=DECISIONS_AN_HOUR)
def moderation_decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Publish a draft or give it back with remarks; what was typed is kept when refused."""
    found = _draft(request, public_id)
    form = DecisionForm(request.POST, content=found.content)
    if form.is_valid():
        try:
            words = _decide(found, form, reader(request))
        except (CannotDecide, CannotMove, CannotPublish) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return redirect("moderation")
    found.refresh_from_db()
    return _page(request, found, form)


def drafts_waiting() -> int:
    """How many drafts wait for a decision."""
    return moderation_queue().count()


def _decide(draft: Draft, form: DecisionForm, moderator: User) -> str:
    asked = form.cleaned_data
    common: dict[str, Any] = {
        "draft": draft,
        "moderator": moderator,
        "checks": form.checks(),
        "revision": asked["revision"],
        "note": asked["note"],
        "on": today(),
    }
    if asked["outcome"] == "publish":
        practice = publish_moderated(**common)
        return _("Published: %(title)s. Readers will find it in a moment.") % {
            "title": draft.title or practice.slug
        }
    return_moderated(**common, remarks=form.remarks())
    return _("Returned to %(city)s with your remarks.") % {"city": draft.municipality.name}


def _page(request: HttpRequest, draft: Draft, form: DecisionForm) -> HttpResponse:
    on, moderation = today(), open_moderation(draft)
    may = may_decide(request.user, draft, on=on) and draft.state == "submitted"
    is_mine = moderation is not None and moderation.moderator_id == request.user.pk
    context = {
        "draft": draft,
        "card": shown_published(draft),
        "standing": standing_of(draft, on=on),
        "steps": form.told_steps(),
        "form": form,
        "checks": form.check_fields(),
        "moderation": moderation,
        "is_mine": is_mine,
        "may_decide": may,
        "is_waiting": draft.state == "submitted",
        "earlier": _earlier(draft),
        "similar": similar_to(draft) or [],
        "differences": _differences(draft),
        "attachments": list(draft.attachments.select_related("file")),
        "version": checklist().version,
        "crumbs": [*_crumbs(), (draft.title or str(draft), "")],
    }
    return render(request, "portal/moderation/draft.html", context)


def shown_published(draft: Draft) -> Any:
    """The published card that a draft would change, None for a new one."""
    from novator.practices.queries import card

    found = card(draft.practice.slug) if draft.practice else None
    return shown(found) if found else None


def _earlier(draft: Draft) -> list[tuple[Moderation, list[tuple[str, Remark]]]]:
    """Earlier rounds, newest first, with the remarks that were made in each."""
    rounds = draft.moderations.exclude(outcome="").select_related("moderator").order_by("round")
    remarks = list(draft.remarks.order_by("made_at", "id"))
    found: list[tuple[Moderation, list[tuple[str, Remark]]]] = []
    for one in rounds:
        own = [r for r in remarks if one.decided_at and r.made_at <= one.decided_at]
        remarks = remarks[len(own) :]
        words = [(column_name(r.field), r) for r in own if r.made_by_id == one.moderator_id]
        found.append((one, words))
    return found[::-1]


def _differences(draft: Draft) -> list[Any]:
    """What the draft would change in the published card, column by column."""
    if draft.practice is None:
        return []
    stored = practices_with_all([draft.practice.slug])[draft.practice.slug]
    before = content_of(row_of(stored))
    kept = {"id", "municipality", "region", "country", "oktmo", "confidence"}
    kept |= {"confirmed_on", "confirm_by"}
    after = draft.content | {name: before.get(name) for name in kept}
    return compared(before, after)


def _draft(request: HttpRequest, public_id: UUID) -> Draft:
    _only_moderators(request)
    found = drafts().filter(public_id=public_id).first()
    is_handed_over = found is not None and (
        found.state in {"submitted", "returned", "published"} or found.moderations.exists()
    )
    if found is None or not is_handed_over:
        raise Http404(_("There is no such draft, or its city has not handed it over."))
    return found


def _only_moderators(request: HttpRequest) -> None:
    if not may_moderate(request.user, on=today()):
        raise PermissionDenied(_("Only moderators of the association see what waits for them."))


def _crumbs() -> list[tuple[str, str]]:
    return [
        (_("Office of the association"), reverse("office")),
        (_("Moderation"), reverse("moderation")),
    ]
