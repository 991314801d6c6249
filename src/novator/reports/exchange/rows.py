"""A citizen's report: one request of another system becomes a report of ours, or a change of it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from novator.reports.exchange.coming_back import origin_of
from novator.reports.exchange.reading import moment_in
from novator.reports.exchange.taking import StatedUpdate, UpdateRefused, take_stated_update
from novator.reports.exchange.words import STATE_OF
from novator.reports.models import (
    Category,
    Channel,
    Connection,
    Forwarding,
    PulledRequest,
    Report,
)
from novator.reports.models.report import LONGEST_TEXT
from novator.reports.places import is_default_point
from novator.reports.states import CLOSED, OPEN, STATES
from novator.reports.submitting import ReportRefused, SentReport, submit_report
from novator.text.words import fold

Outcome = Literal["new", "changed", "unchanged", "own"]
_NO_POINT = 1e-4


class BadRow(Exception):
    """The request cannot be taken; `field` is the one at fault, in the words of the standard."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Taker:
    """Takes requests of one connected system; knows its city's kinds. Three queries to begin."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.channel = Channel.objects.select_related("municipality").get(
            municipality=connection.municipality_id
        )
        rows = Category.objects.filter(municipality=connection.municipality_id, is_active=True)
        categories = list(rows)
        codes = {category.code: category for category in categories}
        self._by_code = {
            str(theirs): codes[ours]
            for ours, theirs in connection.services.items()
            if ours in codes
        }
        self._by_name: dict[str, Category] = {}
        for category in reversed(categories):
            for name in (category.code, category.name_ru, category.name_en):
                self._by_name[fold(name).strip()] = category

    @transaction.atomic
    def take(self, row: Mapping[str, str], *, now: datetime) -> Outcome:
        """
        Take one request: as a new report, as a change of a known one, or not at all.

        :raises BadRow: it cannot be taken
        """
        number = row.get("service_request_id", "")
        if not number or len(number) > 120:
            raise BadRow("service_request_id", _("missing or too long"))
        digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
        known = PulledRequest.objects.filter(connection=self.connection, external_id=number)
        pulled = known.select_related("report").first()
        if pulled is not None and pulled.digest == digest:
            return "unchanged"
        if pulled is None and self._is_ours(number):
            return "own"
        if pulled is None:
            report = self._submitted(number, row, now=now)
            PulledRequest.objects.create(
                connection=self.connection,
                external_id=number,
                report=report,
                digest=digest,
                changed_at=now,
            )
        else:
            report = pulled.report
            self._change(report, row, now=now)
            known.update(digest=digest, changed_at=now)
        self._follow_state(report, number, row, now=now)
        return "new" if pulled is None else "changed"

    def _is_ours(self, number: str) -> bool:
        """Whether it began here or came to us by the other way (rule: no circles)."""
        base = self.connection.base_url
        ways = Forwarding.objects.filter(connection__base_url=base, external_id=number)
        site = base.rstrip("/").removesuffix("/v2").removesuffix("/open311")
        came = Report.objects.filter(
            municipality=self.connection.municipality_id, external_id=f"{site}#{number}"
        )
        return ways.exists() or came.exists()

    def _submitted(self, number: str, row: Mapping[str, str], *, now: datetime) -> Report:
        category = self._category(row)
        point = self._point(row)
        address = row.get("address", "") or row.get("address_id", "")
        needs_photo = category is not None and category.needs_photo
        sent = SentReport(
            text=_text(row),
            source="open311",
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            placed_by="source" if point else "nobody",
            address=address or ("" if point else "?"),
            category=None if needs_photo else category,
            category_by="source",
            is_address_confirmed=True,
            requested_at=self._requested_at(row),
            origin=origin_of(self.connection),
            external_id=number,
        )
        try:
            report = submit_report(channel=self.channel, sent=sent, now=now)
        except ReportRefused as refusal:
            name = "lat" if refusal.field == "place" else "description"
            raise BadRow(name, str(refusal)) from refusal
        if needs_photo:  # it is there already, with or without a photo
            facts = {"category": category, "category_by": "source", "changed_at": now}
            Report.objects.filter(pk=report.pk).update(**facts)
        return report

    def _requested_at(self, row: Mapping[str, str]) -> datetime:
        requested_at = moment_in(row.get("requested_datetime", ""))
        if requested_at is None:
            raise BadRow("requested_datetime", _("not a moment"))
        return requested_at

    def _point(self, row: Mapping[str, str]) -> tuple[float, float] | None:
        """Its place; None where it has none, or a point that stands for “no place known”."""
        texts = (row.get("lat", ""), row.get("long", "") or row.get("lon", ""))
        if not all(texts):
            return None
        try:
            latitude, longitude = (float(text) for text in texts)
        except ValueError as fault:
            raise BadRow("lat", _("not a number")) from fault
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            raise BadRow("lat", _("not a number"))
        is_zero = abs(latitude) < _NO_POINT and abs(longitude) < _NO_POINT
        if is_zero or is_default_point(self.channel, latitude, longitude):
            return None
        return latitude, longitude

    def _category(self, row: Mapping[str, str]) -> Category | None:
        """By the connection's table, by name; else None: the worker asks the model of the city."""
        code, name = row.get("service_code", ""), row.get("service_name", "")
        return (
            self._by_code.get(code)
            or self._by_name.get(fold(name).strip())
            or self._by_name.get(fold(code).strip())
        )

    def _change(self, report: Report, row: Mapping[str, str], *, now: datetime) -> None:
        """Take over words and kind that changed there, unless somebody here decided on them."""
        if report.erased_at is not None:
            return
        facts: dict[str, Any] = {"changed_at": now}
        if row.get("description") and not report.is_text_shown:
            facts["text"] = _text(row)
        category = self._category(row) if report.category_by in {"source", "nobody"} else None
        if category is not None:
            facts |= {"category": category, "category_by": "source"}
        Report.objects.filter(pk=report.pk).update(**facts)

    def _follow_state(
        self, report: Report, number: str, row: Mapping[str, str], *, now: datetime
    ) -> None:
        """Close what is closed there, open again what is open there again."""
        report.refresh_from_db()
        is_closed = row.get("status", "").lower() == "closed"
        if is_closed and report.status in OPEN:
            word = "CLOSED"
        elif not is_closed and report.status in CLOSED - {"withdrawn", "duplicate"}:
            word = "REOPEN"
        else:
            return
        mark = f"{number}@{row.get('updated_datetime', '')} {word}"[:120]
        stated = StatedUpdate(mark, word, self._words(report, row, word))
        origin = origin_of(self.connection)
        try:
            take_stated_update(
                report=report, stated=stated, origin=origin, may_change=True, now=now
            )
        except UpdateRefused:
            return

    def _words(self, report: Report, row: Mapping[str, str], word: str) -> str:
        if row.get("status_notes"):
            return row["status_notes"][:LONGEST_TEXT]
        with translation.override(report.language):
            words = _("%(name)s says: %(state)s.")
            return words % {"name": self.connection.name, "state": STATES[STATE_OF[word]]}


def _text(row: Mapping[str, str]) -> str:
    """The description; without one, the name of the service."""
    text = row.get("description") or row.get("service_name") or row.get("service_code") or "?"
    return text[:LONGEST_TEXT]
