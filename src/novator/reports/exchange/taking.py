"""A citizen's report: what another system says of it becomes a step, or words where it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.reports.exchange.words import STATE_OF
from novator.reports.life import StepRefused, change_state, tell_of_update
from novator.reports.models import Report, ReportUpdate
from novator.reports.states import BY_CITIZEN


class UpdateRefused(Exception):
    """The update cannot be taken; the message is fit to show."""


class AlreadyTaken(UpdateRefused):
    """The update was taken before."""


@dataclass(frozen=True)
class StatedUpdate:
    """What another system says: its own id of the update, a word of `words.STATE_OF`, and text."""

    external_id: str
    word: str
    text: str = ""
    stated_at: datetime | None = None
    media_urls: tuple[str, ...] = ()


def take_stated_update(
    *, report: Report, stated: StatedUpdate, origin: str, may_change: bool, now: datetime
) -> ReportUpdate:
    """
    Write into the history what another system says.

    With `may_change` it is a step if the table of steps allows it, else words of that system that
    everybody may read. Without, they are words of a citizen, read by the officers.

    :raises AlreadyTaken: this system has told this update before
    :raises UpdateRefused: the report was erased
    """
    if report.erased_at is not None:
        raise UpdateRefused(_("This report was erased."))
    if _is_known(origin, stated):
        raise AlreadyTaken(_already(stated))
    try:
        with transaction.atomic():
            return _taken(report, stated, origin, may_change=may_change, now=now)
    except IntegrityError as fault:
        if not _is_known(origin, stated):
            raise
        raise AlreadyTaken(_already(stated)) from fault


def _taken(
    report: Report, stated: StatedUpdate, origin: str, *, may_change: bool, now: datetime
) -> ReportUpdate:
    facts: dict[str, Any] = {
        "origin": origin,
        "external_id": stated.external_id,
        "details": _details(stated),
    }
    state = STATE_OF[stated.word] if may_change else ""
    if state and state != report.status:
        try:
            return _step(report, state, stated.text, facts, now=now)
        except StepRefused:
            pass  # kept as words below
    if not may_change:
        return _words(report, "comment", stated.text, facts, by_citizen=True, now=now)
    return _words(report, "update", stated.text, facts, is_public=bool(stated.text), now=now)


def _step(
    report: Report, state: str, text: str, facts: dict[str, Any], *, now: datetime
) -> ReportUpdate:
    """Steps of the sender are public, the sender's words are not (C4): they stand beside."""
    if state not in BY_CITIZEN:
        return change_state(report=report, to=state, now=now, text=text, **facts)
    update = change_state(report=report, to=state, now=now, by_citizen=True, **facts)
    if text:
        _words(report, "comment", text, {}, by_citizen=True, now=now)
    return update


def _words(
    report: Report,
    kind: str,
    text: str,
    facts: dict[str, Any],
    *,
    now: datetime,
    is_public: bool = False,
    by_citizen: bool = False,
) -> ReportUpdate:
    update = ReportUpdate.objects.create(
        report=report,
        kind=kind,
        text=text,
        is_public=is_public,
        by_citizen=by_citizen,
        made_at=now,
        **facts,
    )
    Report.objects.filter(pk=report.pk).update(changed_at=now)
    tell_of_update(update)
    return update


def _details(stated: StatedUpdate) -> dict[str, str]:
    at = {"stated_at": stated.stated_at.isoformat()} if stated.stated_at else {}
    return {"word": stated.word, **at}


def _is_known(origin: str, stated: StatedUpdate) -> bool:
    return ReportUpdate.objects.filter(origin=origin, external_id=stated.external_id).exists()


def _already(stated: StatedUpdate) -> str:
    words = _("The update_id “%(update)s” already exists.")
    return words % {"update": stated.external_id[:120]}
