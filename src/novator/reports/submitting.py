"""A citizen's report: taken in once, however often it is sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.files.models import StoredFile
from novator.reports.consents import VERSIONS
from novator.reports.contacts import NO_CONTACT, ContactDetails, digest_of, seal
from novator.reports.danger import looks_dangerous
from novator.reports.deadlines import WorkingDays, after_working_days, working_days_of
from novator.reports.kept_setup import CitySetup, setup_of
from novator.reports.life import local_day
from novator.reports.models import (
    Area,
    Category,
    CategoryChoice,
    Channel,
    Contact,
    Report,
    ReportConsent,
    ReportPhoto,
    ReportUpdate,
)
from novator.reports.models.report import LONGEST_TEXT, MOST_PHOTOS
from novator.reports.places import PlaceRefused, area_at, check_place
from novator.reports.routing import body_by
from novator.reports.storing import store_whole

AFTER_SUBMIT = "novator.reports.after_submit"
DANGER_FIRST, LETTER_FIRST = 5, 1
"""
Priorities of the job that warns of danger, and of the one that writes to a sender who waits for the
letter: neither stands behind a flood of reports of another system.
"""
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class ReportRefused(Exception):
    """The report cannot be taken; the message is fit to show, `field` names what is wrong."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class KeyIsAnothers(ReportRefused):
    """The submission key belongs to a report of another city."""


@dataclass(frozen=True)
class SentReport:
    """
    What somebody sends. Degrees of WGS 84; `category_by`: who chose it (models.CHOSEN_BY).

    `proposed` and `probability`: what the machine had said. `is_address_confirmed`: the sender is
    known otherwise (account, key of another system, telephone), so no letter need be answered.
    """

    text: str
    source: str
    latitude: float | None = None
    longitude: float | None = None
    placed_by: str = "nobody"
    address: str = ""
    category: Category | None = None
    category_by: str = "nobody"
    proposed: Category | None = None
    probability: float | None = None
    photos: Sequence[StoredFile] = ()
    contact: ContactDetails = NO_CONTACT
    author: User | None = None
    is_address_confirmed: bool = False
    consents: frozenset[str] = frozenset()
    language: str = "ru"
    asset_number: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    requested_at: datetime | None = None
    origin: str = ""
    external_id: str = ""
    submission_key: UUID | None = None


def submit_report(*, channel: Channel, sent: SentReport, now: datetime) -> Report:
    """
    Store a report with number, date, body and area, and queue what follows; all or nothing.

    The same `submission_key` (or origin and external id) gives the report that is there already,
    also when two arrive in one moment.

    :raises ReportRefused: channel closed, no text, too long, no such place, photo missing
    """
    try:
        _refuse(channel, sent)
        with _undone_alone():
            return _stored(channel, sent, now)
    except ReportRefused:
        if (known := _known(channel, sent)) is not None:
            return known
        raise
    except IntegrityError:
        known = _known(channel, sent)
        if known is not None:
            return known
        key = sent.submission_key
        if key is not None and Report.objects.filter(submission_key=key).exists():
            raise KeyIsAnothers(_("This was sent to another city already.")) from None
        raise


