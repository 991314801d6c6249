"""Matching: from a problem in plain words to the cards that answer it, and why each was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from novator.cities.models import Municipality
from novator.cities.peers import Likeness
from novator.matching.catalogue import PracticeIndex
from novator.matching.gate import Verdict, verdict_on
from novator.matching.mixture import Weights, learned_weights, logistic
from novator.matching.queries import guarded, likeness_to
from novator.matching.question import Question, question_from
from novator.matching.ranking import Mask, Ranking, narrowed, rank
from novator.matching.reasons import Reason, Reasons
from novator.practices.facets import CatalogueFilters
from novator.text.thesaurus import starter_thesaurus

Order = Literal["relevance", "cost", "newest"]

LIKELIEST = 3
LIKENESS_BOOST = 0.15
Filters = CatalogueFilters
ANYTHING = Filters()
WORTH_SHOWING = 0.1


@dataclass(frozen=True)
class Found:
    """
    One answer; `score` is 0 to 1, how likely a reader would call it helpful.

    The score is that of the card alone; the order also minds how alike the city is.
    """

    practice_slug: str
    score: float
    why: Callable[[], tuple[Reason, ...]] | tuple[Reason, ...] = field(compare=False, repr=False)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it was found; looked for when somebody asks, for a page shows ten of fifty."""
        return self.why() if callable(self.why) else self.why

    @property
    def likeness(self) -> float | None:
        """How alike its city is to the reader's, 0 to 1; None without his or if little is known."""
        return next((reason.likeness for reason in self.reasons if reason.kind == "city"), None)


@dataclass(frozen=True)
class Findings:
    """
    What was found. `results` are ordered even if `nothing_fits`: then they are only the nearest.

    `likeliest` are the first few of them; `open_question_key` names the known problem without an
    answer that the question is nearest to, if it is nearer than every card. `fit_anywhere` are the
    slugs of all cards that fit without the filters, best first: the question is judged on the whole
    catalogue, and filters only choose among the answers.
    """

    nothing_fits: bool
    results: tuple[Found, ...]
    repaired_query: str | None = None
    query_topic: str | None = None
    open_question_key: str | None = None
    likeliest: tuple[Found, ...] = ()
    fit_anywhere: tuple[str, ...] = ()

    @property
    def is_filtered_out(self) -> bool:
        """Whether nothing fits only because of the filters."""
        return self.nothing_fits and bool(self.fit_anywhere)

    @property
    def worth_showing(self) -> tuple[Found, ...]:
        """Those that may well help; where nothing fits anywhere, the likeliest."""
        if self.is_filtered_out:
            return ()
        if self.nothing_fits:
            return self.likeliest
        fit = set(self.fit_anywhere)
        return tuple(
            found
            for found in self.results
            if found.score >= WORTH_SHOWING or found.practice_slug in fit
        )


def allowed_by(filters: Filters, index: PracticeIndex) -> Mask:
    """Which cards pass the filters; applied before anything is ranked, so that none is lost."""
    mask: Mask = np.ones(index.cards, dtype=np.bool_)
    for name in ("topic", "region", "country", "size_class"):
        if value := getattr(filters, name):
            mask &= index.facet_equals(name, value)
    if filters.cost_band is not None:
        mask &= index.facet("cost_band") == filters.cost_band
    if filters.has_numbers is not None:
        mask &= index.facet("has_numbers") == filters.has_numbers
    years = index.facet("year").astype(np.int64)
    if filters.year_from is not None:
        mask &= (years > 0) & (years >= filters.year_from)
    if filters.year_to is not None:
        mask &= (years > 0) & (years <= filters.year_to)
    return mask


def find(
    text: str,
    *,
    index: PracticeIndex,
    filters: Filters = ANYTHING,
    city: Municipality | None = None,
    limit: int | None = 20,
    order: Order = "relevance",
    likeness: Mapping[str, Likeness] | None = None,
    weights: Weights | None = None,
) -> Findings:
    """
    The cards that answer a problem told in plain words, in Russian or English, short or a letter.

    With a city, `likeness` maps the slugs of cards' cities to how alike they are to it; it is
    looked up where it is not given. Never raises because of what the text holds.

    :raises IndexDamaged: the files of the index are not what was written
    :raises EncoderSilent: an encoder cannot read the question now
    """
    if likeness is None:
        likeness = likeness_to(city) if city is not None else {}
    with guarded(index):
        alike = _Alike(likeness, city.slug if city is not None else None)
        return _findings(text, index, filters, alike, limit, order, weights or learned_weights())


@dataclass(frozen=True)
class _Alike:
    """How alike the cities of the cards are to the reader's, and which of them is his own."""

    to: Mapping[str, Likeness]
    own: str | None

    def reason_for(self, city: str | None) -> tuple[Likeness | None, bool]:
        return self.to.get(city or ""), city is not None and city == self.own


