"""Bench: what each part of the search is worth, by leaving it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from novator.bench.search import built_index, stored_vectors
from novator.bench.search_questions import Asked, figures, questions_from, with_typos
from novator.matching.cards import cards_for_index, questions_for_index
from novator.matching.catalogue import PracticeIndex
from novator.matching.fields import SearchCard
from novator.matching.mixture import Weights, learned_weights
from novator.matching.question import question_from
from novator.matching.ranking import rank
from novator.text.encoders import Encoder, encoders_from_setting
from novator.text.repair import Vocabulary
from novator.text.thesaurus import starter_thesaurus
from novator.text.vectors import Progress, silent


def run_ablation(queries: Path, *, progress: Progress = silent) -> dict[str, Any]:
    """Figures of the whole and of the whole less one part, on the catalogue in the database."""
    asked = [question for question in questions_from(queries) if question.relevant]
    encoders = encoders_from_setting(settings.ENCODERS)
    cards = cards_for_index()
    plain = [replace(card, asked_as=()) for card in cards]
    half = [replace(c, asked_as=()) if place % 2 else c for place, c in enumerate(cards)]
    vectors_of = stored_vectors(progress)

    def figures_of(of: Sequence[SearchCard], used: Sequence[Encoder], **changed: Any) -> Any:
        with built_index(of, questions_for_index(), used, vectors_of) as (index, _made):
            weights = replace(learned_weights(), **changed)
            return figures(_rankings(index, asked, weights), asked)

    told: dict[str, Any] = {}
    with built_index(cards, questions_for_index(), encoders, vectors_of) as (index, _made):
        told["whole"] = figures(_rankings(index, asked, learned_weights()), asked)
        told |= _word_parts(index, asked, learned_weights())
    wordless = {"text_words": 0.0, "asked_words": 0.0}
    told["meaning only, no words"] = figures_of(cards, encoders, **wordless)
    told["no words of formulations"] = figures_of(cards, encoders, asked_words=0.0)
    told["no words of cards"] = figures_of(cards, encoders, text_words=0.0)
    for encoder in encoders if len(encoders) > 1 else ():
        told[f"{encoder.name} as the only encoder"] = figures_of(cards, [encoder])
    told["half of the cards without formulations"] = figures_of(half, encoders)
    told["no card with formulations"] = figures_of(plain, encoders)
    told["no formulations, no words"] = figures_of(plain, encoders, **wordless)
    return {"systems": told, "questions": len(asked)}


def _word_parts(index: PracticeIndex, asked: Sequence[Asked], weights: Weights) -> dict[str, Any]:
    misspelt = [replace(question, text=with_typos(question.text)) for question in asked]
    told = {
        "without thesaurus": figures(_rankings(index, asked, weights, expands=False), asked),
        "typos in 30 % of the words": figures(_rankings(index, misspelt, weights), asked),
    }
    vocabulary = index.vocabulary
    index.__dict__["vocabulary"] = _NoRepair({})
    told["the same typos without repair"] = figures(_rankings(index, misspelt, weights), asked)
    index.__dict__["vocabulary"] = vocabulary
    return told


class _NoRepair(Vocabulary):
    """A vocabulary that takes every word for known."""

    def repair(self, text: str) -> str:
        """The text as it is."""
        return text


def _rankings(
    index: PracticeIndex, asked: Sequence[Asked], weights: Weights, *, expands: bool = True
) -> list[list[str]]:
    everything = np.ones(index.cards, dtype=np.bool_)
    thesaurus = starter_thesaurus() if expands else None
    found = []
    for question in asked:
        read = question_from(question.text, index.vocabulary)
        ranking = rank(read, index, everything, weights=weights, thesaurus=thesaurus)
        found.append([index.slugs[int(place)] for place in ranking.places[:10]])
    return found
