"""Solutions judged: what changed between two texts, word by word; no database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
_MOST_WORDS = 1500
_WORD = re.compile(r"\s+|\S+\s*")
_SENTENCE = re.compile(r"\s+|.+?(?:[.!?…;]+\s+|\n+|$)", re.S)


@dataclass(frozen=True)
class Part:
    """A stretch of text that stayed, was added or was removed."""

    kind: str
    text: str


def differing_parts(before: str, after: str) -> list[Part]:
    """
    Cut two texts into what stayed, what was removed and what was added, in reading order.

    The parts that are not added make up `before`, those that are not removed make up `after`.
    Long texts are compared by sentences, so that no text takes more than a moment.
    """
    old, new = _tokens(before, after)
    parts: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(parts, SAME, old[i:j])
            continue
        _add(parts, REMOVED, old[i:j])
        _add(parts, ADDED, new[k:m])
    return parts


def _tokens(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) <= _MOST_WORDS:
        return old, new
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    return (old, new) if max(len(old), len(new)) <= _MOST_WORDS else ([before], [after])


def _add(parts: list[Part], kind: str, tokens: Sequence[str]) -> None:
    if text := "".join(tokens):
        parts.append(Part(kind, text))
