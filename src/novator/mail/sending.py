"""Beside the law: one letter handed to the mail server, and what came of it."""

from __future__ import annotations

import logging
import smtplib
import time
from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from novator.mail.backends import OutcomeUnknown
from novator.mail.models import Letter
from novator.mail.operations import claim_letter, mark_refused, mark_sent, mark_unknown

_LOG = logging.getLogger(__name__)
_LONGEST_PAUSE = 60.0


def send(letter_id: int) -> str:
    """
    Send a letter that waits, once; returns what became of it, without a word of whom or what.

    It is claimed and that is committed before the mail server hears anything.
    """
    _keep_pace()
    letter = claim_letter(letter_id=letter_id, now=timezone.now())
    if letter is None:
        return "nothing to send"
    try:
        message = message_of(letter)
    except Exception as fault:  # whatever it is, the letter has not gone
        _LOG.error("letter %s cannot be written: %s", letter.pk, type(fault).__name__)
        return mark_refused(letter=letter, code=type(fault).__name__[:60], now=timezone.now())
    try:
        get_connection().send_messages([message])
    except OutcomeUnknown:
        return mark_unknown(letter=letter)
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        return mark_refused(letter=letter, code=_code_of(fault), now=timezone.now())
    return mark_sent(letter=letter, now=timezone.now())


def message_of(letter: Letter) -> EmailMessage:
    """Put a letter into the form in which it travels."""
    headers = {
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    body = letter.body.rstrip() + "\n"
    if letter.kind_of_letter.may_stop:
        stop = _stop_address(letter)
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        body += "\n-- \n" + _last_words(letter, stop)
    return EmailMessage(letter.subject, body, to=[letter.to_email], headers=headers)


def _last_words(letter: Letter, stop: str) -> str:
    with translation.override(letter.language):
        facts = {"kind": letter.kind_of_letter.label, "address": stop}
        return _("Letters of this kind (%(kind)s) stop here: %(address)s") % facts + "\n"


def _stop_address(letter: Letter) -> str:
    with translation.override(letter.language):
        return urljoin(settings.SITE_ADDRESS, letter.stop_path())


def _keep_pace() -> None:
    """Leave a pause since the last letter, so that no mail server is flooded."""
    last = Letter.objects.aggregate(at=Max("claimed_at"))["at"]
    if last is not None:
        earliest = last + timedelta(seconds=60 / settings.LETTERS_A_MINUTE)
        pause = (earliest - timezone.now()).total_seconds()
        time.sleep(max(0.0, min(pause, _LONGEST_PAUSE)))


def _code_of(fault: Exception) -> str:
    """Name a refusal without the server's words, which may hold the address."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return str(next(iter(fault.recipients.values()))[0])
    if isinstance(fault, smtplib.SMTPResponseException):
        return str(fault.smtp_code)
    return type(fault).__name__
