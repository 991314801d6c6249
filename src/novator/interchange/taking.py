"""Solutions found elsewhere: one part of another catalogue written here, all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from novator.accounts.queries import roles_on
from novator.cities.models import Municipality
from novator.cities.operations import place_municipality
from novator.drafts.permissions import WRITERS
from novator.interchange.deciding import Decision, decide, own_slugs
from novator.interchange.entries import BadEntry, Entry, EntryFault, Origin, entry_from
from novator.interchange.models import Conflict, ForeignCard, Installation, Neighbour, PassedOn
from novator.interchange.ordering import own_installation
from novator.practices.importing import stated_population
from novator.practices.models import Practice
from novator.practices.operations import ask_for_fresh_index
from novator.practices.publishing import CannotMerge, merge_cards, withdraw_card
from novator.practices.rows import PracticeRow
from novator.practices.versions import content_of, keep_first_versions, keep_versions
from novator.practices.writing import (
    practices_with_all,
    row_of,
    settled,
    write_changed,
    write_new,
)

MOST_FAULTS = 500
MOST_ORIGINS = 50
"""So many third installations are remembered of one neighbour; it cannot fill our tables."""
_AS_FOUND = "as it was before it came from elsewhere"


@dataclass
class PullReport:
    """What was done with the changes of another catalogue, or would have been done."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    own: int = 0
    not_taken: int = 0
    kept: int = 0
    conflicts: int = 0
    bad: int = 0
    parts: int = 0
    faults: list[EntryFault] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    not_taken_from: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers alone, by name."""
        return {name: value for name, value in self.__dict__.items() if isinstance(value, int)}


@dataclass
class _Change:
    """One entry with what was found and decided about it."""

    entry: Entry
    decision: Decision
    installation: Installation
    known: ForeignCard | None
    city: Municipality | None
    wanted: PracticeRow | None


class Taking:
    """Takes one part; lives as long as the caller's transaction."""

    def __init__(self, neighbour: Neighbour, report: PullReport) -> None:
        self.neighbour = neighbour
        self.report = report
        self.now: datetime = timezone.now()
        self.cities: dict[tuple[Any, ...], Municipality] = {}
        self.installations: dict[UUID, Installation] = {}
        self.own = own_installation()
        # Cities that speak for themselves here: nobody elsewhere says what they wrote.
        roles = roles_on(timezone.localdate(self.now)).filter(kind__in=WRITERS)
        self.speaking_here = set(
            roles.filter(municipality__isnull=False, user__is_active=True).values_list(
                "municipality", flat=True
            )
        )
        rows = PassedOn.objects.filter(neighbour=neighbour, is_taken=True)
        self.taken_passed_on = set(rows.values_list("public_id", flat=True))
        self.passed_on: dict[Origin, int] = {}
        self.read_directly = set(
            Neighbour.objects.exclude(pk=neighbour.pk)
            .exclude(installation=None)
            .values_list("installation__public_id", flat=True)
        )

    def take(self, entries: Iterable[Any]) -> None:
        """Write every good entry of a part; faults of the others go into the report."""
        wanted = self._acceptable(entries)
        known = self._known(wanted)
        slugs = {entry.slug for entry in wanted} | {card.practice.slug for card in known.values()}
        slugs |= {slug for _id, slug in self._formerly(wanted)}
        here = practices_with_all(sorted(slugs))
        changes = _one_of_each([self._considered(entry, known, here) for entry in wanted])
        self._write_new([change for change in changes if change.decision.act == "new"])
        self._write_changed([change for change in changes if change.decision.act == "change"])
        for change in changes:
            self._finish(change)
        self._lead_on(wanted)
        self._note_origins()
        if any(change.decision.act in {"new", "change"} for change in changes):
            ask_for_fresh_index()

    def _acceptable(self, entries: Iterable[Any]) -> list[Entry]:
        """Entries that can be read and that we take; of one card only the latest."""
        latest: dict[str, Entry] = {}
        for values in entries:
            try:
                entry = entry_from(values)
            except BadEntry as bad:
                self.report.bad += 1
                self.report.faults += bad.faults[: MOST_FAULTS - len(self.report.faults)]
                continue
            if entry.origin.public_id == self.own.public_id:
                self.report.own += 1
            elif not self._is_taken_from_here(entry):
                self.report.not_taken += 1
            elif entry.global_id not in latest or (
                latest[entry.global_id].changed_at < entry.changed_at
            ):
                latest[entry.global_id] = entry
        return list(latest.values())

    def _is_taken_from_here(self, entry: Entry) -> bool:
        """Whether it may speak of this card: a catalogue that we read itself speaks for its own."""
        installation = self.neighbour.installation
        origin = entry.origin.public_id
        if installation is not None and origin == installation.public_id:
            return True
        if origin in self.read_directly:
            return False
        self.passed_on[entry.origin] = self.passed_on.get(entry.origin, 0) + 1
        is_taken = origin in self.taken_passed_on
        if not is_taken:
            name = f"{origin} {entry.origin.address}".strip()
            refused = self.report.not_taken_from
            if name in refused or len(refused) < MOST_ORIGINS:
                refused[name] = refused.get(name, 0) + 1
        return is_taken

    def _note_origins(self) -> None:
        """Remember whose cards it passes on, so that the office can say of each whether it may."""
        known = {row.public_id: row for row in PassedOn.objects.filter(neighbour=self.neighbour)}
        for origin, cards in self.passed_on.items():
            row = known.get(origin.public_id)
            if row is None and len(known) >= MOST_ORIGINS:
                continue
            row = row or PassedOn(neighbour=self.neighbour, public_id=origin.public_id)
            row.address = row.address or origin.address
            row.cards, row.seen_at = cards, self.now
            row.save()
            known[origin.public_id] = row

    def _known(self, entries: Sequence[Entry]) -> dict[tuple[UUID, str], ForeignCard]:
        """Our copies of these cards, and of those of which a city made its own."""
        ids = {(entry.origin.public_id, entry.slug) for entry in entries}
        ids |= set(self._formerly(entries))
        if not ids:
            return {}
        cards = ForeignCard.objects.filter(
            origin__public_id__in={origin for origin, _slug in ids},
            slug__in={slug for _origin, slug in ids},
        ).select_related("origin", "practice")
        return {(card.origin.public_id, card.slug): card for card in cards}

    def _formerly(self, entries: Collection[Entry]) -> list[tuple[UUID, str]]:
        return [found for entry in entries if (found := _parted(entry.formerly))]

    def _considered(
        self,
        entry: Entry,
        known: dict[tuple[UUID, str], ForeignCard],
        here: dict[str, Practice],
    ) -> _Change:
        card = known.get((entry.origin.public_id, entry.slug))
        practice = here.get(card.practice.slug if card else entry.slug)
        city = self._city(entry.row) if entry.row else None
        wanted = None
        if entry.row and city:
            stored = row_of(practice) if practice else None
            wanted = replace(settled(entry.row, city, stored), id=(practice or entry).slug)
        formerly = self._practice_of(_parted(entry.formerly), known, here)
        decision = decide(entry, wanted=wanted, known=card, here=practice, formerly=formerly)
        if decision.act == "change" and practice is not None and self._is_for_its_city(practice):
            decision = Decision("conflict", practice, "both")
        return _Change(entry, decision, self._installation(entry.origin), card, city, wanted)

    def _is_for_its_city(self, practice: Practice) -> bool:
        """A card of ours about a city that speaks for itself here."""
        return practice.origin == "" and practice.municipality_id in self.speaking_here

    def _practice_of(
        self,
        place: tuple[UUID, str] | None,
        known: dict[tuple[UUID, str], ForeignCard],
        here: dict[str, Practice],
    ) -> Practice | None:
        """The card here that goes by an id of everywhere."""
        if place is None:
            return None
        if place[0] == self.own.public_id:
            practice = here.get(place[1])
            return practice if practice is not None and practice.origin == "" else None
        card = known.get(place)
        return here.get(card.practice.slug) if card else None

    def _city(self, row: PracticeRow) -> Municipality:
        population = stated_population(row)
        key = (row.municipality, row.region, row.country, row.oktmo, population)
        if key not in self.cities:
            self.cities[key] = place_municipality(
                name=row.municipality,
                region_text=row.region,
                country=row.country,
                oktmo=row.oktmo,
                population=population,
            )
        city = self.cities[key]
        shown = f"{city.name_ru} ({city.region_text}, {city.country})"
        if city.latitude is None and shown not in self.report.unplaced:
            self.report.unplaced.append(shown)
        return city

    def _installation(self, origin: Origin) -> Installation:
        if origin.public_id not in self.installations:
            found, _is_new = Installation.objects.get_or_create(
                public_id=origin.public_id, defaults={"address": origin.address}
            )
            self.installations[origin.public_id] = found
        return self.installations[origin.public_id]

    def _write_new(self, changes: Sequence[_Change]) -> None:
        """Write cards that are new here, each under an id that nobody has."""
        rows = []
        taken: set[str] = set()
        for change in changes:
            assert change.city is not None
            slug = self._free_slug(change.entry, taken)
            taken.add(slug)
            assert change.entry.row is not None
            change.wanted = replace(settled(change.entry.row, change.city, None), id=slug)
            rows.append((change.wanted, change.city))
        write_new(rows, is_starter=False)
        written = {p.slug: p for p in Practice.objects.filter(slug__in=taken)}
        for change in changes:
            assert change.wanted is not None
            practice = written[change.wanted.id]
            self._mark(practice, change)
            change.decision = replace(change.decision, practice=practice)
        Practice.objects.bulk_update(
            written.values(), ["origin", "origin_changed_at", "is_by_its_city"]
        )
        self._keep_versions(changes)
        self.report.new += len(changes)

    def _free_slug(self, entry: Entry, taken: set[str]) -> str:
        for slug in own_slugs(entry.slug, self._address_of(entry.origin)):
            if slug not in taken and not Practice.objects.filter(slug=slug).exists():
                return slug
        raise AssertionError

    def _write_changed(self, changes: Sequence[_Change]) -> None:
        """Write copies anew; one that was withdrawn there and is back is back here too."""
        rows = []
        for change in changes:
            practice = change.decision.practice
            assert practice is not None
            assert change.wanted is not None
            assert change.city is not None
            self._mark(practice, change)
            practice.withdrawn_at, practice.withdrawn_because = None, ""
            practice.merged_into = None
            rows.append((practice, change.wanted, change.city))
        keep_first_versions([practice for practice, _row, _city in rows], note=_AS_FOUND)
        write_changed(rows, is_starter=False)
        self._keep_versions(changes)
        self.report.changed += len(changes)

    def _keep_versions(self, changes: Sequence[_Change]) -> None:
        by_origin: dict[str, list[Practice]] = {}
        for change in changes:
            assert change.decision.practice is not None
            name = str(change.installation)
            by_origin.setdefault(name, []).append(change.decision.practice)
        for name, practices in by_origin.items():
            keep_versions(practices, note=f"pulled from {name}"[:300], made_at=self.now)

    def _mark(self, practice: Practice, change: _Change) -> None:
        """Where the card is from stays on it for good."""
        practice.origin = self._provenance(change.installation)
        practice.origin_changed_at = change.entry.changed_at
        is_elsewhere = change.city is None or change.city.pk not in self.speaking_here
        practice.is_by_its_city = change.entry.is_by_its_city and is_elsewhere

    def _provenance(self, installation: Installation) -> str:
        """The origin's address; where it states none, that of the catalogue it came through."""
        return installation.address or self.neighbour.url

    def _address_of(self, origin: Origin) -> Origin:
        """What sets its ids apart from ours: its address, or of a neighbour the one we know."""
        installation = self._installation(origin)
        is_neighbour = installation.pk == self.neighbour.installation_id
        address = self._provenance(installation) if is_neighbour else installation.address
        return Origin(origin.public_id, address)

    def _finish(self, change: _Change) -> None:
        """Remember what was seen of each card, withdraw what is gone, note conflicts."""
        act = change.decision.act
        if act in {"new", "change"}:
            self._remember(change, taken=True)
        elif act == "note":
            self._remember(change, taken=False)
            self.report.unchanged += 1
        elif act == "withdraw":
            self._withdraw(change)
        elif act == "conflict":
            self._note_conflict(change)
        elif act == "kept":
            self.report.kept += 1
        else:
            self.report.unchanged += 1

    def _remember(self, change: _Change, *, taken: bool) -> None:
        entry, practice = change.entry, change.decision.practice
        assert practice is not None
        card = change.known or ForeignCard(
            practice=practice, origin=change.installation, slug=entry.slug
        )
        card.version, card.changed_at = entry.version, entry.changed_at
        card.through, card.page = self.neighbour, entry.page
        card.attachments = [dict(attachment) for attachment in entry.attachments]
        if taken and change.wanted is not None:
            card.taken = content_of(change.wanted)
        card.gone_at = None if entry.row else self.now
        card.merged_into = "" if entry.row else entry.merged_into
        card.save()
        if taken:
            Conflict.objects.filter(
                practice=practice, origin=change.installation, settled_at=None
            ).update(settled_at=self.now, settlement="theirs")

    def _withdraw(self, change: _Change) -> None:
        practice = change.decision.practice
        assert practice is not None
        because = change.entry.reason
        into = self._target(change.entry.merged_into)
        try:
            if into is None:
                withdraw_card(practice=practice, because=because)
            else:
                merge_cards(twin=practice, into=into, because=because)
        except CannotMerge:
            withdraw_card(practice=practice, because=because)
        self._remember(change, taken=False)
        self.report.withdrawn += 1

    def _target(self, global_id: str) -> Practice | None:
        """The card here that goes by an id of everywhere, if it is in the catalogue."""
        place = _parted(global_id)
        if place is None:
            return None
        rows = Practice.objects.published()
        if place[0] == self.own.public_id:
            return rows.filter(slug=place[1], origin="").first()
        is_it = Q(foreign_card__origin__public_id=place[0], foreign_card__slug=place[1])
        return rows.filter(is_it).first()

    def _lead_on(self, entries: Sequence[Entry]) -> None:
        """Lead readers of cards that were merged there to these, now that they are here."""
        arrived = [entry.global_id for entry in entries if entry.row]
        waiting = ForeignCard.objects.filter(
            merged_into__in=arrived, gone_at__isnull=False, practice__merged_into=None
        ).select_related("practice")
        for card in waiting:
            into = self._target(card.merged_into)
            if into is not None and into.pk != card.practice_id and card.practice.withdrawn_at:
                card.practice.merged_into = into
                card.practice.save()

    def _note_conflict(self, change: _Change) -> None:
        """Keep what is here, and ask the office; once for each change there."""
        entry, practice = change.entry, change.decision.practice
        assert practice is not None
        earlier = Conflict.objects.filter(practice=practice, origin=change.installation)
        if earlier.filter(changed_at__gte=entry.changed_at).exists():
            self.report.unchanged += 1
            return
        Conflict.objects.update_or_create(
            practice=practice,
            origin=change.installation,
            settled_at=None,
            defaults={
                "slug": entry.slug,
                "kind": change.decision.conflict,
                "theirs": content_of(change.wanted) if change.wanted else {},
                "reason": entry.reason,
                "version": entry.version,
                "changed_at": entry.changed_at,
                "page": entry.page,
                "is_by_its_city": entry.is_by_its_city,
            },
        )
        self.report.conflicts += 1


def _one_of_each(changes: Sequence[_Change]) -> list[_Change]:
    """Let two origins not write the same card of the package in one part: the second waits."""
    seen: set[int] = set()
    for change in changes:
        practice = change.decision.practice
        if practice is not None and change.decision.act == "change":
            if practice.pk in seen:
                change.decision = Decision("conflict", practice, "both")
            seen.add(practice.pk)
    return list(changes)


def _parted(global_id: str) -> tuple[UUID, str] | None:
    """Part an id of everywhere into origin and id there; None where it is none."""
    origin, _slash, slug = global_id.partition("/")
    try:
        return (UUID(origin), slug) if slug else None
    except ValueError:
        return None
