"""Solutions found elsewhere: the office settles a conflict between a card here and there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.operations import place_municipality
from novator.interchange.models import Conflict, ForeignCard
from novator.practices.models import Practice
from novator.practices.operations import ask_for_fresh_index
from novator.practices.publishing import withdraw_card
from novator.practices.rows import BadRow, PracticeRow, row_from
from novator.practices.versions import (
    Difference,
    Makers,
    content_of,
    differences,
    keep_first_versions,
    keep_versions,
)
from novator.practices.writing import practices_with_all, row_of, settled, write_changed

_UNKNOWN = "https://unknown.invalid"  # an origin without address, of a neighbour forgotten
_NOT_CHOSEN = frozenset({"id"})


class CannotSettle(Exception):
    """The conflict cannot be settled so; the message is fit to show."""


def differing(conflict: Conflict) -> list[Difference]:
    """Fields that read differently here and there; nothing where the card was withdrawn there."""
    if not conflict.theirs:
        return []
    ours = content_of(row_of(practices_with_all([conflict.practice.slug])[conflict.practice.slug]))
    found = differences(ours, conflict.theirs)
    return [difference for difference in found if difference.field not in _NOT_CHOSEN]


def state_of(conflict: Conflict) -> str:
    """What the office has seen of a conflict: it changes when either side does."""
    moments = (conflict.changed_at, conflict.practice.changed_at)
    return "-".join(str(int(moment.timestamp() * 1_000_000)) for moment in moments)


@transaction.atomic
def settle_conflict(
    *, conflict: Conflict, theirs: Collection[str], by: User, seen: str, withdraws: bool = False
) -> Conflict:
    """
    Take these fields from there and keep all others; no field: ours stays as it is.

    Where the card was withdrawn there, `withdraws` takes it out of the catalogue here too. The
    same change there asks no more; a later one does.

    :raises CannotSettle: it is settled, has changed since it was `seen`, or the mixture is no card
    """
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.settled_at is not None:
        raise CannotSettle(_("This conflict is settled already."))
    if state_of(conflict) != seen:
        raise CannotSettle(_("The card has changed meanwhile, here or there. Look again."))
    open_fields = {difference.field for difference in differing(conflict)}
    chosen = open_fields & set(theirs)
    if chosen:
        _write(conflict, chosen, by=by, is_all=chosen == open_fields)
    elif withdraws and not conflict.theirs and conflict.practice.withdrawn_at is None:
        withdraw_card(practice=conflict.practice, because=conflict.reason)
    is_theirs = bool(chosen) and chosen == open_fields
    conflict.settlement = "theirs" if is_theirs or withdraws else "merged" if chosen else "ours"
    conflict.settled_at, conflict.settled_by = timezone.now(), by
    conflict.save()
    _remember(conflict, is_taken=is_theirs or (withdraws and not conflict.theirs))
    return conflict


def _write(conflict: Conflict, chosen: Collection[str], *, by: User, is_all: bool) -> None:
    slug = conflict.practice.slug
    practice = practices_with_all([slug])[slug]
    row = _mixed(conflict, practice, chosen)
    city = place_municipality(
        name=row.municipality, region_text=row.region, country=row.country, oktmo=row.oktmo
    )
    keep_first_versions([practice], note="as it was before the office settled a conflict")
    if is_all:
        neighbour = conflict.origin.neighbours.order_by("pk").first()
        practice.origin = conflict.origin.address or (neighbour.url if neighbour else _UNKNOWN)
        practice.origin_changed_at = conflict.changed_at
        practice.is_by_its_city = conflict.is_by_its_city
    write_changed([(practice, settled(row, city, row_of(practice)), city)], is_starter=False)
    keep_versions(
        [practice],
        note=f"conflict with {conflict.origin} settled"[:300],
        made_at=timezone.now(),
        makers=Makers(published_by=by),
    )
    ask_for_fresh_index()


def _mixed(conflict: Conflict, practice: Practice, chosen: Collection[str]) -> PracticeRow:
    """The card here with these fields of the one there."""
    ours = content_of(row_of(practice))
    mixed = {
        name: conflict.theirs.get(name) if name in chosen else ours.get(name)
        for name in {*ours, *conflict.theirs}
    }
    try:
        return replace(row_from(mixed | {"id": practice.slug}), id=practice.slug)
    except BadRow as bad:
        words = _("The chosen fields do not go together: %(faults)s")
        raise CannotSettle(words % {"faults": str(bad)}) from bad


def _remember(conflict: Conflict, *, is_taken: bool) -> None:
    """From now on only later changes of the card there ask again."""
    card = ForeignCard.objects.filter(origin=conflict.origin, slug=conflict.slug).first()
    if card is None:
        if not is_taken or ForeignCard.objects.filter(practice=conflict.practice).exists():
            return
        card = ForeignCard(practice=conflict.practice, origin=conflict.origin, slug=conflict.slug)
    card.version, card.changed_at = conflict.version, conflict.changed_at
    card.page = conflict.page or card.page
    card.taken = dict(conflict.theirs)
    card.gone_at = None if conflict.theirs else conflict.settled_at
    card.save()
