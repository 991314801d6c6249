"""Who acts at every step: that personal data got out, noticed and cleared up in time (P3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import Incident, User
from novator.cities.models import Municipality


class IncidentRefused(Exception):
    """The record cannot be written so; the message is fit to show."""


def record_incident(
    *,
    what: str,
    detected_at: datetime,
    people: int | None,
    municipality: Municipality | None,
    by: User,
    now: datetime,
) -> Incident:
    """
    Write down that personal data got out, or may have.

    :raises IncidentRefused: nothing said, or found in the future
    """
    if not what.strip():
        raise IncidentRefused(_("Say what happened, without names."))
    if detected_at > now:
        raise IncidentRefused(_("The moment of discovery lies in the future."))
    return Incident.objects.create(
        what=what.strip(),
        detected_at=detected_at,
        people=people,
        municipality=municipality,
        recorded_by=by,
    )


@transaction.atomic
def give_notice(*, incident: Incident, words: str, now: datetime) -> Incident:
    """
    Record the first notice to the supervising authority: to whom, with which number.

    :raises IncidentRefused: nothing said, or given already
    """
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if held.noticed_at is not None:
        raise IncidentRefused(_("The first notice is recorded already."))
    if not words.strip():
        raise IncidentRefused(_("Say to whom the notice went and under which number."))
    held.noticed_at, held.notice = now, words.strip()
    held.save(update_fields=["noticed_at", "notice"])
    return held


@transaction.atomic
def give_result(*, incident: Incident, words: str, now: datetime) -> Incident:
    """
    Record the result of the inquiry, which ends the matter.

    :raises IncidentRefused: nothing said, no first notice yet, or given already
    """
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if held.noticed_at is None:
        raise IncidentRefused(_("The first notice comes before the result."))
    if held.result_at is not None:
        raise IncidentRefused(_("The result is recorded already."))
    if not words.strip():
        raise IncidentRefused(_("Say what the inquiry found and what was done."))
    held.result_at, held.result = now, words.strip()
    held.save(update_fields=["result_at", "result"])
    return held


def incidents_open() -> int:
    """How many wait for a notice or a result; one query."""
    return Incident.objects.filter(result_at=None).count()
