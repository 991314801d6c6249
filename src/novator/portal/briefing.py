"""Solutions chosen: a paper for a meeting: begun, written, read, taken along as Word or PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.attempts import seconds_to_wait
from novator.briefings import permissions
from novator.briefings.models import MOST_ON_PAPER, Briefing
from novator.briefings.operations import (
    CannotCollect,
    ChangedMeanwhile,
    add_cards,
    begin_collection,
)
from novator.briefings.papers import begin_paper, delete_paper, save_paper
from novator.briefings.queries import paper_called
from novator.core.documents import PDF_TYPE, WORD_TYPE
from novator.core.languages import reader_language
from novator.portal import figures
from novator.portal.appearance import site_of
from novator.portal.briefing_files import as_pdf, as_word
from novator.portal.briefing_form import PaperForm, first_values
from novator.portal.briefing_made import made
from novator.portal.collections import found_to_edit, own_city, shown_items
from novator.portal.compare import slugs_in
from novator.portal.limits import limited, too_often
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.shown import shown_cards

FILES_AN_HOUR = 120
_TYPES = {"pdf": PDF_TYPE, "docx": WORD_TYPE}


def found_paper(request: HttpRequest, public_id: UUID, *, to_edit: bool = False) -> Briefing:
    """
    A paper of a collection that the reader may see, or change.

    :raises PermissionDenied: he may only read it
    """
    paper, on = paper_called(public_id), today()
    if paper is None or not permissions.may_see(request.user, paper.collection, on=on):
        raise Http404(_("There is no such paper, or it is not shared with you."))
    if to_edit and not permissions.may_edit(request.user, paper.collection, on=on):
        raise PermissionDenied(_("You may read this paper, but not change it."))
    return paper


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("papers", per_hour=120)
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin a paper about one to five cards of a collection."""
    row = found_to_edit(request, public_id)
    asked = request.POST.getlist("id") if request.method == "POST" else request.GET.getlist("id")
    there = [item.card for item in shown_items(row) if item.card and item.slug in asked]
    refusal = ""
    if request.method == "POST":
        try:
            paper = begin_paper(
                collection=row,
                slugs=slugs_in(asked),
                by=reader(request),
                city=row.municipality or own_city(request),
                language=_language(request),
                on=today(),
            )
        except CannotCollect as fault:
            refusal = str(fault)
        else:
            return redirect("briefing_edit", paper.public_id)
    context = {
        "collection": row,
        "cards": there,
        "refusal": refusal,
        "is_right": 0 < len(there) <= MOST_ON_PAPER,
        "most": MOST_ON_PAPER,
        "crumbs": [
            (_("Collections"), reverse("collections")),
            (row.title[:60], row.get_absolute_url()),
            (_("Prepare a briefing"), ""),
        ],
    }
    return render(request, "portal/briefing/begin.html", context)


@require_POST
@sign_in_needed
@limited("papers", per_hour=120)
def begin_from_comparison(request: HttpRequest) -> HttpResponse:
    """Keep the compared cards in a new collection and begin a paper about them."""
    user, city = reader(request), own_city(request)
    cards = shown_cards(slugs_in(request.POST.getlist("id"))[:MOST_ON_PAPER])
    if not cards:
        return redirect("compare")
    slugs = [card.slug for card in cards]
    title = _("Comparison of %(day)s") % {"day": figures.day(today())}
    try:
        row = begin_collection(title=title, owner=user, municipality=city)
        add_cards(collection=row, slugs=slugs, by=user)
        paper = begin_paper(
            collection=row,
            slugs=slugs,
            by=user,
            city=city,
            language=_language(request),
            on=today(),
        )
    except CannotCollect as refusal:
        messages.error(request, str(refusal))
        return redirect("collections")
    messages.success(request, _("The cards are kept in a new collection with this paper."))
    return redirect("briefing_edit", paper.public_id)


