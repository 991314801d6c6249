"""Who decides: a session's protocol is signed, and corrected only as its next version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.core.holding import hold
from novator.council.models import Person, Protocol, Session
from novator.council.refusals import CannotRecord
from novator.council.session_content import Content, content_of, public_part
from novator.council.vote_faults import faults_of_session_votes

__all__ = [
    "CannotSign",
    "begin_correction",
    "content_of",
    "correct_protocol",
    "end_correction",
    "faults_of_session",
    "is_in_correction",
    "latest_protocol",
    "public_part",
    "sign_protocol",
]


class CannotSign(CannotRecord):
    """The protocol cannot be signed or corrected so; the message is fit to show."""


@transaction.atomic
def sign_protocol(
    *,
    session: Session,
    signed_on: date,
    signed_by: Person,
    by: User | None = None,
    revision: int | None = None,
) -> Protocol:
    """
    Sign the first version; from then on only a correction changes the session.

    `revision` is that of the session whose minutes the signer has read.

    :raises CannotSign: it is not held yet, signed already, changed meanwhile, or a vote breaks a
        rule (K3)
    """
    held = hold(Session.objects.select_related("council"), session.pk)
    if held.protocols.exists():
        raise CannotSign(
            "protocol.signed",
            _("This protocol is signed already."),
            _("Correct it: a correction is its next version."),
        )
    if held.state != "held":
        raise CannotSign("protocol.held", _("Only a session that was held has a protocol."))
    _refuse_unread(held, revision)
    return _write_version(held, signed_on=signed_on, signed_by=signed_by, by=by, reason="")


@transaction.atomic
def begin_correction(*, session: Session) -> Session:
    """
    Open a signed session for entry; its signed versions stay readable meanwhile.

    :raises CannotSign: it is not signed
    """
    held = hold(Session.objects.select_related("council"), session.pk)
    if not held.is_signed:
        raise CannotSign("protocol.signed", _("Only a signed protocol is corrected."))
    _set_state(held, "held")
    return held


@transaction.atomic
def correct_protocol(
    *,
    session: Session,
    reason: str,
    signed_on: date,
    signed_by: Person,
    by: User | None = None,
    revision: int | None = None,
    change: Callable[[Session], object] | None = None,
) -> Protocol:
    """
    Sign what was corrected as the next version, with the reason; earlier ones stay as they were.

    `change` makes the corrections here and now; without it they were made since
    `begin_correction`.

    :raises CannotSign: no reason, nothing signed, nothing changed, changed meanwhile, or a vote
        breaks a rule (K3)
    """
    held = hold(Session.objects.select_related("council"), session.pk)
    last = latest_protocol(held)
    if last is None:
        raise CannotSign("protocol.signed", _("Only a signed protocol is corrected."))
    if not reason.strip():
        raise CannotSign("protocol.reason", _("Say why the protocol is corrected."))
    _refuse_unread(held, revision)
    if change is not None:
        _set_state(held, "held")
        change(held)
        held.refresh_from_db()
    if held.is_signed or _corrected_part(content_of(held)) == _corrected_part(last.content):
        raise CannotSign("protocol.same", _("Nothing differs from the signed version."))
    return _write_version(held, signed_on=signed_on, signed_by=signed_by, by=by, reason=reason)


@transaction.atomic
def end_correction(*, session: Session) -> Session:
    """
    Close a correction in which nothing was changed.

    :raises CannotSign: something differs from the signed version
    """
    held = hold(Session.objects.select_related("council"), session.pk)
    last = latest_protocol(held)
    if last is None or held.is_signed:
        raise CannotSign("protocol.signed", _("Only a signed protocol is corrected."))
    if _corrected_part(content_of(held)) != _corrected_part(last.content):
        raise CannotSign(
            "protocol.changed",
            _("The session differs from the signed version."),
            _("Sign the correction with its reason, or take the changes back."),
        )
    _set_state(held, "signed")
    return held


def latest_protocol(session: Session) -> Protocol | None:
    """The version that is in force; None where nothing is signed."""
    rows = Protocol.objects.filter(session=session).select_related("signed_by")
    return rows.order_by("-number").first()


def is_in_correction(session: Session, protocol: Protocol | None) -> bool:
    """Whether a signed session was opened and not signed again."""
    return protocol is not None and not session.is_signed


def faults_of_session(session: Session) -> list[str]:
    """Every rule that its votes break, each with its item; nothing: it can be signed."""
    words = _("Item %(number)s: %(fault)s")
    found = []
    for event, fault in faults_of_session_votes(session):
        item = event.motion.item
        found.append(words % {"number": item.number or item.position, "fault": fault})
    return found


def _refuse_unread(session: Session, revision: int | None) -> None:
    """Nobody signs what somebody else wrote after the page was opened."""
    if revision is not None and revision != session.revision:
        raise CannotSign(
            "stale",
            _("The session was changed after this page was opened."),
            _("Open the page anew, read the minutes, then sign."),
        )


def _write_version(
    session: Session, *, signed_on: date, signed_by: Person, by: User | None, reason: str
) -> Protocol:
    if faults := faults_of_session(session):
        raise CannotSign("K3", " ".join(faults[:10]), _("Mend the votes first."))
    if signed_on > timezone.localdate():
        raise CannotSign("protocol.dates", _("The day of signing is still to come."))
    if session.held_from is not None and signed_on < session.held_from:
        raise CannotSign("protocol.dates", _("It cannot be signed before the session."))
    last = latest_protocol(session)
    if last is not None and signed_on < last.signed_on:
        raise CannotSign(
            "protocol.dates", _("A correction cannot be signed before what it corrects.")
        )
    protocol = Protocol.objects.create(
        session=session,
        number=last.number + 1 if last else 1,
        content=content_of(session),
        reason=reason.strip(),
        signed_on=signed_on,
        signed_by=signed_by,
        recorded_by=by,
    )
    _set_state(session, "signed")
    return protocol


def _set_state(session: Session, state: str) -> None:
    session.state = state
    session.revision += 1
    session.save(update_fields=["state", "revision", "changed_at"])


def _corrected_part(content: Content) -> Content:
    """Tell what a correction is about: not how the decisions lived on since."""
    items = [
        dict(item) | {"decisions": [dict(one) | {"state": ""} for one in item["decisions"]]}
        for item in content["items"]
    ]
    return dict(content) | {"items": items}
