"""Bench: how well categories of reports are proposed, beside TF-IDF with a linear model."""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.reports.classifying.calibration import figures_of
from novator.reports.classifying.model import open_model
from novator.reports.classifying.quick import quick_encoders
from novator.reports.classifying.starting import CategoryText
from novator.reports.classifying.training import LabelledText, train_model
from novator.text.encoders import Encoder

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

COLUMNS = ("text", "category")
LONGEST_FIELD = 1 << 20
GZIP = b"\x1f\x8b"
DIGITS = 4
BASELINE_STRENGTH = 10.0


class CannotRead(ValueError):
    """A file is not what it should be; the message says which, and what is amiss."""


@dataclass(frozen=True)
class _Predicted:
    """Probabilities of the test's texts for each code, and how long a text took."""

    codes: tuple[str, ...]
    probabilities: Floats
    milliseconds: float
    by_the_clock: float


def run_reports_bench(train: Path, test: Path) -> dict[str, Any]:
    """
    Train on one file, judge on the other; the baseline is trained and judged in the same run.

    :raises CannotRead: a file cannot be read, lacks a column or holds no labelled text
    """
    taught, asked = labelled_texts(train), labelled_texts(test)
    began = time.process_time()
    encoders = quick_encoders()
    ours, size = _ours(taught, asked, encoders)
    seconds = time.process_time() - began
    baseline = _baseline(taught, asked)
    return _told(ours, asked) | {
        "baseline": _told(baseline, asked),
        "median_ms_by_the_clock": {
            "ours": round(ours.by_the_clock, 2),
            "baseline": round(baseline.by_the_clock, 2),
        },
        "rows": {"train": len(taught), "test": len(asked), "categories": len(ours.codes)},
        "encoders": [encoder.name for encoder in encoders],
        "processor_seconds_in_all": round(seconds, 1),
        "model_bytes": size,
    }


def labelled_texts(path: Path) -> list[LabelledText]:
    """
    Rows of a CSV file, packed by gzip or not, in UTF-8 or cp1251, parted by commas or semicolons.

    Rows without a category are passed over. An empty text stays: it is to be answered as well.

    :raises CannotRead: see `run_reports_bench`
    """
    lines = io.StringIO(_content(path), newline="")
    head = lines.readline()
    lines.seek(0)
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(LONGEST_FIELD)
    rows = csv.DictReader(lines, delimiter=delimiter)
    names = {(name or "").strip().strip("\ufeff").lower(): name for name in rows.fieldnames or ()}
    if missing := [column for column in COLUMNS if column not in names]:
        raise CannotRead(
            f"{path}: no column {', '.join(missing)}; the first line must name text and category"
        )
    text, category = (names[column] for column in COLUMNS)
    try:
        found = [
            LabelledText(row[text] or "", row[category].strip())
            for row in rows
            if (row[category] or "").strip()
        ]
    except csv.Error as fault:
        raise CannotRead(f"{path}: {fault}") from fault
    if not found:
        raise CannotRead(f"{path}: no row with a category")
    return found


def _content(path: Path) -> str:
    try:
        stored = path.read_bytes()
        packed = gzip.decompress(stored) if stored.startswith(GZIP) else stored
    except (OSError, EOFError) as fault:
        raise CannotRead(f"{path}: {fault}") from fault
    try:
        return packed.decode("utf-8-sig")
    except UnicodeDecodeError:
        return packed.decode("cp1251", errors="replace")


def _ours(
    taught: Sequence[LabelledText], asked: Sequence[LabelledText], encoders: Sequence[Encoder]
) -> tuple[_Predicted, int]:
    """Trained, written, opened again and asked one text at a time, as the form asks."""
    codes = dict.fromkeys(row.code for row in taught)
    blob = train_model(taught, [CategoryText(code, code) for code in codes], encoders).to_bytes()
    model = open_model(blob, encoders)
    model.probabilities(["."])
    return _asked(model.codes, lambda text: model.probabilities([text]), asked), len(blob)


def _asked(
    codes: Sequence[str], ask: Callable[[str], Floats], asked: Sequence[LabelledText]
) -> _Predicted:
    """
    Ask one text at a time.

    Told are the mean of the processor's time, which other processes hardly disturb, and the median
    by the clock: on a quiet machine they agree.
    """
    told, by_the_clock = [], []
    began = time.process_time()
    for row in asked:
        asked_at = time.perf_counter()
        told.append(ask(row.text))
        by_the_clock.append(time.perf_counter() - asked_at)
    took = (time.process_time() - began) / len(asked)
    median = float(np.median(by_the_clock))
    return _Predicted(tuple(codes), np.concatenate(told), took * 1000, median * 1000)


def _baseline(taught: Sequence[LabelledText], asked: Sequence[LabelledText]) -> _Predicted:
    """Words, pairs of words, pieces of words by TF-IDF; logistic regression; by scikit-learn."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    codes = sorted({row.code for row in taught})
    if len(codes) < 2:
        return _Predicted(tuple(codes), np.ones((len(asked), 1)), 0.0, 0.0)
    whole = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    pipeline = make_pipeline(
        make_union(whole, pieces), LogisticRegression(C=BASELINE_STRENGTH, max_iter=1000)
    )
    try:
        pipeline.fit([row.text for row in taught], [row.code for row in taught])
    except ValueError as fault:
        raise CannotRead(f"the texts to train on hold no words: {fault}") from fault
    return _asked(
        [str(code) for code in pipeline.classes_],
        lambda text: pipeline.predict_proba([text]),
        asked,
    )


def _told(predicted: _Predicted, asked: Sequence[LabelledText]) -> dict[str, Any]:
    """Figures; a category that the training did not know is one that is never guessed."""
    codes = list(dict.fromkeys([*predicted.codes, *(row.code for row in asked)]))
    place = {code: column for column, code in enumerate(codes)}
    told = np.zeros((len(asked), len(codes)))
    told[:, : len(predicted.codes)] = predicted.probabilities
    figures = figures_of(told, np.array([place[row.code] for row in asked]))
    return {name: round(value, DIGITS) for name, value in asdict(figures).items()} | {
        "ms_per_text": round(predicted.milliseconds, 2)
    }
