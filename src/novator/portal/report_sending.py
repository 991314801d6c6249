"""A citizen's report: the page on which it is written and sent, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from novator.accounts.models import User
from novator.core.languages import reader_language
from novator.portal.people import today
from novator.portal.report_cities import channel_called
from novator.portal.report_form import ReportForm
from novator.portal.report_hints import Hints, hints_for, proposal_in
from novator.portal.report_limits import wait_to_send
from novator.portal.report_photos import Photos, photos_of
from novator.portal.report_words import report_words
from novator.reports.contacts import NO_CONTACT, ContactDetails
from novator.reports.links import token_of
from novator.reports.models import Channel, Report
from novator.reports.models.report import LONGEST_TEXT, MOST_PHOTOS
from novator.reports.submitting import KeyIsAnothers, ReportRefused, SentReport, submit_report

OLDEST = timedelta(days=30)
_TICKET = "novator.reports.widget"
_TICKET_HOLDS = timedelta(hours=12)
_FIELDS = {"text": "text", "place": "address", "photos": ""}


@dataclass(frozen=True)
class Way:
    """Where the form stands: on our site, or in a frame on the city's (without any cookie)."""

    source: str
    layout: str
    page: str
    sent_page: str

    @property
    def is_frame(self) -> bool:
        """Whether nobody is signed in and nothing may be stored in the browser."""
        return self.source == "widget"


SITE = Way("site", "portal/base.html", "report_new", "report_sent")


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of a city, or take what was sent."""
    return answered(request, channel_called(slug), SITE)


@require_safe
def ready(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the script a fresh token: the page may come from the store of the device."""
    channel = channel_called(slug)
    answer = {"token": get_token(request), "is_open": channel.is_open}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def answered(request: HttpRequest, channel: Channel, way: Way) -> HttpResponse:
    """Answer a request for the form: with the page, or with JSON to the script of the page."""
    user = request.user if not way.is_frame and isinstance(request.user, User) else None
    if request.method != "POST":
        if not channel.is_open:
            return _closed(request, channel, way)
        return _page(request, channel, way, _blank(channel, user), Photos())
    return Sending(request, channel, way, user).answer()


def _blank(channel: Channel, user: User | None) -> ReportForm:
    return ReportForm(channel=channel, on=today(), has_account=user is not None)


