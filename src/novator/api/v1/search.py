"""Problem to practices: a question in plain words, answered for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from novator.api.v1.cards import PracticeAnswer, short_answer
from novator.api.v1.errors import NotReady, refusal
from novator.api.v1.interface import OWN_CACHE_ONLY
from novator.api.v1.municipalities import RegionAnswer, region_answer
from novator.api.v1.paging import Part, neighbours
from novator.api.v1.parameters import LONGEST_QUESTION, Filters, Page, Reader
from novator.cities.models import Municipality
from novator.cities.queries import find_city, suggest_cities
from novator.core.languages import reader_language, reads_russian
from novator.matching.queries import EncoderSilent, current_index
from novator.matching.search import Filters as SearchFilters
from novator.matching.search import Findings, Found, find
from novator.practices.models import OpenQuestion
from novator.practices.queries import cards, unknown_country
from novator.text.index import IndexDamaged, IndexMissing

router = Router(tags=["search"])

MOST_RESULTS = 100


class Reason(Schema):
    """Why a practice was found."""

    kind: Literal["meaning", "formulation", "words", "topic", "city"]
    text: str = Field(description=gettext_noop("The reason in words, in the reader's language."))


class FoundAnswer(PracticeAnswer):
    """A practice that may help, with the reasons."""

    score: float = Field(
        description=gettext_noop("0 to 1: how likely a reader would call it helpful.")
    )
    why: list[Reason] = Field(description=gettext_noop("Why it was found, strongest first."))
    likeness: float | None = Field(
        description=gettext_noop(
            "How alike its city is to the one named in city, 0 to 1; null if too little is known."
        )
    )


class CityMeant(Schema):
    """A city that the words in city can mean."""

    id: str
    name: str
    region: RegionAnswer | None


class CityAnswer(CityMeant):
    """Which city was taken, and which others the words can mean."""

    others: list[CityMeant]


class OpenQuestionAnswer(Schema):
    """A known problem that no practice of the catalogue answers yet."""

    key: str
    title: str


class SearchAnswer(Part):
    """What was found."""

    nothing_fits: bool = Field(
        description=gettext_noop(
            "True: no practice answers this; results are then only the few nearest."
        )
    )
    fit_without_filters: int | None = Field(
        description=gettext_noop(
            "How many practices answer this without the filters, at most a hundred; null if none"
            " is set. If nothing_fits only because of the filters, results are empty."
        )
    )
    results: list[FoundAnswer]
    repaired_query: str | None = Field(
        description=gettext_noop("The question as it was read after repairing typos, or null.")
    )
    query_topic: str | None = Field(description=gettext_noop("Topic of the question, if clear."))
    open_question: OpenQuestionAnswer | None = Field(
        description=gettext_noop("The known problem without an answer that it resembles, or null.")
    )
    city: CityAnswer | None


class SearchAsked(Filters, Page, Reader):
    """The question, and what narrows the answers."""

    q: str = Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        description=gettext_noop("The problem in plain words, Russian or English."),
    )
    city: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description=gettext_noop(
            "Your city: solutions of cities like it come first. A name, or an identifier."
        ),
    )
    order: Literal["relevance", "cost", "newest"] = Field(
        "relevance",
        description=gettext_noop(
            "cost: by cost per inhabitant, only those that have one; newest: by year."
        ),
    )


@router.get(
    "/search",
    response=SearchAnswer,
    operation_id="search",
    summary=gettext_noop("Search"),
    description=gettext_noop(
        "From a problem in plain words to practices that may help, each with the reasons."
        " At most the hundred best can be paged through. The question is kept nowhere."
    ),
    openapi_extra={
        "x-example": {"q": "ямы на дороге, после ремонта всё разваливается", "city": "Глазов"}
    },
)
def search(
    request: HttpRequest, response: HttpResponse, asked: Query[SearchAsked]
) -> dict[str, Any] | HttpResponse:
    """
    Answer a question in a fixed number of queries.

    :raises NotReady: there is no index to search yet
    """
    meant = find_city(asked.city) if asked.city else []
    if asked.city and not meant:
        reason = _unknown_city(asked.city)
        return refusal(404, "not_found", reason, [("city", reason)])
    if reason := unknown_country(asked.country):
        return refusal(404, "not_found", reason, [("country", reason)])
    try:
        findings = _findings(asked, meant[0] if meant else None)
        worth = findings.worth_showing
        results = _results(request, worth[asked.offset : asked.offset + asked.limit])
    except EncoderSilent as fault:
        raise NotReady(_("The search cannot read questions right now.")) from fault
    except (IndexMissing, IndexDamaged) as fault:
        raise NotReady(_("The search index is being built. Ask again in a few minutes.")) from fault
    response.headers["Cache-Control"] = OWN_CACHE_ONLY
    return {
        "total": len(worth),
        **neighbours(request, total=len(worth), limit=asked.limit, offset=asked.offset),
        "nothing_fits": findings.nothing_fits,
        "fit_without_filters": _fit_without_filters(asked, findings),
        "results": results,
        "repaired_query": findings.repaired_query,
        "query_topic": findings.query_topic,
        "open_question": _open_question(findings),
        "city": _city(meant),
    }


def _fit_without_filters(asked: SearchAsked, findings: Findings) -> int | None:
    if _filters(asked) == SearchFilters():
        return None
    return min(len(findings.fit_anywhere), MOST_RESULTS)


def _filters(asked: SearchAsked) -> SearchFilters:
    names = SearchFilters.__dataclass_fields__
    return SearchFilters(**{name: getattr(asked, name) for name in names})


def _findings(asked: SearchAsked, city: Municipality | None) -> Findings:
    return find(
        asked.q,
        index=current_index(),
        filters=_filters(asked),
        city=city,
        limit=MOST_RESULTS,
        order=asked.order,
    )


def _results(request: HttpRequest, part: Sequence[Found]) -> list[dict[str, Any]]:
    language = reader_language()
    known = {card.slug: card for card in cards([found.practice_slug for found in part])}
    return [
        {
            **short_answer(request, known[found.practice_slug]),
            "score": found.score,
            "why": [
                {"kind": reason.kind, "text": reason.text(language)} for reason in found.reasons
            ],
            "likeness": found.likeness,
        }
        for found in part
        if found.practice_slug in known
    ]


def _city(meant: list[Municipality]) -> dict[str, Any] | None:
    if not meant:
        return None
    first, *others = [
        {"id": city.slug, "name": city.name, "region": region_answer(city)} for city in meant[:6]
    ]
    return {**first, "others": others}


def _unknown_city(text: str) -> str:
    near = [str(city) for city in suggest_cities(text, 3)]
    if near:
        return _("No such city. Did you mean: %(names)s?") % {"names": ", ".join(near)}
    return _("No such city.")


def _open_question(findings: Findings) -> dict[str, str] | None:
    if not findings.nothing_fits or not findings.open_question_key:
        return None
    found = OpenQuestion.objects.filter(key=findings.open_question_key).first()
    if found is None:
        return None
    is_russian = reads_russian()
    return {"key": found.key, "title": found.title_ru if is_russian else found.title_en}