@require_safe
@sign_in_needed
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a paper as its files show it."""
    row = found_paper(request, public_id)
    context = {
        "row": row,
        "paper": made(row, site=site_of(request)),
        "may_edit": permissions.may_edit(request.user, row.collection, on=today()),
        "crumbs": _crumbs(row),
    }
    return render(request, "portal/briefing/paper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("papers", per_hour=120)
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Pick parts and cards, write the free texts; the second of two savers sees both versions."""
    row = found_paper(request, public_id, to_edit=True)
    form = _form(request, row)
    other: ChangedMeanwhile | None = None
    stored: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            save_paper(
                paper=row,
                revision=form.cleaned_data["revision"],
                choices=form.choices,
                by=reader(request),
            )
        except ChangedMeanwhile as change:
            other, stored = change, _stored(form)
            form = _form(request, row, revision=row.revision)
        except CannotCollect as refusal:
            form.add_error("cards", str(refusal))
        else:
            messages.success(request, _("Saved. This is how the paper reads."))
            return redirect(row)
    context = {
        "row": row,
        "form": form,
        "fields": [(field, stored.get(field.name)) for field in form.visible_fields()],
        "changes": set(form.changes.values()),
        "first_change": next(iter(form.changes.values()), ""),
        "other": other,
        "crumbs": _crumbs(row, _("Change")),
    }
    return render(request, "portal/briefing/edit.html", context, status=409 if other else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("papers", per_hour=120)
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Delete a paper after a question."""
    row = found_paper(request, public_id, to_edit=True)
    if request.method == "POST":
        delete_paper(paper=row)
        messages.success(request, _("The paper was deleted."))
        return redirect(row.collection)
    context = {"row": row, "crumbs": _crumbs(row, _("Delete"))}
    return render(request, "portal/briefing/delete.html", context)


@require_safe
@sign_in_needed
def as_file(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Give the paper as Word or PDF, made now."""
    row = found_paper(request, public_id)
    if kind not in _TYPES:
        raise Http404
    now = timezone.now()
    wait = seconds_to_wait(key=f"paper:{reader(request).pk}", most=FILES_AN_HOUR, now=now)
    if wait:
        return too_often(request, wait)
    sheet = made(row, site=site_of(request))
    page = as_pdf(sheet, made_at=now) if kind == "pdf" else as_word(sheet)
    response = HttpResponse(page, content_type=_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="briefing.{kind}"'
    patch_cache_control(response, private=True, no_store=True)
    return response


def _form(request: HttpRequest, row: Briefing, revision: int | None = None) -> PaperForm:
    items = [item.card for item in shown_items(row.collection) if item.card]
    options = row.options.select_related("practice").order_by("position", "id")
    changes = {option.practice.slug: option.changes for option in options}
    typed = request.POST.copy() if request.method == "POST" else None
    if typed is not None and revision:
        typed["revision"] = str(revision)
    return PaperForm(
        typed,
        cards=items,
        changes=changes,
        city=row.city,
        initial=first_values(row, list(changes)),
    )


def _stored(form: PaperForm) -> dict[str, str]:
    """What is stored now in each field of words in which something else was typed."""
    found: dict[str, str] = {}
    for field in form.visible_fields():
        now: Any = field.initial
        if isinstance(now, list):
            typed = [str(one) for one in form.cleaned_data[field.name]]
            if typed != [str(one) for one in now]:
                names = dict(field.field.choices)  # type: ignore[attr-defined]
                found[field.name] = ", ".join(str(names.get(one, one)) for one in now)
        elif (form.cleaned_data[field.name] or "") != (now or ""):
            found[field.name] = str(now or "")
    return found


def _language(request: HttpRequest) -> str:
    asked = request.POST.get("language", "") or reader_language()
    return "en" if asked.startswith("en") else "ru"


def _crumbs(row: Briefing, *more: str) -> list[tuple[str, str]]:
    return [
        (_("Collections"), reverse("collections")),
        (row.collection.title[:60], row.collection.get_absolute_url()),
        (row.title[:60], row.get_absolute_url() if more else ""),
        *((name, "") for name in more),
    ]
