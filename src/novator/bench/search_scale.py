"""Bench: search among many cards: quality among real strangers, speed and memory among copies."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from novator.bench.search import built_index, peak_memory_mb
from novator.bench.search_questions import Asked, own_questions, questions_from
from novator.bench.search_serving import measured
from novator.bench.search_vectors import VectorFiles
from novator.matching.cards import cards_for_index, questions_for_index
from novator.matching.fields import (
    CardText,
    Facets,
    SearchCard,
    SearchQuestion,
    VectorsOf,
    index_arrays,
)
from novator.practices.models import OpenQuestion
from novator.text.encoders import Encoder, Kind, Matrix, encoders_from_setting
from novator.text.index import write_snapshot
from novator.text.thesaurus import starter_entries
from novator.text.vectors import Progress, silent

NOISE = 0.35


def run_scale_bench(
    *,
    cards: int = 100_000,
    strangers: int = 2_000,
    queries: Path | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """
    Quality with truly encoded strangers, and speed and memory at a size where vectors are made up.

    Strangers are cards put together from open questions and example sentences, each encoded.
    The copies that fill the catalogue up to `cards` have the words of cards and strangers in other
    places and their vectors with noise; they serve to measure speed and memory, never quality.
    """
    encoders = encoders_from_setting(settings.ENCODERS)
    asked = questions_from(queries) if queries else own_questions()
    vectors_of = VectorFiles(Path(settings.DATA_DIR) / "bench" / "vectors", progress)
    pool = [*cards_for_index(), *stranger_cards(strangers)]
    questions = questions_for_index()
    with built_index(pool, questions, encoders, vectors_of) as (index, made):
        quality = {**measured(index, asked), **made, "cards": len(pool)}
    speed = speed_among_copies(
        cards, pool, questions, encoders=encoders, vectors_of=vectors_of, asked=asked
    )
    return {"quality_among_strangers": quality, "speed_among_copies": speed}


def stranger_cards(count: int) -> list[SearchCard]:
    """Cards of problems that the catalogue does not answer, each with words of its own."""
    chance = random.Random(20260110)  # noqa: S311
    examples = [entry.example for entry in starter_entries()]
    rows = list(OpenQuestion.objects.order_by("key"))
    found = []
    for number in range(count):
        row = rows[number % len(rows)]
        problem = row.asked_as_ru[number // len(rows) % len(row.asked_as_ru)]
        text = CardText("ru", row.title_ru, f"{problem}.", chance.choice(examples))
        found.append(SearchCard(f"stranger-{number:06d}", (text,), (), Facets(topic=row.topic)))
    return found


def speed_among_copies(
    size: int,
    pool: Sequence[SearchCard],
    questions: Sequence[SearchQuestion],
    *,
    encoders: Sequence[Encoder],
    vectors_of: VectorsOf,
    asked: Sequence[Asked],
) -> dict[str, Any]:
    """Times and memory of a catalogue of so many copies; the finding itself means nothing."""
    copies = [
        replace(pool[number % len(pool)], slug=f"copy-{number:07d}", asked_as=())
        for number in range(size)
    ]
    with tempfile.TemporaryDirectory(prefix="novator-bench-") as folder:
        began = time.perf_counter()
        arrays, facts = index_arrays(copies, questions, encoders, _noisy(vectors_of))
        write_snapshot(Path(folder), arrays=arrays, facts=facts)
        built = time.perf_counter()
        passages = len(arrays["passage_kinds"])
        del arrays, copies
        peak = peak_memory_mb()
        told = in_fresh_process(Path(folder), asked)
        return {
            **told,
            "cards": size,
            "passages": passages,
            "index_seconds": round(built - began, 1),
            "peak_memory_mb_of_building": peak,
        }


def in_fresh_process(folder: Path, asked: Sequence[Asked]) -> dict[str, Any]:
    """Times and memory of a process that only opens an index and asks, as the web process does."""
    questions = json.dumps([[each.key, each.text, each.language, {}] for each in asked])
    answer = subprocess.run(
        [sys.executable, "-m", "novator.bench.search_serving", str(folder)],
        input=questions,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def _noisy(vectors_of: VectorsOf) -> VectorsOf:
    """The true vectors, each copy turned a little another way."""
    chance = np.random.default_rng(20260110)

    def noisy(texts: Sequence[str], encoder: Encoder, kind: Kind) -> Matrix:
        places: dict[str, int] = {}
        where = [places.setdefault(text, len(places)) for text in texts]
        rows = vectors_of(list(places), encoder, kind)[where]
        noise = chance.standard_normal(rows.shape, dtype=np.float32)
        rows += NOISE / np.float32(np.sqrt(rows.shape[1])) * noise
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    return noisy
