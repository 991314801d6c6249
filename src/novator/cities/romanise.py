"""Where the loop happens: Russian names in Latin letters, and back from a list of spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache

from pymorphy3 import MorphAnalyzer

from novator.text.romanised import romanised

_RUSSIAN_NAME = re.compile(r"[А-ЯЁ][а-яё]+(?:[- ][А-ЯЁа-яё]?[а-яё]+|[- ][А-ЯЁ]|-\d+)*")
_FOREIGN = re.compile(
    r"[сцзн]ьк|ць\b|ъ|[^лр]ьск|рьск(?!ий|ое|ая)|[тмс]ьн|[ео]тс|мтс|шч|[бвгджзклмнпрстфх]э|цц"
)
SURE = 0.84


def romanised_name(text: str) -> str:
    """Write a Russian name in Latin letters with capitals where the name has them."""
    words = re.split(r"(\W+)", text)
    return "".join(
        romanised(word).capitalize() if word[:1].isupper() else romanised(word) for word in words
    )


def slug_of(text: str) -> str:
    """Make the part of an address that stands for this text."""
    return re.sub(r"[^a-z0-9]+", "-", romanised(text)).strip("-")[:60].rstrip("-")


def russian_name(latin: str, spellings: Iterable[str]) -> str | None:
    """
    Pick the Russian spelling of a place out of all its spellings, or None when none is sure.

    Other languages write the same letters ("Твер", "Казан"), so the spelling must read like the
    Latin name; of two that do, the one with the soft sign is Russian.
    """
    all_spellings = set(spellings)
    russian = sorted(text for text in all_spellings if _RUSSIAN_NAME.fullmatch(text))
    targets = {_folded_latin(latin)}
    scored = [(_likeness(text, targets), text) for text in russian]
    good = [(score, text) for score, text in scored if score >= SURE]
    if not good:
        return None
    best = max(score for score, _ in good)
    near = [text for score, text in good if score >= best - 0.001]
    is_hyphenated = "-" in latin
    return max(near, key=lambda text: (("-" in text) == is_hyphenated, *_how_russian(text)))


def _how_russian(text: str) -> tuple[int, int, int, int, int, str]:
    """Order spellings that read alike: words of the dictionary first, then habits of spelling."""
    soft = len(re.findall(r"ь(?!с|н)", text)) + text.count("льс")
    foreign = -len(_FOREIGN.findall(text))
    return (_is_known(text), foreign, soft, text.count("ё"), len(text), text)


@cache
def _is_known(text: str) -> bool:
    words = re.split(r"[- ]", text.lower())
    return all(_dictionary().word_is_known(word) for word in words)


@cache
def _dictionary() -> MorphAnalyzer:
    return MorphAnalyzer()


def _likeness(text: str, targets: set[str]) -> float:
    own = _folded_latin(romanised(text))
    return max(
        1.0 if own == target else SequenceMatcher(None, own, target).ratio() * 0.99
        for target in targets
    )


def _folded_latin(text: str) -> str:
    """Level the systems of romanisation: apostrophes, y and i, doubled vowels."""
    simple = text.lower().replace("ë", "yo").replace("ё", "yo")
    simple = re.sub(r"[’'ʼ`]", "", simple)
    simple = re.sub(r"(yy|iy|ij|yi)\b", "y", simple)
    simple = re.sub(r"[\s-]+", " ", simple)
    return re.sub(r"ye|yo|j", lambda found: {"ye": "e", "yo": "e", "j": "y"}[found[0]], simple)
