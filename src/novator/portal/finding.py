"""Problem to practices: one question answered for a page, with everything the page says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from novator.cities.models import Municipality
from novator.cities.queries import find_city, suggest_cities
from novator.matching.catalogue import PracticeIndex
from novator.matching.queries import EncoderSilent, current_index
from novator.matching.reasons import Reason
from novator.matching.search import Findings, find
from novator.portal.asking import Asked
from novator.portal.facets import Facet, facets_of
from novator.portal.shown import ShownCard, shown_cards
from novator.practices.models import OpenQuestion
from novator.practices.queries import catalogue
from novator.text.index import IndexDamaged, IndexMissing

PER_PAGE = 10
MOST_RESULTS = 50

State = Literal[
    "silent",
    "wordless",
    "preparing",
    "unreadable",
    "found",
    "filtered_out",
    "nothing_fits",
    "nothing_left",
    "listed",
]


@dataclass(frozen=True)
class CityAsked:
    """Which city the reader meant; `others` are further meanings or likely spellings."""

    text: str = ""
    city: Municipality | None = None
    others: tuple[Municipality, ...] = ()


@dataclass(frozen=True)
class Result:
    """One answer as the page shows it."""

    card: ShownCard
    reasons: tuple[Reason, ...] = ()

    @property
    def likeness(self) -> Reason | None:
        """How alike the card's city is to the reader's, if he named one."""
        return next((reason for reason in self.reasons if reason.kind == "city"), None)

    @property
    def why(self) -> tuple[Reason, ...]:
        """The other reasons, strongest first."""
        return tuple(reason for reason in self.reasons if reason.kind != "city")


@dataclass(frozen=True)
class Answer:
    """What a page of results says; `fit_anywhere`: how many cards fit without the filters."""

    state: State
    asked: Asked
    city: CityAsked = CityAsked()
    results: tuple[Result, ...] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    repaired: str | None = None
    open_question: OpenQuestion | None = None
    topic: str | None = None
    fit_anywhere: int = 0
    page: int = 1
    pages: int = 1

    @property
    def first(self) -> int:
        """Number of the first result of this page."""
        return (self.page - 1) * PER_PAGE + 1


def city_asked(text: str) -> CityAsked:
    """Which city these words mean; nothing is guessed where several or none fit."""
    if not text:
        return CityAsked()
    found = find_city(text)
    if found:
        return CityAsked(text, found[0], tuple(found[1:6]))
    return CityAsked(text, None, tuple(suggest_cities(text)))


def answer_to(asked: Asked, *, with_facets: bool = True) -> Answer:
    """Answer a question; never raises because of what it holds."""
    city = city_asked(asked.city_text)
    if not asked.text:
        return _listing(asked, city) if asked.is_filtered else Answer("silent", asked, city)
    if not asked.has_words:
        return Answer("wordless", asked, city)
    try:
        return _findings(asked, city, current_index(), with_facets=with_facets)
    except EncoderSilent:
        return Answer("unreadable", asked, city)
    except (IndexMissing, IndexDamaged):
        return Answer("preparing", asked, city)


def _findings(asked: Asked, city: CityAsked, index: PracticeIndex, *, with_facets: bool) -> Answer:
    findings = find(
        asked.text,
        index=index,
        filters=asked.filters,
        city=city.city,
        limit=MOST_RESULTS,
        order=asked.order,
    )
    worth = findings.worth_showing
    facets: list[Facet] = []
    if with_facets and (findings.is_filtered_out or not findings.nothing_fits):
        facets = facets_of(asked.filters, among=findings.fit_anywhere[:MOST_RESULTS])
    pages = max(1, -(-len(worth) // PER_PAGE))
    page = min(asked.page, pages)
    shown = worth[(page - 1) * PER_PAGE : page * PER_PAGE]
    question = _open_question(findings)
    return Answer(
        state=_state(findings),
        asked=asked,
        city=city,
        results=_with_cards([(found.practice_slug, found.reasons) for found in shown]),
        total=len(worth),
        facets=tuple(facets),
        repaired=findings.repaired_query,
        open_question=question,
        topic=question.topic if question else findings.query_topic,
        fit_anywhere=len(findings.fit_anywhere[:MOST_RESULTS]),
        page=page,
        pages=pages,
    )


def _state(findings: Findings) -> State:
    if findings.is_filtered_out:
        return "filtered_out"
    if findings.nothing_fits:
        return "nothing_fits"
    return "found" if findings.worth_showing else "nothing_left"


def _listing(asked: Asked, city: CityAsked) -> Answer:
    """The cards that pass the filters, without a question."""
    slugs = catalogue(asked.filters, order="cost" if asked.order == "cost" else "newest")
    pages = max(1, -(-len(slugs) // PER_PAGE))
    page = min(asked.page, pages)
    shown = slugs[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Answer(
        state="listed" if slugs else "nothing_left",
        asked=asked,
        city=city,
        results=_with_cards([(slug, ()) for slug in shown]),
        total=len(slugs),
        facets=tuple(facets_of(asked.filters)),
        page=page,
        pages=pages,
    )


def _with_cards(found: list[tuple[str, tuple[Reason, ...]]]) -> tuple[Result, ...]:
    cards = {card.slug: card for card in shown_cards([slug for slug, _reasons in found])}
    return tuple(Result(cards[slug], reasons) for slug, reasons in found if slug in cards)


def _open_question(findings: Findings) -> OpenQuestion | None:
    if not findings.nothing_fits or not findings.open_question_key:
        return None
    return OpenQuestion.objects.filter(key=findings.open_question_key).first()
