"""The association: working groups with their people, events with registration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.association.common_permissions import may_keep_groups
from novator.association.mandates import acting_for
from novator.association.models import (
    Gathering,
    GroupMember,
    Member,
    Registration,
    WorkingGroup,
)
from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.core.once import saying_exactly
from novator.council.seen import mark_of_row, must_be_as_seen

_YEARS = range(1900, 2200)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class CannotArrange(Exception):
    """This group or event cannot be made or changed so; the message is fit to show."""


class CannotRegister(Exception):
    """Nobody, or not this person, can register now; the message is fit to show."""


@dataclass(frozen=True)
class GroupFacts:
    """A working group as it is written down."""

    name: str
    starts_on: date
    name_en: str = ""
    purpose: str = ""
    purpose_en: str = ""
    ends_on: date | None = None


@dataclass(frozen=True)
class EventFacts:
    """An event as it is written down; moments know their time zone."""

    name: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str = "Europe/Moscow"
    name_en: str = ""
    description: str = ""
    description_en: str = ""
    place: str = ""
    online: str = ""
    seats: int | None = None
    register_until: datetime | None = None
    is_for_members: bool = False
    group: WorkingGroup | None = None


@transaction.atomic
def make_group(*, slug: str, facts: GroupFacts, by: User, on: date) -> WorkingGroup:
    """
    Make a working group at its address.

    :raises CannotArrange: not the office, or the address is no address or is taken
    """
    _only_office(by, on)
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        raise CannotArrange(_("An address is small Latin letters, digits and single hyphens."))
    _check_group(facts)
    try:
        with transaction.atomic():
            return WorkingGroup.objects.create(slug=slug, made_by=by, **vars(facts))
    except IntegrityError as fault:
        raise CannotArrange(_("There is a group at this address already.")) from fault


@transaction.atomic
def change_group(
    *, group: WorkingGroup, facts: GroupFacts, by: User, on: date, seen: str | None = None
) -> WorkingGroup:
    """
    Change what is said of a group, or end it; `seen` is the mark of the row that the page showed.

    :raises ChangedMeanwhile: somebody else changed it after that
    :raises CannotArrange: not the office, or it would end before it begins
    """
    _only_office(by, on)
    _check_group(facts)
    found = hold(WorkingGroup.objects.all(), group.pk)
    must_be_as_seen(mark_of_row(found), seen)
    for name, value in vars(facts).items():
        setattr(found, name, value)
    found.save()
    return found


def _check_group(facts: GroupFacts) -> None:
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise CannotArrange(_("It cannot end before it begins."))


@transaction.atomic
def join_group(
    *,
    group: WorkingGroup,
    user: User,
    member: Member | None,
    by: User,
    on: date,
    is_chair: bool = False,
) -> GroupMember:
    """
    Name somebody to a group, for a member or of the office.

    :raises CannotArrange: not the office, the group has ended, or the person is in it already
    """
    _only_office(by, on)
    if group.ends_on is not None and group.ends_on < on:
        raise CannotArrange(_("This group has ended."))
    try:
        with transaction.atomic():
            return GroupMember.objects.create(
                group=group,
                user=user,
                member=member,
                is_chair=is_chair,
                starts_on=max(on, group.starts_on),
            )
    except IntegrityError as fault:
        raise CannotArrange(_("This person is in the group already.")) from fault


@transaction.atomic
def leave_group(*, place: GroupMember, by: User, on: date) -> None:
    """
    End somebody's place in a group; whoever has it may lay it down.

    :raises CannotArrange: another person's, and not the office
    """
    if place.user_id != by.pk:
        _only_office(by, on)
    found = hold(GroupMember.objects.all(), place.pk)
    if found.ends_on is None:
        found.ends_on = max(on, found.starts_on)
        found.save()


@transaction.atomic
def make_event(*, facts: EventFacts, by: User, now: datetime) -> Gathering:
    """
    Write an event down; nobody else sees it until it is published.

    :raises CannotArrange: not the office, or its times cannot be
    """
    _only_office(by, timezone.localdate(now))
    _check_event(facts)
    hold(User.objects.all(), by.pk)
    drafts = Gathering.objects.filter(made_by=by, is_published=False, sequence=0)
    if known := saying_exactly(drafts, **vars(facts)).first():
        return known  # the same form sent twice
    return Gathering.objects.create(made_by=by, **vars(facts))


@transaction.atomic
def change_event(
    *, gathering: Gathering, facts: EventFacts, by: User, now: datetime, seen: str | None = None
) -> Gathering:
    """
    Change an event; calendars that hold it take the change over.

    `seen` is the mark of the row that the page showed.

    :raises ChangedMeanwhile: somebody else changed it after that
    :raises CannotArrange: not the office, cancelled, or its times cannot be
    """
    _only_office(by, timezone.localdate(now))
    _check_event(facts)
    found = hold(Gathering.objects.all(), gathering.pk)
    if found.cancelled_because:
        raise CannotArrange(_("A cancelled event cannot be changed."))
    must_be_as_seen(mark_of_row(found), seen)
    for name, value in vars(facts).items():
        setattr(found, name, value)
    found.sequence += 1
    found.save()
    _move_up(found)
    return found


@transaction.atomic
def publish_event(*, gathering: Gathering, by: User, now: datetime) -> Gathering:
    """
    Show an event to everybody.

    :raises CannotArrange: not the office
    """
    _only_office(by, timezone.localdate(now))
    found = hold(Gathering.objects.all(), gathering.pk)
    found.is_published = True
    found.save()
    return found


@transaction.atomic
def cancel_event(*, gathering: Gathering, because: str, by: User, now: datetime) -> Gathering:
    """
    Cancel an event with a reason; it stays visible as cancelled.

    :raises CannotArrange: not the office, or without a reason
    """
    _only_office(by, timezone.localdate(now))
    if not because.strip():
        raise CannotArrange(_("Say why."))
    found = hold(Gathering.objects.all(), gathering.pk)
    found.cancelled_because = because.strip()[:300]
    found.sequence += 1
    found.save()
    return found


def _check_event(facts: EventFacts) -> None:
    moments = (facts.starts_at, facts.ends_at, facts.register_until)
    if any(moment is not None and moment.year not in _YEARS for moment in moments):
        raise CannotArrange(_("The year of an event lies between 1900 and 2199."))
    if facts.ends_at <= facts.starts_at:
        raise CannotArrange(_("It cannot end before it begins."))
    if facts.register_until is not None and facts.register_until > facts.ends_at:
        raise CannotArrange(_("Registration cannot last longer than the event."))
    try:
        ZoneInfo(facts.time_zone)
    except (ValueError, OSError, KeyError) as fault:
        raise CannotArrange(_("There is no such time zone.")) from fault


@transaction.atomic
def register(
    *, gathering: Gathering, user: User, municipality: Municipality | None, now: datetime
) -> Registration:
    """
    Register a person; beyond the seats one waits, and moves up when somebody leaves.

    :raises CannotRegister: over, cancelled, too late, registered already, or only for members
    """
    found = hold(Gathering.objects.all(), gathering.pk)
    until = found.register_until or found.starts_at
    if not found.is_published or found.cancelled_because or until <= now:
        raise CannotRegister(_("Registration is closed."))
    if found.is_for_members and not _is_of_members(user, now):
        raise CannotRegister(_("This event is for members of the association."))
    standing = found.registrations.filter(ended_at=None)
    if standing.filter(user=user).exists():
        raise CannotRegister(_("You are registered already."))
    taken = standing.filter(is_waiting=False).count()
    is_full = found.seats is not None and taken >= found.seats
    return Registration.objects.create(
        gathering=found, user=user, municipality=municipality, is_waiting=is_full, made_at=now
    )


@transaction.atomic
def unregister(*, gathering: Gathering, user: User, now: datetime) -> None:
    """Give a place up; whoever waits longest gets it."""
    found = hold(Gathering.objects.all(), gathering.pk)
    found.registrations.filter(user=user, ended_at=None).update(ended_at=now)
    _move_up(found)


def _move_up(gathering: Gathering) -> None:
    standing = gathering.registrations.filter(ended_at=None)
    taken = standing.filter(is_waiting=False).count()
    waiting = standing.filter(is_waiting=True).order_by("made_at", "id")
    free = waiting.count() if gathering.seats is None else max(0, gathering.seats - taken)
    for row in waiting[:free]:
        row.is_waiting = False
        row.save()


def _is_of_members(user: User, now: datetime) -> bool:
    on = timezone.localdate(now)
    if may_keep_groups(user, on=on) or acting_for(user, on=on):
        return True
    roles = roles_on(on).filter(user=user, municipality__isnull=False)
    cities = roles.values_list("municipality", flat=True)
    standing = Member.objects.filter(municipality__in=cities, standing="admitted")
    return standing.exists()


def _only_office(by: User, on: date) -> None:
    if not may_keep_groups(by, on=on):
        raise CannotArrange(_("This is arranged by the office of the association."))
