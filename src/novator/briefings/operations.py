"""Solutions chosen: everything that writes collections and shares them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.briefings.letters import tell_of_share
from novator.briefings.models import Collection, Item, SecretLink, Share
from novator.briefings.permissions import confirmed_addresses
from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.practices.models import Practice

MOST_COLLECTIONS = 200
MOST_CARDS = 100
MOST_SHARES = 50
LONGEST_NOTE = 2000


class CannotCollect(Exception):
    """The collection cannot be changed so; the message is fit to show."""


class ChangedMeanwhile(Exception):
    """Somebody else saved first; nothing was overwritten. `by` and `at` say who and when."""

    def __init__(self, by: User, at: datetime) -> None:
        super().__init__(_("Somebody else has changed this meanwhile. Nothing was overwritten."))
        self.by, self.at = by, at


@transaction.atomic
def begin_collection(
    *,
    title: str,
    owner: User,
    purpose: str = "",
    municipality: Municipality | None = None,
) -> Collection:
    """
    Make an empty list; nobody but its owner sees it.

    :raises CannotCollect: the owner has very many already
    """
    if Collection.objects.filter(owner=owner).count() >= MOST_COLLECTIONS:
        raise CannotCollect(
            _("You have %(count)s collections; delete one first.") % {"count": MOST_COLLECTIONS}
        )
    return Collection.objects.create(
        title=title, purpose=purpose, owner=owner, municipality=municipality, changed_by=owner
    )


@transaction.atomic
def change_collection(
    *,
    collection: Collection,
    revision: int,
    title: str,
    purpose: str,
    notes: Mapping[str, str],
    order: Sequence[str],
    by: User,
) -> Collection:
    """
    Save title, purpose, the notes of cards and their order (public ids of cards).

    Cards that are not named keep their notes and stand behind the others.

    :raises ChangedMeanwhile: somebody saved after this revision
    """
    found = _locked(collection)
    if found.revision != revision:
        raise ChangedMeanwhile(found.changed_by, found.changed_at)
    items = {item.practice.slug: item for item in found.items.select_related("practice")}
    named = [items[slug] for slug in dict.fromkeys(order) if slug in items]
    left = [item for slug, item in items.items() if slug not in set(order)]
    for position, item in enumerate([*named, *left], start=1):
        item.position = position
        item.note = notes.get(item.practice.slug, item.note)[:LONGEST_NOTE]
    Item.objects.bulk_update(items.values(), ["position", "note"])
    found.title, found.purpose = title, purpose
    return _saved(found, by)


@transaction.atomic
def add_cards(*, collection: Collection, slugs: Sequence[str], by: User) -> int:
    """
    Put published cards at the end; those that are there already stay. Returns how many were new.

    :raises CannotCollect: the list would grow too long
    """
    found = _locked(collection)
    practices = {p.slug: p for p in Practice.objects.published().filter(slug__in=list(slugs))}
    known = set(found.items.values_list("practice_id", flat=True))
    new = [practices[slug] for slug in dict.fromkeys(slugs) if slug in practices]
    new = [practice for practice in new if practice.pk not in known]
    if len(known) + len(new) > MOST_CARDS:
        raise CannotCollect(
            _("A collection holds at most %(count)s cards.") % {"count": MOST_CARDS}
        )
    last = found.items.aggregate(last=Max("position"))["last"] or 0
    for position, practice in enumerate(new, start=last + 1):
        Item.objects.create(collection=found, practice=practice, position=position, added_by=by)
    if new:
        found.save(update_fields=["changed_at"])
    return len(new)


@transaction.atomic
def remove_card(*, collection: Collection, slug: str) -> None:
    """Take a card out; its note goes with it."""
    found = _locked(collection)
    for item in found.items.filter(practice__slug=slug):
        item.delete()
    found.save(update_fields=["changed_at"])


@transaction.atomic
def share_with_city(
    *, collection: Collection, municipality: Municipality | None, access: str, by: User
) -> Collection:
    """Say what people with a role in a municipality may do; the caller checked that it is his."""
    found = _locked(collection)
    found.municipality = municipality
    found.municipality_access = access if municipality else "nobody"
    found.changed_by = by
    found.save()
    return found


@transaction.atomic
def share_with_address(*, collection: Collection, email: str, may_edit: bool, by: User) -> Share:
    """
    Let the owner of an address see or change the collection; a letter goes out where an account
    has it. Nobody learns here whether one does.

    :raises CannotCollect: it is the sharer's own address, or there are very many already
    """
    found = _locked(collection)
    address = email.strip().lower()
    if address in {own.lower() for own in confirmed_addresses(by)}:
        raise CannotCollect(_("This is your own address."))
    shares = {share.email.lower(): share for share in found.shares.all()}
    share = shares.get(address)
    if share is None and len(shares) >= MOST_SHARES:
        raise CannotCollect(
            _("It is shared with %(count)s addresses; end one first.") % {"count": MOST_SHARES}
        )
    if share is None:
        share = Share(collection=found, email=address, shared_by=by)
        tell_of_share(collection=found, email=address, by=by)
    share.may_edit = may_edit
    share.save()
    return share


@transaction.atomic
def end_share(*, share: Share) -> None:
    """Show the collection no longer to the owner of an address."""
    share.delete()


@transaction.atomic
def open_link(*, collection: Collection, by: User) -> SecretLink:
    """Make a secret address of the collection, or give the one that is open."""
    found = _locked(collection)
    known = found.links.filter(ended_at=None).first()
    if known is not None:
        return known
    return SecretLink.objects.create(collection=found, token=secrets.token_urlsafe(32), made_by=by)


@transaction.atomic
def end_link(*, collection: Collection) -> None:
    """End the secret address: from now on nobody reads by it."""
    for link in _locked(collection).links.filter(ended_at=None):
        link.ended_at = timezone.now()
        link.save()


@transaction.atomic
def delete_collection(*, collection: Collection) -> None:
    """Delete a collection with its notes, shares and papers; the cards stay in the catalogue."""
    _locked(collection).delete()


def forget_person(user: User) -> None:
    """
    When an account is erased: delete its private collections, its shares and its secret links.

    What is shared with a municipality stays there, by somebody without a name.
    """
    addresses = [user.email, *confirmed_addresses(user)]
    for address in addresses:
        Share.objects.filter(email=address.lower()).delete()
    for link in SecretLink.objects.filter(collection__owner=user, ended_at=None):
        link.ended_at = timezone.now()
        link.save()
    Collection.objects.filter(owner=user, municipality_access="nobody").delete()


def _locked(collection: Collection) -> Collection:
    return hold(Collection.objects.select_related("changed_by"), collection.pk)


def _saved(collection: Collection, by: User) -> Collection:
    collection.revision += 1
    collection.changed_by = by
    collection.save()
    return collection