@dataclass
class Sending:
    """One form that was sent."""

    request: HttpRequest
    channel: Channel
    way: Way
    user: User | None

    def answer(self) -> HttpResponse:
        """
        Take the report, or say what has to be done; what was sent before is shown again.

        Whether it was sent before is asked only where it cannot be taken: the key is unique, so
        what can be taken twice is stored once.
        """
        key = self._key()
        if not self.channel.is_open:
            return self._before(key) or _closed(self.request, self.channel, self.way)
        form = ReportForm(
            self.request.POST,
            channel=self.channel,
            on=today(),
            has_account=self.user is not None,
        )
        photos = photos_of(self.request)
        if "show" in self.request.POST:
            form.is_valid()
            form.errors.clear()
            return _page(self.request, self.channel, self.way, form, photos)
        return self._taken(form, photos, key)

    def _before(self, key: UUID) -> HttpResponse | None:
        """The page of what was sent with this key before; None where nothing was, or not here."""
        before = Report.objects.filter(submission_key=key).first()
        return self._sent(before) if before and self._came_from_here(before) else None

    def _came_from_here(self, report: Report) -> bool:
        is_of_form = report.source in {"site", "widget"}
        return is_of_form and report.municipality_id == self.channel.municipality_id

    def _taken(self, form: ReportForm, photos: Photos, key: UUID) -> HttpResponse:
        for fault in photos.faults:
            form.add_error(None, fault)
        if self.way.is_frame and not _has_ticket(self.request, self.channel):
            form.add_error(None, _("The page was open for too long. Press “Send” once more."))
        if not form.is_valid():
            return self._before(key) or self._refused(form, photos)
        if hints := self._hints_unseen(form):
            page = _page(self.request, self.channel, self.way, form, photos, hints=hints)
            return self._before(key) or page
        if wait := wait_to_send(self.request, email=form.cleaned_data.get("email", "")):
            form.add_error(None, _too_often(wait))
            return self._before(key) or self._refused(form, photos, wait=wait)
        try:
            now = timezone.now()
            return self._sent(self._stored(self._report(form, photos, key, now), now))
        except ReportRefused as refusal:
            form.add_error(_FIELDS.get(refusal.field) or None, str(refusal))
            return self._refused(form, photos)

    def _stored(self, sent: SentReport, now: datetime) -> Report:
        """Store it; a key of another form, city or system opens nothing and is replaced."""
        try:
            report = submit_report(channel=self.channel, sent=sent, now=now)
            if self._came_from_here(report):
                return report
        except KeyIsAnothers:
            pass
        fresh = replace(sent, submission_key=uuid4())
        return submit_report(channel=self.channel, sent=fresh, now=now)

    def _key(self) -> UUID:
        try:
            return UUID(self.request.POST.get("key", ""))
        except ValueError:
            return uuid4()

    def _hints_unseen(self, form: ReportForm) -> Hints | None:
        """Without JavaScript like reports and the official way are shown once before sending."""
        if wants_json(self.request) or self.request.POST.get("seen"):
            return None
        values = form.cleaned_data
        has_point = values.get("latitude") is not None
        hints = hints_for(
            self.channel,
            text=values["text"],
            place=(values["latitude"], values["longitude"]) if has_point else None,
            address=values.get("address", ""),
            category=form.chosen,
            now=timezone.now(),
        )
        return hints if hints.stops and not hints.is_danger else None

    def _report(self, form: ReportForm, photos: Photos, key: UUID, now: datetime) -> SentReport:
        values = form.cleaned_data
        email = values.get("email", "")
        consents = {name for name in ("processing", "publication") if values.get(name)}
        has_point = values.get("latitude") is not None
        return SentReport(
            text=values["text"],
            source=self.way.source,
            latitude=values.get("latitude"),
            longitude=values.get("longitude"),
            placed_by=values["placed_by"] if has_point else "nobody",
            address=values.get("address", ""),
            photos=photos.files,
            contact=ContactDetails(email=email) if email else NO_CONTACT,
            author=self.user,
            is_address_confirmed=self.user is not None,
            consents=frozenset(consents),
            language=reader_language()[:2],
            asset_number=values.get("asset_number", ""),
            answers=form.answers(),
            requested_at=now - _age(self.request),
            submission_key=key,
            **self._kind(form),
        )

    def _kind(self, form: ReportForm) -> dict[str, Any]:
        """Which category, who chose it, and what the machine had said."""
        kind = form.chosen
        proposal = proposal_in(form.cleaned_data.get("proposal", ""))
        known = form.categories.get(proposal[0]) if proposal else None
        is_left = self.request.POST.get("chosen_by") == "machine" and kind == known
        return {
            "category": kind,
            "category_by": "nobody" if kind is None else "machine" if is_left else "citizen",
            "proposed": known,
            "probability": proposal[1] if proposal and known else None,
        }

    def _sent(self, report: Report) -> HttpResponse:
        is_at_hand = Report.contact.is_cached(report)  # stored a moment ago
        digest = report.contact.digest if is_at_hand else None
        token = token_of(report, purpose="sent", digest=digest)
        address = reverse(self.way.sent_page, args=[token])
        if wants_json(self.request):
            answer = {"number": report.number, "address": address}
            return JsonResponse(answer, headers={"Cache-Control": "no-store"})
        return redirect(address)

    def _refused(self, form: ReportForm, photos: Photos, *, wait: int = 0) -> HttpResponse:
        status = 429 if wait else 422
        headers = {"Retry-After": str(wait)} if wait else {}
        if wants_json(self.request):
            answer = {"errors": errors_of(form)}
            return JsonResponse(answer, status=status, headers=headers)
        response = _page(self.request, self.channel, self.way, form, photos)
        response.status_code = 429 if wait else 200
        for name, value in headers.items():
            response.headers[name] = value
        return response


