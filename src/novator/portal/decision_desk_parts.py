"""Who decides: what a decision effects, the mandates it gives and ends, the files it has."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from novator.council.composition import council_of
from novator.council.deciding import add_effect, attach_file, remove_effect
from novator.council.giving_mandates import Powers, give_mandate, withdraw_mandate
from novator.council.models import DecisionEffect, Mandate
from novator.council.refusals import CannotRecord
from novator.files.operations import FileRefused, keep_file
from novator.notices.changes import CannotSearch, found_by
from novator.portal.council_reading import council_crumbs, decision_crumbs
from novator.portal.decision_desk import ENTRIES_AN_HOUR, kept_decision, must_keep
from novator.portal.decision_forms import EffectForm, FileForm, MandateForm, WithdrawForm
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.shown import shown_cards

MOST_CARDS = 8
UPLOADS_AN_HOUR = 120


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def new_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a decision effects; a practice is found by words, then chosen."""
    decision = kept_decision(request, pk)
    words = (request.POST.get("q") or request.GET.get("q", ""))[:300]
    cards, is_searchable = _found(words)
    kind = "adopt_practice" if words else "join_association"
    form = EffectForm(request.POST or None, cards=cards, initial={"kind": kind})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            add_effect(
                decision=decision,
                kind=told["kind"],
                key=told.get("practice", "") if told["kind"] == "adopt_practice" else "",
                text=told["text"],
                text_en=told["text_en"],
            )
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The effect is recorded."))
            return redirect(decision)
    context = {
        "form": form,
        "decision": decision,
        "words": words,
        "cards": cards,
        "is_searchable": is_searchable,
        "crumbs": decision_crumbs(decision, (pgettext("a decision", "Effect"), "")),
    }
    return render(request, "portal/decisions/effect.html", context)


@require_POST
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def drop_effect(request: HttpRequest, pk: int, effect: int) -> HttpResponse:
    """Take back an effect of a draft."""
    decision = kept_decision(request, pk)
    row = get_object_or_404(DecisionEffect, pk=effect, decision=decision)
    try:
        remove_effect(effect=row)
    except CannotRecord as refusal:
        messages.error(request, str(refusal))
    return redirect(decision)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def new_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person or a post act for the city by this decision."""
    decision = kept_decision(request, pk)
    form = MandateForm(request.POST or None, council=decision.council)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        holder, holder_post = told.pop("holder"), told.pop("holder_post")
        try:
            give_mandate(
                decision=decision, powers=Powers(**told), holder=holder, holder_post=holder_post
            )
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The mandate is recorded."))
            return redirect(decision)
    context = {
        "form": form,
        "decision": decision,
        "crumbs": decision_crumbs(decision, (_("Mandate"), "")),
    }
    return render(request, "portal/decisions/mandate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a mandate by a later decision."""
    rows = Mandate.objects.select_related("municipality", "holder", "holder_post")
    mandate = get_object_or_404(rows, pk=pk)
    council = council_of(mandate.municipality)
    if council is None:
        raise Http404(_("No council of this municipality is kept here."))
    must_keep(request, council)
    form = WithdrawForm(request.POST or None, council=council)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            withdraw_mandate(
                mandate=mandate,
                decision=told["decision"],
                on=told["on"],
                because=told["because"],
            )
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The mandate is withdrawn."))
            return redirect(told["decision"])
    context = {
        "form": form,
        "mandate": mandate,
        "crumbs": council_crumbs(council, (_("Withdraw a mandate"), "")),
    }
    return render(request, "portal/decisions/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_file", per_hour=UPLOADS_AN_HOUR)
def new_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file to a decision."""
    decision = kept_decision(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_file(upload=form.cleaned_data["file"])
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            attach_file(decision=decision, file=kept, title=form.cleaned_data["title"])
            messages.success(request, _("The file is attached."))
            return redirect(decision)
    context = {
        "form": form,
        "decision": decision,
        "crumbs": decision_crumbs(decision, (_("File"), "")),
    }
    return render(request, "portal/decisions/file.html", context)


def _found(words: str) -> tuple[list[tuple[str, str]], bool]:
    """Cards of the catalogue that come close to these words, for a choice."""
    if not words.strip():
        return [], True
    try:
        slugs = found_by({"text": words})[:MOST_CARDS]
    except CannotSearch:
        return [], False
    return [(card.slug, f"{card.title} ({card.city_name})") for card in shown_cards(slugs)], True
