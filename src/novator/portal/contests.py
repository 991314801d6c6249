"""Solutions judged: contests for everybody: the list, the call, entries of a city, the result."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.core.documents import PDF_TYPE, WORD_TYPE
from novator.core.languages import reader_language
from novator.portal.contest_forms import EntryForm
from novator.portal.exchange import exchange_crumb
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.shown import ShownCard, shown_cards
from novator.practices.models import Practice
from novator.reviews.contests import CannotEnter, enter_card, withdraw_entry
from novator.reviews.models import STAGES, Contest, Entry
from novator.reviews.permissions import (
    cities_to_enter,
    juror_of,
    may_run_contests,
    may_see_contest,
)
from novator.reviews.protocol_documents import protocol_pdf, protocol_word
from novator.reviews.queries import contests as all_contests
from novator.reviews.queries import standing_entries
from novator.reviews.results import result_in_words

ENTRIES_AN_HOUR = 30
DOCUMENTS = {"pdf": (protocol_pdf, PDF_TYPE), "docx": (protocol_word, WORD_TYPE)}
A_DAY = 24 * 60 * 60
_MOST_CARDS = 200
Group = tuple[str, str, list[tuple[Entry, ShownCard | None]]]


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """All contests, latest first; the office sees those that are being prepared, too."""
    on = today()
    is_office = may_run_contests(request.user, on=on)
    rows = all_contests(with_prepared=is_office)
    context = {
        "contests": [(one, one.stage(on), STAGES[one.stage(on)]) for one in rows],
        "is_office": is_office,
        "crumbs": [exchange_crumb(), (_("Contests"), "")],
    }
    return render(request, "portal/contests/contests.html", context)


@require_safe
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    """The call: what is asked, by which rules, until when; entries once they are all in."""
    on = today()
    found = contest_or_404(request, slug)
    stage = found.stage(on)
    is_closed_for_entries = stage in {"scoring", "closed", "protocol"}
    context = {
        "contest": found,
        "stage": stage,
        "stage_name": STAGES[stage],
        "criteria": found.all_criteria,
        "weight_of_all": sum(found.weights.values()),
        "categories": found.all_categories,
        "groups": groups_of(found) if is_closed_for_entries else [],
        "is_office": may_run_contests(request.user, on=on),
        "may_enter": stage == "open" and bool(cities_to_enter(request.user, on=on)),
        "juror": juror_of(request.user, found),
        "crumbs": [exchange_crumb(), (_("Contests"), reverse("contests")), (found.title, "")],
    }
    return render(request, "portal/contests/contest.html", context)


@require_safe
def contest_results(request: HttpRequest, slug: str) -> HttpResponse:
    """Places with what they rest on: points by juror's code, recusals, how equals were parted."""
    found = contest_or_404(request, slug)
    if found.protocol is None:
        raise Http404(_("The jury has not decided yet."))
    context = {
        "contest": found,
        "result": result_in_words(found),
        "language": reader_language(),
        "crumbs": [
            exchange_crumb(),
            (_("Contests"), reverse("contests")),
            (found.title, found.get_absolute_url()),
            (_("Result"), ""),
        ],
    }
    return render(request, "portal/contests/results.html", context)


@require_safe
def contest_protocol(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The protocol as a document, in the language of the page; made once a day, then kept."""
    found = contest_or_404(request, slug)
    if kind not in DOCUMENTS or found.protocol is None:
        raise Http404(_("There is no such document."))
    make, content_type = DOCUMENTS[kind]
    language = reader_language()
    drawn_up_at = found.protocol_at.timestamp() if found.protocol_at else 0
    document = cache.get_or_set(
        f"protocol:{found.pk}:{drawn_up_at}:{language}:{kind}",
        lambda: make(found, language=language),
        A_DAY,
    )
    response = HttpResponse(document, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="protocol-{slug}.{kind}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("contest_enter", per_hour=ENTRIES_AN_HOUR)
def contest_enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a card of the own municipality, see and withdraw what was entered."""
    on = today()
    found = contest_or_404(request, slug)
    cities = cities_to_enter(request.user, on=on)
    if not cities:
        raise PermissionDenied(
            _("Only the head of a municipality, or whom the head named, enters its cards.")
        )
    rows = Practice.objects.published().filter(municipality__in=cities, is_by_its_city=True)
    slugs = list(rows.values_list("slug", flat=True)[:_MOST_CARDS])
    cards = [(card.slug, f"{card.title} ({card.city_name})") for card in shown_cards(slugs)]
    form = EntryForm(request.POST or None, contest=found, cards=cards)
    if request.method == "POST" and form.is_valid() and _entered(form, request):
        messages.success(
            request, _("The card is entered. You can take it back until the last day.")
        )
        return redirect("contest_enter", slug)
    context = {
        "form": form,
        "contest": found,
        "stage": found.stage(on),
        "cards": cards,
        "entered": _own_entries(found, [city.pk for city in cities]),
        "crumbs": [
            exchange_crumb(),
            (_("Contests"), reverse("contests")),
            (found.title, found.get_absolute_url()),
            (_("Enter a card"), ""),
        ],
    }
    return render(request, "portal/contests/enter.html", context)


@require_POST
@sign_in_needed
@limited("contest_enter", per_hour=ENTRIES_AN_HOUR)
def entry_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an entry of the own municipality back while entries are taken."""
    rows = Entry.objects.select_related("nomination__contest", "practice__municipality")
    entry = get_object_or_404(rows, public_id=public_id)
    try:
        withdraw_entry(entry=entry, by=reader(request), on=today())
    except CannotEnter as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    messages.success(request, _("The entry is taken back."))
    return redirect("contest_enter", entry.nomination.contest.slug)


def contest_or_404(request: HttpRequest, slug: str) -> Contest:
    """A contest that the reader may see; for others it does not exist."""
    found = Contest.objects.prefetch_related("nominations").filter(slug=slug).first()
    if found is None or not may_see_contest(request.user, found, on=today()):
        raise Http404(_("There is no such contest."))
    return found


def groups_of(found: Contest) -> list[Group]:
    """Entries by nomination and category: (nomination, category, entries with their cards)."""
    entries = standing_entries(found)
    cards = {card.slug: card for card in shown_cards({one.practice.slug for one in entries})}
    names = {one.code: one.name for one in found.all_categories}
    return [
        (nomination.title, names.get(category, ""), [(e, cards.get(e.practice.slug)) for e in part])
        for (nomination, category), part in groupby(
            entries, key=lambda one: (one.nomination, one.category)
        )
    ]


def _own_entries(found: Contest, places: list[int]) -> list[tuple[Entry, Any]]:
    own = [one for one in standing_entries(found) if one.practice.municipality_id in places]
    cards = {card.slug: card for card in shown_cards({one.practice.slug for one in own})}
    return [(one, cards.get(one.practice.slug)) for one in own]


def _entered(form: EntryForm, request: HttpRequest) -> bool:
    practice = Practice.objects.get(slug=form.cleaned_data["practice"])
    try:
        enter_card(
            nomination=form.cleaned_data["nomination"],
            practice=practice,
            by=reader(request),
            on=today(),
        )
    except CannotEnter as refusal:
        form.add_error("practice", str(refusal))
        return False
    return True
