"""Solutions found elsewhere: everything that names other catalogues, reads them and takes cards."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.cities.operations import load_gazetteer
from novator.interchange.entries import FeedPart, NotAFeed, Origin, part_from
from novator.interchange.fetching import CannotRead, Fetched, fetch_part, site_address
from novator.interchange.models import Installation, Neighbour, PassedOn
from novator.interchange.ordering import own_installation, tell_again
from novator.interchange.taking import PullReport, Taking

ENTRIES_AT_ONCE = 100
MOST_PARTS = 10_000
READ_NEIGHBOUR = "novator.interchange.read_neighbour"
_KEPT_FAULTS = 100

Progress = Callable[[int, int], None]


class Read(Protocol):
    """Asks a site for its changes; `fetching.fetch_part` does it over the web."""

    def __call__(
        self, site: str, *, since: str, etag: str, limit: int, may_be_private: bool
    ) -> Fetched: ...


@transaction.atomic
def add_neighbour(*, url: str, name: str = "", may_be_private: bool = False) -> Neighbour:
    """
    Name a catalogue that we read; one that is known already stays as it is.

    :raises CannotRead: it is no address of a site
    """
    neighbour, _is_new = Neighbour.objects.get_or_create(
        url=site_address(url), defaults={"name": name.strip()[:120]}
    )
    if may_be_private and not neighbour.may_be_private:
        neighbour.may_be_private = True
        neighbour.save()
    return neighbour


def change_neighbour(*, neighbour: Neighbour, name: str, rhythm: str) -> Neighbour:
    """Change what the office may decide about a catalogue that we read."""
    neighbour.name, neighbour.rhythm = name.strip()[:120], rhythm
    neighbour.save()
    return neighbour


@transaction.atomic
def take_passed_on(*, neighbour: Neighbour, origins: Collection[UUID]) -> Neighbour:
    """
    Take from this catalogue, beside its own cards, those of these installations and no others.

    If one is new, the whole catalogue is read again. Cards that are here already stay.
    """
    known = {row.public_id: row for row in neighbour.passed_on.select_for_update()}
    for public_id in set(origins) | set(known):
        row = known.get(public_id) or PassedOn(neighbour=neighbour, public_id=public_id)
        is_wanted = public_id in origins
        if is_wanted and not row.is_taken:
            neighbour.cursor = neighbour.etag = ""
        if is_wanted != row.is_taken or row.pk is None:
            row.is_taken = is_wanted
            row.save()
    neighbour.save()
    return neighbour


@transaction.atomic
def forget_neighbour(*, neighbour: Neighbour) -> None:
    """Read this catalogue no more; the cards that came from it stay, with where they are from."""
    neighbour.delete()


@transaction.atomic
def begin_anew(*, neighbour: Neighbour) -> Neighbour:
    """Read the whole catalogue again next time, even if another installation answers there now."""
    neighbour.cursor = neighbour.etag = ""
    neighbour.installation = None
    neighbour.save()
    return neighbour


@transaction.atomic
def pass_on(*, is_wanted: bool) -> Installation:
    """Offer cards of others too, or no more; those that are here already are told again."""
    own = own_installation()
    if is_wanted and not own.passes_on:
        tell_again(foreign_only=True)
    own.passes_on = is_wanted
    own.save(update_fields=["passes_on"])
    return own


@transaction.atomic
def ask_to_read(*, neighbour: Neighbour) -> None:
    """Have a catalogue read by the worker; harmless if it is asked for already."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    task = app.configure_task(READ_NEIGHBOUR, queueing_lock=f"read_neighbour {neighbour.pk}")
    try:
        with transaction.atomic():
            task.defer(neighbour_id=neighbour.pk)
    except AlreadyEnqueued:
        return
    Neighbour.objects.filter(pk=neighbour.pk).update(outcome="asked")


def read_neighbour(
    *,
    neighbour: Neighbour,
    from_start: bool = False,
    dry_run: bool = False,
    most_parts: int = MOST_PARTS,
    read: Read = fetch_part,
    progress: Progress | None = None,
) -> PullReport:
    """
    Take over what changed in another catalogue since it was last read.

    Each part and the place where the next begins are written in one transaction: whenever it is
    killed, it goes on from there, and what is read twice changes nothing. A dry run reports the
    same and leaves nothing.

    :raises CannotRead: the other side does not answer, or not as it did; what was taken stays
    """
    if not dry_run:
        return _read_and_record(neighbour, from_start, most_parts, read, progress)
    with transaction.atomic():
        try:
            return _Reading(neighbour, from_start, read).run(most_parts, progress)
        finally:
            transaction.set_rollback(True)