def ticket_of(channel: Channel) -> str:
    """Return the proof that a form in a frame came from our page; it stands for the cookie."""
    return signing.dumps(channel.municipality.slug, salt=_TICKET)


def _has_ticket(request: HttpRequest, channel: Channel) -> bool:
    try:
        stated = signing.loads(request.POST.get("ticket", ""), salt=_TICKET, max_age=_TICKET_HOLDS)
    except (signing.BadSignature, ValueError):
        return False
    return bool(stated == channel.municipality.slug)


def wants_json(request: HttpRequest) -> bool:
    """Whether the script of the page asks, not the browser itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def errors_of(form: ReportForm) -> list[dict[str, str]]:
    """What has to be corrected, by field; an empty field is the whole form."""
    return [
        {"field": "" if name == "__all__" else name, "label": _label(form, name), "text": str(said)}
        for name, said_of in form.errors.items()
        for said in said_of
    ]


def _label(form: ReportForm, name: str) -> str:
    return str(form[name].label) if name in form.fields else ""


def _age(request: HttpRequest) -> timedelta:
    """How long ago it was written, by one clock, so that a wrong clock of the device is no harm."""
    try:
        seconds = float(request.POST.get("age", ""))
    except ValueError:
        return timedelta(0)
    longest = OLDEST.total_seconds()
    return timedelta(seconds=min(seconds, longest)) if seconds > 0 else timedelta(0)


def _too_often(wait: int) -> str:
    minutes = max(1, -(-wait // 60))
    words = ngettext(
        "Too many reports came from here within the hour. Send it again in %(minutes)s minute; "
        "what you wrote is kept.",
        "Too many reports came from here within the hour. Send it again in %(minutes)s minutes; "
        "what you wrote is kept.",
        minutes,
    )
    return words % {"minutes": minutes}


def _page(
    request: HttpRequest,
    channel: Channel,
    way: Way,
    form: ReportForm,
    photos: Photos,
    *,
    hints: Hints | None = None,
) -> HttpResponse:
    context = {
        "channel": channel,
        "city": channel.municipality,
        "form": form,
        "photos": photos,
        "hints": hints,
        "layout": way.layout,
        "is_frame": way.is_frame,
        "post_to": reverse(way.page, args=[channel.municipality.slug]),
        "key": form["key"].value() or uuid4(),
        "longest": LONGEST_TEXT,
        "most_photos": MOST_PHOTOS,
        "photos_left": MOST_PHOTOS - len(photos.held),
        "words": report_words(),
        "ticket": ticket_of(channel) if way.is_frame else "",
    }
    response = render(request, "portal/report/new.html", context)
    # Kept by nobody: going back would send an old key, and so show the report before.
    patch_cache_control(response, private=True, no_store=True)
    is_bare = not request.user.is_authenticated if not way.is_frame else False
    if request.method == "GET" and is_bare:
        response["X-Novator-Shell"] = "1"  # the service worker may keep it: it names nobody
    return response


def _closed(request: HttpRequest, channel: Channel, way: Way) -> HttpResponse:
    if wants_json(request):
        words = _("This city takes no reports here at present.")
        return JsonResponse({"errors": [{"field": "", "label": "", "text": words}]}, status=409)
    context = {
        "channel": channel,
        "city": channel.municipality,
        "layout": way.layout,
        "is_frame": way.is_frame,
        "kept": request.POST.get("text", "")[:LONGEST_TEXT],
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "portal/report/closed.html", context, status=status)
