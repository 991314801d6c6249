"""Bench: questions with their answers, read from files, and the figures of a ranking."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from novator.text.words import CYRILLIC, WORD


@dataclass(frozen=True)
class Asked:
    """A question with the grades of its answers; no grade means that nothing fits."""

    key: str
    text: str
    language: str
    relevant: Mapping[str, int]


def questions_from(path: Path) -> list[Asked]:
    """
    Questions of a JSONL file: {"qid", "lang", "query", "relevant": {id: grade}}.

    :raises ValueError: a line is not such a question; the message names it
    """
    found = []
    with _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                found.append(_asked(row, f"{number}"))
            except (ValueError, KeyError, TypeError, AttributeError) as fault:
                raise ValueError(f"{path}, line {number}: {fault!r}") from fault
    return found


def _opened(path: Path) -> Any:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _asked(row: Mapping[str, Any], key: str) -> Asked:
    text = str(row["query"])
    grades = {str(k): int(v) for k, v in (row.get("relevant") or {}).items() if int(v) > 0}
    language = row.get("lang") or ("ru" if CYRILLIC.search(text) else "en")
    return Asked(str(row.get("qid", key)), text, language, grades)


def own_questions() -> list[Asked]:
    """Questions with answers in the starter catalogue that come with the program."""
    return _questions_of_ours("municipal_queries.jsonl")


def unanswered_questions() -> list[Asked]:
    """Questions that no card of the starter catalogue answers; they come with the program."""
    return _questions_of_ours("no_answer_queries.jsonl")


def foreign_questions() -> list[Asked]:
    """Questions that are no city's business, short and long; they come with the program."""
    return _questions_of_ours("off_topic_queries.jsonl")


def short_questions() -> list[Asked]:
    """Questions of one to five words, with an answer and without; they come with the program."""
    return _questions_of_ours("short_queries.jsonl")


def english_questions() -> list[Asked]:
    """English questions of every length, with an answer and without; they come with the program."""
    return _questions_of_ours("english_queries.jsonl")


def _questions_of_ours(name: str) -> list[Asked]:
    folder = resources.files("novator.bench").joinpath("data")
    with resources.as_file(folder.joinpath(name)) as path:
        return questions_from(path)


def gain(ranking: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """nDCG with the grade itself as the gain (linear), the log2 discount and an ideal order."""
    found = sum(relevant.get(k, 0) / math.log2(i + 2) for i, k in enumerate(ranking[:depth]))
    best = sorted(relevant.values(), reverse=True)[:depth]
    return found / sum(grade / math.log2(i + 2) for i, grade in enumerate(best))


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, int]) -> float:
    """One over the place of the first answer; 0 without any."""
    return next((1 / (i + 1) for i, key in enumerate(ranking) if key in relevant), 0.0)


def figures(rankings: Sequence[Sequence[str]], questions: Sequence[Asked]) -> dict[str, Any]:
    """nDCG@10 with its 95 % bootstrap interval, success@3 and MRR of questions with an answer."""
    pairs = [(r, q) for r, q in zip(rankings, questions, strict=True) if q.relevant]
    gains = [gain(ranking, question.relevant) for ranking, question in pairs]
    return {
        "ndcg@10": rounded_mean(gains),
        "ndcg@10_interval": interval(gains),
        "success@3": rounded_mean([any(k in q.relevant for k in r[:3]) for r, q in pairs]),
        "mrr": rounded_mean([reciprocal_rank(r, q.relevant) for r, q in pairs]),
        "questions": len(pairs),
    }


def rounded_mean(values: Iterable[float]) -> float | None:
    """Mean to four digits, None of nothing."""
    known = [float(value) for value in values]
    return round(sum(known) / len(known), 4) if known else None


def interval(values: Sequence[float], draws: int = 2_000) -> tuple[float, float] | None:
    """95 % bootstrap interval of the mean, with a fixed seed."""
    if len(values) < 2:
        return None
    chance = np.random.default_rng(20260110)
    means = chance.choice(np.array(values), size=(draws, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def with_typos(text: str, share: float = 0.3, seed: int = 0) -> str:
    """The text with one slip of the fingers in a share of its words of four letters or more."""
    chance = random.Random(f"{seed} {text}")  # noqa: S311
    spans = [match.span() for match in WORD.finditer(text) if len(match.group()) >= 4]
    hit = sorted(chance.sample(spans, round(share * len(spans))), reverse=True)
    for start, end in hit:
        text = text[:start] + _slip(text[start:end], chance) + text[end:]
    return text


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    letters = "абвгдежзийклмнопрстуфхцчшщъыьэюя" if CYRILLIC.search(word) else "abcdefghijklmnop"
    other = chance.choice(letters)
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + other + word[place + 1 :],
            word[:place] + other + word[place:],
        ]
    )
