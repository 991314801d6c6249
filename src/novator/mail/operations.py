"""Beside the law: everything that writes letters, claims them and says what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from novator.mail.kinds import KINDS
from novator.mail.models import Letter, Unsubscription

SEND_LETTER = "novator.mail.send_letter"
QUEUE = "mail"
LONGEST_SUBJECT = 250
MOST_ATTEMPTS = 8
_WAIT_MINUTES = (1, 5, 15, 60, 180, 360, 720)
_URGENT = 10


class CannotSettle(Exception):
    """Nothing is to be decided about this letter; the message is fit to show."""


def address_digest(address: str) -> str:
    """What stands for an address where the address itself must not stand."""
    return sha256(f"letters to {address.strip().lower()}".encode()).hexdigest()


def queue_letter(
    *, to: str, kind: str, subject: str, body: str, language: str, key: str = ""
) -> Letter:
    """
    Write a letter that goes out once the caller's transaction commits.

    With a key it is written once, whatever calls again. To a reader who stopped letters of this
    kind it is written down as unwanted and not sent.

    :raises KeyError: there is no such kind of letter
    """
    if key and (known := Letter.objects.filter(key=key).first()):
        return known
    digest = address_digest(to)
    is_wanted = not (KINDS[kind].may_stop and is_stopped(digest=digest, kind=kind))
    letter = Letter(
        to_email=to if is_wanted else "",
        to_digest=digest,
        kind=kind,
        subject=" ".join(subject.split())[:LONGEST_SUBJECT] if is_wanted else "",
        body=body if is_wanted else "",
        language=language,
        state="queued" if is_wanted else "unwanted",
        key=key,
    )
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
            if is_wanted:
                _defer(letter)
    except IntegrityError:
        return Letter.objects.get(key=key)
    return letter


def is_stopped(*, digest: str, kind: str) -> bool:
    """Tell whether the owner of this address wants no letters of a kind."""
    return Unsubscription.objects.filter(digest=digest, kind=kind).exists()


def stop_letters(*, digest: str, kind: str) -> None:
    """Send no more letters of this kind to this address."""
    Unsubscription.objects.get_or_create(digest=digest, kind=kind)


def resume_letters(*, digest: str, kind: str) -> None:
    """Send letters of this kind to this address again."""
    Unsubscription.objects.filter(digest=digest, kind=kind).delete()


def _defer(letter: Letter, *, at: datetime | None = None) -> None:
    from procrastinate.contrib.django import app

    priority = _URGENT if letter.kind_of_letter.is_urgent else 0
    task = app.configure_task(SEND_LETTER, queue=QUEUE, priority=priority, schedule_at=at)
    task.defer(letter_id=letter.pk)


def _next_moment(attempts: int) -> datetime:
    minutes = _WAIT_MINUTES[min(attempts, len(_WAIT_MINUTES)) - 1]
    return timezone.now() + timedelta(minutes=minutes)
