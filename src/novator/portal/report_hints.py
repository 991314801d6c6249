"""A citizen's report: what the page says while somebody types – danger, kind, like reports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from novator.core.languages import reader_language
from novator.portal.people import today
from novator.portal.report_cities import channel_called
from novator.portal.report_form import ReportForm, offered
from novator.portal.report_limits import wait_to_look_up
from novator.reports.appeals import looks_like_appeal
from novator.reports.danger import looks_dangerous
from novator.reports.duplicates import LikelyDuplicate, likely_duplicates
from novator.reports.geocoding import FoundAddress, find_by_service, name_by_service
from novator.reports.models import Category, Channel, Report, ReportPhoto
from novator.reports.models.report import LONGEST_TEXT
from novator.reports.proposing import propose_categories
from novator.reports.streets import find_addresses, nearest_address

MOST_LIKE = 3
MOST_PROPOSED = 3
LEAST_PROPOSED = 0.05
_SALT = "novator.reports.proposal"


@dataclass(frozen=True)
class LikeReport:
    """An earlier report as the page offers it: no more than everybody may see (C4)."""

    report: Report
    metres: int | None
    age: str
    photo: str

    @property
    def is_far(self) -> bool:
        """Whether its distance is better told in kilometres."""
        return self.metres is not None and self.metres >= 1000


@dataclass(frozen=True)
class ProposedKind:
    """A kind of trouble that the words speak of, with its probability in percent."""

    category: Category
    percent: int


@dataclass(frozen=True)
class Hints:
    """All that is said before a report is sent."""

    is_danger: bool = False
    is_appeal: bool = False
    like: Sequence[LikeReport] = ()
    kinds: Sequence[ProposedKind] = ()
    proposal: str = ""
    is_sure: bool = False

    @property
    def stops(self) -> bool:
        """Whether somebody without JavaScript should read this before it is sent."""
        return bool(self.is_appeal or self.like)


def hints_for(
    channel: Channel,
    *,
    text: str,
    place: tuple[float, float] | None,
    address: str = "",
    category: Category | None = None,
    now: datetime,
) -> Hints:
    """Say what the words and the place are like; asks the model of categories for the kind."""
    kinds, proposal, is_sure = proposed_kinds(channel, text)
    kind = category or (kinds[0].category if kinds else None)
    like = like_reports(channel, text=text, place=place, address=address, category=kind, now=now)
    is_danger = looks_dangerous(text) or bool(category and category.is_danger)
    return Hints(is_danger, looks_like_appeal(text), like, kinds, proposal, is_sure)


def like_reports(
    channel: Channel,
    *,
    text: str,
    place: tuple[float, float] | None,
    address: str,
    category: Category | None,
    now: datetime,
) -> list[LikeReport]:
    """Earlier reports that may be the same, the likeliest first; nothing without a place."""
    if place is None and not address:
        return []
    found = likely_duplicates(
        municipality=channel.municipality,
        place=place,
        at=now,
        category=category,
        text=text[:LONGEST_TEXT],
        address=address,
        limit=MOST_LIKE,
    )
    shown = ReportPhoto.objects.filter(is_shown=True).select_related("original", "shown")
    rows = Report.objects.select_related("category").prefetch_related(
        Prefetch("photos", queryset=shown, to_attr="shown_photos")
    )
    known = rows.in_bulk([each.report.pk for each in found])
    return [_like(known[each.report.pk], each, now) for each in found if each.report.pk in known]


def _like(report: Report, found: LikelyDuplicate, now: datetime) -> LikeReport:
    photos: list[ReportPhoto] = getattr(report, "shown_photos", [])
    photo = (photos[0].shown or photos[0].original).small_url if photos else ""
    metres = None if found.metres is None else round(found.metres / 5) * 5
    return LikeReport(report, metres, timesince(report.requested_at, now, depth=1), photo)


def proposed_kinds(channel: Channel, text: str) -> tuple[list[ProposedKind], str, bool]:
    """The likeliest kinds by the city's model, a signed note of the first, whether it is sure."""
    if len(text.split()) < 2:
        return [], "", False
    known = {category.code: category for category in offered(channel, on=today())}
    proposed = propose_categories(text[:LONGEST_TEXT], channel.municipality)
    rows = [each for each in proposed.rows if each.code in known]
    kinds = [
        ProposedKind(known[each.code], min(99, round(100 * each.probability)))
        for each in rows[:MOST_PROPOSED]
        if each.probability >= LEAST_PROPOSED
    ]
    if not kinds:
        return [], "", False
    first = {"code": rows[0].code, "probability": round(rows[0].probability, 4)}
    is_sure = proposed.is_sure and rows[0] is proposed.rows[0]
    return kinds, signing.dumps(first, salt=_SALT), is_sure


