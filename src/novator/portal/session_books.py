"""Who decides: a session's workbook: downloaded with the deputies, filled in, checked, taken."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from novator.core.languages import reader_language
from novator.council.models import Session
from novator.council.refusals import CannotRecord
from novator.council.sheet_blank import blank_book
from novator.council.sheet_import import Imported, import_book
from novator.council.sheets import BookFault, BookRefused, read_book
from novator.council.workbooks import NotABook
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.session_guard import Desk, address_of, desk_of, session_of

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOOKS_AN_HOUR = 120


@require_safe
@sign_in_needed
def session_blank(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The workbook of a session, with its deputies and what is entered already."""
    session = session_of(desk_of(request, slug), pk)
    try:
        content = blank_book(session, reader_language())
    except CannotRecord as refusal:
        messages.error(request, str(refusal))
        return redirect("session_facts", slug, pk)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    day = session.held_to.isoformat() if session.held_to else session.pk
    response.headers["Content-Disposition"] = f'attachment; filename="session-{slug}-{day}.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_book", per_hour=BOOKS_AN_HOUR)
def session_book(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a filled workbook: everything in it, or nothing and every fault with its place."""
    desk = desk_of(request, slug)
    session = session_of(desk, pk)
    if request.method != "POST":
        return _page(request, desk, session)
    upload = request.FILES.get("book")
    if upload is None:
        return _page(request, desk, session, fault=_("Choose a file first."))
    try:
        taken = _take(desk, session, upload.read())
    except NotABook as refusal:
        return _page(request, desk, session, fault=str(refusal))
    except BookRefused as refusal:
        return _page(request, desk, session, faults=refusal.faults, name=upload.name)
    messages.success(request, _told(taken))
    return redirect(address_of(desk, session))


def _take(desk: Desk, session: Session, content: bytes) -> Imported:
    book = read_book(io.BytesIO(content))
    record, city = book.fact("id"), book.fact("city")
    if (record and record != str(session.public_id)) or (city and city != desk.city.slug):
        raise NotABook(_("This is the workbook of another session. Nothing was taken."))
    return import_book(council=desk.council, book=book, session=session)


def _told(taken: Imported) -> str:
    if taken.is_unchanged:
        return _("Everything in the workbook was there already; nothing was changed.")
    changed = taken.changed
    return _("Taken: questions %(agenda)d, attendance %(attendance)d, votes %(votes)d.") % {
        name: changed.get(name, 0) for name in ("agenda", "attendance", "votes")
    }


def _page(
    request: HttpRequest,
    desk: Desk,
    session: Session,
    *,
    fault: str = "",
    faults: list[BookFault] | None = None,
    name: Any = "",
) -> HttpResponse:
    context = {
        "desk": desk,
        "session": session,
        "fault": fault,
        "book_faults": faults,
        "name": name,
        "crumbs": [*desk.crumbs_of(session), (_("A filled workbook"), "")],
    }
    status = 422 if fault or faults else 200
    return render(request, "portal/council/desk/book.html", context, status=status)
