"""Who decides: one question of a session: who brought it, who spoke, which papers it has."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from novator.council.composition import Seat
from novator.council.models import AgendaItem, Paper, Speech
from novator.council.naming import person_called
from novator.council.refusals import CannotRecord
from novator.council.room import room_of
from novator.council.saying import (
    add_paper,
    add_speech,
    change_item,
    link_paper,
    mark_of_item,
    remove_paper,
    remove_speech,
)
from novator.files.operations import FileRefused, keep_file
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.session_forms import ItemForm, PaperForm, SpeechForm
from novator.portal.session_guard import ENTRIES_AN_HOUR, Desk, desk_of, item_of, session_of
from novator.portal.session_shown import items_of


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def session_item(request: HttpRequest, slug: str, pk: int, item_pk: int) -> HttpResponse:
    """Change what is said of a question besides its place."""
    desk = desk_of(request, slug)
    item = item_of(session_of(desk, pk), item_pk)
    seats = room_of(item.session).seats
    seen = request.POST.get("seen") or mark_of_item(item)
    form = ItemForm(request.POST or None, instance=item, seats=seats)
    if request.method == "POST" and form.is_valid():
        try:
            change_item(item=item, facts=form.cleaned_data, seen=seen)
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
            seen = mark_of_item(AgendaItem.objects.get(pk=item.pk))
        else:
            messages.success(request, _("Kept."))
            return redirect("session_item", slug, pk, item_pk)
    return _page(request, desk, item, seats=seats, form=form, seen=seen)


@require_POST
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def speech_add(request: HttpRequest, slug: str, pk: int, item_pk: int) -> HttpResponse:
    """Add who spoke; a deputy's name is recognised."""
    desk = desk_of(request, slug)
    item = item_of(session_of(desk, pk), item_pk)
    form = SpeechForm(request.POST, auto_id="speech_%s")
    if not form.is_valid():
        return _page(request, desk, item, speech=form)
    said: dict[str, Any] = dict(form.cleaned_data)
    seats = room_of(item.session).seats
    person = person_called(said["speaker"], [seat.person for seat in seats])
    try:
        add_speech(item=item, person=person, **said)
    except CannotRecord as refusal:
        form.add_error(None, str(refusal))
        return _page(request, desk, item, speech=form)
    messages.success(request, _("Kept."))
    return redirect("session_item", slug, pk, item_pk)


@require_POST
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def speech_remove(request: HttpRequest, slug: str, pk: int, item_pk: int, row: int) -> HttpResponse:
    """Take a speech out that was entered by mistake."""
    item = item_of(session_of(desk_of(request, slug), pk), item_pk)
    speech = get_object_or_404(Speech, pk=row, item=item)
    try:
        remove_speech(speech=speech)
    except CannotRecord as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken out."))
    return redirect("session_item", slug, pk, item_pk)


@require_POST
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def paper_add(request: HttpRequest, slug: str, pk: int, item_pk: int) -> HttpResponse:
    """Add a paper with its file, or one that another question has already."""
    desk = desk_of(request, slug)
    item = item_of(session_of(desk, pk), item_pk)
    if known := request.POST.get("known", ""):
        try:
            paper = get_object_or_404(Paper, council=desk.council, public_id=known)
        except ValidationError as fault:
            raise Http404 from fault
        try:
            link_paper(item=item, paper=paper)
        except CannotRecord as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Kept."))
        return redirect("session_item", slug, pk, item_pk)
    form = PaperForm(_with_title(request), request.FILES, auto_id="paper_%s")
    if form.is_valid():
        try:
            _keep(item, form)
        except FileRefused as refusal:
            form.add_error("upload", str(refusal))
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("session_item", slug, pk, item_pk)
    return _page(request, desk, item, paper=form)


@require_POST
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def paper_remove(request: HttpRequest, slug: str, pk: int, item_pk: int, row: int) -> HttpResponse:
    """Take a paper from the question; it goes altogether if no other question has it."""
    desk = desk_of(request, slug)
    item = item_of(session_of(desk, pk), item_pk)
    try:
        remove_paper(item=item, paper=get_object_or_404(Paper, pk=row, council=desk.council))
    except CannotRecord as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken out."))
    return redirect("session_item", slug, pk, item_pk)


@transaction.atomic
def _keep(item: AgendaItem, form: PaperForm) -> None:
    said = dict(form.cleaned_data)
    upload = said.pop("upload")
    file = keep_file(upload=upload) if upload else None
    add_paper(item=item, file=file, dated=said.pop("dated"), **said)


def _with_title(request: HttpRequest) -> Any:
    """A paper without a title is called as its file."""
    upload = request.FILES.get("upload")
    if upload is None or request.POST.get("title", "").strip():
        return request.POST
    sent = request.POST.copy()
    sent["title"] = (upload.name or "").rpartition(".")[0].replace("_", " ")[:600]
    return sent


def _page(
    request: HttpRequest,
    desk: Desk,
    item: AgendaItem,
    *,
    seats: list[Seat] | None = None,
    **forms: Any,
) -> HttpResponse:
    if seats is None:
        seats = room_of(item.session).seats
    shown = items_of(item.session)
    own = next(one for one in shown if one.row.pk == item.pk)
    papers = list(item.papers.select_related("file"))
    others = Paper.objects.filter(items__session=item.session).exclude(items=item).distinct()
    form = forms.get("form") or ItemForm(instance=item, seats=seats)
    context = {
        "desk": desk,
        "session": item.session,
        "item": item,
        "items": shown,
        "votes": own.votes,
        "form": form,
        "seen": forms.get("seen") or mark_of_item(item),
        "speeches": item.speeches.select_related("person"),
        "speech": forms.get("speech") or SpeechForm(auto_id="speech_%s"),
        "papers": papers,
        "others": others,
        "paper": forms.get("paper")
        or PaperForm(initial={"is_public": not item.is_closed}, auto_id="paper_%s"),
        "faulty": next((one for one in forms.values() if getattr(one, "errors", None)), None),
        "people": [seat.person for seat in seats],
        "crumbs": [*desk.crumbs_of(item.session), (f"{item.number}. {item}", "")],
    }
    status = 422 if context["faulty"] else 200
    return render(request, "portal/council/desk/item.html", context, status=status)
