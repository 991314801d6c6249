"""A citizen's report, taken from another system: POST of Open311, everything wrong said at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.api.open311.answers import answers_in
from novator.api.open311.errors import Fault, Refusal, bad
from novator.api.open311.formats import Rows
from novator.api.open311.manner import Asked
from novator.api.open311.parameters import Faults, Parameters
from novator.api.open311.services import category_called
from novator.api.open311.who import channel_of, writer_of
from novator.files.models import StoredFile
from novator.files.operations import FileRefused, keep_file
from novator.reports.contacts import ContactDetails
from novator.reports.exchange import media
from novator.reports.exchange.loops import comes_back, external_id_of, keep_hops
from novator.reports.keys import origin_of
from novator.reports.models import ApiKey, Category, Channel, Report
from novator.reports.models.report import LONGEST_TEXT, MOST_PHOTOS
from novator.reports.places import PlaceRefused, check_place
from novator.reports.streets import address_called
from novator.reports.submitting import ReportRefused, SentReport, submit_report

_LONGEST_CONTACT = 200
_LONGEST_URL = 2_000
_OLDEST = timedelta(days=30 * 366)


@dataclass(frozen=True)
class _Place:
    latitude: float | None
    longitude: float | None
    address: str


def take_request(asked: Asked) -> Rows:
    """Take a report; its number is answered at once, however often it is sent with one key."""
    parameters = asked.parameters
    channel = channel_of(parameters)
    key = writer_of(asked.request, parameters, channel, now=asked.now)
    sent, urls = _read(asked, channel, key)
    with transaction.atomic():
        try:
            report = submit_report(channel=channel, sent=sent, now=asked.now)
        except ReportRefused as refusal:
            raise bad(str(refusal)) from refusal
        if report.arrived_at == asked.now:  # else it had arrived before
            keep_hops(report=report, via=parameters.text("via"))
            media.ask_to_fetch(report=report, urls=urls)
    row = {
        "service_request_id": report.number,
        "service_notice": _notice(report),
        "account_id": None,
    }
    return Rows("service_requests", "request", [row])


def _read(asked: Asked, channel: Channel, key: ApiKey) -> tuple[SentReport, list[str]]:
    """
    Read everything that was sent.

    :raises Refusal: with everything that is wrong
    """
    parameters, faults = asked.parameters, Faults()
    category = faults.read(lambda: _category(asked, channel))
    place = faults.read(lambda: _place(parameters, channel)) or _Place(None, None, "")
    text = faults.read(lambda: _text(parameters, category)) or ""
    answers, asset = answers_in(parameters, category, faults) if category else ({}, "")
    contact = faults.read(lambda: _contact(parameters)) or ContactDetails()
    urls = faults.read(lambda: media_addresses(parameters)) or []
    requested_at = faults.read(lambda: _requested_at(parameters))
    submission_key = faults.read(lambda: _submission_key(parameters))
    may_publish = faults.read(lambda: parameters.flag("publication_consent"))
    if comes_back(parameters.text("via")):
        faults.add(_("This report came from here and is not taken back."))
    faults.refuse_any()
    photos, urls = _photos(asked, category, urls)
    sent = SentReport(
        text=text,
        source="open311",
        latitude=place.latitude,
        longitude=place.longitude,
        placed_by="nobody" if place.latitude is None else "source",
        address=place.address,
        category=category,
        category_by="source",
        photos=photos,
        contact=contact,
        is_address_confirmed=True,
        consents=frozenset({"publication"} if may_publish else ()),
        language=asked.language,
        asset_number=asset,
        answers=answers,
        requested_at=requested_at,
        origin=origin_of(key),
        external_id=external_id_of(parameters.text("via")),
        submission_key=submission_key,
    )
    return sent, urls


def _category(asked: Asked, channel: Channel) -> Category:
    code = asked.parameters.text("service_code")
    if not code:
        raise bad(_("service_code is missing."))
    return category_called(channel, code, now=asked.now)


def _place(parameters: Parameters, channel: Channel) -> _Place:
    """Coordinates, else an address, which the city's list of addresses may know."""
    latitude = parameters.number("lat", least=-90, most=90)
    longitude = parameters.number("long", least=-180, most=180)
    address = parameters.text("address_string") or parameters.text("address")
    if (latitude is None) != (longitude is None):
        raise bad(_("lat and long belong together."))
    if latitude is not None and longitude is not None:
        try:
            check_place(channel, latitude, longitude)
        except PlaceRefused as refusal:
            raise bad(str(refusal)) from refusal
        return _Place(latitude, longitude, address)
    address = address or parameters.text("address_id")
    if not address:
        raise bad(_("The place is missing: send lat and long, address_string or address_id."))
    known = address_called(channel.municipality, address[:300])
    if known is None:
        return _Place(None, None, address)
    return _Place(known.latitude, known.longitude, address)


