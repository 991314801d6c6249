"""Solutions found: a city publishes, confirms, merges or withdraws what it says of its own work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.cities.romanise import slug_of
from novator.practices.models import Practice, Version
from novator.practices.operations import ask_for_fresh_index
from novator.practices.rows import PracticeRow
from novator.practices.versions import Makers, keep_first_versions, keep_versions
from novator.practices.writing import (
    practices_with_all,
    row_of,
    settled,
    write_changed,
    write_new,
)

MONTHS_UNTIL_CONFIRMATION = 12
_AS_FOUND = "as it was before the city wrote about it"


class CannotPublish(Exception):
    """The card cannot be published so; the message is fit to show."""


class CannotMerge(Exception):
    """These two cards cannot be made one; the message is fit to show."""


@transaction.atomic
def publish_card(
    *,
    row: PracticeRow,
    municipality: Municipality,
    makers: Makers,
    on: date,
    note: str = "",
) -> Practice:
    """
    Put what a city says of its own work into the catalogue, as the card's next version.

    The facts count as confirmed on that day and must be confirmed again a year later. The search
    index is renewed by a job of the same transaction.

    :raises CannotPublish: the card is another city's, withdrawn or merged
    """
    known = practices_with_all([row.id]).get(row.id)
    confirmed = replace(
        row, confirmed_on=on.isoformat(), confirm_by=next_confirmation(on).isoformat()
    )
    stored = row_of(known) if known else None
    wanted = settled(confirmed, municipality, stored)
    if known is None:
        write_new([(wanted, municipality)], is_starter=False)
    else:
        _check_owner(known, municipality)
        keep_first_versions([known], note=_AS_FOUND)
        write_changed([(known, wanted, municipality)], is_starter=False)
    practice = Practice.objects.get(slug=row.id)
    practice.is_by_its_city, practice.origin, practice.origin_changed_at = True, "", None
    practice.save()
    keep_versions([practice], note=note, made_at=timezone.now(), makers=makers)
    ask_for_fresh_index()
    return practice


def new_slug(*, title: str, municipality: Municipality) -> str:
    """A public id that is free: the city's name and the first words of the title, in Latin."""
    words = slug_of(f"{municipality.short_name_ru} {title}")
    base = words[:60].rstrip("-") or "practice"
    taken = set(Practice.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 2
    found = base
    while found in taken:
        found = f"{base}-{number}"
        number += 1
    return found


def next_confirmation(on: date) -> date:
    """The day by which facts confirmed today must be confirmed again."""
    month = on.month - 1 + MONTHS_UNTIL_CONFIRMATION
    year, month = on.year + month // 12, month % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=on.day - 1), first_of_next - timedelta(days=1))


@transaction.atomic
def confirm_card(*, practice: Practice, by: User, on: date) -> Practice:
    """Record that the author city says its card's facts still hold."""
    keep_first_versions([practice], note=_AS_FOUND)
    practice.confirmed_on, practice.confirm_by = on, next_confirmation(on)
    practice.save()
    keep_versions(
        [practice], note="confirmed", made_at=timezone.now(), makers=Makers(released_by=by)
    )
    return practice


@transaction.atomic
def settle_city(*, practice: Practice, municipality: Municipality, by: User) -> Practice:
    """
    Record to which municipality a card belongs, as the office has settled it.

    :raises CannotPublish: the card was written by its city, which nobody else may give away
    """
    if practice.is_by_its_city:
        raise CannotPublish(_("This card was written by its city itself."))
    keep_first_versions([practice], note=_AS_FOUND)
    practice.municipality = municipality
    practice.save()
    keep_versions(
        [practice],
        note="municipality settled",
        made_at=timezone.now(),
        makers=Makers(published_by=by),
    )
    ask_for_fresh_index()
    return practice


@transaction.atomic
def withdraw_card(*, practice: Practice, because: str) -> Practice:
    """Take a card out of the catalogue; its row stays as a tombstone with the reason."""
    practice.withdrawn_at = timezone.now()
    practice.withdrawn_because = because[:300]
    practice.save()
    ask_for_fresh_index()
    return practice


@transaction.atomic
def merge_cards(*, twin: Practice, into: Practice, because: str) -> Practice:
    """
    Make one of two cards of the same work: readers of the twin are led to the card that stays.

    :raises CannotMerge: it is the same card, or the one that should stay is itself withdrawn
    """
    if twin.pk == into.pk:
        raise CannotMerge(_("A card cannot be merged with itself."))
    if into.withdrawn_at is not None:
        raise CannotMerge(_("The card that should stay is not in the catalogue."))
    Practice.objects.filter(merged_into=twin).update(merged_into=into, changed_at=timezone.now())
    twin.merged_into = into
    return withdraw_card(practice=twin, because=because)


def latest_version(practice: Practice) -> Version | None:
    """The version that the card shows now, or None where none was ever kept."""
    return practice.versions.order_by("-number").first()


def _check_owner(practice: Practice, municipality: Municipality) -> None:
    if practice.withdrawn_at is not None:
        raise CannotPublish(_("This card was taken out of the catalogue."))
    if practice.municipality_id != municipality.pk:
        raise CannotPublish(_("This card is about another municipality."))
