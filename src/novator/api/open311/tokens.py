"""A citizen's report, told to other systems: did what was sent arrive, and under which number."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from novator.api.open311.errors import unknown
from novator.api.open311.formats import Rows
from novator.api.open311.manner import Asked
from novator.api.open311.who import channel_of
from novator.reports.models import Report


def token(asked: Asked) -> Rows:
    """
    Return the number that belongs to a token.

    A report gets its number at once, so we hand out no tokens; a token is the `submission_key`
    with which a system sent it. Empty while the sender has still to confirm the address.
    """
    channel = channel_of(asked.parameters)
    report = _sent_with(channel.municipality_id, asked.ident)
    if report is None:
        raise unknown(_("There is no token “%(token)s” here.") % {"token": asked.ident[:80]})
    number = "" if report.status == "unconfirmed" else report.number
    row = {"service_request_id": number, "token": asked.ident}
    return Rows("service_requests", "request", [row])


def _sent_with(municipality_id: int, text: str) -> Report | None:
    try:
        key = UUID(text)
    except ValueError:
        return None
    return Report.objects.filter(municipality=municipality_id, submission_key=key).first()
