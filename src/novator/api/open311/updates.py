"""A citizen's report and its steps, both ways: FixMyStreet's extension of Open311 for updates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from novator.api.open311 import wire
from novator.api.open311.errors import bad
from novator.api.open311.formats import Rows
from novator.api.open311.manner import Asked
from novator.api.open311.parameters import LONGEST_SPAN, Faults, Parameters
from novator.api.open311.requests import (
    MOST_PAGES,
    MOST_ROWS,
    keys_of,
    listed_reports,
    visible_report,
    whole_second_after,
)
from novator.api.open311.submitting import media_addresses
from novator.api.open311.who import channel_of, reader_of, writer_of
from novator.reports.exchange import media
from novator.reports.exchange.taking import StatedUpdate, UpdateRefused, take_stated_update
from novator.reports.exchange.words import STATE_OF, known_word
from novator.reports.keys import origin_of
from novator.reports.models import ApiKey, Channel, ReportUpdate
from novator.reports.models.report import LONGEST_TEXT, MOST_PHOTOS

_LONGEST_ID = 120
_REQUIRED = ("service_request_id", "update_id", "status", "updated_datetime", "description")
_TOLD = ("state", "reply", "update")


def update_list(asked: Asked) -> Rows:
    """
    Steps within the window, oldest first; without one, the last 90 days.

    Steps that the asking system told us are left out, so that nothing goes in a circle.
    """
    parameters = asked.parameters
    channel = channel_of(parameters)
    reader = reader_of(asked.request, parameters, channel, now=asked.now)
    page = parameters.whole("page", default=1, least=1, most=MOST_PAGES)
    size = parameters.whole("page_size", default=MOST_ROWS, least=1, most=MOST_ROWS)
    rows = _within(asked, _told_to(channel, reader))
    if numbers := parameters.listed("service_request_id"):
        rows = rows.filter(report__in=keys_of(numbers))
    found = list(rows[(page - 1) * size : page * size])
    states = _states_after(found)
    told = [wire.update_of(update, state=states[update.pk]) for update in found]
    return Rows("service_request_updates", "request_update", told)


def take_update(asked: Asked) -> Rows:
    """Take a step that another system tells; what our table of steps forbids is kept as words."""
    parameters = asked.parameters
    channel = channel_of(parameters)
    key = writer_of(asked.request, parameters, channel, now=asked.now)
    stated = _read(parameters)
    report = visible_report(channel, parameters.text("service_request_id"), key)
    try:
        update = take_stated_update(
            report=report,
            stated=stated,
            origin=origin_of(key),
            may_change=key.may_update,
            now=asked.now,
        )
    except UpdateRefused as refusal:
        raise bad(str(refusal)) from refusal
    if stated.media_urls:
        media.ask_to_fetch(report=report, urls=stated.media_urls)
    return Rows("service_request_updates", "request_update", [{"update_id": str(update.public_id)}])


def _told_to(channel: Channel, reader: ApiKey | None) -> QuerySet[ReportUpdate]:
    rows = ReportUpdate.objects.filter(is_public=True, kind__in=_TOLD)
    visible = Q(report__in=listed_reports(channel).values("pk"))
    if reader is not None:
        visible |= Q(report__municipality=channel.municipality_id, report__origin=origin_of(reader))
        rows = rows.exclude(origin=origin_of(reader))
    first = Q(kind="state", before="")
    return rows.filter(visible).exclude(first).select_related("report")


def _within(asked: Asked, rows: QuerySet[ReportUpdate]) -> QuerySet[ReportUpdate]:
    start, end = asked.parameters.span("start_date", "end_date")
    if (start is None) != (end is None):
        raise bad(_("Send both start_date and end_date, or neither."))
    start, end = start or asked.now - LONGEST_SPAN, end or asked.now
    rows = rows.filter(made_at__gte=start, made_at__lt=whole_second_after(end))
    return rows.order_by("made_at", "id")


def _states_after(updates: Sequence[ReportUpdate]) -> dict[int, str]:
    """The state in which each update left its report. One query."""
    keys = {update.report_id for update in updates}
    steps = ReportUpdate.objects.filter(report__in=keys, kind="state").exclude(after="")
    known = list(
        steps.order_by("report", "made_at", "id").values_list("report", "made_at", "after")
    )
    by_report: dict[int, list[tuple[datetime, str]]] = {}
    for report, made_at, after in known:
        by_report.setdefault(report, []).append((made_at, after))
    return {update.pk: update.after or _left_by(update, by_report) for update in updates}


def _left_by(update: ReportUpdate, steps: dict[int, list[tuple[datetime, str]]]) -> str:
    earlier = [after for at, after in steps.get(update.report_id, []) if at <= update.made_at]
    return earlier[-1] if earlier else update.report.status


def _read(parameters: Parameters) -> StatedUpdate:
    """
    Read everything that was sent.

    :raises Refusal: with everything that is wrong
    """
    faults = Faults()
    for name in _REQUIRED:
        if not parameters.text(name):
            faults.add(_("%(name)s is missing.") % {"name": name})
    word = known_word(parameters.text("status"))
    if parameters.text("status") and not word:
        faults.add(_("status must be one of: %(words)s.") % {"words": ", ".join(STATE_OF)})
    if len(parameters.text("update_id")) > _LONGEST_ID:
        faults.add(_("update_id is too long."))
    if len(parameters.text("description")) > LONGEST_TEXT:
        faults.add(
            _("description is too long: at most %(most)s characters.") % {"most": LONGEST_TEXT}
        )
    stated_at = faults.read(lambda: parameters.moment("updated_datetime"))
    urls = faults.read(lambda: media_addresses(parameters)) or []
    faults.refuse_any()
    return StatedUpdate(
        external_id=parameters.text("update_id"),
        word=word,
        text=parameters.text("description"),
        stated_at=stated_at,
        media_urls=tuple(urls[:MOST_PHOTOS]),
    )
