"""Who decides: sessions of a council for everybody: the list, one session, the calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from novator.council.calendars import calendar_of
from novator.council.listing import Asked, part_by_day, sessions_of, years_of
from novator.council.models import AgendaItem, Protocol, Session
from novator.council.models.sessions import STATES
from novator.council.protocols import is_in_correction, public_part
from novator.council.session_content import sessions_whole, written
from novator.portal.appearance import site_of
from novator.portal.council_reading import (
    asked_in,
    city_of,
    council_called,
    council_crumbs,
    may_keep,
    one_of,
    reads_closed,
    session_crumbs,
)

EACH = 20
IN_CALENDAR = 300


@require_safe
def council_sessions(request: HttpRequest, slug: str) -> HttpResponse:
    """Sessions of a council, planned ones and the latest first; by year and state."""
    council = council_called(slug)
    asked = asked_in(request.GET, states=STATES)
    after = request.GET.get("after", "")
    rows = sessions_of(council, asked)
    context = {
        "council": council,
        "city": city_of(council),
        "asked": asked,
        "part": part_by_day(rows, "held_to", after=after, each=EACH),
        "is_first": not after,
        "years": years_of(Session.objects.filter(council=council), "held_to"),
        "states": STATES,
        "may_keep": may_keep(request, council),
        "crumbs": council_crumbs(council, (pgettext("a council", "Sessions"), "")),
    }
    return render(request, "portal/sessions/list.html", context)


@require_safe
def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A session: agenda, who spoke, how it was voted, what was decided, its protocol."""
    session = session_called(pk)
    whole = reads_closed(request, session.council)
    content = written(session, with_voices=False)
    protocols = list(
        Protocol.objects.filter(session=session)
        .defer("content")
        .select_related("signed_by")
        .order_by("-number")
    )
    context = {
        "session": session,
        "city": city_of(session.council),
        "content": content if whole else public_part(content),
        "protocols": protocols,
        "in_correction": is_in_correction(session, protocols[0] if protocols else None),
        "may_keep": may_keep(request, session.council),
        "crumbs": session_crumbs(session),
    }
    return render(request, "portal/sessions/session.html", context)


@require_safe
def agenda_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to an item of an agenda on the page of its session."""
    return redirect(get_object_or_404(AgendaItem, pk=pk))


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the latest sessions of a council to a calendar program."""
    council = council_called(slug)
    site = site_of(request)
    written = calendar_of(
        council,
        sessions_of(council, Asked())[:IN_CALENDAR],
        address=lambda session: f"{site}{session.get_absolute_url()}",
    )
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="council-{slug}.ics"'
    patch_cache_control(response, public=True, max_age=300)
    return response


def session_called(pk: int) -> Session:
    """
    One session with all that `written` tells of it. One query.

    :raises Http404: there is none of that number
    """
    return one_of(sessions_whole().filter(pk=pk), _("There is no such session."))
