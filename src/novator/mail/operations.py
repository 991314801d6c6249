"""Beside the law: everything that writes letters, claims them and says what became of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from functools import reduce
from hashlib import sha256
from operator import or_

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.mail.kinds import KINDS
from novator.mail.models import VERDICTS, Letter, LetterQuerySet, Unsubscription

SEND_LETTER = "novator.mail.send_letter"
QUEUE = "mail"
LONGEST_SUBJECT = 250
MOST_ATTEMPTS = 8
LONGEST_CLAIM = timedelta(minutes=15)
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

    The body is what it says: greeting and signature, the same for all letters, are put around it.
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
        body=_laid_out(body, language) if is_wanted else "",
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


def _laid_out(said: str, language: str) -> str:
    """What a letter says between greeting and signature."""
    with override(language):
        return "\n\n".join([_("Good day!"), said.strip(), _("Novator")]) + "\n"


def is_stopped(*, digest: str, kind: str) -> bool:
    """Tell whether the owner of this address wants no letters of a kind."""
    return Unsubscription.objects.filter(digest=digest, kind=kind).exists()


def stop_letters(*, digest: str, kind: str) -> None:
    """Send no more letters of this kind to this address."""
    Unsubscription.objects.get_or_create(digest=digest, kind=kind)


def resume_letters(*, digest: str, kind: str) -> None:
    """Send letters of this kind to this address again."""
    Unsubscription.objects.filter(digest=digest, kind=kind).delete()


def claim_letter(*, letter_id: int, now: datetime) -> Letter | None:
    """
    Take a letter for sending, in a transaction of its own; None if it does not wait any more.

    A reader who stopped such letters while it waited does not get it.
    """
    with transaction.atomic(durable=True):
        letter = Letter.objects.select_for_update().filter(pk=letter_id, state="queued").first()
        if letter is None:
            return None
        stopped = letter.kind_of_letter.may_stop and is_stopped(
            digest=letter.to_digest, kind=letter.kind
        )
        if stopped:
            _forget(Letter.objects.filter(pk=letter.pk), state="unwanted")
            return None
        letter.state = "claimed"
        letter.claimed_at = now
        letter.attempts += 1
        letter.message_id = letter.message_id or make_msgid(domain=_own_domain())
        letter.save(update_fields=["state", "claimed_at", "attempts", "message_id"])
        return letter


def mark_sent(*, letter: Letter, now: datetime) -> str:
    """Note that the mail server took the letter."""
    _claimed(letter).update(state="sent", sent_at=now, last_error="")
    return "sent"


def mark_unknown(*, letter: Letter, code: str = "broken off") -> str:
    """Note that the letter may have gone: a person decides, it is never sent again by itself."""
    _claimed(letter).update(state="unknown", last_error=code, settled_at=None, settled_as="")
    return "unknown"


@transaction.atomic
def mark_refused(*, letter: Letter, code: str, now: datetime) -> str:
    """Note that the letter surely did not go: it is tried again later, eight times in all."""
    if letter.attempts >= MOST_ATTEMPTS:
        _claimed(letter).update(state="refused", last_error=code, settled_at=None, settled_as="")
        return "refused"
    if _claimed(letter).update(state="queued", last_error=code):
        wait = _WAIT_MINUTES[min(letter.attempts, len(_WAIT_MINUTES)) - 1]
        _defer(letter, at=now + timedelta(minutes=wait))
    return "tried again later"


def flag_lost_letters(*, now: datetime) -> int:
    """Note as unknown what was claimed long ago by somebody who did not live to tell."""
    lost = Letter.objects.filter(state="claimed", claimed_at__lt=now - LONGEST_CLAIM)
    return lost.update(state="unknown", last_error="lost", settled_at=None, settled_as="")


@transaction.atomic
def queue_forgotten_letters(*, now: datetime) -> int:
    """Queue letters again that wait although no job is to send them."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    jobs = ProcrastinateJob.objects.filter(task_name=SEND_LETTER, status__in=["todo", "doing"])
    busy = {int(args["letter_id"]) for args in jobs.values_list("args", flat=True)}
    waiting = Letter.objects.filter(state="queued", created_at__lt=now - LONGEST_CLAIM)
    forgotten = list(waiting.exclude(pk__in=busy))
    for letter in forgotten:
        _defer(letter)
    return len(forgotten)


