"""Solutions chosen: collections of cards, read, filled, ordered, taken along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.briefings import permissions
from novator.briefings.models import MOST_ON_PAPER, Collection, Item
from novator.briefings.operations import (
    MOST_CARDS,
    CannotCollect,
    ChangedMeanwhile,
    add_cards,
    begin_collection,
    change_collection,
    delete_collection,
    remove_card,
)
from novator.briefings.queries import (
    collection_by_link,
    collection_called,
    items_of,
    visible_to,
)
from novator.cities.models import Municipality
from novator.portal.collection_forms import AddForm, CollectionForm, OrderForm
from novator.portal.compare import slugs_in
from novator.portal.limits import limited
from novator.portal.people import acting_cities, reader, sign_in_needed, today
from novator.portal.shown import ShownCard, shown_cards
from novator.practices.exporting import CONTENT_TYPES, export_cards
from novator.practices.models import Practice

A_LINE = 60


@dataclass(frozen=True)
class ShownItem:
    """A card of a collection; `card` is None when it was taken out of the catalogue."""

    item: Item
    card: ShownCard | None

    @property
    def slug(self) -> str:
        return self.item.practice.slug


def found(request: HttpRequest, public_id: UUID) -> Collection:
    """A collection that the reader may see; its mere existence is private to everybody else."""
    row = collection_called(public_id)
    if row is None or not permissions.may_see(request.user, row, on=today()):
        raise Http404(_("There is no such collection, or it is not shared with you."))
    return row


def found_to_edit(request: HttpRequest, public_id: UUID) -> Collection:
    """
    A collection that the reader may change.

    :raises PermissionDenied: he may only read it
    """
    row = found(request, public_id)
    if not permissions.may_edit(request.user, row, on=today()):
        raise PermissionDenied(_("You may read this collection, but not change it."))
    return row


def found_to_manage(request: HttpRequest, public_id: UUID) -> Collection:
    """
    A collection that the reader may share and delete.

    :raises PermissionDenied: he may not
    """
    row = found(request, public_id)
    if not permissions.may_manage(request.user, row, on=today()):
        raise PermissionDenied(_("Only its owner shares or deletes a collection."))
    return row


def own_city(request: HttpRequest) -> Municipality | None:
    """The first city in which the reader has a role."""
    cities = acting_cities(request, permissions.ANY_ROLE, on=today())
    return cities[0] if cities else None


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("collections", per_hour=200)
def collections(request: HttpRequest) -> HttpResponse:
    """List what the reader may see; begin a new one."""
    user = reader(request)
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_collection(**form.cleaned_data, owner=user, municipality=own_city(request))
        except CannotCollect as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    context = {
        "form": form,
        "visible": visible_to(user, on=today()),
        "crumbs": [(_("My account"), reverse("my_account")), (_("Collections"), "")],
    }
    return render(request, "portal/collections/collections.html", context)


@require_safe
@sign_in_needed
def collection(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a collection with its notes and what may be done with it."""
    row, on = found(request, public_id), today()
    items = shown_items(row)
    context = {
        "collection": row,
        "items": items,
        "gone": sum(item.card is None for item in items),
        "may_edit": permissions.may_edit(request.user, row, on=on),
        "may_manage": permissions.may_manage(request.user, row, on=on),
        "papers": row.briefings.select_related("changed_by"),
        "most": MOST_ON_PAPER,
        "crumbs": _crumbs(row),
    }
    return render(request, "portal/collections/collection.html", context)


