"""A citizen's report: its sender without an account confirms the address by a letter."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from novator.core.holding import hold
from novator.mail.operations import forget_letter, queue_letter
from novator.reports.asking import AskedTooOften, count_letter
from novator.reports.contacts import ContactDetails as Details
from novator.reports.contacts import ContactUnreadable, digest_of, opened, seal
from novator.reports.erasing import erase_report
from novator.reports.life import change_state
from novator.reports.links import report_of, token_of
from novator.reports.models import Channel, Contact, Report
from novator.reports.submitting import dates_for

CONFIRMED_WITHIN = timedelta(days=3)
_AT_ONCE = 500


class CannotConfirm(Exception):
    """The address cannot be confirmed or corrected; the message is fit to show."""


def confirm_path(report: Report) -> str:
    """Path of the page that confirms the sender's address, in the language now spoken."""
    return reverse("report_confirm", args=[token_of(report, purpose="confirm")])


def ask_to_confirm(*, report: Report) -> None:
    """Write the letter with the link, once for each address; nothing where none is to confirm."""
    contact = Contact.objects.filter(report=report, confirmed_at=None).exclude(digest="").first()
    if contact is None:
        return
    try:
        email = opened(contact.sealed).email
    except ContactUnreadable:
        return
    with translation.override(contact.language):
        queue_letter(
            to=email,
            kind="report",
            subject=_("Confirm your report %(number)s") % {"number": report.number},
            body=_body(report),
            language=contact.language,
            key=_letter_key(contact),
        )


def _body(report: Report) -> str:
    city = Channel.objects.select_related("municipality").get(municipality=report.municipality_id)
    link = f"{settings.SITE_ADDRESS}{confirm_path(report)}"
    day = timezone.localtime(report.arrived_at)
    words = {
        "number": report.number,
        "city": city.municipality.name,
        "day": f"{day:%d.%m.%Y}",
        "link": link,
    }
    parts = [
        _(
            "On %(day)s a report was sent to %(city)s with this address for the answer. Its number "
            "is %(number)s."
        ),
        _("Open this link within three days and press the button, so that it reaches the city:"),
        "%(link)s",
    ]
    if report.status != "unconfirmed":
        parts[1] = _(
            "The city has it already, because it speaks of a danger. Open this link within three "
            "days, so that you get the answer by letter:"
        )
    parts.append(
        _(
            "If you sent nothing, do nothing: without the link the report and your address are "
            "erased after three days."
        )
    )
    return "\n\n".join(parts) % words


def reported_by(token: str) -> Report | None:
    """Return the report whose letter held this token; None for a forged, replaced or late one."""
    return report_of(token, purpose="confirm", max_age=CONFIRMED_WITHIN)


@transaction.atomic
def confirm_report(*, report: Report, now: datetime) -> Report:
    """
    Let the report reach the city; its days count from now. Confirming again changes nothing.

    :raises CannotConfirm: the report has been erased or withdrawn meanwhile
    """
    held = hold(Report.objects.select_related("category"), report.pk)
    contact = Contact.objects.filter(report=held).first()
    if contact is None or held.erased_at is not None:
        raise CannotConfirm(_("This report is not there any more."))
    if contact.confirmed_at is None:
        Contact.objects.filter(pk=contact.pk).update(confirmed_at=now)
    if held.status != "unconfirmed":
        return held
    channel = Channel.objects.select_related("municipality").get(municipality=held.municipality_id)
    Report.objects.filter(pk=held.pk).update(**dates_for(channel, held.category, now))
    held.refresh_from_db()
    change_state(report=held, to="received", now=now, by_citizen=True)
    return held


@transaction.atomic
def correct_address(*, report: Report, email: str, now: datetime) -> None:
    """
    Put right an address that was mistyped: the old letter's link is void, a new letter goes.

    :raises CannotConfirm: it is confirmed already, or the report is not there any more
    """
    contact = Contact.objects.select_for_update().filter(report=report).first()
    if contact is None:
        raise CannotConfirm(_("This report is not there any more."))
    if contact.confirmed_at is not None:
        raise CannotConfirm(_("The address has been confirmed; it can no longer be changed here."))
    if report.arrived_at < now - CONFIRMED_WITHIN:
        raise CannotConfirm(_("This report is not there any more."))
    try:
        count_letter(email=email, now=now)
    except AskedTooOften as refusal:
        raise CannotConfirm(str(refusal)) from refusal
    forget_letter(key=_letter_key(contact))
    known = opened(contact.sealed)
    contact.sealed = seal(Details(email=email, phone=known.phone, name=known.name))
    contact.digest = digest_of(email)
    contact.made_at = now
    contact.save(update_fields=["sealed", "digest", "made_at"])
    ask_to_confirm(report=report)


def remove_unconfirmed(*, now: datetime) -> int:
    """
    Take back reports that nobody confirmed in three days: a tombstone stays; return how many.

    Of what reached the city without confirmation (danger) only the address is erased.
    """
    before = now - CONFIRMED_WITHIN
    old = Report.objects.filter(status="unconfirmed", contact__made_at__lt=before)
    ids = list(old.order_by("id").values_list("pk", flat=True)[:_AT_ONCE])
    removed = sum(_take_back(report_id, now=now) for report_id in ids)
    late = Contact.objects.filter(confirmed_at=None, made_at__lt=before).exclude(digest="")
    late.exclude(report__status="unconfirmed").delete()
    return removed


@transaction.atomic
def _take_back(report_id: int, *, now: datetime) -> bool:
    held = Report.objects.select_for_update().get(pk=report_id)
    if held.status != "unconfirmed":
        return False
    details = {"why": "address not confirmed"}
    change_state(report=held, to="withdrawn", now=now, by_citizen=True, details=details)
    erase_report(report=held, now=now)
    return True


def _letter_key(contact: Contact) -> str:
    return f"report-confirm-{contact.report_id}-{contact.digest[:16]}"
