"""Matching: why a card was found, as data that pages and commands put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
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


class Reasons:
    """Why cards were found for one question; what all of them need is worked out once."""

    def __init__(
        self, question: str, index: PracticeIndex, ranking: Ranking, *, topic: str | None
    ) -> None:
        self._question, self._index, self._ranking = question, index, ranking
        self._topic = topic

    def of(
        self, place: int, *, likeness: Likeness | None = None, is_own: bool = False
    ) -> tuple[Reason, ...]:
        """Strongest first: the card's nearest passage, words, topic, likeness of the city."""
        found = [self._nearest_passage(place)]
        if self._ranking.words_share > 0 and self._ranking.stems[place] > 0:
            found.append(self._words_in_common(place))
        if self._topic and self._index.facet_of("topic", place) == self._topic:
            found.append(Reason("topic", {"code": self._topic}))
        if likeness is not None:
            told = {"score": likeness.score, "reasons": tuple(likeness.reasons), "is_own": is_own}
            found.append(Reason("city", told))
        return tuple(reason for reason in found if reason is not None)

    def _nearest_passage(self, place: int) -> Reason | None:
        """The passage nearest in meaning, in the script of the question where the card has one."""
        first, end = self._index.starts[place : place + 2].tolist()
        if end <= first:
            return None
        sums = np.sum(self._ranking.passages.of(first, end), axis=0)
        order = (first + np.argsort(-sums, kind="stable")).tolist()
        kind_of = {at: PASSAGE_KINDS[self._index.kinds[at]] for at in order}
        fit = [at for at in order if kind_of[at] not in {"whole", "tags"}] or order
        texts = ((at, self._index.texts[at]) for at in fit)
        own = (found for found in texts if _is_cyrillic(found[1]) == self._is_cyrillic)
        best, quote = next(own, None) or (fit[0], self._index.texts[fit[0]])
        kind = kind_of[best]
        told: ReasonKind = "formulation" if kind == ASKED else "meaning"
        return Reason(told, {"passage": kind, "quote": quote})

    @cached_property
    def _is_cyrillic(self) -> bool:
        return _is_cyrillic(self._question)

    def _words_in_common(self, place: int) -> Reason | None:
        """
        Telling words of the question, as written there, that the card holds; its own words first.

        Words of formulations must tell more, for those hold what people say of any matter.
        """
        own, formulated = [], []
        for word, term, tells in self._telling_words:
            if self._index.card_stems.holds(term, place):
                own.append(word)
            elif tells >= LEAST_TELLING_FORMULATED and self._index.asked_stems.holds(term, place):
                formulated.append(word)
        shared = [*own, *formulated][:MOST_WORDS]
        return Reason("words", {"words": shared}) if shared else None

    @cached_property
    def _telling_words(self) -> list[tuple[str, str, float]]:
        """Words of the question with their stems and how much they tell, if it is enough."""
        found = []
        for word in dict.fromkeys(words(self._question)):
            if len(word) <= 2 or word in STOP_WORDS:
                continue
            term = stem(word)
            tables = (self._index.card_stems, self._index.asked_stems)
            tells = min(table.rarity(term) for table in tables)
            if tells >= LEAST_TELLING:
                found.append((word, term, tells))
        return found


def _is_cyrillic(text: str) -> bool:
    cyrillic, latin = share_of_scripts(text)
    return cyrillic >= latin