@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a collection to whoever has its secret address; nothing can be changed there."""
    row = collection_by_link(token) if token.isascii() and token.isprintable() else None
    if row is None:
        raise Http404(_("This address was ended, or it never was one."))
    context = {"collection": row, "items": shown_items(row), "is_by_link": True}
    response = render(request, "portal/collections/collection.html", context)
    patch_cache_control(response, private=True, no_store=True)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("collections", per_hour=200)
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change title, purpose, order and notes; the second of two savers sees both versions."""
    row = found_to_edit(request, public_id)
    items = shown_items(row)
    form = _order_form(request, row, items)
    stored: dict[str, str] = {}
    other: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        try:
            change_collection(
                collection=row,
                revision=form.cleaned_data["revision"],
                title=form.cleaned_data["title"],
                purpose=form.cleaned_data["purpose"],
                notes=form.notes,
                order=form.order,
                by=reader(request),
            )
        except ChangedMeanwhile as change:
            other, stored = change, _stored(form, row, items)
            form = _order_form(request, row, items, revision=row.revision)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    context = {
        "collection": row,
        "form": form,
        "items": [
            (item, form[f"place_{item.slug}"], form[f"note_{item.slug}"], stored) for item in items
        ],
        "stored": stored,
        "other": other,
        "crumbs": _crumbs(row, _("Change")),
    }
    return render(request, "portal/collections/edit.html", context, status=409 if other else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("collections", per_hour=200)
def add_to_collection(request: HttpRequest) -> HttpResponse:
    """Put one or several cards into a collection; the reader says into which."""
    user = reader(request)
    asked = request.POST.getlist("id") if request.method == "POST" else request.GET.getlist("id")
    cards = shown_cards(slugs_in(asked)[:MOST_CARDS])
    mine = visible_to(user, on=today()).to_add_to
    choices = [(str(row.public_id), row.title) for row in mine]
    first = choices[0][0] if choices else None
    form = AddForm(request.POST or None, choices=choices, initial={"collection": first})
    if cards and request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("collection", "")
        try:
            known = next((row for row in mine if str(row.public_id) == chosen), None)
            if form.cleaned_data["title"] or known is None:
                known = begin_collection(
                    title=form.cleaned_data["title"],
                    owner=user,
                    municipality=own_city(request),
                )
            new = add_cards(collection=known, slugs=[card.slug for card in cards], by=user)
        except CannotCollect as refusal:
            form.add_error(None, str(refusal))
        else:
            _note(known, cards, form.cleaned_data["note"])
            messages.success(request, _added(new, len(cards)))
            return redirect(known)
    context = {
        "form": form,
        "cards": cards,
        "crumbs": [(_("Collections"), reverse("collections")), (_("Add cards"), "")],
    }
    return render(request, "portal/collections/add.html", context)


@require_POST
@sign_in_needed
@limited("collections", per_hour=200)
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a card out of a collection."""
    row = found_to_edit(request, public_id)
    remove_card(collection=row, slug=request.POST.get("id", "")[:80].replace("\0", ""))
    messages.success(request, _("Taken out."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("collections", per_hour=200)
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Delete a collection after a question."""
    row = found_to_manage(request, public_id)
    if request.method == "POST":
        delete_collection(collection=row)
        messages.success(request, _("The collection was deleted."))
        return redirect("collections")
    context = {"collection": row, "crumbs": _crumbs(row, _("Delete"))}
    return render(request, "portal/collections/delete.html", context)


@require_safe
@sign_in_needed
def export(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Give the cards of a collection as a file in the columns of the catalogue."""
    row = found(request, public_id)
    if kind not in CONTENT_TYPES:
        raise Http404
    slugs = [item.slug for item in shown_items(row) if item.card]
    response = HttpResponse(b"".join(export_cards(slugs, kind)), content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="collection.{kind}"'
    return response


def shown_items(row: Collection) -> list[ShownItem]:
    """The cards of a collection in order; one that was merged is shown as the one that stayed."""
    items = items_of(row)
    cards = {card.slug: card for card in shown_cards(_standing(i.practice) for i in items)}
    return [ShownItem(item, cards.get(_standing(item.practice))) for item in items]


def _standing(practice: Practice) -> str:
    return practice.merged_into.slug if practice.merged_into else practice.slug


def _order_form(
    request: HttpRequest, row: Collection, items: Sequence[ShownItem], revision: int | None = None
) -> OrderForm:
    typed = request.POST.copy() if request.method == "POST" else None
    if typed is not None and revision:
        typed["revision"] = str(revision)
    first = {"title": row.title, "purpose": row.purpose, "revision": row.revision}
    return OrderForm(typed, items=[item.item for item in items], initial=first)


def _stored(form: OrderForm, row: Collection, items: Sequence[ShownItem]) -> dict[str, str]:
    """What is stored now in each field in which something else was typed."""
    now = {"title": row.title, "purpose": row.purpose}
    for number, item in enumerate(items, start=1):
        now[f"place_{item.slug}"] = str(number)
        now[f"note_{item.slug}"] = item.item.note
    typed = {name: "" if value is None else str(value) for name, value in form.cleaned_data.items()}
    return {name: text for name, text in now.items() if typed[name] != text}


def _note(row: Collection, cards: Sequence[ShownCard], note: str) -> None:
    """Keep the note that was typed beside the cards at cards that have none."""
    if note:
        slugs = [card.slug for card in cards]
        for item in row.items.filter(practice__slug__in=slugs, note=""):
            item.note = note
            item.save()


def _added(new: int, of: int) -> str:
    if new == 0:
        return _("The cards were there already.") if of > 1 else _("The card was there already.")
    return ngettext("%(count)s card was added.", "%(count)s cards were added.", new) % {
        "count": new
    }


def _crumbs(row: Collection, *more: str) -> list[tuple[str, str]]:
    own = (row.title[:A_LINE], row.get_absolute_url() if more else "")
    return [(_("Collections"), reverse("collections")), own, *((name, "") for name in more)]
