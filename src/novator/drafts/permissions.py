"""Solutions written: who may write, see, release and hand over; one function for each rule."""

from __future__ import annotations

from datetime import date

from novator.accounts.queries import AnyUser, holds
from novator.cities.models import Municipality
from novator.drafts.models import Draft
from novator.practices.models import Practice

WRITERS = frozenset({"editor", "head", "approver"})
RELEASERS = frozenset({"head", "approver"})
READERS_OF_THE_ASSOCIATION = frozenset({"moderator", "office"})
WRITABLE = frozenset({"writing", "returned"})
_SEEN_BY_THE_ASSOCIATION = frozenset({"submitted", "returned", "published"})


def may_write(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Write about the work of this municipality: its editors, its approvers, its head."""
    return holds(user, WRITERS, municipality=municipality, on=on)


def may_see(user: AnyUser, draft: Draft, *, on: date) -> bool:
    """Its city's writers always; moderators and the office once it was handed to them."""
    if may_write(user, draft.municipality, on=on):
        return True
    is_handed_over = draft.state in _SEEN_BY_THE_ASSOCIATION
    return is_handed_over and holds(user, READERS_OF_THE_ASSOCIATION, municipality=None, on=on)


def may_edit(user: AnyUser, draft: Draft, *, on: date) -> bool:
    """Its city's writers, while it is being written or was returned."""
    return draft.state in WRITABLE and may_write(user, draft.municipality, on=on)


def may_release(user: AnyUser, draft: Draft, *, on: date) -> bool:
    """The head of the municipality, or whom the head named; the author too if he is one of them."""
    return holds(user, RELEASERS, municipality=draft.municipality, on=on)


def may_hand_over(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Give a draft a new holder: those who release for the city, and the association's office."""
    return holds(user, RELEASERS, municipality=municipality, on=on) or holds(
        user, {"office"}, municipality=None, on=on
    )


def may_claim(user: AnyUser, practice: Practice, *, on: date) -> bool:
    """Write about a published card of the own municipality."""
    return practice.withdrawn_at is None and may_write(user, practice.municipality, on=on)


def may_withdraw(user: AnyUser, practice: Practice, *, on: date) -> bool:
    """Take the own city's own card out of the catalogue: those who release for the city."""
    return (
        practice.is_by_its_city
        and practice.withdrawn_at is None
        and holds(user, RELEASERS, municipality=practice.municipality, on=on)
    )


def may_confirm(user: AnyUser, practice: Practice, *, on: date) -> bool:
    """Say that the facts of the own city's own card still hold."""
    return practice.is_by_its_city and may_claim(user, practice, on=on)


def may_settle_city(user: AnyUser, *, on: date) -> bool:
    """Decide to which record of a municipality a card belongs: the association's office."""
    return holds(user, {"office"}, municipality=None, on=on)
