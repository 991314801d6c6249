"""A citizen's report: signed links by which a sender without an account acts on it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from novator.reports.models import Contact, Report

AUTHOR_HOLDS = timedelta(days=180)
"""Each letter has a link of its day, so that whoever gets letters never meets the end of one."""
DATA_HOLDS = timedelta(days=1)
_HOLDS = {"author": AUTHOR_HOLDS, "data": DATA_HOLDS}
_LONGEST = 200


def token_of(report: Report, *, purpose: str = "author", digest: str | None = None) -> str:
    """
    Return the signed name of a report for one purpose; no personal data is inside.

    It holds as long as the report's address for letters is the one it was made for: whoever
    corrects a mistyped address takes the power from the links that went there. `digest`: that of
    the address where it is at hand, else it is read.
    """
    digest = _digest(report.pk) if digest is None else digest
    return _signer(purpose, digest).sign(int_to_base36(report.pk))


def report_of(
    token: str, *, purpose: str = "author", max_age: timedelta | None = None
) -> Report | None:
    """Return the report that a token names; None for a forged, replaced, late or erased one."""
    return _named(token, purpose, max_age or _HOLDS.get(purpose))


def ended_report_of(token: str) -> Report | None:
    """Return the report of a sender's link, though it may have ended: only a letter may follow."""
    return _named(token, "author", None)


def _named(token: str, purpose: str, max_age: timedelta | None) -> Report | None:
    key = token.partition(".")[0]
    if len(token) > _LONGEST or not (key.isascii() and key.isalnum() and len(key) <= 12):
        return None
    number = base36_to_int(key)
    try:
        _signer(purpose, _digest(number)).unsign(token, max_age=max_age)
    except BadSignature:
        return None
    known = Report.objects.select_related("municipality__channel", "category", "department")
    return known.filter(pk=number, erased_at=None).first()


def author_path(report: Report, *, name: str = "report_by_link") -> str:
    """Path of a page of the sender, in the language now spoken."""
    return reverse(name, args=[token_of(report)])


def author_link(report: Report, *, name: str = "report_by_link") -> str:
    """
    Full address of the page on which the sender acts without an account.

    `name`: report_by_link (everything), report_confirmed, report_refuted (the two verdicts).
    """
    return f"{settings.SITE_ADDRESS}{author_path(report, name=name)}"


def _signer(purpose: str, digest: str) -> TimestampSigner:
    return TimestampSigner(salt=f"novator.reports.{purpose}.{digest}", sep=".")


def _digest(report_id: int) -> str:
    known = Contact.objects.filter(report_id=report_id).values_list("digest", flat=True).first()
    return known or ""
