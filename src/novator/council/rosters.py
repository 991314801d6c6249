"""Who decides: many people enter a body at once, from a list with one of them a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from novator.core.partial_dates import UNKNOWN, Partial
from novator.council.bodies import found_organization
from novator.council.composition import plain_name
from novator.council.memberships import begin_membership
from novator.council.models import ROLES, Membership, Organization, Person, Source
from novator.council.naming import people_called
from novator.council.people import add_person
from novator.council.refusals import CannotRecord

MOST = 300
_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s*")
_ROLE_WORDS = {
    "председатель": "chair",
    "заместитель председателя": "deputy_chair",
    "секретарь": "secretary",
    "член": "member",
    "руководитель": "chair",
    "заместитель руководителя": "deputy_chair",
    "глава": "head",
    "заместитель главы": "deputy_head",
}


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line of the list."""

    line: int
    text: str
    rule: str
    words: str


class RosterRefused(Exception):
    """Some lines cannot be recorded; nothing was."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__(
            " ".join(
                _("Line %(line)s: %(words)s") % {"line": fault.line, "words": fault.words}
                for fault in faults
            )
        )
        self.faults = faults


@dataclass(frozen=True)
class Line:
    """One line as it was read: a name, and what stands behind it."""

    number: int
    text: str
    name: str
    cells: tuple[str, ...]

    def cell(self, place: int) -> str:
        """What stands in a column behind the name; "" for nothing."""
        return self.cells[place] if place < len(self.cells) else ""


def read_lines(text: str) -> list[Line]:
    """Lines of a list: name, then columns parted by tabs or semicolons; numbers are dropped."""
    found = []
    for number, written in enumerate(text.splitlines(), start=1):
        cells = [" ".join(cell.split()) for cell in re.split(r"[\t;]", _NUMBER.sub("", written))]
        if cells[0]:
            found.append(Line(number, written.strip(), cells[0], tuple(cells[1:])))
    return found


@transaction.atomic
def enter_roster(
    *,
    body: Organization,
    text: str,
    starts: Partial = UNKNOWN,
    is_founding: bool = False,
    source: Source | None = None,
) -> list[Membership]:
    """
    Record everybody of the list in a body, all or nobody.

    In a convocation: name; faction; party or list; how the seat was won. Elsewhere: name; role;
    what it is called. Whoever is known in this municipality by that name is that person, others
    are added.
    `is_founding`: factions and parties that are named for the first time are founded.

    :raises RosterRefused: with each line that is at fault
    """
    lines = read_lines(text)
    if not lines:
        raise RosterRefused([LineFault(1, "", "missing", _("The list is empty."))])
    if len(lines) > MOST:
        words = _("The list is longer than %(most)s lines.") % {"most": MOST}
        raise RosterRefused([LineFault(MOST + 1, "", "too_long", words)])
    known = list(
        Person.objects.filter(memberships__organization__municipality=body.municipality)
        .exclude(memberships__isnull=True)
        .distinct()
        .order_by("id")
    )
    made: list[Membership] = []
    faults: list[LineFault] = []
    for line in lines:
        try:
            with transaction.atomic():
                person = _person(line.name, known, source)
                made += _enter(line, person, body, starts, is_founding, source)
        except CannotRecord as refusal:
            fault = LineFault(line.number, line.text[:120], refusal.rule, str(refusal))
            if not _is_told(fault, faults):
                faults.append(fault)
    if faults:
        raise RosterRefused(faults)
    return made


def _is_told(fault: LineFault, faults: Sequence[LineFault]) -> bool:
    """Whether an unknown faction or party was named by a line before: it is founded once."""
    is_unknown = fault.rule in {"K1.unknown_faction", "K1.unknown_party"}
    return is_unknown and any(fault.words == before.words for before in faults)


def _person(name: str, known: list[Person], source: Source | None) -> Person:
    meant = people_called(name, known)
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise CannotRecord(
            "two_of_a_name",
            _("“%(name)s” may be more than one person.") % {"name": name},
            _("Write the whole name, with the patronymic."),
        )
    if len(name.split()) < 2 or re.search(r"\b\w\.", name):
        raise CannotRecord(
            "whole_name",
            _("“%(name)s” is nobody known here.") % {"name": name},
            _("Write the whole name of somebody new."),
        )
    person = add_person(name=name, source=source)
    known.append(person)
    return person


def _enter(
    line: Line,
    person: Person,
    body: Organization,
    starts: Partial,
    is_founding: bool,
    source: Source | None,
) -> list[Membership]:
    if body.kind != "convocation":
        role, label = _role(line.cell(0), line.cell(1))
        return [
            begin_membership(
                person=person,
                organization=body,
                role=role,
                label=label,
                starts=starts,
                source=source,
            )
        ]
    faction = _part(line.cell(0), "faction", body, is_founding)
    party = _part(line.cell(1), "party", body, is_founding)
    seat = begin_membership(
        person=person,
        organization=body,
        role="deputy",
        starts=starts,
        on_behalf_of=party,
        election=line.cell(2)[:200],
        source=source,
    )
    if faction is None:
        return [seat]
    member = begin_membership(person=person, organization=faction, starts=starts, source=source)
    return [seat, member]


def _role(written: str, label: str) -> tuple[str, str]:
    """A role by its code or Russian word; what is neither is what the member is called."""
    folded = written.casefold()
    if not written or folded in ROLES:
        return folded or "member", label
    if folded in _ROLE_WORDS:
        return _ROLE_WORDS[folded], label
    return "other", label or written


def _part(
    name: str, kind: str, convocation: Organization, is_founding: bool
) -> Organization | None:
    """A faction of this convocation, or a party, by its name; founded if that was asked for."""
    if not name or name in {"-", "—", "–"}:
        return None
    rows = Organization.objects.filter(kind=kind)
    if kind == "faction":
        rows = rows.filter(parent__in=[convocation.pk, convocation.parent_id])
    for row in rows.order_by("id"):
        names = (row.name, row.short_name, row.name_en, row.short_name_en)
        if plain_name(name) in {plain_name(one) for one in names if one}:
            return row
    if not is_founding:
        raise CannotRecord(
            "K1.unknown_faction" if kind == "faction" else "K1.unknown_party",
            _("There is no “%(name)s” here yet.") % {"name": name},
            _("Found it first, or tick that new ones are founded."),
        )
    if kind == "party":
        return found_organization(kind="party", name=name)
    place = convocation.parts.filter(kind="faction").count() + 1
    return found_organization(kind="faction", parent=convocation, name=name, position=place)