def _findings(
    text: str,
    index: PracticeIndex,
    filters: Filters,
    alike: _Alike,
    limit: int | None,
    order: Order,
    weights: Weights,
) -> Findings:
    question = question_from(text, index.vocabulary)
    if question.is_empty or not index.cards:
        return Findings(nothing_fits=bool(text.strip()), results=())
    whole, verdict, ranking = _ranked(question, index, allowed_by(filters, index), weights)
    scores = _scores(ranking, verdict, weights)
    fit = _fit_anywhere(whole, verdict, weights)
    worth = set(_worth(ranking, scores)) | (set(fit) & set(ranking.places.tolist()))
    nothing_fits = verdict.nothing_fits or not worth
    boosted = _boosted(ranking, index, alike.to)
    places = _ordered(ranking, boosted, worth, index, order)[:limit]
    why = Reasons(question.core, index, ranking, topic=verdict.topic)
    results = tuple(_found(place, scores[place], index, why, alike) for place in places)
    return Findings(
        nothing_fits=nothing_fits,
        results=results,
        repaired_query=question.repaired,
        query_topic=verdict.topic,
        open_question_key=None if nothing_fits and fit else verdict.open_question_key,
        likeliest=results[:LIKELIEST],
        fit_anywhere=tuple(index.slugs[place] for place in fit),
    )


def _ranked(
    question: Question, index: PracticeIndex, allowed: Mask, weights: Weights
) -> tuple[Ranking, Verdict, Ranking]:
    """Rank the whole catalogue, judge it, and rank what the filters allow, if that is less."""
    thesaurus = starter_thesaurus()
    whole = rank(question, index, np.ones_like(allowed), weights=weights, thesaurus=thesaurus)
    verdict = verdict_on(question, whole, index, weights)
    if allowed.all():
        return whole, verdict, whole
    if not index.sketches:
        return whole, verdict, narrowed(whole, allowed)
    return whole, verdict, rank(question, index, allowed, weights=weights, thesaurus=thesaurus)


def _scores(ranking: Ranking, verdict: Verdict, weights: Weights) -> npt.NDArray[np.float64]:
    scores = np.zeros(len(ranking.total))
    slope, middle = weights.score
    fits = logistic(slope * (ranking.total[ranking.places] - middle))
    scores[ranking.places] = fits * (1 - verdict.probability)
    return scores


def _worth(ranking: Ranking, scores: npt.NDArray[np.float64]) -> list[int]:
    """Places of the cards that may well help, best first."""
    return [place for place in ranking.places.tolist() if scores[place] >= WORTH_SHOWING]


def _fit_anywhere(whole: Ranking, verdict: Verdict, weights: Weights) -> list[int]:
    """
    Places of all cards of the catalogue that may well help, best first.

    Where something fits but none stands out enough, the likeliest are meant.
    """
    if verdict.nothing_fits:
        return []
    return _worth(whole, _scores(whole, verdict, weights)) or whole.places[:LIKELIEST].tolist()


def _boosted(
    ranking: Ranking, index: PracticeIndex, alike: Mapping[str, Likeness]
) -> npt.NDArray[np.float64]:
    """What the order goes by: the totals, a little more for cities like the reader's."""
    total = ranking.total.copy()
    if alike:
        for place in ranking.places[:200]:
            known = alike.get(index.facet_of("city", int(place)) or "")
            total[place] += LIKENESS_BOOST * known.score if known else 0.0
    return total


def _ordered(
    ranking: Ranking,
    boosted: npt.NDArray[np.float64],
    fitting: set[int],
    index: PracticeIndex,
    order: Order,
) -> list[int]:
    places = ranking.places
    best: list[int] = places[np.lexsort((places, -boosted[places]))].tolist()
    if order == "relevance":
        return best
    worth = [place for place in best if place in fitting] or best[:LIKELIEST]
    if order == "newest":
        return sorted(worth, key=lambda place: -int(index.facet("year")[place]))
    costs = index.facet("cost")
    stated = [place for place in worth if not np.isnan(costs[place])]
    return sorted(stated, key=lambda place: float(costs[place]))


def _found(place: int, score: float, index: PracticeIndex, why: Reasons, alike: _Alike) -> Found:
    return Found(
        index.slugs[place], round(float(score), 4), partial(_why, place, index, why, alike)
    )


def _why(place: int, index: PracticeIndex, why: Reasons, alike: _Alike) -> tuple[Reason, ...]:
    likeness, is_own = alike.reason_for(index.facet_of("city", place))
    with guarded(index):
        return why.of(place, likeness=likeness, is_own=is_own)
