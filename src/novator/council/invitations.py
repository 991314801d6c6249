"""Who decides: letters that invite the deputies who have an account here to a session."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from novator.accounts.models import User
from novator.council.composition import seats_on
from novator.council.models import Session
from novator.council.models.sessions import FORMS
from novator.council.session_hold import day_of
from novator.mail.operations import queue_letter

KIND = "session"
_SAID: dict[str, tuple[Promise, Promise]] = {
    "invited": (
        gettext_lazy("Invitation: %(name)s, %(moment)s"),
        gettext_lazy("You are invited to a session of the council: %(council)s. %(name)s."),
    ),
    "cancelled": (
        gettext_lazy("Cancelled: %(name)s, %(moment)s"),
        gettext_lazy(
            "The session to which you were invited does not take place: %(council)s. %(name)s."
        ),
    ),
}


def deputies_reached(session: Session) -> tuple[list[User], int]:
    """Accounts of the deputies who sit on its day, and how many deputies have none."""
    day = day_of(session)
    seats = seats_on(session.council, day) if day else []
    keys = [seat.person.user_id for seat in seats if seat.person.user_id is not None]
    accounts = User.objects.filter(pk__in=keys, is_active=True, erased_at=None).order_by("pk")
    return list(accounts), len(seats) - len(accounts)


def write_to_deputies(session: Session, what: str, *, on: date) -> int:
    """
    Write that a session is to come ("invited") or is not ("cancelled"), in each reader's language.

    Of a session entered later, whose day has passed, nobody is told. The revision of the session
    stands in the key of each letter, so that one step writes once. Returns to how many.
    """
    day = day_of(session)
    if day is None or day < on:
        return 0
    accounts, _without = deputies_reached(session)
    for user in accounts:
        with override(user.language):
            _write(user, session, what)
    return len(accounts)


def _write(user: User, session: Session, what: str) -> None:
    subject, opening = _SAID[what]
    facts = {
        "name": str(session),
        "council": session.council.shown_name,
        "moment": _moment(session),
        "place": session.place,
        "form": str(FORMS[session.form]),
    }
    told = [_("When: %(moment)s"), _("How it is held: %(form)s")]
    if session.place:
        told.insert(1, _("Where: %(place)s"))
    address = f"{settings.SITE_ADDRESS}{session.get_absolute_url()}"
    parts = [str(opening), "\n".join(told), _("The agenda and its papers: %(address)s")]
    queue_letter(
        to=user.email,
        kind=KIND,
        subject=str(subject) % facts,
        body="\n\n".join(parts) % {**facts, "address": address},
        language=user.language,
        key=f"session-{session.pk}-{session.revision}-{what}-{user.pk}",
    )


def _moment(session: Session) -> str:
    if session.starts_at is not None:
        return date_format(timezone.localtime(session.starts_at), "DATETIME_FORMAT")
    return date_format(day_of(session) or "", "DATE_FORMAT")
