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
LONGEST_CLAUSE = 300
MOST_CLAUSES = 6
MOST_REPAIRED = 400


@dataclass(frozen=True)
class Question:
    """
    What is searched for.

    `core` is the question without set phrases and misspellings, `clauses` its sentences where it
    has several, `repaired` the text to show where words were mended, else None.
    """

    core: str
    clauses: tuple[str, ...]
    repaired: str | None
    scripts: tuple[float, float]

    @property
    def is_empty(self) -> bool:
        """Whether it holds no word at all."""
        return not WORD.search(self.core)

    @property
    def encoded(self) -> list[str]:
        """The texts that need vectors: the whole first, then the clauses."""
        return [shortened(self.core, LONGEST_ENCODED), *self.clauses]


def question_from(text: str, vocabulary: Vocabulary) -> Question:
    """Read a question of any length and any content; never raises."""
    clean = " ".join(text[:LONGEST_QUESTION].replace("\x00", " ").split())
    mended = vocabulary.repair(clean) if len(words(clean)) <= MOST_REPAIRED else clean
    core = without_formal_phrases(mended)
    clauses = _clauses(text[:LONGEST_QUESTION] if mended == clean else mended)
    if len(core) > LONGEST_ENCODED:
        core = _telling(core, clauses)
    return Question(
        core=core,
        clauses=clauses,
        repaired=mended if mended != clean else None,
        scripts=share_of_scripts(core),
    )


def _clauses(text: str) -> tuple[str, ...]:
    parts = [without_formal_phrases(part) for part in sentences(text)]
    telling = [part for part in parts if len(_content(part)) >= 2]
    if len(telling) < 2:
        return ()
    most = sorted(telling, key=lambda part: -len(set(_content(part))))[:MOST_CLAUSES]
    return tuple(shortened(part, LONGEST_CLAUSE) for part in telling if part in most)


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOP_WORDS and len(word) > 2]


def _telling(core: str, clauses: tuple[str, ...]) -> str:
    return shortened(" ".join(clauses) or core, LONGEST_ENCODED)


def question_stems(question: Question) -> list[str]:
    """Stems of the question's content words."""
    return stems(question.core)
