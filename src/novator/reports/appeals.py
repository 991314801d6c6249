"""A citizen's report: a text that reads like an appeal is told the official way (rule C2)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from novator.text.words import SENTENCE_END, fold, stems


@cache
def _signs() -> tuple[frozenset[str], ...]:
    text = files("novator.reports").joinpath("data/appeals.txt").read_text(encoding="utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return tuple(frozenset(stems(fold(line))) for line in lines if line)


def looks_like_appeal(text: str) -> bool:
    """Whether one sentence of a message has all stems of a line of `data/appeals.txt`."""
    return any(
        sign <= found
        for found in (set(stems(fold(part))) for part in SENTENCE_END.split(text))
        for sign in _signs()
    )