def proposal_in(token: str) -> tuple[str, float] | None:
    """Read back what was proposed: code and probability; None where nothing was."""
    try:
        stored = signing.loads(token, salt=_SALT, max_age=7 * 24 * 3600)
    except (signing.BadSignature, ValueError):
        return None
    return str(stored["code"]), float(stored["probability"])


def place_in(values: Any) -> tuple[float, float] | None:
    """Read a point out of a form or an address; None where there is none on earth."""
    try:
        latitude = float(str(values.get("latitude", "")).replace(",", "."))
        longitude = float(str(values.get("longitude", "")).replace(",", "."))
    except ValueError:
        return None
    is_real = math.isfinite(latitude) and math.isfinite(longitude)
    return (latitude, longitude) if is_real and abs(latitude) <= 90 else None


# Changes nothing and knows nobody, so that it needs no token and works in a frame without cookies.
@csrf_exempt
@require_POST
def hints(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the script of the form what it shows beside the words. Nothing is kept."""
    channel = channel_called(slug)
    if wait := wait_to_look_up(request):
        return JsonResponse({}, status=429, headers={"Retry-After": str(wait)})
    found = hints_for(
        channel,
        text=request.POST.get("text", "")[:LONGEST_TEXT],
        place=_place_in_city(channel, request.POST),
        address=request.POST.get("address", "")[:300].replace("\0", " "),
        category=_category(channel, request.POST.get("category", "")),
        now=timezone.now(),
    )
    like = render_to_string("portal/report/parts/like.html", {"like": found.like}, request)
    kinds = [
        {"code": kind.category.code, "name": kind.category.name, "percent": kind.percent}
        for kind in found.kinds
    ]
    answer = {
        "danger": found.is_danger,
        "appeal": found.is_appeal,
        "like": like if found.like else "",
        "kinds": kinds,
        "sure": found.is_sure,
        "proposal": found.proposal,
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _category(channel: Channel, code: str) -> Category | None:
    rows = Category.objects.filter(municipality=channel.municipality_id, is_active=True)
    return rows.filter(code=code).first() if code and "\0" not in code else None


def _place_in_city(channel: Channel, values: Any) -> tuple[float, float] | None:
    place = place_in(values)
    return place if place and channel.contains(*place) else None


@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The further questions of one category, for the script of the form."""
    channel = channel_called(slug)
    initial = {"category": request.GET.get("category", "")}
    form = ReportForm(channel=channel, on=today(), has_account=True, initial=initial)
    return HttpResponse(
        render_to_string("portal/report/parts/questions.html", {"form": form}, request)
    )


@require_safe
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """Addresses by what was typed (`q`), or the one that stands at a point."""
    channel = channel_called(slug)
    if wait := wait_to_look_up(request):
        return JsonResponse({}, status=429, headers={"Retry-After": str(wait)})
    point = _place_in_city(channel, request.GET)
    if "q" in request.GET:
        found = _called(channel, request.GET["q"][:200].replace("\0", " "))
    else:
        found = _at(channel, *point) if point else []
    rows = [
        {"label": each.label, "latitude": each.latitude, "longitude": each.longitude}
        for each in found
    ]
    return JsonResponse({"places": rows}, headers={"Cache-Control": "no-store"})


def _called(channel: Channel, text: str) -> list[FoundAddress]:
    own = [
        FoundAddress(str(row), row.latitude, row.longitude)
        for row in find_addresses(channel.municipality, text)
    ]
    return own or find_by_service(channel, text, language=reader_language())


def _at(channel: Channel, latitude: float, longitude: float) -> list[FoundAddress]:
    own = nearest_address(channel.municipality, latitude, longitude)
    if own is not None:
        return [FoundAddress(str(own), own.latitude, own.longitude)]
    named = name_by_service(channel, latitude, longitude, language=reader_language())
    return [named] if named else []
