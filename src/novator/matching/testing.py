"""Matching: the index of the starter catalogue for tests, made without a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from novator.matching.catalogue import PracticeIndex
from novator.matching.fields import (
    CardText,
    Facets,
    SearchCard,
    SearchQuestion,
    VectorsOf,
    index_arrays,
)
from novator.text.encoders import (
    Encoder,
    EncoderUnavailable,
    Kind,
    Matrix,
    encoders_from_setting,
)
from novator.text.index import open_snapshot, write_snapshot
from novator.text.vectors import starter_vectors, text_hash


def _rows(name: str) -> list[dict[str, Any]]:
    path = resources.files("novator.practices").joinpath(f"data/{name}")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def starter_cards() -> list[SearchCard]:
    """The cards that come with the program, with their formulations."""
    asked = {
        row["id"]: (*row["asked_as_ru"], *row["asked_as_en"]) for row in _rows("formulations.jsonl")
    }
    return [
        SearchCard(
            slug=row["id"],
            texts=(
                CardText(
                    "ru",
                    row["title_ru"],
                    row["problem_ru"],
                    row["solution_ru"],
                    tuple(row["tags_ru"]),
                ),
                CardText("en", row["title_en"]),
            ),
            asked_as=asked.get(row["id"], ()),
            facets=Facets(
                topic=row["topic"],
                region=row["region"],
                country=row["country"],
                year=row["year_end"] or row["year_start"],
                city=row["municipality"],
            ),
        )
        for row in sorted(_rows("practices.jsonl"), key=lambda row: str(row["id"]))
    ]


def starter_questions() -> list[SearchQuestion]:
    """The problems without an answer that come with the program."""
    return [
        SearchQuestion(row["key"], row["topic"], (*row["asked_as_ru"], *row["asked_as_en"]))
        for row in sorted(_rows("open_questions.jsonl"), key=lambda row: str(row["key"]))
    ]


@lru_cache(maxsize=4)
def _starter(encoder_name: str) -> dict[bytes, Matrix]:
    return {key: row.astype(np.float32) for key, row in starter_vectors(encoder_name)}


def shipped_or_encoded(texts: Sequence[str], encoder: Encoder, kind: Kind) -> Matrix:
    """Vectors that come with the program, else computed now."""
    known = _starter(encoder.name)
    rows = np.zeros((len(texts), encoder.dimensions), dtype=np.float32)
    missing = []
    for place, text in enumerate(texts):
        row = known.get(text_hash(text, kind=kind))
        if row is None:
            missing.append(place)
        else:
            rows[place] = row
    if missing:
        rows[missing] = encoder.encode([texts[place] for place in missing], kind=kind)
    return rows


def make_index(
    folder: Path,
    cards: Sequence[SearchCard],
    questions: Sequence[SearchQuestion] = (),
    *,
    encoders: Sequence[Encoder] | None = None,
    vectors_of: VectorsOf = shipped_or_encoded,
) -> PracticeIndex:
    """An opened index of some cards in a folder."""
    used = encoders_from_setting() if encoders is None else encoders
    arrays, facts = index_arrays(cards, questions, used, vectors_of)
    write_snapshot(folder, arrays=arrays, facts=facts)
    return PracticeIndex(open_snapshot(folder), used)


class LetterEncoder:
    """Counts letters: enough of an encoder to build an index in no time."""

    name = "letters-1"
    dimensions = 64

    def encode(self, texts: Sequence[str], *, kind: str) -> Any:
        """Give unit rows."""
        rows = np.full((len(texts), self.dimensions), 0.01, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                row[ord(letter) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def letters_fall_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the encoder that counts letters answer no more, as a server that went away."""

    def refuse(self: LetterEncoder, texts: Sequence[str], *, kind: str) -> Any:
        raise EncoderUnavailable("letters are silent")

    monkeypatch.setattr(LetterEncoder, "encode", refuse)


def index_by_letters(
    settings: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], str]:
    """Give a function that builds the index of the cards there are; until then there is none."""
    from novator.matching import operations, queries

    settings.DATA_DIR = folder
    for module in (operations, queries):
        monkeypatch.setattr(module, "encoders_from_setting", lambda value: (LetterEncoder(),))
    monkeypatch.setattr(operations, "unavailable_encoders", lambda value: ())
    return operations.rebuild_index
