"""The association: letters to representatives about consultations and signings."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from novator.association.mandates import Act, accounts_acting, active_members
from novator.association.models import Position
from novator.reviews.letters import tell

TELL = "novator.association.tell_of_position"
_SAID = {
    "consultation": (
        _("Your city is asked: %(title)s"),
        _(
            "A position is in consultation: %(title)s\n\nRemarks by paragraph are taken until the"
            " deadline on its page."
        ),
    ),
    "signing": (
        _("A joint letter can be signed: %(title)s"),
        _(
            "A joint letter can be signed for your city: %(title)s\n\nWho signs and on which"
            " mandate is shown with the letter."
        ),
    ),
}


def ask_to_tell(position: Position, what: str) -> None:
    """Let the worker write to the representatives, within the caller's transaction."""
    from procrastinate.contrib.django import app

    app.configure_task(TELL).defer(position_id=position.pk, what=what)


def tell_of(position: Position, what: str, *, on: date) -> int:
    """Write once to every account that may speak, or sign, for an active member; how many."""
    act: Act = "sign" if what == "signing" else "speak"
    people = accounts_acting(active_members(on=on), act, on=on)
    subject, body = _SAID[what]
    tell(
        people,
        kind="association",
        subject=subject,
        body=body,
        facts={"title": position.title},
        address=position.get_absolute_url,
        key=f"position-{position.pk}-{what}-{position.revision}",
    )
    return len(people)
