"""The association: the signing of a joint letter, from its opening to its end."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.mandates import Acting
from novator.association.models import Position, Signature
from novator.association.position_letters import ask_to_tell
from novator.association.position_steps import CannotMove, held, led, move, not_now, refuse_far
from novator.association.positions import latest_version


@transaction.atomic
def open_signing(
    *, position: Position, until: datetime, by: User, now: datetime, on: date
) -> Position:
    """
    Let members sign a joint letter until a moment.

    :raises CannotMove: no right to, no letter at its signing, or the moment is not within the next
        90 days
    """
    found = led(position, by, on)
    if found.kind != "letter" or found.state != "vote":
        raise not_now(found)
    if until <= now:
        raise CannotMove(_("Signing must end at a moment to come."))
    refuse_far(until, now)
    found.signing_until = until
    found.save()
    ask_to_tell(found, "signing")
    return found


@transaction.atomic
def sign_letter(*, position: Position, acting: Acting, by: User, now: datetime) -> Signature:
    """
    Sign a joint letter for a member; the mandate is kept.

    :raises CannotMove: no signing is open, or the member has signed already
    """
    found = held(position)
    if not is_open_for_signing(found, now):
        raise CannotMove(_("This letter cannot be signed now."))
    try:
        with transaction.atomic():
            return Signature.objects.create(
                position=found,
                version=latest_version(found),
                member=acting.member,
                mandate=acting.mandate,
                signed_by=by,
                signed_at=now,
            )
    except IntegrityError as fault:
        raise CannotMove(_("This member has signed already.")) from fault


def is_open_for_signing(position: Position, now: datetime) -> bool:
    """Whether members may sign at this moment."""
    is_asked = position.kind == "letter" and position.state == "vote"
    return bool(is_asked and position.signing_until and position.signing_until > now)


@transaction.atomic
def withdraw_signature(*, position: Position, acting: Acting, now: datetime) -> None:
    """
    Take a member's signature back while signing lasts.

    :raises CannotMove: signing is over, or there is none
    """
    found = held(position)
    if not is_open_for_signing(found, now):
        raise CannotMove(_("Signatures cannot be taken back any more."))
    rows = found.signatures.filter(member=acting.member, withdrawn_at=None)
    if not rows.update(withdrawn_at=now):
        raise CannotMove(_("This member has not signed."))


@transaction.atomic
def close_signing(*, position: Position, by: User, now: datetime, on: date) -> Position:
    """
    End the signing: the letter goes in the name of those who signed, or of nobody.

    :raises CannotMove: no right to, no letter at its signing, or signing lasts still
    """
    found = led(position, by, on)
    if found.kind != "letter" or found.state != "vote" or found.signing_until is None:
        raise not_now(found)
    if found.signing_until > now:
        raise CannotMove(_("Signing lasts until its deadline."))
    is_signed = found.signatures.filter(withdrawn_at=None).exists()
    move(found, "adopted" if is_signed else "lost")
    found.adopted_on = on if is_signed else None
    found.save()
    return found
