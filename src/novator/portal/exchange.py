"""The exchange: what cities publish, ask, answer and judge, and what waits for the reader."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.drafts.permissions import WRITERS
from novator.portal.people import acting_cities, reader, today
from novator.portal.shown import shown_cards
from novator.portal.your_work import may_act, work_of
from novator.practices.models import Practice
from novator.reviews.models import STAGES
from novator.reviews.queries import contests
from novator.talk.queries import answered_lately, open_requests

REQUESTS = 3
ANSWERS = 3
CARDS = 3
RUNNING = ("announced", "open", "scoring", "closed")


@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    """Show the exchange to everybody; to the signed-in also what waits for them."""
    on = today()
    context: dict[str, Any] = {
        "cards": shown_cards(_newest_of_cities()),
        "requests": [(row, True) for row in open_requests(on=on)[:REQUESTS]],
        "questions": answered_lately(ANSWERS),
        "contests": _running(),
        "crumbs": [(_("Exchange"), "")],
    }
    if not request.user.is_authenticated:
        return render(request, "portal/exchange/exchange.html", context)
    user = reader(request)
    context |= {
        "work": work_of(user, on=on),
        "may_act": may_act(user, on=on),
        "may_write": bool(acting_cities(request, WRITERS, on=on)),
    }
    response = render(request, "portal/exchange/exchange.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def exchange_crumb() -> tuple[str, str]:
    """The step of the way to a page that leads over the exchange."""
    return _("Exchange"), reverse("exchange")


def _newest_of_cities() -> list[str]:
    """Cards that cities published themselves, the latest first."""
    rows = Practice.objects.published().filter(is_by_its_city=True)
    return list(rows.order_by("-changed_at", "slug").values_list("slug", flat=True)[:CARDS])


def _running() -> list[tuple[Any, str, Any]]:
    on = today()
    staged = [(one, one.stage(on)) for one in contests(with_prepared=False)]
    return [(one, stage, STAGES[stage]) for one, stage in staged if stage in RUNNING]
