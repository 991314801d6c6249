"""Beside the law: stopping letters of a kind, and the letters about which the office decides."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.queries import holds
from novator.mail.models import Letter
from novator.mail.operations import (
    CannotSettle,
    is_stopped,
    resume_letters,
    settle_letter,
    stop_letters,
)
from novator.portal.limits import limited
from novator.portal.paging import page_of
from novator.portal.people import reader, sign_in_needed, today

EACH = 40


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited("stop_letters", per_hour=1200)  # one mail provider posts for many readers
def stop(request: HttpRequest, letter: UUID) -> HttpResponse:
    """
    Stop letters of the kind of this one, or have them again.

    The number of the letter, known to its reader alone, is the proof: mail programs post here by
    themselves (RFC 8058) and have no session. Opening the page changes nothing.
    """
    found = get_object_or_404(Letter, public_id=letter)
    if request.method == "POST" and found.kind_of_letter.may_stop:
        change = resume_letters if request.POST.get("again") == "yes" else stop_letters
        change(digest=found.to_digest, kind=found.kind)
    context = {
        "letter": found,
        "kind": found.kind_of_letter,
        "is_stopped": is_stopped(digest=found.to_digest, kind=found.kind),
        "is_done": request.method == "POST",
    }
    return render(request, "portal/mail/stop.html", context)


@require_safe
@sign_in_needed
def office(request: HttpRequest) -> HttpResponse:
    """Show the letters that were refused, or of which nobody knows whether they arrived."""
    _check_office(request)
    waiting = Letter.objects.for_the_office().order_by("-created_at", "-id")
    page = page_of(list(waiting), request.GET.get("page", ""), each=EACH)
    context = {
        "letters": page.rows,
        "total": page.total,
        "page": page.number,
        "pages": page.pages,
        "queued": Letter.objects.filter(state="queued").count(),
        "has_server": bool(settings.MAIL_SERVER.host),
    }
    return render(request, "portal/mail/office.html", context)


@require_POST
@sign_in_needed
@limited("settle_letter", per_hour=300)
def settle(request: HttpRequest, letter: UUID) -> HttpResponse:
    """Keep what a person of the office decided about a letter."""
    _check_office(request)
    found = get_object_or_404(Letter, public_id=letter)
    try:
        settle_letter(letter=found, verdict=request.POST.get("verdict", ""), now=timezone.now())
    except CannotSettle as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your decision about the letter is kept."))
    return redirect("office_letters")


def letters_waiting() -> int:
    """Count the letters about which the office has to decide."""
    return Letter.objects.for_the_office().count()


def _check_office(request: HttpRequest) -> None:
    if not holds(reader(request), {"office"}, municipality=None, on=today()):
        raise PermissionDenied(_("This page is for the office of the association."))
