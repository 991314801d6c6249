"""Bench: how well and how fast the right cards are found, beside peers, in one run."""

from __future__ import annotations

import gzip
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from django.conf import settings

from novator.bench.search_questions import (
    Asked,
    figures,
    questions_from,
    rounded_mean,
    unanswered_questions,
    with_typos,
)
from novator.bench.search_systems import (
    System,
    bm25_snowball,
    encoder_alone,
    novator_findings,
    ts_rank_russian,
)
from novator.bench.search_vectors import VectorFiles
from novator.matching.cards import cards_for_index, questions_for_index
from novator.matching.catalogue import PracticeIndex
from novator.matching.fields import (
    CardText,
    SearchCard,
    SearchQuestion,
    VectorsOf,
    index_arrays,
)
from novator.matching.search import Findings
from novator.text.encoders import Encoder, Kind, Matrix, encoders_from_setting
from novator.text.index import open_snapshot, write_snapshot
from novator.text.vectors import Progress, silent, vectors_for

Answer = TypeVar("Answer")
SHORT_BELOW = 100
LONG = 400


def run_search_bench(
    *, queries: Path | None = None, beir: Path | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """
    Figures of Novator and its peers: {"systems": {name: {"ndcg@10", "success@3", "mrr", …}}}.

    With `queries`, on the catalogue in the database; with `beir`, on a folder with corpus.jsonl,
    queries.jsonl and qrels.tsv, or on a folder of such folders, whose mean is told too.

    :raises ValueError: a file is not what it should be
    """
    if beir is not None:
        return _beir(beir, progress)
    if queries is None:
        raise ValueError("either queries or beir")
    return _catalogue(questions_from(queries), progress)


def stored_vectors(progress: Progress = silent) -> VectorsOf:
    """Vectors by the database's store, which computes what it lacks."""

    def vectors_of(texts: Sequence[str], encoder: Encoder, kind: Kind) -> Matrix:
        return vectors_for(texts, encoder, kind=kind, progress=progress)

    return vectors_of


def _catalogue(asked: Sequence[Asked], progress: Progress) -> dict[str, Any]:
    encoders = encoders_from_setting(settings.ENCODERS)
    cards, questions = cards_for_index(), questions_for_index()
    vectors_of = stored_vectors(progress)

    plain = [replace(card, asked_as=()) for card in cards]
    with built_index(cards, questions, encoders, vectors_of) as (index, made):
        own = _of_novator(index, asked)
        own |= made
    with built_index(plain, questions, encoders, vectors_of) as (index, _made):
        bare = _of_novator(index, asked)
    systems = {"novator": own, "novator-without-formulations": bare}
    systems |= _peers(cards, asked, encoders, vectors_of)
    return {"systems": systems, "cards": len(cards), "questions": len(asked)}


def _peers(
    cards: Sequence[SearchCard],
    asked: Sequence[Asked],
    encoders: Sequence[Encoder],
    vectors_of: VectorsOf,
) -> dict[str, dict[str, Any]]:
    systems: dict[str, System] = {
        "bm25-snowball": bm25_snowball(cards),
        "ts_rank-russian": ts_rank_russian(cards),
    }
    for encoder in encoders:
        systems[encoder.name.split("-")[0]] = encoder_alone(cards, encoder, vectors_of)
    return {name: _of_system(system, asked) for name, system in systems.items()}


def timed(
    search: Callable[[str], Answer], texts: Sequence[str]
) -> tuple[list[Answer], dict[str, Any]]:
    """Answers, and the median and the 95th percentile of their times in milliseconds."""
    if texts:
        search("проба warm-up")
    answers, times = [], []
    for text in texts:
        began = time.perf_counter()
        answers.append(search(text))
        times.append(1000 * (time.perf_counter() - began))
    p50, p95 = np.percentile(times, [50, 95]) if times else (0.0, 0.0)
    return answers, {"p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2)}


def times_by_length(
    index: PracticeIndex, search: Callable[[str], object], asked: Sequence[Asked]
) -> dict[str, Any]:
    """
    Times of short questions and of 400 characters, the classes of which the budget speaks.

    The last also without encoding: the same questions again, whose vectors are remembered. The
    processor's time says what the work is where other processes share the machine.
    """
    short = [question.text for question in asked if len(question.text) < SHORT_BELOW]
    texts = [question.text for question in asked]
    long = [
        " ".join(islice(cycle(texts[number:] + texts[:number]), LONG))[:LONG]
        for number in range(len(texts))
    ]
    index.forget_questions()
    told: dict[str, Any] = {}
    for name, part in (
        ("short", short),
        ("400_characters", long),
        ("400_characters_without_encoding", long),
        ("short_without_encoding", short),
    ):
        used = time.process_time()
        _found, times = timed(search, part)
        used = 1000 * (time.process_time() - used) / max(len(part), 1)
        told[name] = {**times, "mean_processor_ms": round(used, 2), "questions": len(part)}
    return {"times": told}


def _of_system(search: System, asked: Sequence[Asked]) -> dict[str, Any]:
    rankings, times = timed(search, [question.text for question in asked])
    return {**figures(rankings, asked), **times, "by_language": _by_language(rankings, asked)}


def _by_language(rankings: Sequence[Sequence[str]], asked: Sequence[Asked]) -> dict[str, Any]:
    told = {}
    for language in sorted({question.language for question in asked}):
        pairs = [(r, q) for r, q in zip(rankings, asked, strict=True) if q.language == language]
        told[language] = figures([r for r, _ in pairs], [q for _, q in pairs])
    return told


def _of_novator(index: PracticeIndex, asked: Sequence[Asked]) -> dict[str, Any]:
    search = novator_findings(index)
    found, times = timed(search, [question.text for question in asked])
    rankings = [_slugs(findings) for findings in found]
    told = {**figures(rankings, asked), **times, "by_language": _by_language(rankings, asked)}
    told |= times_by_length(index, search, asked)
    misspelt = [_slugs(search(with_typos(question.text))) for question in asked]
    told["typos_30_percent"] = figures(misspelt, asked)
    if told["ndcg@10"]:
        told["typos_30_percent"]["loss"] = round(
            1 - (told["typos_30_percent"]["ndcg@10"] or 0) / told["ndcg@10"], 4
        )
    told["no_answer"] = no_answer([f.nothing_fits for f in found], asked)
    if index.open_keys:
        others = unanswered_questions()
        said = [search(question.text).nothing_fits for question in others]
        told["no_answer_own_questions"] = no_answer(said, others)
    return told


def _slugs(findings: Findings) -> list[str]:
    return [found.practice_slug for found in findings.results]


def no_answer(said: Sequence[bool], asked: Sequence[Asked]) -> dict[str, Any]:
    """Precision and recall of "nothing fits", and how often it was said where something does."""
    nothing = [not question.relevant for question in asked]
    right = sum(s and n for s, n in zip(said, nothing, strict=True))
    return {
        "precision": round(right / sum(said), 4) if any(said) else None,
        "recall": round(right / sum(nothing), 4) if any(nothing) else None,
        "false_alarm": rounded_mean([s for s, n in zip(said, nothing, strict=True) if not n]),
        "questions": sum(nothing),
    }


@contextmanager
def built_index(
    cards: Sequence[SearchCard],
    questions: Sequence[SearchQuestion],
    encoders: Sequence[Encoder],
    vectors_of: VectorsOf,
) -> Iterator[tuple[PracticeIndex, dict[str, Any]]]:
    """An index in a temporary folder, with what it cost to make, to open and to hold."""
    with tempfile.TemporaryDirectory(prefix="novator-bench-") as folder:
        began = time.perf_counter()
        arrays, facts = index_arrays(cards, questions, encoders, vectors_of)
        write_snapshot(Path(folder), arrays=arrays, facts=facts)
        built = time.perf_counter()
        index = PracticeIndex(open_snapshot(Path(folder)), encoders)
        opened = time.perf_counter()
        yield (
            index,
            {
                "index_seconds": round(built - began, 2),
                "index_open_seconds": round(opened - built, 3),
                "index_mb": round(index.size / 2**20, 1),
                "passages": len(index.owners),
                "peak_memory_mb": peak_memory_mb(),
            },
        )


def peak_memory_mb() -> float:
    """The most memory this process has held so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)


def _beir(folder: Path, progress: Progress) -> dict[str, Any]:
    if _file(folder, "corpus.jsonl") is not None:
        return _beir_set(folder, progress)
    sets = sorted(item for item in folder.iterdir() if _file(item, "corpus.jsonl") is not None)
    if not sets:
        raise ValueError(f"{folder}: no corpus.jsonl")
    told = {item.name: _beir_set(item, progress) for item in sets}
    names = dict.fromkeys(name for one in told.values() for name in one["systems"])
    systems = {
        name: {
            key: rounded_mean([one["systems"][name][key] for one in told.values()])
            for key in ("ndcg@10", "success@3", "mrr", "p50_ms", "p95_ms")
        }
        for name in names
    }
    return {"systems": systems, "sets": told}


def _file(folder: Path, name: str) -> Path | None:
    for candidate in (folder / name, folder / f"{name}.gz"):
        if candidate.is_file():
            return candidate
    return None


def _beir_set(folder: Path, progress: Progress) -> dict[str, Any]:
    encoders = encoders_from_setting(settings.ENCODERS)
    cards = [
        SearchCard(
            str(row["_id"]), (CardText("", row.get("title") or "", "", row.get("text") or ""),)
        )
        for row in _rows(folder, "corpus.jsonl")
    ]
    answers = _qrels(folder)
    asked = [
        Asked(str(row["_id"]), row["text"], folder.name, answers[str(row["_id"])])
        for row in _rows(folder, "queries.jsonl")
        if str(row["_id"]) in answers
    ]
    vectors_of = VectorFiles(Path(settings.DATA_DIR) / "bench" / "vectors", progress)
    with built_index(cards, (), encoders, vectors_of) as (index, made):
        found, times = timed(novator_findings(index), [question.text for question in asked])
    own = {**figures([_slugs(item) for item in found], asked), **times, **made}
    systems = {"novator": own, **_peers(cards, asked, encoders, vectors_of)}
    return {"systems": systems, "cards": len(cards), "questions": len(asked)}


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    path = _file(folder, name)
    if path is None:
        raise ValueError(f"{folder}: no {name}")
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _qrels(folder: Path) -> dict[str, dict[str, int]]:
    path = _file(folder, "qrels.tsv") or _file(folder / "qrels", "test.tsv")
    if path is None:
        raise ValueError(f"{folder}: no qrels.tsv")
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        question, card, grade = line.split("\t")[:3]
        if int(grade) > 0:
            found.setdefault(question, {})[card] = int(grade)
    return found
