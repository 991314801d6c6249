"""The search is as good as it is said to be, on questions that are not part of the product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from novator.bench.search_questions import figures, questions_from
from novator.matching.search import find
from novator.matching.testing import make_index, starter_cards, starter_questions

QUESTIONS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "queries_dev.jsonl"


@pytest.mark.shared
@pytest.mark.slow
def test_finds_what_the_development_set_asks_for(tmp_path: Path):
    if not QUESTIONS.exists():
        pytest.skip("the development set of questions is not here")
    asked = questions_from(QUESTIONS)
    index = make_index(tmp_path / "index", starter_cards(), starter_questions())

    found = [find(question.text, index=index, limit=10) for question in asked]

    rankings = [[one.practice_slug for one in findings.results] for findings in found]
    told = figures(rankings, asked)
    false_alarms = np.mean(
        [f.nothing_fits for f, q in zip(found, asked, strict=True) if q.relevant]
    )
    assert told["ndcg@10"] >= 0.75
    assert told["success@3"] >= 0.9
    assert false_alarms <= 0.05
