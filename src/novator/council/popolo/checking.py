"""Who decides: whether what a file says can be true of bodies and people (rules K1, K2, K6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from novator.core.partial_dates import write_partial
from novator.council import people
from novator.council.popolo.checking_decisions import faults_of_decisions, of_another_city
from novator.council.popolo.checking_votes import faults_of_sessions, faults_of_votes
from novator.council.popolo.facts import Facts, Values
from novator.council.popolo.faults import Fault
from novator.council.popolo.tables import TABLES, Table
from novator.council.popolo.words import PREFIX
from novator.council.popolo.world import World, council_of_body, refs_in

_BODY_PARENTS = {
    "convocation": {"council"},
    "faction": {"convocation", "council"},
    "party_branch": {"party"},
}
_ORDERED = {
    "organizations": ("founded", "dissolved"),
    "posts": ("starts", "ends"),
    "memberships": ("starts", "ends"),
}


def faults_of(world: World) -> list[Fault]:
    """Every rule that the file breaks, seen together with what is stored."""
    found = [*_dangling(world)]
    if found:
        return found  # the other rules would only repeat it
    return [
        *_out_of_order(world),
        *_private(world),
        *_bodies(world),
        *_memberships(world),
        *_posts(world),
        *faults_of_sessions(world),
        *faults_of_votes(world),
        *faults_of_decisions(world),
    ]


def _dangling(world: World) -> Iterator[Fault]:
    for table in TABLES:
        for facts in world.given[table.name].values():
            yield from _dangling_of(table, facts, world)


def _dangling_of(table: Table, facts: Facts, world: World) -> Iterator[Fault]:
    for column, key in refs_in(table.columns, facts.values):
        if not world.has(column.to, key):
            yield _no_such(f"{facts.pointer}/{_escaped(column.name)}", key)
    for part in table.parts:
        for position, values in enumerate(facts.parts[part.name]):
            for column, key in refs_in(part.columns, values):
                if not world.has(column.to, key):
                    inner = f"{_escaped(part.name)}/{position}/{_escaped(column.name)}"
                    yield _no_such(f"{facts.pointer}/{inner}", key)


def _no_such(pointer: str, key: str) -> Fault:
    return Fault(
        pointer,
        "popolo.reference",
        _("Nothing of the right kind has the identifier “%(key)s”.") % {"key": key[:60]},
        _("Add that object to its list, or mend the identifier."),
    )


def _out_of_order(world: World) -> Iterator[Fault]:
    for name, (first, last) in _ORDERED.items():
        for facts in world.given[name].values():
            begins, ends = facts.values[f"{first}_from"], facts.values[f"{last}_to"]
            if begins and ends and begins > ends:
                yield Fault(
                    facts.pointer,
                    "K2.ends_before_it_starts",
                    _("It ends before it starts."),
                    _("Check both dates."),
                )


def _private(world: World) -> Iterator[Fault]:
    """Of people in office only what concerns the office is kept (P2)."""
    for facts in world.given["persons"].values():
        texts = {"name": facts.values["name"]}
        for part, rows in facts.parts.items():
            texts |= {f"{_escaped(part)}/{place}/text": row["text"]
                      for place, row in enumerate(rows)}  # fmt: skip
        for where, text in texts.items():
            if found := people.PRIVATE.search(text):
                words = _("“%(words)s” looks like private data.") % {"words": found.group()}
                mend = _("Birthdays, homes and contacts of people are not recorded here.")
                yield Fault(f"{facts.pointer}/{where}", "P2.private", words, mend)


def _bodies(world: World) -> Iterator[Fault]:
    convocations: dict[str, list[Facts]] = defaultdict(list)
    for facts in world.all("organizations"):
        if facts.values["kind"] == "convocation" and facts.values["parent"]:
            convocations[facts.values["parent"]].append(facts)
    for facts in world.given["organizations"].values():
        yield from _body(facts, world)
    for rows in convocations.values():
        yield from _overlapping(
            [row for row in rows if row.values["founded_to"]],
            "founded",
            "dissolved",
            "K6.convocations_overlap",
            _("It overlaps the convocation “%(name)s” (%(when)s)."),
        )


def _body(facts: Facts, world: World) -> Iterator[Fault]:
    values, kind = facts.values, facts.values["kind"]
    parent = world.get("organizations", values["parent"])
    if kind in {"council", "convocation"} and values["municipality"] is None:
        words = _("A council and its convocations are of a municipality.")
        yield Fault(facts.pointer, "K1.no_municipality", words, _("Add area_id."))
    if kind == "convocation" and values["founded_to"] is None:
        words = _("The day on which the convocation began is missing.")
        yield Fault(facts.pointer, "K6.no_start", words, _("Add founding_date."))
    if kind in {"convocation", "faction"} and parent is None:
        words = _("A convocation is of a council, a faction of a convocation.")
        yield Fault(facts.pointer, "K1.no_parent", words, _("Add parent_id."))
    elif parent is not None and parent.values["kind"] not in _BODY_PARENTS.get(
        kind, {parent.values["kind"]}
    ):
        words = _("A body of this kind cannot be a part of “%(whole)s”.")
        whole = {"whole": parent.values["name"]}
        yield Fault(f"{facts.pointer}/parent_id", "K1.wrong_parent", words % whole, _("Mend it."))
    for column, key in (("parent_id", "parent"), (PREFIX + "party_id", "party")):
        whole_body = world.get("organizations", values[key])
        if whole_body is not None and _is_elsewhere(values["municipality"], whole_body):
            yield of_another_city(f"{facts.pointer}/{_escaped(column)}")
    if _goes_round(facts, world):
        words = _("It is a part of itself.")
        yield Fault(f"{facts.pointer}/parent_id", "K1.goes_round", words, _("Mend parent_id."))


def _is_elsewhere(city: str | None, body: Facts) -> bool:
    """Whether a body is one of another municipality; parties and unions are of none."""
    other = body.values["municipality"]
    return city is not None and other is not None and other != city


def _goes_round(facts: Facts, world: World) -> bool:
    seen, row = {facts.id}, world.get("organizations", facts.values["parent"])
    while row is not None:
        if row.id in seen:
            return True
        seen.add(row.id)
        row = world.get("organizations", row.values["parent"])
    return False


def _overlapping(
    rows: list[Facts], first: str, last: str, rule: str, words: str
) -> Iterator[Fault]:
    """Of spans that must not meet, those that certainly do; the day of a change is the later's."""
    spans = sorted(
        ((*_sure_span(row.values, first, last), row) for row in rows),
        key=lambda span: (span[0], span[1], span[2].id),
    )
    for (_start, end, row), (start, _end, other) in pairwise(spans):
        if start < end:
            named, mended = (row, other) if other.pointer else (other, row)
            if mended.pointer:
                facts = {"name": named.values.get("name", ""), "when": _when(named, first, last)}
                mend = _("End the earlier one first, or mend the dates.")
                yield Fault(mended.pointer, rule, words % facts, mend)


