"""Who decides: whether decisions, mandates and speeches of a file can be true (K6, K7)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from novator.council.models import CARRIED
from novator.council.popolo.facts import Facts
from novator.council.popolo.faults import Fault
from novator.council.popolo.world import World
from novator.council.session_documents import can_be_read

_NUMBERED = frozenset({"signed", "published", "in_force", "amended", "repealed"})


def faults_of_decisions(world: World) -> Iterator[Fault]:
    """Numbers of decisions, whose a mandate is and what it rests on, who spoke."""
    for facts in world.given["decisions"].values():
        yield from _decision(facts, world)
    yield from _same_number(world)
    for facts in world.given["mandates"].values():
        yield from _mandate(facts)
        yield from _mandate_elsewhere(facts, world)
    for facts in world.given["speeches"].values():
        if facts.values["person"] is None and not facts.values["speaker"]:
            words = _("Nobody is named as the speaker.")
            mend = _("Add creator_id or attribution_text.")
            yield Fault(facts.pointer, "popolo.required", words, mend)
    for facts in world.given["protocols"].values():
        if not can_be_read(facts.values["content"]):
            words = _("The content of this protocol is none that minutes can be made of.")
            yield Fault(facts.pointer, "popolo.protocol", words, _("Give out the council anew."))
        if facts.values["number"] > 1 and not facts.values["reason"]:
            words = _("A correction of a protocol says why.")
            yield Fault(facts.pointer, "K7.reason", words, _("Add the reason."))


def _decision(facts: Facts, world: World) -> Iterator[Fault]:
    values = facts.values
    if values["state"] in _NUMBERED and not values["number"] and not values["is_number_unstated"]:
        yield Fault(
            facts.pointer,
            "K7.number",
            _("A decision that is signed or published has a number."),
            _("Add the number, or say is_number_unstated where the source does not state it."),
        )
    item, event = world.get("items", values["item"]), world.get("vote_events", values["event"])
    for row in (item, event):
        if row is not None and _council_of(row, world) != values["council"]:
            words = _("The vote or the question is of another council.")
            yield Fault(facts.pointer, "K7.elsewhere", words, _("Mend the references."))
    if event is not None and event.values["result"] != "carried" and values["state"] in CARRIED:
        words = _("The decision stands, but its vote was not carried.")
        yield Fault(facts.pointer, "K7.lost_vote", words, _("Mend the vote or the state."))
    steps = facts.parts["steps"]
    if steps and steps[-1]["state"] != values["state"]:
        words = _("The last step of the decision's life is not its state.")
        yield Fault(f"{facts.pointer}/steps", "K7.steps", words, _("Mend the steps or the state."))


def _council_of(row: Facts, world: World) -> str | None:
    motion = world.get("motions", row.values.get("motion"))
    item = world.get("items", motion.values["item"]) if motion else row
    session = world.get("sessions", item.values["session"]) if item else None
    return session.values["council"] if session else None


def _same_number(world: World) -> Iterator[Fault]:
    seen: dict[tuple[object, ...], Facts] = {}
    for facts in world.all("decisions"):
        values = facts.values
        key = (values["council"], values["number"], values["adopted_from"])
        if not values["number"] or values["adopted_from"] is None:
            continue
        first = seen.setdefault(key, facts)
        if first is not facts:
            yield Fault(
                facts.pointer or first.pointer,
                "K7.same_number",
                _("Another decision of that day has this number."),
                _("Keep one, or mend the number."),
            )


def of_another_city(pointer: str) -> Fault:
    """A row of one municipality that points into another."""
    words = _("This is of another municipality.")
    return Fault(pointer, "K1.another_city", words, _("Mend the reference."))


def _mandate_elsewhere(facts: Facts, world: World) -> Iterator[Fault]:
    """A council gives mandates of its own city, to posts of its own city."""
    values = facts.values
    decision, post = world.get("decisions", values["decision"]), None
    if (held := world.get("posts", values["holder_post"])) is not None:
        post = world.get("organizations", held.values["organization"])
    council = world.get("organizations", decision.values["council"]) if decision else None
    for name, body in (("decision", council), ("post", post)):
        if body is not None and body.values["municipality"] not in {None, values["municipality"]}:
            yield of_another_city(f"{facts.pointer}/{name}_id")


def _mandate(facts: Facts) -> Iterator[Fault]:
    values = facts.values
    if (values["holder"] is None) == (values["holder_post"] is None):
        words = _("A mandate is of a person or of a post, of one of them.")
        yield Fault(facts.pointer, "K6.holder", words, _("Keep person_id or post_id."))
    if values["decision"] is None and not values["document"]:
        words = _("A mandate comes from a decision.")
        yield Fault(facts.pointer, "K6.decision", words, _("Add decision_id or document."))
    if values["starts_on"] and values["ends_on"] and values["starts_on"] > values["ends_on"]:
        words = _("The mandate ends before it starts.")
        yield Fault(facts.pointer, "K6.ends_before_it_starts", words, _("Check both dates."))
