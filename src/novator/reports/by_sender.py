"""A citizen's report: what its sender does with it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.accounts.models import User
from novator.files.models import StoredFile
from novator.mail.operations import queue_letter
from novator.reports.asking import AskedTooOften, count_letter
from novator.reports.contacts import (
    NO_CONTACT,
    ContactDetails,
    ContactUnreadable,
    digest_of,
    opened,
    seal,
)
from novator.reports.erasing import holders_of
from novator.reports.life import change_state, tell_of_update
from novator.reports.links import token_of
from novator.reports.models import (
    Contact,
    Report,
    ReportConsent,
    ReportPhoto,
    ReportUpdate,
    Support,
    Verdict,
)
from novator.reports.models.report import LONGEST_TEXT, MOST_PHOTOS
from novator.reports.states import OPEN

MOST_COMMENTS_A_DAY = 20


class ActRefused(Exception):
    """The sender cannot do this now; the message is fit to show."""


@transaction.atomic
def add_words(
    *,
    report: Report,
    text: str,
    now: datetime,
    photos: Sequence[StoredFile] = (),
    by: User | None = None,
    is_supporter: bool = False,
) -> ReportUpdate:
    """
    Keep what the sender (or somebody who supports the report) adds; the city reads it, not all.

    :raises ActRefused: no words, too many, or the report was withdrawn or erased
    """
    held = Report.objects.select_for_update().get(pk=report.pk)
    if held.erased_at is not None or held.status in {"withdrawn", "unconfirmed"}:
        raise ActRefused(_("Nothing can be added to this report any more."))
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise ActRefused(_("Write a few words, at most 4,000 characters."))
    today = ReportUpdate.objects.filter(report=held, kind="comment", made_at__date=now.date())
    if today.count() >= MOST_COMMENTS_A_DAY:
        raise ActRefused(_("Much was added today already. Go on tomorrow."))
    if is_supporter:
        known = by and Support.objects.filter(report=held, user=by).exists()
        if not known:
            raise ActRefused(_("Say “me too” first."))
    if len(photos) > MOST_PHOTOS:
        raise ActRefused(_("At most %(most)s photos are taken.") % {"most": MOST_PHOTOS})
    ReportPhoto.objects.bulk_create(
        ReportPhoto(report=held, original=file, position=50 + place)
        for place, file in enumerate(photos)
    )
    update = ReportUpdate.objects.create(
        report=held,
        kind="comment",
        text=text.strip(),
        by_citizen=True,
        made_by=by,
        details={"by": "supporter"} if is_supporter else {},
        made_at=now,
    )
    Report.objects.filter(pk=held.pk).update(changed_at=now)
    tell_of_update(update)
    return update


def withdraw(*, report: Report, now: datetime) -> None:
    """
    Take a report back: the city does not work on it any more.

    :raises StepRefused: it is closed already
    """
    change_state(report=report, to="withdrawn", now=now, by_citizen=True, details={"by": "sender"})


@transaction.atomic
def withdraw_publication(*, report: Report, now: datetime) -> bool:
    """Show text and photos to nobody but the city from now on; False where it was so already."""
    held = Report.objects.select_for_update().get(pk=report.pk)
    standing = ReportConsent.objects.filter(
        report=held, purpose="publication", withdrawn_at=None
    ).update(withdrawn_at=now)
    was_allowed = held.may_publish or held.is_text_shown
    ReportPhoto.objects.filter(report=held, is_shown=True).update(is_shown=False)
    Report.objects.filter(pk=held.pk).update(
        may_publish=False, is_text_shown=False, shown_text="", changed_at=now
    )
    report.refresh_from_db()
    return bool(standing or was_allowed)


@transaction.atomic
def correct_address(*, report: Report, email: str, now: datetime) -> Contact:
    """
    Send letters to another address once it is confirmed; the links sent to the old one die.

    :raises ActRefused: that is no address
    """
    try:
        validate_email(email.strip())
    except ValidationError as fault:
        raise ActRefused(_("Enter an e-mail address.")) from fault
    try:
        count_letter(email=email, now=now)
    except AskedTooOften as refusal:
        raise ActRefused(str(refusal)) from refusal
    known = Contact.objects.select_for_update().filter(report=report).first()
    old = _read(known)
    details = ContactDetails(email=email.strip(), phone=old.phone, name=old.name)
    facts = {
        "sealed": seal(details),
        "digest": digest_of(email),
        "confirmed_at": None,
        "made_at": now,  # from now on it has three days to be confirmed
    }
    contact, _is_new = Contact.objects.update_or_create(
        report=report, defaults=facts, create_defaults=facts | {"language": report.language}
    )
    _ask_to_confirm(report, contact, now)
    return contact


def confirm_address(*, report: Report, now: datetime) -> None:
    """Send letters to the address of the sender from now on."""
    Contact.objects.filter(report=report, confirmed_at=None).update(confirmed_at=now)


def _ask_to_confirm(report: Report, contact: Contact, now: datetime) -> None:
    token = token_of(report, purpose="address")
    with override(contact.language):
        path = reverse("confirm_report_address", args=[token])
        parts = [
            _("Letters about report № %(number)s are to come to this address.")
            % {"number": report.number},
            _("If it was you, confirm it within three days: %(address)s")
            % {"address": f"{settings.SITE_ADDRESS}{path}"},
            _("If it was not you, do nothing: without the link nothing happens."),
        ]
        subject = _("Confirm your address for letters")
    queue_letter(
        to=opened(contact.sealed).email,
        kind="report",
        subject=subject,
        body="\n\n".join(parts),
        language=contact.language,
        key=f"report-address:{report.pk}:{contact.digest[:16]}:{now.date()}",
    )


def data_of(report: Report) -> dict[str, Any]:
    """Everything stored of the sender's own report, for the sender (P4)."""
    contact = Contact.objects.filter(report=report).first()
    updates = report.updates.filter(is_public=True) | report.updates.filter(by_citizen=True)
    return {
        "number": report.number,
        "city": report.municipality.slug,
        "category": report.category.code if report.category else None,
        "text": report.text,
        "shown_text": report.public_text,
        "answers": report.answers,
        "address": report.address,
        "latitude": report.latitude,
        "longitude": report.longitude,
        "asset_number": report.asset_number,
        "status": report.status,
        "source": report.source,
        "sent_at": report.requested_at,
        "answer_due_on": report.due_on,
        "contact": vars(_read(contact)) if contact else None,
        "passed_on_to": [{"name": one.name, "at": one.at} for one in holders_of(report)],
        "consents": list(
            report.consents.values("purpose", "text_version", "given_at", "withdrawn_at")
        ),
        "photos": list(report.photos.values("alt", "is_shown", "is_of_verdict")),
        "history": list(
            updates.order_by("made_at", "id").values("kind", "before", "after", "text", "made_at")
        ),
        "verdicts": list(
            Verdict.objects.filter(report=report).values("kind", "text", "answered_at", "made_at")
        ),
    }


def can_be_withdrawn(report: Report) -> bool:
    """Whether the sender may still take it back."""
    return report.status in OPEN


def _read(contact: Contact | None) -> ContactDetails:
    if contact is None:
        return NO_CONTACT
    try:
        return opened(contact.sealed)
    except ContactUnreadable:
        return NO_CONTACT