def _read_and_record(
    neighbour: Neighbour,
    from_start: bool,
    most_parts: int,
    read: Read,
    progress: Progress | None,
) -> PullReport:
    reading = _Reading(neighbour, from_start, read)
    try:
        report = reading.run(most_parts, progress)
    except CannotRead as refusal:
        _record(neighbour, reading.report, "failed", refusal.code, refusal.detail)
        raise
    _record(neighbour, report, "done" if reading.is_done else "unfinished")
    return report


def _record(
    neighbour: Neighbour, report: PullReport, outcome: str, failure: str = "", detail: str = ""
) -> None:
    Neighbour.objects.filter(pk=neighbour.pk).update(
        outcome=outcome,
        failure=failure,
        failure_detail=detail,
        read_at=timezone.now(),
        counts=report.counts,
        faults=[asdict(fault) for fault in report.faults[:_KEPT_FAULTS]],
        unplaced=report.unplaced[:_KEPT_FAULTS],
    )


class _Reading:
    """One run over the changes of another catalogue, part by part."""

    def __init__(self, neighbour: Neighbour, from_start: bool, read: Read) -> None:
        self.neighbour = neighbour
        self.read = read
        self.report = PullReport()
        self.cursor = "" if from_start else neighbour.cursor
        self.etag = "" if from_start else neighbour.etag
        self.stored = neighbour.cursor
        self.is_done = False

    def run(self, most_parts: int, progress: Progress | None) -> PullReport:
        """Read until the end, or so many parts."""
        done = 0
        seen = {self.cursor}
        for _number in range(most_parts):
            fetched = self.read(
                self.neighbour.url,
                since=self.cursor,
                etag=self.etag,
                limit=ENTRIES_AT_ONCE,
                may_be_private=self.neighbour.may_be_private,
            )
            if fetched.content is None:
                self.is_done = True
                break
            part = _checked(fetched.content)
            if part.remaining and part.cursor in seen:
                words = _("The other catalogue tells the same again and again.")
                raise CannotRead("format", words)
            seen.add(part.cursor)
            self._take(part, fetched.etag)
            done += len(part.entries)
            if progress:
                progress(done, done + part.remaining)
            if not part.remaining:
                self.is_done = True
                break
        return self.report

    @transaction.atomic
    def _take(self, part: FeedPart, etag: str) -> None:
        """Write a part and where the next begins, both or neither."""
        stored = Neighbour.objects.select_for_update().filter(pk=self.neighbour.pk).first()
        if stored is None or stored.cursor != self.stored:
            words = _("This catalogue is being read by another process at the moment.")
            raise CannotRead("busy", words)
        self.neighbour.installation = stored.installation = _who_answers(stored, part.installation)
        load_gazetteer()
        Taking(stored, self.report).take(part.entries)
        self.report.parts += 1
        stored.etag = etag if part.cursor == self.cursor else ""
        stored.cursor, stored.outcome = part.cursor, "unfinished"
        stored.save()
        self.cursor = self.stored = part.cursor
        self.etag = stored.etag


def _checked(content: Any) -> FeedPart:
    try:
        return part_from(content)
    except NotAFeed as refusal:
        raise CannotRead("format", str(refusal)) from refusal


def _who_answers(neighbour: Neighbour, says: Origin) -> Installation:
    """
    The installation that answers at a neighbour's address: always the same, and never ourselves.

    :raises CannotRead: another one, we, or one that another neighbour is already
    """
    own = own_installation()
    if says.public_id == own.public_id:
        words = _("%(site)s is this installation itself.")
        raise CannotRead("itself", words % {"site": neighbour.url})
    others = Neighbour.objects.exclude(pk=neighbour.pk).filter(
        installation__public_id=says.public_id
    )
    if (other := others.first()) is not None:
        words = _(
            "%(site)s says that it is %(other)s, which is read already. If that one has moved, "
            "read it no more at its old address first."
        )
        raise CannotRead("impostor", words % {"site": neighbour.url, "other": other.url}, other.url)
    known = neighbour.installation
    if known is not None and known.public_id != says.public_id:
        words = _(
            "Another installation than before answers at %(site)s. If that is right, begin anew"
            " with it: on the page of the office, or with --all."
        )
        raise CannotRead("another", words % {"site": neighbour.url})
    found, _is_new = Installation.objects.get_or_create(public_id=says.public_id)
    if found.address != says.address and _is_believed(neighbour, says.address):
        found.address = says.address
        found.save(update_fields=["address"])
    return found


def _is_believed(neighbour: Neighbour, address: str) -> bool:
    """Whether what a site says of its address fits where it answered: the same host."""
    host = urlsplit(address).hostname
    return bool(host) and (neighbour.may_be_private or host == urlsplit(neighbour.url).hostname)
