"""Matching: why a card was found, as data that pages and commands put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.cities.peers import Likeness
from novator.core.topics import topic_name
from novator.matching.catalogue import PracticeIndex
from novator.matching.fields import ASKED, PASSAGE_KINDS
from novator.matching.ranking import Ranking
from novator.text.words import STOP_WORDS, share_of_scripts, stem, words

ReasonKind = Literal["meaning", "formulation", "words", "topic", "city"]
MOST_WORDS = 6
LEAST_TELLING = 0.3
LEAST_TELLING_FORMULATED = 0.5
LEAST_KNOWN = 2


@dataclass(frozen=True)
class Reason:
    """
    One reason. `detail` holds, by kind: meaning and formulation {"passage", "quote"}; words
    {"words"}; topic {"code"}; city {"score", "reasons", "is_own"}.
    """

    kind: ReasonKind
    detail: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The reason in words, in "ru" or "en"."""
        with override(language):
            return self._text(language)

    def _text(self, language: str) -> str:
        if self.kind == "meaning":
            return _("Close in meaning: “%(quote)s”") % self.detail
        if self.kind == "formulation":
            return _("The problem in other words: “%(quote)s”") % self.detail
        if self.kind == "words":
            return _("Words in common: %(words)s") % {"words": ", ".join(self.detail["words"])}
        if self.kind == "topic":
            name = topic_name(self.detail["code"], language)
            return _("The question is about the same topic: %(topic)s") % {"topic": name}
        return self._text_on_city(language)

    @property
    def is_own(self) -> bool:
        """Whether the card is of the reader's own city."""
        return bool(self.detail.get("is_own"))

    @property
    def likeness(self) -> float | None:
        """How alike the city is, 0 to 1; None where too little is known to tell."""
        known = [one for one in self.detail.get("reasons", ()) if one.likeness is not None]
        return float(self.detail["score"]) if len(known) >= LEAST_KNOWN else None

    def _text_on_city(self, language: str) -> str:
        """How alike the city is, by what is known of both; no percentage where that is little."""
        if self.is_own:
            return _("It is your own city")
        known = [one for one in self.detail["reasons"] if one.likeness is not None]
        words = ", ".join(one.text(language) for one in known)
        if self.likeness is None:
            told = _("Too little is known to tell how alike the city is")
            return told + (f" ({words})" if words else "")
        return _("The city is %(percent)s%% like yours: %(reasons)s") % {
            "percent": round(100 * self.likeness),
            "reasons": words,
        }


def reasons_for(
    place: int,
    question: str,
    index: PracticeIndex,
    ranking: Ranking,
    *,
    topic: str | None,
    likeness: Likeness | None = None,
    is_own: bool = False,
) -> tuple[Reason, ...]:
    """Why this card, strongest first: its nearest passage, words, topic, likeness of the city."""
    found = [_nearest_passage(place, question, index, ranking)]
    shared = _words_in_common(place, question, index) if ranking.stems[place] > 0 else []
    if shared and ranking.words_share > 0:
        found.append(Reason("words", {"words": shared}))
    if topic and index.facet_of("topic", place) == topic:
        found.append(Reason("topic", {"code": topic}))
    if likeness is not None:
        told = {"score": likeness.score, "reasons": tuple(likeness.reasons), "is_own": is_own}
        found.append(Reason("city", told))
    return tuple(reason for reason in found if reason is not None)


def _nearest_passage(
    place: int, question: str, index: PracticeIndex, ranking: Ranking
) -> Reason | None:
    """The passage nearest in meaning, in the script of the question where the card has one."""
    places = np.arange(index.starts[place], index.starts[place + 1])
    if not places.size:
        return None
    sums = np.zeros(len(places))
    for found in ranking.passages.of(int(places[0]), int(places[-1]) + 1):
        sums += found / max(float(np.abs(found).max()), 1e-9)
    kinds: Sequence[int] = index.kinds[places].tolist()
    order = sorted(range(len(places)), key=lambda i: -sums[i])
    fit = [i for i in order if PASSAGE_KINDS[kinds[i]] not in {"whole", "tags"}] or order
    asked_in = _is_cyrillic(question)
    best = next((i for i in fit if _is_cyrillic(index.texts[int(places[i])]) == asked_in), fit[0])
    kind = PASSAGE_KINDS[kinds[best]]
    quote = index.texts[int(places[best])]
    return Reason("formulation" if kind == ASKED else "meaning", {"passage": kind, "quote": quote})


def _is_cyrillic(text: str) -> bool:
    cyrillic, latin = share_of_scripts(text)
    return cyrillic >= latin


def _words_in_common(place: int, question: str, index: PracticeIndex) -> list[str]:
    """
    Telling words of the question, as written there, that the card holds; its own words first.

    Words of formulations must tell more, for those hold what people say of any matter.
    """
    own, formulated = [], []
    for word in dict.fromkeys(words(question)):
        if len(word) <= 2 or word in STOP_WORDS:
            continue
        term = stem(word)
        tells = min(table.rarity(term) for table in (index.card_stems, index.asked_stems))
        if tells >= LEAST_TELLING and index.card_stems.holds(term, place):
            own.append(word)
        elif tells >= LEAST_TELLING_FORMULATED and index.asked_stems.holds(term, place):
            formulated.append(word)
    return [*own, *formulated][:MOST_WORDS]
