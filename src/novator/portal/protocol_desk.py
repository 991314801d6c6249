"""Who decides: the secretary signs a session's protocol, or corrects a signed one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from novator.council.models import Session
from novator.council.protocols import (
    begin_correction,
    correct_protocol,
    end_correction,
    faults_of_session,
    is_in_correction,
    latest_protocol,
    sign_protocol,
)
from novator.council.refusals import CannotRecord
from novator.portal.council_reading import city_of, session_crumbs
from novator.portal.decision_desk import ENTRIES_AN_HOUR, must_keep
from novator.portal.decision_forms import SignForm
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.sessions import session_called


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the protocol, or its correction; faults of votes stand in the way."""
    session = session_called(pk)
    must_keep(request, session.council)
    last = latest_protocol(session)
    form = SignForm(
        request.POST or None,
        council=session.council,
        is_correction=last is not None,
        initial={
            "signed_on": today(),
            "signed_by": session.chair_id,
            "revision": session.revision,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            protocol = _signed(session, form.cleaned_data, request, is_first=last is None)
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Version %(number)s of the protocol is signed.")
            messages.success(request, words % {"number": protocol.number})
            return redirect(session)
    context = {
        "form": form,
        "session": session,
        "last": last,
        "faults": faults_of_session(session),
        "is_open": session.state == "held",
        "crumbs": session_crumbs(session, (_("Sign the protocol"), "")),
    }
    return render(request, "portal/sessions/sign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a signed session for a correction, or close it again where nothing was changed."""
    session = session_called(pk)
    must_keep(request, session.council)
    last = latest_protocol(session)
    is_open = is_in_correction(session, last)
    if request.method == "POST":
        try:
            if is_open:
                end_correction(session=session)
                messages.success(request, _("Nothing was changed: the protocol stands as signed."))
                return redirect(session)
            begin_correction(session=session)
        except CannotRecord as refusal:
            messages.error(request, str(refusal))
            return redirect("session_correct", pk)
        messages.success(request, _("The session is open for the correction."))
        slug = city_of(session.council).slug
        return redirect(reverse("session_desk", args=[slug, session.pk]))
    context = {
        "session": session,
        "city": city_of(session.council),
        "last": last,
        "is_open": is_open,
        "crumbs": session_crumbs(session, (_("Correct the protocol"), "")),
    }
    return render(request, "portal/sessions/correct.html", context)


def _signed(session: Session, told: dict[str, Any], request: HttpRequest, *, is_first: bool) -> Any:
    if is_first:
        return sign_protocol(
            session=session,
            signed_on=told["signed_on"],
            signed_by=told["signed_by"],
            by=reader(request),
            revision=told["revision"],
        )
    return correct_protocol(
        session=session,
        reason=told["reason"],
        signed_on=told["signed_on"],
        signed_by=told["signed_by"],
        by=reader(request),
        revision=told["revision"],
    )
