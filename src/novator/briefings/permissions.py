"""Solutions chosen: who may see, change and share a collection; one function for each rule."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress

from novator.accounts.models import MUNICIPAL_ROLES, User
from novator.accounts.queries import AnyUser, holds
from novator.briefings.models import Collection, Share

ANY_ROLE = frozenset(MUNICIPAL_ROLES)
HEADS = frozenset({"head", "approver"})


def may_see(user: AnyUser, collection: Collection, *, on: date) -> bool:
    """Its owner, people of its municipality if it is shared with them, those it is shared with."""
    if may_manage(user, collection, on=on):
        return True
    if collection.is_of_the_city and _belongs_to_city(user, collection, on=on):
        return True
    return share_of(user, collection) is not None


def may_edit(user: AnyUser, collection: Collection, *, on: date) -> bool:
    """Change cards, notes and papers: the owner, and whoever was given the right to."""
    if may_manage(user, collection, on=on):
        return True
    if collection.municipality_access == "edit" and _belongs_to_city(user, collection, on=on):
        return True
    share = share_of(user, collection)
    return share is not None and share.may_edit


def may_manage(user: AnyUser, collection: Collection, *, on: date) -> bool:
    """
    Share and delete: the owner; the heads of a municipality with which it is shared.

    An owner who left the municipality has no part any more in what is shared with it.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if collection.is_of_the_city:
        kinds = ANY_ROLE if collection.owner_id == user.pk else HEADS
        return holds(user, kinds, municipality=collection.municipality, on=on)
    return collection.owner_id == user.pk


def share_of(user: AnyUser, collection: Collection) -> Share | None:
    """What was shared with addresses that this person has shown to own; up to two queries."""
    if not isinstance(user, User) or not user.is_active:
        return None
    addresses = [address.lower() for address in confirmed_addresses(user)]
    if not addresses:
        return None
    shares = Share.objects.filter(email__in=addresses, collection=collection)
    found = shares.order_by("-may_edit", "id")
    return found.first()


def confirmed_addresses(user: User) -> list[str]:
    """Addresses that the person has shown to own; kept on the user object."""
    known: list[str] | None = getattr(user, "_confirmed_addresses", None)
    if known is None:
        rows = EmailAddress.objects.filter(user=user, verified=True)
        known = list(rows.order_by("pk").values_list("email", flat=True))
        user._confirmed_addresses = known  # type: ignore[attr-defined]
    return known


def _belongs_to_city(user: AnyUser, collection: Collection, *, on: date) -> bool:
    return holds(user, ANY_ROLE, municipality=collection.municipality, on=on)
