"""A citizen's report: danger to life is told apart, so that nobody waits for a form."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from novator.text.words import fold, stems


@cache
def _signs() -> tuple[frozenset[str], ...]:
    text = files("novator.reports").joinpath("data/danger.txt").read_text(encoding="utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return tuple(frozenset(stems(fold(line))) for line in lines if line)


def looks_dangerous(text: str) -> bool:
    """
    Whether a message names a danger to life: all stems of one line of `data/danger.txt` occur.

    Rather too often than too seldom: the page then shows the emergency numbers at once.
    """
    found = set(stems(fold(text)))
    return any(sign <= found for sign in _signs())
