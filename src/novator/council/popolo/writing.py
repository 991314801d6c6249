"""Who decides: facts of a file into the tables, in bulk, in the order of their references."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _

from novator.cities.romanise import slug_of
from novator.council.models import Person
from novator.council.people import search_keys
from novator.council.popolo.facts import Facts, Values
from novator.council.popolo.faults import Fault, Import
from novator.council.popolo.tables import TABLES, Column, Part, Table
from novator.council.popolo.world import World

_BATCH = 1000
_OF_SESSION = ("sessions", "items", "motions", "vote_events", "speeches", "protocols")

Progress = Callable[[int, int], None]


@dataclass
class Plan:
    """What an import would do; `without_file` counts files that do not lie here."""

    world: World
    new: dict[str, list[Facts]] = field(default_factory=dict)
    changed: dict[str, list[Facts]] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    without_file: int = 0

    def tell(self, report: Import) -> None:
        """Count into the report."""
        report.new.update({name: len(rows) for name, rows in self.new.items() if rows})
        report.changed.update({name: len(rows) for name, rows in self.changed.items() if rows})
        report.unchanged.update({name: count for name, count in self.unchanged.items() if count})
        report.kept.update({name: count for name, count in self.kept.items() if count})
        if self.without_file:
            words = _("Files do not travel with this format; left out: %(count)s.")
            report.notes.append(words % {"count": self.without_file})


def plan_of(world: World, *, only_new: bool = False) -> Plan:
    """Compare the file with what is stored."""
    plan = Plan(world)
    plan.without_file = _forget_files(world)
    for table in TABLES:
        name = table.name
        plan.new[name], plan.changed[name] = [], []
        plan.unchanged[name] = plan.kept[name] = 0
        for facts in world.given[name].values():
            stored = world.stored[name].get(facts.id)
            if stored is None:
                plan.new[name].append(facts)
                continue
            if name == "persons":
                facts.values["slug"] = stored.values["slug"]  # an address stays
            if facts.values == stored.values and _same_parts(table, facts, stored):
                plan.unchanged[name] += 1
            elif only_new:
                plan.kept[name] += 1
            else:
                plan.changed[name].append(facts)
    return plan


def faults_of_plan(plan: Plan) -> list[Fault]:
    """What is signed is changed by a new version of the protocol alone; a version never is."""
    words = _("This version of a protocol is signed here and says otherwise.")
    mend = _("A version is never changed: take it out of the file.")
    found = [Fault(facts.pointer, "K7.fixed", words, mend) for facts in plan.changed["protocols"]]
    for name in _OF_SESSION:
        for facts in (*plan.new[name], *plan.changed[name]):
            session = plan.world.stored["sessions"].get(_session_of(name, facts, plan.world) or "")
            if session is not None and session.values["state"] == "signed":
                words = _("The protocol of this session is signed, and the file says otherwise.")
                mend = _("Correct the session here, as a new version of its protocol.")
                found.append(Fault(facts.pointer, "K7.fixed", words, mend))
    return found


def write(plan: Plan, progress: Progress | None = None) -> None:
    """Write what is new and what has changed."""
    total = sum(len(rows) for rows in (*plan.new.values(), *plan.changed.values()))
    done = 0
    for table in TABLES:
        for rows in _in_order(table, plan.new[table.name]):
            _create(table, rows, plan.world)
            done += len(rows)
            if progress:
                progress(done, total)
        for facts in plan.changed[table.name]:
            _change(table, facts, plan.world)
        done += len(plan.changed[table.name])
    for table in TABLES:
        _write_parts(table, plan)
    if progress:
        progress(total, total)


def _session_of(name: str, facts: Facts, world: World) -> str | None:
    if name == "sessions":
        return facts.id
    if name in {"items", "protocols"}:
        return str(facts.values["session"])
    motion = world.get("motions", facts.values["motion"]) if name == "vote_events" else facts
    item = world.get("items", motion.values["item"]) if motion else None
    return str(item.values["session"]) if item else None


def _same_parts(table: Table, facts: Facts, stored: Facts) -> bool:
    return all(_sorted(facts.parts[part.name]) == _sorted(stored.parts[part.name])
               for part in table.parts)  # fmt: skip


def _sorted(rows: Iterable[Values]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _forget_files(world: World) -> int:
    """Files that do not lie here are not referred to."""
    count = 0
    for facts in world.given["papers"].values():
        if facts.values["file"] and facts.values["file"] not in world.files:
            facts.values["file"] = None
            count += 1
    for facts in world.given["decisions"].values():
        there = [row for row in facts.parts["files"] if row["file"] in world.files]
        count += len(facts.parts["files"]) - len(there)
        facts.parts["files"] = there
    return count


def _in_order(table: Table, rows: list[Facts]) -> Iterator[list[Facts]]:
    """Rows of one table that refer to each other: those first to which others refer."""
    own = [column.field for column in table.columns if column.to == table.name]
    if not own:
        yield from ([rows] if rows else [])
        return
    waiting = {facts.id: facts for facts in rows}
    while waiting:
        ready = [
            facts
            for facts in waiting.values()
            if not any(facts.values[name] in waiting for name in own)
        ] or list(waiting.values())
        yield ready
        for facts in ready:
            del waiting[facts.id]


def _create(table: Table, rows: list[Facts], world: World) -> None:
    made = [table.model(**_columns(table.columns, facts.values, world)) for facts in rows]
    if table.name != "sources":
        for row, facts in zip(made, rows, strict=True):
            row.public_id = facts.id  # type: ignore[attr-defined]
    if table.name == "persons":
        _name_people([row for row in made if isinstance(row, Person)])
    table.model._default_manager.bulk_create(made, batch_size=_BATCH)
    for row, facts in zip(made, rows, strict=True):
        facts.pk = row.pk


def _change(table: Table, facts: Facts, world: World) -> None:
    columns: dict[str, Any] = _columns(table.columns, facts.values, world)
    if table.name == "persons":
        columns["keys"] = search_keys(Person(**columns))
    names = {column.name for column in table.model._meta.get_fields()}
    if "revision" in names:
        columns["revision"] = F("revision") + 1
    table.model._default_manager.filter(pk=facts.pk).update(**columns)


def _columns(columns: Iterable[Column], values: Values, world: World) -> dict[str, Any]:
    """Values as the table has them: identifiers become keys."""
    found: dict[str, Any] = {}
    for column in columns:
        if column.kind not in {"ref", "source", "file"}:
            found |= {name: values[name] for name in column.fields}
            continue
        key = values[column.field]
        found[f"{column.field}_id"] = None if key is None else _pk(column, key, world)
    return found


def _pk(column: Column, key: str, world: World) -> int:
    if column.kind == "file":
        return world.files[key]
    if column.to == "areas":
        return world.areas[key]
    facts = world.get(column.to, key)
    assert facts is not None
    return facts.pk


def _name_people(people: list[Person]) -> None:
    """Addresses that nobody has, and keys by which people are found."""
    bases = {(person.slug or slug_of(person.name) or "person") for person in people}
    wanted = set(bases)
    taken = set(Person.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    for person in people:
        person.slug = _free(person.slug or slug_of(person.name) or "person", taken)
        taken.add(person.slug)
        person.keys = search_keys(person)


def _free(base: str, taken: set[str]) -> str:
    found, number = base, 2
    while found in taken or (found != base and Person.objects.filter(slug=found).exists()):
        found = f"{base}-{number}"
        number += 1
    return found


def _write_parts(table: Table, plan: Plan) -> None:
    for part in table.parts:
        stale = [
            facts.pk
            for facts in plan.changed[table.name]
            if not _same_part(part, facts, plan.world.stored[table.name][facts.id])
        ]
        if stale:
            part.model._default_manager.filter(**{f"{part.parent}__in": stale}).delete()
        fresh = [facts for facts in plan.changed[table.name] if facts.pk in set(stale)]
        _create_parts(part, [*plan.new[table.name], *fresh], plan.world)


def _same_part(part: Part, facts: Facts, stored: Facts) -> bool:
    return _sorted(facts.parts[part.name]) == _sorted(stored.parts[part.name])


def _create_parts(part: Part, owners: list[Facts], world: World) -> None:
    rows: list[Model] = []
    for facts in owners:
        for values in facts.parts[part.name]:
            columns = _columns(part.columns, values, world)
            rows.append(part.model(**{f"{part.parent}_id": facts.pk}, **columns))
            if len(rows) == 5 * _BATCH:
                part.model._default_manager.bulk_create(rows, batch_size=_BATCH)
                rows = []
    part.model._default_manager.bulk_create(rows, batch_size=_BATCH)