def _undone_alone() -> AbstractContextManager[Any]:
    """Within somebody's transaction a refused insert is taken back without breaking the rest."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _known(channel: Channel, sent: SentReport) -> Report | None:
    mine = Report.objects.filter(municipality=channel.municipality_id)
    if sent.submission_key is not None:
        found = mine.filter(submission_key=sent.submission_key).first()
        if found is not None:
            return found
    if sent.external_id:
        return mine.filter(origin=sent.origin, external_id=sent.external_id).first()
    return None


def _refuse(channel: Channel, sent: SentReport) -> None:
    if not channel.is_open:
        raise ReportRefused(_("This city takes no reports here at present."))
    if not _is_seen(sent.text):
        raise ReportRefused(_("Say in a few words what is wrong."), field="text")
    if len(sent.text) > LONGEST_TEXT:
        raise ReportRefused(
            _("The text has %(length)s characters; at most %(most)s are taken.")
            % {"length": len(sent.text), "most": LONGEST_TEXT},
            field="text",
        )
    if len(sent.photos) > MOST_PHOTOS:
        raise ReportRefused(
            _("At most %(most)s photos are taken.") % {"most": MOST_PHOTOS}, field="photos"
        )
    if sent.category and sent.category.needs_photo and not sent.photos:
        raise ReportRefused(_("This kind of report needs a photo."), field="photos")
    _refuse_place(channel, sent)


def _without_turns(text: str) -> str:
    """The text without signs that turn its direction: what is read is what was written."""
    return text.translate(_TURNS)


def _is_seen(text: str) -> bool:
    """Whether there is a sign in it that can be seen, not only space, marks and controls."""
    return any(unicodedata.category(sign)[0] not in "CMZ" for sign in text)


def _refuse_place(channel: Channel, sent: SentReport) -> None:
    if sent.latitude is None or sent.longitude is None:
        if not sent.address.strip():
            raise ReportRefused(_("Say where it is."), field="place")
        return
    try:
        check_place(channel, sent.latitude, sent.longitude)
    except PlaceRefused as refusal:
        raise ReportRefused(str(refusal), field="place") from refusal


def _stored(channel: Channel, sent: SentReport, now: datetime) -> Report:
    report = Report(**_facts(channel, sent, now))
    store_whole(
        report, list(_parts(report, sent, now)), task=AFTER_SUBMIT, priority=_priority(report)
    )
    return report


def _priority(report: Report) -> int:
    if report.is_danger:
        return DANGER_FIRST
    return LETTER_FIRST if report.status == "unconfirmed" else 0


def _parts(report: Report, sent: SentReport, now: datetime) -> Iterator[Model]:
    """Everything that belongs to a new report and is stored with it."""
    for place, file in enumerate(sent.photos):
        yield ReportPhoto(report=report, original=file, position=place)
    if sent.contact:
        yield Contact(
            report=report,
            sealed=seal(sent.contact),
            digest=digest_of(sent.contact.email),
            language=sent.language,
            confirmed_at=now if sent.is_address_confirmed else None,
            made_at=now,
        )
    for purpose in sorted(sent.consents):
        yield ReportConsent(
            report=report, purpose=purpose, text_version=VERSIONS[purpose], given_at=now
        )
    if sent.category is not None and sent.category_by in {"citizen", "staff"}:
        yield CategoryChoice(
            report=report,
            category=sent.category,
            proposed=sent.proposed,
            probability=sent.probability,
            made_by=sent.author,
            by_citizen=sent.category_by == "citizen",
            made_at=now,
        )
    yield ReportUpdate(
        report=report, kind="state", after=report.status, is_public=True, made_at=now
    )


def _facts(channel: Channel, sent: SentReport, now: datetime) -> dict[str, Any]:
    setup = setup_of(channel.municipality)
    area = _area(setup, sent)
    category = sent.category
    is_danger = bool(category and category.is_danger) or looks_dangerous(sent.text)
    is_waiting = bool(sent.contact.email) and not sent.is_address_confirmed and not is_danger
    return {
        "municipality_id": channel.municipality_id,
        "category": category,
        "category_by": sent.category_by if category else "nobody",
        "category_probability": sent.probability,
        "text": _without_turns(sent.text).strip(),
        "may_publish": "publication" in sent.consents,
        "language": sent.language,
        "latitude": sent.latitude,
        "longitude": sent.longitude,
        "placed_by": sent.placed_by,
        "address": _without_turns(sent.address).strip()[:300],
        "area": area,
        "asset_number": sent.asset_number,
        "answers": dict(sent.answers),
        "status": "unconfirmed" if is_waiting else "received",
        "is_danger": is_danger,
        "department": body_by(setup.routes, category=category, area=area),
        "author": sent.author,
        "source": sent.source,
        "origin": sent.origin,
        "external_id": sent.external_id,
        "submission_key": sent.submission_key,
        "requested_at": min(sent.requested_at or now, now),
        "arrived_at": now,
        "changed_at": now,
        **dates_for(channel, category, now, is_working=setup.working_days),
    }


def dates_for(
    channel: Channel,
    category: Category | None,
    now: datetime,
    *,
    is_working: WorkingDays | None = None,
) -> dict[str, Any]:
    """Days count from the arrival; a report that waits for its sender is dated when confirmed."""
    is_working = is_working or working_days_of(channel.municipality)
    today = local_day(channel, now)
    moderate = category.days_to_moderate if category else None
    work = category.days_to_work if category else None
    moderate = channel.days_to_moderate if moderate is None else moderate
    work = channel.days_to_work if work is None else work
    return {
        "moderate_by": after_working_days(today, moderate, is_working=is_working),
        "due_on": after_working_days(today, work, is_working=is_working),
    }


def _area(setup: CitySetup, sent: SentReport) -> Area | None:
    if sent.latitude is None or sent.longitude is None:
        return None
    return area_at(setup.areas, sent.latitude, sent.longitude)