def _requested_at(parameters: Parameters) -> datetime | None:
    """When it was written; old files may be replayed, but no date is a slip of a calendar."""
    moment = parameters.moment("requested_datetime")
    if moment is not None and moment < timezone.now() - _OLDEST:
        raise bad(_("requested_datetime lies more than %(years)s years back.") % {"years": 30})
    return moment


def _text(parameters: Parameters, category: Category | None) -> str:
    """The description; without one, the name of the kind says what is wrong."""
    text = parameters.text("description")
    if len(text) > LONGEST_TEXT:
        words = _("description has %(length)s characters; at most %(most)s are taken.")
        raise bad(words % {"length": len(text), "most": LONGEST_TEXT})
    return text or (category.name if category else "")


def _contact(parameters: Parameters) -> ContactDetails:
    email, phone = parameters.text("email"), parameters.text("phone")
    names = [parameters.text("first_name"), parameters.text("last_name")]
    name = " ".join(part for part in names if part)
    if any(len(value) > _LONGEST_CONTACT for value in (email, phone, name)):
        raise bad(_("email, phone or name is too long."))
    if email:
        try:
            validate_email(email)
        except ValidationError as fault:
            raise bad(_("email is no e-mail address.")) from fault
    return ContactDetails(email=email, phone=phone, name=name)


def media_addresses(parameters: Parameters) -> list[str]:
    """
    Addresses of photos; whether they may be asked is found out when they are.

    :raises Refusal: one is no address of the web
    """
    found = parameters.texts("media_url")
    for url in found:
        try:
            parts = urlsplit(url)
            is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_web = False
        if not is_web or len(url) > _LONGEST_URL:
            raise bad(_("media_url must be an address that begins with http:// or https://."))
    return found


def _submission_key(parameters: Parameters) -> UUID | None:
    text = parameters.text("submission_key")
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise bad(_("submission_key must be a UUID.")) from fault


def _photos(
    asked: Asked, category: Category | None, urls: list[str]
) -> tuple[Sequence[StoredFile], list[str]]:
    """
    Photos that came with the report, and addresses of those to be fetched later.

    Where the kind needs a photo and only addresses came, they are fetched at once.
    """
    uploads = [
        upload
        for name, uploads in asked.request.FILES.lists()
        if name == "media" or name.startswith("media[")
        for upload in uploads
    ]
    if len(uploads) + len(urls) > MOST_PHOTOS:
        raise bad(_("At most %(most)s photos are taken.") % {"most": MOST_PHOTOS})
    kept = list(_kept(uploads))
    if category is not None and category.needs_photo and not kept and urls:
        fetched = media.fetched_photos(urls)
        if not fetched:
            raise bad(_("The photo cannot be fetched from media_url, and this kind needs one."))
        return fetched, []
    return kept, urls


def _kept(uploads: Iterable[Any]) -> Iterable[StoredFile]:
    faults = []
    for upload in uploads:
        try:
            file = keep_file(upload=upload)
        except FileRefused as refusal:
            faults.append(Fault(400, f"media: {refusal}"))
            continue
        if file.kind != "photo":
            faults.append(Fault(400, _("media takes photos only: JPEG, PNG or WebP.")))
            continue
        yield file
    if faults:
        raise Refusal(*faults)


def _notice(report: Report) -> str:
    if report.is_danger:
        return _("If life is in danger, call 112 at once: nobody may read this in time.")
    if report.due_on is None:
        return _("The report was taken.")
    return _("The city answers by %(day)s.") % {"day": f"{report.due_on:%d.%m.%Y}"}
