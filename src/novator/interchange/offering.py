"""Solutions offered: our cards as other installations read them, in the order of their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from novator.interchange.models import Change, ForeignCard, Installation
from novator.interchange.ordering import own_installation, place_changes
from novator.practices.exporting import values_of
from novator.practices.models import Attachment, Practice, Version
from novator.practices.writing import row_of, with_children


@dataclass(frozen=True)
class Offered:
    """One card, or the tombstone of one, with where it is from; `card` is None for a tombstone."""

    origin: Installation
    slug: str
    practice: Practice
    version: int
    changed_at: datetime
    card: dict[str, Any] | None = None
    attachments: Sequence[Attachment] = ()
    foreign_attachments: Sequence[dict[str, Any]] = ()
    page: str = ""
    formerly: str = ""
    merged_into: str = ""

    @property
    def global_id(self) -> str:
        """Its id in every installation."""
        return f"{self.origin.public_id}/{self.slug}"


@dataclass(frozen=True)
class OfferedPart:
    """A part of our changes; `cursor` is where the next part begins."""

    installation: Installation
    entries: Sequence[Offered]
    cursor: int
    remaining: int = 0


@dataclass
class _Known:
    """What is known of many cards at once, so that each part costs the same few queries."""

    own: Installation
    foreign: dict[int, ForeignCard]
    versions: dict[int, int]
    attachments: dict[int, list[Attachment]] = field(default_factory=dict)


def offered_part(*, since: int, limit: int) -> OfferedPart:
    """
    Tell what changed behind a position: at most `limit` entries, each card once, the latest.

    Our own cards; those of the package that nobody has changed are nobody's own, and those of
    others are told only if the office wants that. Costs a fixed number of queries.
    """
    end = place_changes()
    own = _with_address(own_installation())
    rows = _offered(own).filter(position__gt=since, position__lte=end)
    told = rows.order_by("position").values_list("practice_id", "position")[:limit]
    positions = {practice: position for practice, position in told if position is not None}
    found = with_children(Practice.objects.filter(pk__in=positions)).select_related("merged_into")
    practices = sorted(found, key=lambda practice: positions[practice.pk])
    known = _known_of(own, practices)
    is_all = len(positions) < limit
    cursor = end if is_all else max(positions.values())
    return OfferedPart(
        installation=own,
        entries=[_entry(practice, known) for practice in practices],
        cursor=max(cursor, since),
        remaining=0 if is_all else rows.filter(position__gt=cursor).count(),
    )


def _with_address(own: Installation) -> Installation:
    """Ours, with the public address that the operator has stated, if any."""
    own.address = str(settings.SITE_URL)
    return own


def _offered(own: Installation) -> QuerySet[Change]:
    """Changes of cards that are ours; of others those that their origin still answers for."""
    is_ours = Q(practice__origin="", practice__is_starter=False)
    is_passed_on = Q(practice__foreign_card__isnull=False) & ~Q(practice__origin="")
    is_kept = Q(practice__withdrawn_at=None) | Q(practice__foreign_card__gone_at__isnull=False)
    return Change.objects.filter(
        is_ours | (is_passed_on & is_kept if own.passes_on else Q(pk=None))
    )


def _known_of(own: Installation, practices: Sequence[Practice]) -> _Known:
    ids = {practice.pk for practice in practices}
    ids |= {practice.merged_into_id for practice in practices if practice.merged_into_id}
    foreign = ForeignCard.objects.filter(practice__in=ids).select_related("origin")
    numbers = Version.objects.filter(practice__in=ids).order_by()
    known = _Known(
        own=own,
        foreign={card.practice_id: card for card in foreign},
        versions=dict(numbers.values_list("practice").annotate(Max("number"))),
    )
    attached = Attachment.objects.filter(practice__in=ids).select_related("file")
    for attachment in attached.order_by("practice_id", "position"):
        known.attachments.setdefault(attachment.practice_id, []).append(attachment)
    return known


def _entry(practice: Practice, known: _Known) -> Offered:
    foreign = known.foreign.get(practice.pk)
    is_ours = foreign is None or practice.origin == ""
    card = None if practice.withdrawn_at else values_of(row_of(practice))
    if foreign is None or is_ours:
        return Offered(
            origin=known.own,
            slug=practice.slug,
            practice=practice,
            version=known.versions.get(practice.pk, 1),
            changed_at=practice.changed_at,
            card=card,
            attachments=known.attachments.get(practice.pk, ()),
            formerly=foreign.global_id if foreign else "",
            merged_into=_global_id_of(practice.merged_into, known),
        )
    return Offered(
        origin=foreign.origin,
        slug=foreign.slug,
        practice=practice,
        version=foreign.version,
        changed_at=foreign.changed_at,
        card=card and card | {"id": foreign.slug},
        foreign_attachments=foreign.attachments,
        page=foreign.page,
        merged_into=foreign.merged_into,
    )


def _global_id_of(practice: Practice | None, known: _Known) -> str:
    if practice is None:
        return ""
    foreign = known.foreign.get(practice.pk)
    if foreign is not None and practice.origin:
        return foreign.global_id
    return f"{known.own.public_id}/{practice.slug}"
