"""Solutions found elsewhere: what one change there means for what is here; writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

from novator.cities.romanise import slug_of
from novator.interchange.entries import Entry, Origin
from novator.interchange.models import ForeignCard
from novator.practices.models import Practice
from novator.practices.operations import DATA
from novator.practices.rows import PracticeRow
from novator.practices.versions import content_of
from novator.practices.writing import row_of

Act = Literal["new", "change", "withdraw", "conflict", "note", "nothing", "kept"]
LONGEST_SLUG = 80
_LONGEST_PREFIX = 30


@dataclass(frozen=True)
class Decision:
    """
    What is to be done. "note": only remember that the change was seen; "kept": withdrawn here.

    `conflict` says of which kind, where `act` is "conflict".
    """

    act: Act
    practice: Practice | None = None
    conflict: str = ""


NOTHING_TO_DO = Decision("nothing")
_OF_THE_PLACE = frozenset({"id", "municipality", "region", "country", "oktmo"})


def told(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says, without the names of its city, which each installation keeps in its way."""
    return {name: value for name, value in content.items() if name not in _OF_THE_PLACE}


def decide(
    entry: Entry,
    *,
    wanted: PracticeRow | None,
    known: ForeignCard | None,
    here: Practice | None,
    formerly: Practice | None,
) -> Decision:
    """
    Set a change there against what is here.

    `wanted` is the card as it would read here (None: withdrawn there), `known` our copy of it,
    `here` that copy, or else the card of ours that has the same id, `formerly` the card of which
    a city there made its own. Both with everything that hangs on them.
    """
    if known is not None and here is not None:
        return _decide_known(entry, wanted, known, here)
    if wanted is None:
        return NOTHING_TO_DO
    if formerly is not None:
        return Decision("conflict", formerly, "twin")
    if here is not None and here.origin == "":
        return _decide_same_id(wanted, here)
    return Decision("new")


def _decide_known(
    entry: Entry, wanted: PracticeRow | None, known: ForeignCard, here: Practice
) -> Decision:
    if entry.changed_at <= known.changed_at:
        return Decision("nothing", here)
    is_withdrawn_here = here.withdrawn_at is not None and known.gone_at is None
    says = told(content_of(row_of(here)))
    is_ours_now = here.origin == "" or says != told(known.taken)
    if wanted is None:
        if here.withdrawn_at is not None:
            return Decision("note", here)
        return (
            Decision("conflict", here, "withdrawn") if is_ours_now else Decision("withdraw", here)
        )
    if is_withdrawn_here:
        return Decision("kept", here)
    is_as_there = says == told(content_of(wanted)) and here.withdrawn_at is None
    if is_as_there and (is_ours_now or here.is_by_its_city == entry.is_by_its_city):
        return Decision("note", here)
    if is_ours_now:
        return Decision("conflict", here, "claimed" if here.origin == "" else "both")
    return Decision("change", here)


def _decide_same_id(wanted: PracticeRow, here: Practice) -> Decision:
    """
    A card of ours with the same id: the same card of the package, or a namesake.

    Whether what stands there is the city's own word a person decides: the other side says so of
    itself, and nobody here can tell.
    """
    if told(content_of(row_of(here))) == told(content_of(wanted)):
        return Decision("nothing", here)
    if here.slug not in starter_ids():
        return Decision("new")
    if here.withdrawn_at is not None:
        return Decision("kept", here)
    is_untouched = here.is_starter and not here.is_by_its_city
    return Decision("conflict", here, "package" if is_untouched else "both")


@lru_cache(maxsize=1)
def starter_ids() -> frozenset[str]:
    """Ids of the cards that come with the package: every installation knows them by these."""
    with (DATA / "practices.jsonl").open(encoding="utf-8") as file:
        return frozenset(str(json.loads(line)["id"]) for line in file if line.strip())


def own_slugs(slug: str, origin: Origin) -> Iterator[str]:
    """Ids under which a card from elsewhere may stand here: its own, then with where it is from."""
    yield slug
    host = urlsplit(origin.address).hostname or origin.public_id.hex[:8]
    prefix = slug_of(host)[:_LONGEST_PREFIX].strip("-") or origin.public_id.hex[:8]
    number = 1
    while True:
        ending = f"-{number}" if number > 1 else ""
        yield f"{prefix}-{slug}"[: LONGEST_SLUG - len(ending)].rstrip("-") + ending
        number += 1