@transaction.atomic
def settle_letter(*, letter: Letter, verdict: str, now: datetime) -> None:
    """
    Decide about a letter that was refused or may have gone: "arrived", "again" or "left".

    :raises CannotSettle: nothing is to be decided, or nobody can know that it arrived
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.state not in {"unknown", "refused"} or letter.settled_at is not None:
        raise CannotSettle(_("Somebody has decided about this letter already."))
    if verdict not in VERDICTS or (verdict == "arrived" and letter.state == "refused"):
        raise CannotSettle(_("A letter that was refused has not arrived."))
    if verdict == "again" and not letter.to_email:
        raise CannotSettle(_("Its text has been deleted; it cannot be sent again."))
    letter.settled_at, letter.settled_as = now, verdict
    if verdict == "arrived":
        letter.state, letter.sent_at = "sent", letter.claimed_at
    elif verdict == "again":
        letter.state, letter.attempts, letter.message_id = "queued", 0, ""
        _defer(letter)
    letter.save()


def forget_old_letters(*, now: datetime, after_days: int) -> int:
    """Delete address and text of letters that ended long ago; what was not settled goes too."""
    old = Letter.objects.filter(created_at__lt=now - timedelta(days=after_days)).exclude(
        state__in=["queued", "claimed"]
    )
    return _forget(old.exclude(to_email="", body=""))


def forget_letters_to(*, address: str, but_waiting: str = "") -> int:
    """
    Delete address and text of all letters to an address; what waits is not sent any more.

    Letters of the kind `but_waiting` that are yet to go still go.
    """
    theirs = Letter.objects.filter(to_digest=address_digest(address))
    if but_waiting:
        theirs = theirs.exclude(kind=but_waiting, state__in=["queued", "claimed"])
    waiting = _forget(theirs.filter(state="queued"), state="unwanted")
    return waiting + _forget(theirs.exclude(to_email="", body=""))


def forget_letter(*, key: str) -> int:
    """Delete address and text of one letter; if it waits it is not sent any more."""
    letters = Letter.objects.filter(key=key)
    waiting = _forget(letters.filter(state="queued"), state="unwanted")
    return waiting + _forget(letters.exclude(to_email="", body=""))


def forget_letters_with_keys(keys: Collection[str], *, begins: Collection[str] = ()) -> int:
    """Delete address and text of letters by key or its beginning; what waits is not sent."""
    wanted = reduce(or_, (Q(key__startswith=start) for start in begins), Q(key__in=keys))
    letters = Letter.objects.filter(wanted).exclude(key="")
    waiting = _forget(letters.filter(state="queued"), state="unwanted")
    return waiting + _forget(letters.exclude(to_email="", body=""))


def _forget(letters: LetterQuerySet, **more: str) -> int:
    return letters.update(to_email="", subject="", body="", **more)


def _claimed(letter: Letter) -> LetterQuerySet:
    """Return the letter if it is still ours to decide about; one held for lost counts too."""
    return Letter.objects.filter(
        pk=letter.pk, state__in=["claimed", "unknown"], claimed_at=letter.claimed_at
    )


def _own_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _defer(letter: Letter, *, at: datetime | None = None) -> None:
    from procrastinate.contrib.django import app

    priority = _URGENT if letter.kind_of_letter.is_urgent else 0
    task = app.configure_task(SEND_LETTER, queue=QUEUE, priority=priority, schedule_at=at)
    task.defer(letter_id=letter.pk)
