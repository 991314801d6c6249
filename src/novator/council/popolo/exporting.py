"""Who decides: one council with its people, votes and decisions as one Popolo document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from novator.cities.models import Municipality
from novator.core.partial_dates import write_partial
from novator.council.models import Organization
from novator.council.popolo.facts import Facts, Known, Values, cut_loose, read_facts
from novator.council.popolo.public import withheld
from novator.council.popolo.scope import scope_of
from novator.council.popolo.tables import TABLES, Column, Table
from novator.council.popolo.words import (
    FORMAT,
    OPTION_WORDS,
    PREFIX,
    plain_date,
    write_moment,
)

Document = dict[str, Any]
COUNTED = ("yes", "no", "abstain", "not_voting", "recused")


def popolo_of(council: Organization, *, is_public: bool = True) -> Document:
    """
    The whole of a council; without `is_public` also what is said behind closed doors, and drafts.

    Some forty queries, however large it is.
    """
    known = facts_of(council)
    if is_public:
        known = withheld(known)
    places = {
        facts.values[field]
        for name, field in (("organizations", "municipality"), ("mandates", "municipality"))
        for facts in known[name].values()
    }
    document: Document = {
        "meta": {PREFIX + "format": FORMAT, PREFIX + "council_id": str(council.public_id)},
        "areas": [_area(row) for row in _municipalities(places)],
    }
    for table in TABLES:
        rows = [_object(table, facts, known) for facts in known[table.name].values()]
        document.setdefault(table.place, []).extend(rows)
    return document


def facts_of(council: Organization) -> Known:
    """What is known of a council, by table; references to what is not told are cut."""
    scope = scope_of(council)
    known = {table.name: read_facts(table, scope[table.name]) for table in TABLES}
    known["areas"] = {
        slug: Facts(slug, {}) for slug in Municipality.objects.values_list("slug", flat=True)
    }
    cut_loose(known, TABLES)
    for facts in known["persons"].values():
        for statement in facts.parts[PREFIX + "statements"]:
            if statement["membership"] not in known["memberships"]:
                statement["membership"] = None
    return known


def written(document: Document) -> Iterator[str]:
    """The document as JSON text, piece by piece: one object a line."""
    for number, (place, content) in enumerate(document.items()):
        yield ("{" if number == 0 else ",") + "\n" + json.dumps(place) + ": "
        if isinstance(content, list):
            lines = (json.dumps(row, ensure_ascii=False) for row in content)
            yield "[\n" + ",\n".join(lines) + "\n]" if content else "[]"
        else:
            yield json.dumps(content, ensure_ascii=False)
    yield "\n}\n"


def _municipalities(slugs: Iterable[str | None]) -> Iterable[Municipality]:
    wanted = [slug for slug in slugs if slug]
    rows = Municipality.objects.filter(slug__in=wanted).select_related("region")
    return rows.order_by("slug")


def _area(row: Municipality) -> dict[str, Any]:
    area: dict[str, Any] = {"id": row.slug, "name": row.name_ru, "classification": row.kind}
    if row.oktmo:
        area["identifier"] = row.oktmo
    if row.latitude is not None:
        area["geometry"] = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
    area[PREFIX + "region"] = row.region_text
    area[PREFIX + "country"] = row.country
    return {name: value for name, value in area.items() if value != ""}


def _object(table: Table, facts: Facts, known: Known) -> dict[str, Any]:
    found: dict[str, Any] = {"id": facts.id}
    if table.word:
        found["classification"] = table.word
    found |= _fields(table.columns, facts.values, known)
    for part in table.parts:
        rows = [_fields(part.columns, values, known) for values in facts.parts[part.name]]
        if rows:
            found[part.name] = rows
    extra = _EXTRAS.get(table.name)
    return extra(found, facts, known) if extra else found


def _fields(columns: Iterable[Column], values: Values, known: Known) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in columns:
        found |= _field(column, values, known)
    return found


def _field(column: Column, values: Values, known: Known) -> dict[str, Any]:
    if column.kind == "date":
        return _date(column, *(values[name] for name in column.fields))
    value = values[column.field]
    if value is None or value == "" or (value is False and not _defaults_to_true(column)):
        return {}
    match column.kind:
        case "choice":
            return {column.name: column.words.get(value, value)}
        case "moment":
            return {column.name: write_moment(value)}
        case "day":
            return {column.name: value.isoformat()}
        case "english":
            return {column.name: [{"name": value, "lang": "en", "note": "multilingual"}]}
        case "website":
            return {column.name: [{"url": value, "note": "website"}]}
        case "source":
            url = known["sources"][value].values["url"]
            title = known["sources"][value].values["title"]
            linked = {"sources": [{"url": url, "note": title}]} if url else {}
            return {column.name: value} | linked
        case _:
            return {column.name: value}


def _defaults_to_true(column: Column) -> bool:
    return column.field in {"is_over", "is_public", "may_vote", "may_sign", "is_in_session"}


def _date(column: Column, earliest: Any, latest: Any) -> dict[str, Any]:
    if earliest is None and latest is None:
        return {}
    if plain := plain_date(earliest, latest):
        return {column.name: plain}
    return {column.own: write_partial(earliest, latest)}


def _of_session(found: dict[str, Any], facts: Facts, known: Known) -> dict[str, Any]:
    """A session whose hour is unknown still says its day in the standard's own field."""
    held = plain_date(facts.values["held_from"], facts.values["held_to"])
    if held and "start_date" not in found:
        found["start_date"] = held
    return found


def _of_item(found: dict[str, Any], facts: Facts, known: Known) -> dict[str, Any]:
    session = known["sessions"].get(facts.values["session"])
    if session is not None:
        found["organization_id"] = session.values["council"]
    return found


def _of_motion(found: dict[str, Any], facts: Facts, known: Known) -> dict[str, Any]:
    return found | _where(known["items"].get(facts.values["item"]), known)


def _of_vote(found: dict[str, Any], facts: Facts, known: Known) -> dict[str, Any]:
    """Counts as the standard has them: of all, and of each faction."""
    counts = []
    for name in COUNTED:
        value = found.pop(PREFIX + name, None)
        if value is not None:
            counts.append({"option": OPTION_WORDS[name], "value": value})
    for row in found.pop(PREFIX + "by_faction", []):
        group = {"group_id": row["group_id"]} if "group_id" in row else {PREFIX + "no_group": True}
        counts += [
            {"option": OPTION_WORDS[name], "value": row.get(name, 0)} | group
            for name in COUNTED
            if name in row
        ]
    if counts:
        found["counts"] = counts
    motion = known["motions"].get(facts.values["motion"])
    item = known["items"].get(motion.values["item"]) if motion else None
    return found | _where(item, known)


def _where(item: Facts | None, known: Known) -> dict[str, Any]:
    session = known["sessions"].get(item.values["session"]) if item else None
    if session is None:
        return {}
    return {"organization_id": session.values["council"], "legislative_session_id": session.id}


_EXTRAS = {
    "sessions": _of_session,
    "items": _of_item,
    "motions": _of_motion,
    "vote_events": _of_vote,
}
