"""Who decides: a file's facts together with what the database holds of the same and around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from novator.cities.models import Municipality
from novator.council.models import Source
from novator.council.popolo.facts import Facts, Known, Values, defaults_of, read_facts
from novator.council.popolo.tables import BY_NAME, MEMBERSHIPS, TABLES, Column, Table
from novator.council.popolo.words import source_id
from novator.files.models import StoredFile

_FOLLOWED = ("motions", "items", "sessions", "posts", "organizations")
_BATCH = 5000


@dataclass
class World:
    """`given` is the file's, `stored` the database's; `pks` where something is stored already."""

    given: Known
    stored: Known = field(default_factory=lambda: {table.name: {} for table in TABLES})
    areas: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    def get(self, table: str, key: str | None) -> Facts | None:
        """An object as it will be after the import."""
        if key is None:
            return None
        return self.given[table].get(key) or self.stored[table].get(key)

    def has(self, table: str, key: str) -> bool:
        """Whether there is such an object in the file or in the database."""
        if table == "areas":
            return key in self.areas
        return key in self.given[table] or key in self.stored[table]

    def all(self, table: str) -> Iterator[Facts]:
        """All that are known of a kind, the file's first."""
        yield from self.given[table].values()
        for key, facts in self.stored[table].items():
            if key not in self.given[table]:
                yield facts


def world_of(given: Known, areas: dict[str, int]) -> World:
    """Look up what the file names: the same objects, what they refer to, and what these do."""
    world = World(given, areas=areas)
    wanted: dict[str, set[str]] = {name: set(rows) for name, rows in given.items()}
    for table, facts in _each(given):
        _want(wanted, _refs_of(table, facts))
    while wanted:
        fresh = _load(world, wanted)
        wanted = {}
        for name in _FOLLOWED:
            for facts in fresh.get(name, {}).values():
                _want(wanted, _refs_of(BY_NAME[name], facts))
        councils = {facts.values["council"] for facts in fresh.get("decisions", {}).values()}
        _want(wanted, (("organizations", key) for key in councils))
        wanted = {
            name: keys - set(world.stored[name]) - set(given[name])
            for name, keys in wanted.items()
            if name != "areas"
        }
        wanted = {name: keys for name, keys in wanted.items() if keys}
    _load_places(world)
    _load_files(world)
    _complete(world)
    _load_members(world)
    return world


def refs_in(columns: Iterable[Column], values: Values) -> Iterator[tuple[Column, str]]:
    """The references of a row."""
    for column in columns:
        if column.kind in {"ref", "source"} and values.get(column.field):
            yield column, values[column.field]


def _each(known: Known) -> Iterator[tuple[Table, Facts]]:
    for table in TABLES:
        for facts in known[table.name].values():
            yield table, facts


def _refs_of(table: Table, facts: Facts) -> Iterator[tuple[str, str]]:
    for column, key in refs_in(table.columns, facts.values):
        yield column.to, key
    for part in table.parts:
        for values in facts.parts.get(part.name, ()):
            for column, key in refs_in(part.columns, values):
                yield column.to, key


def _want(wanted: dict[str, set[str]], refs: Iterable[tuple[str, str]]) -> None:
    for name, key in refs:
        wanted.setdefault(name, set()).add(key)


def _load(world: World, wanted: dict[str, set[str]]) -> Known:
    fresh: Known = {}
    for name, keys in wanted.items():
        if name == "areas":
            continue
        if name == "sources":
            fresh[name] = _sources(keys, world.given["sources"])
        else:
            found: dict[str, Facts] = {}
            good = sorted(key for key in keys if _is_uuid(key))
            for start in range(0, len(good), _BATCH):
                rows = Q(public_id__in=good[start : start + _BATCH])
                found |= read_facts(BY_NAME[name], rows)
            fresh[name] = found
        world.stored[name] |= fresh[name]
    return fresh


def _sources(keys: set[str], given: dict[str, Facts]) -> dict[str, Facts]:
    titles = {facts.values["title"] for facts in given.values()}
    missing = keys - set(given)
    rows = Q(title__in=titles)
    if missing:  # few: a file that cites what it does not bring
        named = Source.objects.values_list("pk", "url", "title")
        rows |= Q(pk__in=[pk for pk, url, title in named if source_id(url, title) in missing])
    return read_facts(BY_NAME["sources"], rows)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _load_places(world: World) -> None:
    named = {
        key for table, facts in _each(world.given) for to, key in _refs_of(table, facts)
        if to == "areas"
    }  # fmt: skip
    missing = named - set(world.areas)
    rows = Municipality.objects.filter(slug__in=missing).values_list("slug", "pk")
    world.areas |= dict(rows)


def _load_files(world: World) -> None:
    """Files travel by themselves: here only those that lie here already."""
    named = {facts.values.get("file") for facts in world.given["papers"].values()}
    for facts in world.given["decisions"].values():
        named |= {values["file"] for values in facts.parts.get("files", ())}
    good = [key for key in named if key and _is_uuid(key)]
    rows = StoredFile.objects.filter(public_id__in=good).values_list("public_id", "pk")
    world.files = {str(key): pk for key, pk in rows}


def _complete(world: World) -> None:
    """Fill in what a file does not say: as it is stored, else as a new row begins."""
    for table, facts in _each(world.given):
        known = world.stored[table.name].get(facts.id)
        base = known.values if known else defaults_of(table.model, table.columns)
        facts.values = base | facts.values
        facts.pk = known.pk if known else 0
        for part in table.parts:
            if part.name not in facts.parts:
                facts.parts[part.name] = known.parts[part.name] if known else []


def _load_members(world: World) -> None:
    """Memberships that the file does not bring, of its posts and of the councils that vote."""
    posts = {facts.values["post"] for facts in world.given["memberships"].values()} - {None}
    bodies = {facts.id for facts in world.all("organizations")}
    people = {facts.values["person"] for facts in world.given["memberships"].values()}
    if not (posts or world.given["vote_events"] or people):
        return
    councils = {
        facts.values["council"] for facts in world.all("sessions")
    } if world.given["vote_events"] else set()  # fmt: skip
    within = Q(organization__public_id__in=councils) | Q(
        organization__parent__public_id__in=councils
    )
    within |= Q(organization__parent__parent__public_id__in=councils)
    rows = Q(post__public_id__in=[post for post in posts if post]) | Q(
        person__public_id__in=list(people)
    )
    found = read_facts(MEMBERSHIPS, (rows | within) if councils else rows)
    world.stored["memberships"] |= found
    more: dict[str, set[str]] = {}
    _want(more, (("organizations", facts.values["organization"]) for facts in found.values()))
    missing = more.get("organizations", set()) - bodies
    if missing:
        _load(world, {"organizations": missing})


def council_of_body(body: Facts, world: World) -> str | None:
    """The council to which a convocation, a faction or a committee belongs."""
    seen: Iterable[str] = ()
    row: Facts | None = body
    while row is not None and row.values["kind"] != "council" and row.id not in seen:
        seen = (*seen, row.id)
        row = world.get("organizations", row.values["parent"])
    return row.id if row is not None and row.values["kind"] == "council" else None
