"""Solutions written: a city claims, corrects, confirms and withdraws its own cards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.cities.models import Municipality
from novator.cities.queries import find_city, suggest_cities
from novator.drafts.form import STEPS
from novator.drafts.permissions import (
    WRITERS,
    may_claim,
    may_confirm,
    may_settle_city,
    may_withdraw,
)
from novator.drafts.queries import open_draft_of
from novator.drafts.writing import AlreadyBegun, begin_draft
from novator.portal.draft_page import step_url
from novator.portal.limits import limited
from novator.portal.people import acting_cities, reader, sign_in_needed, today
from novator.portal.shown import shown, shown_cards
from novator.practices.models import Practice
from novator.practices.publishing import (
    CannotPublish,
    confirm_card,
    settle_city,
    withdraw_card,
)
from novator.practices.queries import cards

ACTS_AN_HOUR = 60
_MOST_LISTED = 300


def own_card(request: HttpRequest, practice: Practice) -> dict[str, Any]:
    """For the page of a card: what its own city, or the office, may do with it."""
    attachments = list(practice.attachments.select_related("file"))
    if not request.user.is_authenticated:
        return {"attachments": attachments}
    on, user = today(), request.user
    may = {
        "claim": may_claim(user, practice, on=on),
        "confirm": may_confirm(user, practice, on=on),
        "withdraw": may_withdraw(user, practice, on=on),
        "settle": may_settle_city(user, on=on),
    }
    draft = open_draft_of(practice.pk) if may["claim"] else None
    return {
        "own_card": may if any(may.values()) else None,
        "own_draft": draft,
        "attachments": attachments,
    }


@require_safe
@sign_in_needed
def my_cards(request: HttpRequest) -> HttpResponse:
    """Published cards of the reader's cities: what is due, what can be claimed."""
    on = today()
    cities = acting_cities(request, WRITERS, on=on)
    rows = Practice.objects.published().filter(municipality__in=cities)
    found = cards(rows.order_by("confirm_by", "slug")[:_MOST_LISTED])
    listed = [(card, shown(card)) for card in found]
    context = {
        "cities": cities,
        "overdue": [pair for pair in listed if pair[0].is_by_its_city and pair[0].is_overdue],
        "current": [pair for pair in listed if pair[0].is_by_its_city and not pair[0].is_overdue],
        "imported": [pair for pair in listed if not pair[0].is_by_its_city],
        "on": on,
    }
    return render(request, "portal/writing/cards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("card_correct", per_hour=ACTS_AN_HOUR)
def card_correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft from a card of the own city: claim an imported one, or correct an own one."""
    practice = _card(slug)
    if not may_claim(request.user, practice, on=today()):
        raise PermissionDenied(_("Only people who write for the city of this card can correct it."))
    if request.method != "POST":
        context = {"practice": practice, "card": next(iter(shown_cards([slug])), None)}
        return render(request, "portal/writing/correct.html", context)
    try:
        draft = begin_draft(
            municipality=practice.municipality, by=reader(request), practice=practice
        )
    except AlreadyBegun as refusal:
        messages.info(request, str(refusal))
        draft = refusal.draft
    return redirect(step_url(draft, STEPS[0]))


@require_POST
@sign_in_needed
@limited("card_confirm", per_hour=ACTS_AN_HOUR)
def card_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Say in one click that the facts of the own card still hold."""
    practice, on = _card(slug), today()
    if not may_confirm(request.user, practice, on=on):
        raise PermissionDenied(_("Only the city that wrote the card can confirm its facts."))
    confirmed = confirm_card(practice=practice, by=reader(request), on=on)
    words = _("Thank you. Until %(day)s the facts count as confirmed.")
    messages.success(request, words % {"day": date_format(confirmed.confirm_by or on)})
    return redirect("my_cards") if request.POST.get("back") == "cards" else redirect(practice)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("card_withdraw", per_hour=ACTS_AN_HOUR)
def card_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the own city's own card out of the catalogue, with a reason that stays in its place."""
    practice = _card(slug)
    if not may_withdraw(request.user, practice, on=today()):
        raise PermissionDenied(
            _("Only the head of the city that wrote the card, or whom the head named, may.")
        )
    because = " ".join(request.POST.get("because", "").split())
    if request.method == "POST" and because:
        withdraw_card(practice=practice, because=because)
        messages.success(request, _("The card is withdrawn. Its place says why."))
        return redirect("my_cards")
    context = {
        "practice": practice,
        "card": next(iter(shown_cards([slug])), None),
        "fault": _("Say why; readers who had kept the address will see it.")
        if request.method == "POST"
        else "",
    }
    return render(request, "portal/writing/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("card_city", per_hour=ACTS_AN_HOUR)
def card_city(request: HttpRequest, slug: str) -> HttpResponse:
    """The office settles to which record of a municipality a card belongs; nothing is guessed."""
    practice, on = _card(slug), today()
    if not may_settle_city(request.user, on=on):
        raise PermissionDenied(_("Only the office of the association settles this."))
    words = request.POST.get("words", request.GET.get("words", "")).replace("\0", "")[:200]
    chosen = Municipality.objects.filter(slug=request.POST.get("to", "")).first()
    context: dict[str, Any] = {"practice": practice, "words": words}
    if request.method == "POST" and chosen is not None:
        try:
            settle_city(practice=practice, municipality=chosen, by=reader(request))
        except CannotPublish as refusal:
            context["fault"] = str(refusal)
        else:
            messages.success(request, _("The card now belongs to %(city)s.") % {"city": chosen})
            return redirect(practice)
    context |= {
        "card": next(iter(shown_cards([slug])), None),
        "found": [*find_city(words), *suggest_cities(words)][:12] if words else [],
    }
    return render(request, "portal/writing/city.html", context)


def _card(slug: str) -> Practice:
    rows = Practice.objects.published().select_related("municipality__region")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Http404(_("There is no such practice. It may have been taken out of the catalogue."))
    return found
