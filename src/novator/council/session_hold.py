"""Who decides: a session held for one change, so that two people never overwrite each other."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from novator.core.holding import hold
from novator.council.models import Session
from novator.council.refusals import CannotRecord


class SessionClosedForEntry(CannotRecord):
    """The protocol is signed, or the session was cancelled."""


def hold_session(session: Session) -> Session:
    """
    Hold a session until the transaction ends, and return it as it now stands.

    :raises SessionClosedForEntry: its protocol is signed, or it was cancelled
    """
    found = hold(Session.objects.select_related("council__municipality", "convocation"), session.pk)
    if found.is_signed:
        raise SessionClosedForEntry(
            "session_signed",
            _("The protocol of this session is signed."),
            _("It is changed by a correction of the protocol, with its reason."),
        )
    if found.state == "cancelled":
        raise SessionClosedForEntry(
            "session_cancelled",
            _("This session was cancelled."),
            _("Plan it anew before anything is entered."),
        )
    return found


def touch(session: Session, *fields: str) -> None:
    """Keep the changed fields of a held session and count its revision up."""
    session.revision += 1
    session.save(update_fields=[*fields, "revision", "changed_at"])


def day_of(session: Session) -> date | None:
    """
    Return the day that counts for memberships and factions.

    The moment it begins, else the last day that it can have been held on.
    """
    if session.starts_at is not None:
        begins: date = timezone.localtime(session.starts_at).date()
        return begins
    last: date | None = session.held_to or session.held_from
    return last


def known_day(session: Session) -> date:
    """
    Return the day that counts.

    :raises CannotRecord: no day is recorded
    """
    day = day_of(session)
    if day is None:
        raise CannotRecord(
            "session_day",
            _("The day of the session is not recorded."),
            _("Enter the day first: it decides who sits in the council."),
        )
    return day
