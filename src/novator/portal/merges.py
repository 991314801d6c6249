"""Solutions judged: somebody names two cards of the same work, and a moderator decides."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.shown import ShownCard, shown_cards
from novator.portal.versions_pages import compared
from novator.practices.models import Practice
from novator.practices.publishing import CannotMerge
from novator.practices.versions import content_of
from novator.practices.writing import practices_with_all, row_of
from novator.reviews.merging import accept_merge, propose_merge, refuse_merge
from novator.reviews.models import MergeProposal
from novator.reviews.permissions import may_decide_merge, may_moderate, may_propose_merge
from novator.reviews.queries import open_proposals

PROPOSALS_AN_HOUR = 20
DECISIONS_AN_HOUR = 120
_SLUG = re.compile(r"practices/([-\w]+)")
MERGE = "merge"


class TwinForm(forms.Form):
    """The other card, by its address or public id, and the reason."""

    other = forms.CharField(
        label=gettext_lazy("The other card"),
        help_text=gettext_lazy("Its address, or the last part of it."),
        max_length=400,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why both tell of the same work"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_other(self) -> Practice:
        """The card of this address."""
        typed = self.cleaned_data["other"].strip()
        found = _SLUG.search(typed)
        slug = found[1] if found else typed.strip("/").rsplit("/", 1)[-1]
        practice = Practice.objects.published().filter(slug=slug).first()
        if practice is None:
            raise forms.ValidationError(_("There is no such card in the catalogue."))
        return practice


class MergeDecisionForm(forms.Form):
    """What the moderator says beside the decision."""

    answer = forms.CharField(
        label=gettext_lazy("Reason for readers and for who proposed it"),
        help_text=gettext_lazy("Compulsory when the cards stay apart."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("merge", per_hour=PROPOSALS_AN_HOUR)
def merge_propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose that a card be merged into another that tells of the same work."""
    twin = get_object_or_404(Practice.objects.published(), slug=slug)
    if not may_propose_merge(request.user, on=today()):
        raise PermissionDenied(_("Only editors of cities and moderators propose to merge cards."))
    form = TwinForm(request.POST or None, initial={"other": request.GET.get("other", "")[:200]})
    if request.method == "POST" and form.is_valid() and _proposed(form, twin, request):
        messages.success(request, _("A moderator will compare the two cards and write to you."))
        return redirect(twin)
    context = {
        "form": form,
        "practice": twin,
        "card": next(iter(shown_cards([slug])), None),
        "crumbs": [(_("Card"), twin.get_absolute_url()), (_("The same work"), "")],
    }
    return render(request, "portal/versions/propose_merge.html", context)


@require_safe
@sign_in_needed
def merges(request: HttpRequest) -> HttpResponse:
    """Pairs that wait for a moderator, oldest first."""
    _only_moderators(request)
    proposals = list(open_proposals())
    wanted = {slug for one in proposals for slug in (one.twin.slug, one.into.slug)}
    cards = {card.slug: card for card in shown_cards(sorted(wanted))}
    context = {
        "proposals": [
            (one, cards.get(one.twin.slug), cards.get(one.into.slug)) for one in proposals
        ],
        "crumbs": [(_("Office of the association"), reverse("office")), (_("Twins"), "")],
    }
    return render(request, "portal/versions/merges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("merge_decide", per_hour=DECISIONS_AN_HOUR)
def merge_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Two cards side by side, word by word, and the decision."""
    _only_moderators(request)
    rows = MergeProposal.objects.select_related(
        "twin__municipality", "into__municipality", "proposed_by", "decided_by"
    )
    proposal = get_object_or_404(rows, pk=pk)
    form = MergeDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decided(form, proposal, request):
        messages.success(request, _("Decided. Who proposed it gets a letter."))
        return redirect("merges")
    context = {
        "form": form,
        "proposal": proposal,
        "twin": _shown(proposal.twin),
        "into": _shown(proposal.into),
        "fields": _differences(proposal),
        "may_decide": may_decide_merge(request.user, proposal.twin, proposal.into, on=today()),
        "crumbs": [
            (_("Office of the association"), reverse("office")),
            (_("Twins"), reverse("merges")),
            (_("Decision"), ""),
        ],
    }
    return render(request, "portal/versions/decide_merge.html", context)


def proposals_waiting() -> int:
    """How many pairs wait for a moderator."""
    return MergeProposal.objects.filter(outcome="").count()


def _proposed(form: TwinForm, twin: Practice, request: HttpRequest) -> bool:
    try:
        propose_merge(
            twin=twin,
            into=form.cleaned_data["other"],
            reason=form.cleaned_data["reason"],
            by=reader(request),
            on=today(),
        )
    except CannotMerge as refusal:
        form.add_error("other", str(refusal))
        return False
    return True


def _decided(form: MergeDecisionForm, proposal: MergeProposal, request: HttpRequest) -> bool:
    facts: dict[str, Any] = {
        "proposal": proposal,
        "by": reader(request),
        "on": today(),
        "answer": form.cleaned_data["answer"],
    }
    try:
        if request.POST.get("outcome") == MERGE:
            accept_merge(**facts)
        else:
            refuse_merge(**facts)
    except CannotMerge as refusal:
        form.add_error("answer", str(refusal))
        return False
    return True


def _shown(practice: Practice) -> ShownCard | None:
    return next(iter(shown_cards([practice.slug])), None)


def _differences(proposal: MergeProposal) -> list[Any]:
    slugs = [proposal.twin.slug, proposal.into.slug]
    rows = practices_with_all(slugs)
    contents = [content_of(row_of(rows[slug])) for slug in slugs if slug in rows]
    if len(contents) < 2:
        return []
    hidden = {"id", "confirmed_on", "confirm_by"}
    return [one for one in compared(*contents) if one.column not in hidden]


def _only_moderators(request: HttpRequest) -> None:
    if not may_moderate(request.user, on=today()):
        raise PermissionDenied(_("Only moderators of the association decide on twins."))