def _sure_span(values: Values, first: str, last: str) -> tuple[date, date]:
    start: date = values[f"{first}_to"]
    end = values[f"{last}_from"] or values[f"{last}_to"] or date.max
    return start, max(start, end)


def _when(facts: Facts, first: str, last: str) -> str:
    sides = [
        write_partial(facts.values[f"{name}_from"], facts.values[f"{name}_to"])
        for name in (first, last)
    ]
    return f"{sides[0] or '…'} – {sides[1] or '…'}"


def _posts(world: World) -> Iterator[Fault]:
    held: dict[str, list[Facts]] = defaultdict(list)
    for facts in world.all("memberships"):
        if facts.values["post"] and facts.values["starts_to"]:
            held[facts.values["post"]].append(facts)
    for rows in held.values():
        words = _("Another person holds this post at that time (%(when)s).")
        yield from _overlapping(rows, "starts", "ends", "K2.two_in_a_post", words)


def _memberships(world: World) -> Iterator[Fault]:
    by_person: dict[str, list[Facts]] = defaultdict(list)
    for facts in world.all("memberships"):
        by_person[facts.values["person"]].append(facts)
    for facts in world.given["memberships"].values():
        yield from _membership(facts, world)
    for rows in by_person.values():
        yield from _of_one_person(rows, world)


def _membership(facts: Facts, world: World) -> Iterator[Fault]:
    values = facts.values
    body, post = (
        world.get("organizations", values["organization"]),
        world.get("posts", values["post"]),
    )
    assert body is not None
    if post is not None and post.values["organization"] != values["organization"]:
        words = _("The post is one of another body.")
        yield Fault(f"{facts.pointer}/post_id", "K1.post_elsewhere", words, _("Mend it."))
    nominated_by = world.get("organizations", values["on_behalf_of"])
    if nominated_by is not None and _is_elsewhere(body.values["municipality"], nominated_by):
        yield of_another_city(f"{facts.pointer}/on_behalf_of_id")
    founded, dissolved = body.values["founded_from"], body.values["dissolved_to"]
    is_early = values["starts_to"] and founded and values["starts_to"] < founded
    latest = [values[name] for name in ("starts_from", "ends_from") if values[name]]
    if is_early or (dissolved and any(day > dissolved for day in latest)):
        words = _("The membership lies outside the life of “%(body)s” (%(life)s).")
        life = {"body": body.values["name"], "life": _when(body, "founded", "dissolved")}
        mend = _("Check the dates, or choose the body that existed then.")
        yield Fault(facts.pointer, "K2.outside_the_body", words % life, mend)


def _of_one_person(rows: list[Facts], world: World) -> Iterator[Fault]:
    """One role in one body once at a time; one faction of a council at a time."""
    same: dict[tuple[object, ...], list[Facts]] = defaultdict(list)
    factions: dict[str | None, list[Facts]] = defaultdict(list)
    for facts in rows:
        values = facts.values
        body = world.get("organizations", values["organization"])
        if values["starts_to"] is None or body is None:
            continue
        is_plain = body.values["kind"] in {"faction", "convocation"}
        label = "" if is_plain else values["label"]
        same[values["organization"], values["role"], values["post"], label].append(facts)
        if body.values["kind"] == "faction":
            factions[council_of_body(body, world)].append(facts)
    for group in same.values():
        words = _("The person is recorded in this body already (%(when)s).")
        yield from _overlapping(group, "starts", "ends", "K2.same_twice", words)
    for group in factions.values():
        if len({facts.values["organization"] for facts in group}) > 1:
            words = _("The person is in another faction at that time (%(when)s).")
            yield from _overlapping(group, "starts", "ends", "K1.two_factions", words)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
