"""Every search: what residents call a thing, and what documents call it, in both directions."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from novator.text.words import stems

KINDS = ("colloquial", "abbreviation", "synonym", "translation")
LONGEST_PHRASE = 4


@dataclass(frozen=True)
class Entry:
    """One row of the thesaurus: two ways to say the same, and a sentence that shows the first."""

    colloquial: str
    official: tuple[str, ...]
    kind: str
    example: str


def starter_entries() -> list[Entry]:
    """The entries that come with the program, in the order of the file."""
    path = resources.files("novator.text").joinpath("data/thesaurus.tsv")
    with path.open("r", encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Entry(
                row["colloquial"].strip(),
                tuple(part.strip() for part in row["official"].split(";") if part.strip()),
                row["kind"].strip(),
                row["example"].strip(),
            )
            for row in rows
        ]


class Thesaurus:
    """Phrases as sequences of stems, each with the phrases that mean the same."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._same: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for entry in entries:
            for official in entry.official:
                self._join(tuple(stems(entry.colloquial)), tuple(stems(official)))

    def _join(self, one: tuple[str, ...], other: tuple[str, ...]) -> None:
        if not one or not other or one == other:
            return
        self._same.setdefault(one, set()).add(other)
        self._same.setdefault(other, set()).add(one)

    def expansions(self, question: Sequence[str]) -> dict[str, float]:
        """
        Stems that say the same as the stems of a question, with a weight up to 1.

        A phrase's weight is spread over the words of its replacement, so that a long official
        name does not outweigh what was asked. Stems already in the question are left out.
        """
        present = set(question)
        found: dict[str, float] = {}
        for length in range(min(LONGEST_PHRASE, len(question)), 0, -1):
            for start in range(len(question) - length + 1):
                phrase = tuple(question[start : start + length])
                for other in self._same.get(phrase, ()):
                    for item in set(other) - present:
                        found[item] = max(found.get(item, 0.0), length / max(len(other), length))
        return found


@lru_cache(maxsize=1)
def starter_thesaurus() -> Thesaurus:
    """The thesaurus that comes with the program, read once."""
    return Thesaurus(starter_entries())
