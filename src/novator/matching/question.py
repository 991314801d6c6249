"""Matching: a question in plain words, or a whole letter, made ready for the search."""

from __future__ import annotations

from dataclasses import dataclass

from novator.text.repair import Vocabulary
from novator.text.words import (
    STOP_WORDS,
    WORD,
    sentences,
    share_of_scripts,
    shortened,
    stems,
    without_formal_phrases,
    words,
)

LONGEST_QUESTION = 10_000
LONGEST_ENCODED = 700
LONGEST_SENTENCE = 300
MOST_SENTENCES = 6
MOST_REPAIRED = 400


@dataclass(frozen=True)
class Question:
    """
    What is searched for.

    `core` is the question without set phrases and misspellings, of a long letter its most telling
    sentences; `repaired` is the text to show where words were mended, else None.
    """

    core: str
    repaired: str | None
    scripts: tuple[float, float]

    @property
    def is_empty(self) -> bool:
        """Whether it holds no word at all."""
        return not WORD.search(self.core)


def question_from(text: str, vocabulary: Vocabulary) -> Question:
    """Read a question of any length and any content; never raises."""
    clean = " ".join(text[:LONGEST_QUESTION].replace("\x00", " ").split())
    mended = vocabulary.repair(clean) if len(words(clean)) <= MOST_REPAIRED else clean
    core = without_formal_phrases(mended)
    if len(core) > LONGEST_ENCODED:
        core = _telling(text[:LONGEST_QUESTION] if mended == clean else mended, core)
    return Question(
        core=core,
        repaired=mended if mended != clean else None,
        scripts=share_of_scripts(core),
    )


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOP_WORDS and len(word) > 2]


def _telling(text: str, core: str) -> str:
    """The sentences that tell most, in their order, cut where an encoder has read enough."""
    parts = [without_formal_phrases(part) for part in sentences(text)]
    telling = {part: len(set(_content(part))) for part in parts}
    most = sorted(telling, key=lambda part: -telling[part])[:MOST_SENTENCES]
    kept = [shortened(part, LONGEST_SENTENCE) for part in telling if part in most]
    return shortened(" ".join(kept) if len(kept) > 1 else core, LONGEST_ENCODED)


def question_stems(question: Question) -> list[str]:
    """Stems of the question's content words."""
    return stems(question.core)
