"""Search: questions find the cards they should; no question is a fault."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from django.utils.translation import gettext, override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from novator.cities.models import Municipality
from novator.cities.peers import Likeness, LikenessReason
from novator.matching import catalogue as catalogue_module
from novator.matching import fields as fields_module
from novator.matching import nearness as nearness_module
from novator.matching import ranking as ranking_module
from novator.matching.catalogue import PracticeIndex
from novator.matching.fields import CardText, Facets, SearchCard, SearchQuestion
from novator.matching.queries import EncoderSilent
from novator.matching.reasons import Reason, Reasons
from novator.matching.search import LIKELIEST, WORTH_SHOWING, Filters, Findings, Found, find
from novator.matching.testing import make_index, starter_cards
from novator.text.encoders import EncoderUnavailable
from novator.text.testing import WordEncoder

EXPECTED = [
    ("яма на яме, асфальт сходит вместе со снегом", {"kirov-cast-asphalt"}),
    ("зимой на дороге выбоины, чем чинить", {"kirov-cast-asphalt", "podolsk-potholes"}),
    ("бродячие собаки у школы, страшно отпускать детей", "animals"),
    ("на улице темно, фонари не горят", "lighting"),
    ("старая канализация, стоки текут в реку", "water"),
    ("школьники решают, на что потратить деньги", {"sochi-school-pb", "kaliningrad-school-pb"}),
    ("место в детском саду не дали, сижу с ребёнком дома", {"dolgoprudny-kg-compensation"}),
    ("автобусы стоят в пробках вместе с машинами", "transport"),
    ("мусор не вывозят, баки переполнены", "waste"),
    ("одинокие пенсионеры сидят дома без общения", "social"),
    ("stray dogs near the school", "animals"),
    ("street lights are too expensive to run", "lighting"),
    ("buses are stuck in traffic with cars", "transport"),
    ("how can residents decide on part of the budget", {"ulan-ude-people-budget"}),
]


def slugs(findings: Findings) -> list[str]:
    """Ids of what was found, in order."""
    return [found.practice_slug for found in findings.results]


@pytest.mark.parametrize(("question", "expected"), EXPECTED)
def test_the_first_three_answer(
    question: str, expected: str | set[str], starter_index: PracticeIndex
) -> None:
    first = slugs(find(question, index=starter_index))[:3]

    if isinstance(expected, set):
        assert expected <= set(first)
    else:
        places = [starter_index.place_of[slug] for slug in first]
        assert expected in {starter_index.facet_of("topic", place) for place in places[:1]}


def test_a_letter_is_read_for_what_it_asks(starter_index: PracticeIndex) -> None:
    letter = (
        "Уважаемый Иван Петрович! В связи с вышеизложенным доводим до вашего сведения следующее. "
        "В нашем городе расплодились безнадзорные собаки. Они нападают на детей у школы. "
        "Прошу рассмотреть возможность поделиться опытом. С уважением, глава администрации."
    )

    first = slugs(find(letter, index=starter_index))[0]

    assert starter_index.facet_of("topic", starter_index.place_of[first]) == "animals"


def test_misspelt_words_are_mended_and_shown(starter_index: PracticeIndex) -> None:
    findings = find("безнадзорные сабаки у шкоыл", index=starter_index)

    assert findings.repaired_query == "безнадзорные собаки у школы"
    assert starter_index.facet_of("topic", starter_index.place_of[slugs(findings)[0]]) == "animals"


@pytest.mark.parametrize(
    "question", ["вороны нападают на прохожих", "рецепт яблочного пирога с корицей"]
)
def test_says_when_nothing_fits(question: str, starter_index: PracticeIndex) -> None:
    findings = find(question, index=starter_index)

    assert findings.nothing_fits
    assert findings.likeliest == findings.results[:3]


def test_names_the_known_question_without_an_answer(starter_index: PracticeIndex) -> None:
    findings = find("вороны нападают на прохожих", index=starter_index)

    assert findings.open_question_key == "crows-attack-people"


def test_reasons_are_told_in_both_languages(starter_index: PracticeIndex) -> None:
    best = find("ямы на дороге", index=starter_index).results[0]

    kinds = {reason.kind for reason in best.reasons}

    assert {"words", "topic"} <= kinds
    assert kinds & {"meaning", "formulation"}
    assert all(reason.text(language) for reason in best.reasons for language in ("ru", "en"))


@pytest.mark.parametrize(
    ("question", "is_russian"), [("бродячие собаки у школы", True), ("stray dogs at school", False)]
)
def test_quotes_the_language_of_the_question(
    question: str, is_russian: bool, starter_index: PracticeIndex
) -> None:
    results = find(question, index=starter_index).results[:5]

    quotes = [reason.detail["quote"] for one in results for reason in one.reasons[:1]]
    assert [any("а" <= letter <= "я" for letter in quote) for quote in quotes] == [is_russian] * 5


def test_gives_no_percentage_where_little_is_known_of_the_cities() -> None:
    known = LikenessReason("region", 0.0)
    unknown = tuple(LikenessReason(aspect, None) for aspect in ("population", "distance", "kind"))

    told = Reason("city", {"score": 0.0, "reasons": (known, *unknown)}).text("en")

    assert told == "Too little is known to tell how alike the city is (another region)"


def test_reasons_are_looked_for_only_when_asked(
    starter_index: PracticeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def of(_self: Reasons, place: int, **_more: object) -> tuple[Reason, ...]:
        asked.append(place)
        return ()

    monkeypatch.setattr(Reasons, "of", of)

    results = find("ямы на дороге", index=starter_index, limit=50).results

    assert not asked
    assert results[0].reasons == results[0].reasons == ()
    assert len(asked) == 1


def test_vectors_of_questions_are_kept_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = quick_index(tmp_path, small_cards(3))
    encoder = index.encoders[0]
    assert isinstance(encoder, WordEncoder)
    monkeypatch.setattr(catalogue_module, "KEPT_QUESTIONS", 4)

    for number in [*range(9), 8]:
        index.begin_vectors([f"вопрос {number}", "тот же"])()

    assert len(index._kept) == 4
    assert encoder.encoded == 10 + len(index.texts) + 1


@pytest.mark.parametrize("names", [["words-1"], ["words-1", "words-2"]])
def test_an_encoder_that_refuses_does_so_in_the_language_of_the_question(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = quick_index(tmp_path, small_cards(3), names)

    def refuse(*_given: object, **_named: object) -> None:
        raise EncoderUnavailable(gettext("No encoder is named."))

    monkeypatch.setattr(index.encoders[0], "encode", refuse, raising=False)

    with override("ru"), pytest.raises(EncoderUnavailable, match="Не назван"):
        index.begin_vectors(["яма"])()
    with override("ru"), pytest.raises(EncoderSilent, match="Не назван"):
        find("яма", index=index)


def test_a_question_waits_for_no_thread_that_another_one_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = quick_index(tmp_path, small_cards(3), ["words-1", "words-2"])
    apart = [encoder.encode(["яма"], kind="query") for encoder in index.encoders]
    held = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as threads:
        monkeypatch.setattr(catalogue_module, "_threads", threads)
        threads.submit(held.wait)
        try:
            beside = index.begin_vectors(["яма"])()
        finally:
            held.set()

    assert all(np.array_equal(one, other) for one, other in zip(apart, beside, strict=True))


def test_little_known_of_the_cities_is_no_likeness() -> None:
    one, two = LikenessReason("region", 0.0), LikenessReason("kind", 1.0)

    assert Found("card", 0.5, (Reason("city", {"score": 0.0, "reasons": (one,)}),)).likeness is None
    assert Found("card", 0.5, (Reason("city", {"score": 0.4, "reasons": (one, two)}),)).likeness
    assert Found("card", 0.5, ()).likeness is None


def test_words_in_common_are_those_that_tell_something(starter_index: PracticeIndex) -> None:
    question = "каждую неделю никто не ходит чинить ямы на дороге, людям нужно хоть что-то"

    best = find(question, index=starter_index).results[0]

    told = [word for one in best.reasons if one.kind == "words" for word in one.detail["words"]]
    assert "ямы" in told
    assert not {"каждую", "неделю", "никто", "ходит", "людям", "нужно"} & set(told)


def test_the_city_changes_the_order_but_no_score(starter_index: PracticeIndex) -> None:
    plain = {one.practice_slug: one.score for one in find("ямы", index=starter_index).results}
    place = starter_index.place_of[next(reversed(plain))]
    city = starter_index.facet_of("city", place) or ""

    found = find("ямы", index=starter_index, likeness={city: Likeness(1.0, ())}).results

    assert all(one.score == plain.get(one.practice_slug, one.score) for one in found)


@pytest.mark.parametrize("question", ["свалка", "свалки", "детский сад", "очередь в детский сад"])
def test_a_few_words_find_what_the_catalogue_holds(
    question: str, starter_index: PracticeIndex
) -> None:
    assert not find(question, index=starter_index).nothing_fits


def test_where_nothing_fits_no_score_is_high(starter_index: PracticeIndex) -> None:
    findings = find("вороны нападают на прохожих", index=starter_index)

    assert findings.worth_showing == findings.likeliest
    assert max(found.score for found in findings.results) < 0.2


def test_only_cards_of_some_score_are_worth_showing(starter_index: PracticeIndex) -> None:
    findings = find("бродячие собаки у школы", index=starter_index, limit=50)

    assert 3 <= len(findings.worth_showing) < 20
    assert findings.worth_showing == findings.results[: len(findings.worth_showing)]
    assert all(found.score >= 0.1 for found in findings.worth_showing)
    assert [one.practice_slug for one in findings.worth_showing] == list(findings.fit_anywhere)


def test_where_no_card_stands_out_the_likeliest_are_shown(starter_index: PracticeIndex) -> None:
    found = find("city too hot", index=starter_index)

    assert not found.nothing_fits
    assert max(one.score for one in found.results) < WORTH_SHOWING
    assert found.worth_showing == found.results[:LIKELIEST]


@pytest.mark.parametrize("question", ["мусор", "potholes", "бродячие собаки у школы"])
def test_filters_only_choose_among_what_fits(question: str, starter_index: PracticeIndex) -> None:
    whole = find(question, index=starter_index, limit=None)

    for size in ("100k-250k", "250k-500k", "lt10k"):
        of_size = starter_index.facet_equals("size_class", size)
        found = find(question, index=starter_index, filters=Filters(size_class=size), limit=None)

        assert [(one.practice_slug, one.score) for one in found.worth_showing] == [
            (one.practice_slug, one.score)
            for one in whole.worth_showing
            if of_size[starter_index.place_of[one.practice_slug]]
        ]


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("potholes", Filters(topic="animals")),
        ("мусор", Filters(topic="animals")),
        ("мусор", Filters(country="XX")),
    ],
)
def test_what_only_the_filters_leave_out_is_no_open_question(
    question: str, filters: Filters, starter_index: PracticeIndex
) -> None:
    findings = find(question, index=starter_index, filters=filters)

    assert findings.nothing_fits
    assert findings.is_filtered_out
    assert findings.fit_anywhere == find(question, index=starter_index).fit_anywhere
    assert findings.open_question_key is None
    assert findings.worth_showing == ()


def test_what_fits_nowhere_is_not_the_fault_of_the_filters(starter_index: PracticeIndex) -> None:
    filters = Filters(topic="animals")
    findings = find("вороны нападают на прохожих", index=starter_index, filters=filters)

    assert findings.nothing_fits
    assert not findings.is_filtered_out
    assert findings.open_question_key == "crows-attack-people"


def test_the_readers_own_city_is_called_so(starter_index: PracticeIndex) -> None:
    first = find("ямы на дороге", index=starter_index).results[0]
    slug = starter_index.facet_of("city", starter_index.place_of[first.practice_slug]) or ""
    alike = {slug: Likeness(1.0, (LikenessReason("region", 1.0), LikenessReason("kind", 1.0)))}

    own = find(
        "ямы на дороге", index=starter_index, city=Municipality(slug=slug), likeness=alike
    ).results[0]
    other = find("ямы на дороге", index=starter_index, likeness=alike).results[0]

    assert own.reasons[-1].text("en") == "It is your own city"
    assert "100% like yours" in other.reasons[-1].text("en")


def test_scores_are_chances_in_falling_order(starter_index: PracticeIndex) -> None:
    scores = [found.score for found in find("ямы на дороге", index=starter_index).results]

    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_same_question_gives_the_same_answer(starter_index: PracticeIndex) -> None:
    assert find("ямы", index=starter_index) == find("ямы", index=starter_index)


def test_filters_lose_nothing_that_passes_them(starter_index: PracticeIndex) -> None:
    everything = slugs(find("ремонт дорог", index=starter_index, limit=None))
    filtered = slugs(
        find("ремонт дорог", index=starter_index, limit=None, filters=Filters(topic="roads"))
    )

    of_topic = starter_index.facet_equals("topic", "roads")
    assert filtered == [s for s in everything if of_topic[starter_index.place_of[s]]]


def test_filters_that_nothing_passes_find_nothing(starter_index: PracticeIndex) -> None:
    findings = find("дороги", index=starter_index, filters=Filters(country="XX"))

    assert findings.nothing_fits
    assert not findings.results


def test_years_leave_out_cards_without_one(starter_index: PracticeIndex) -> None:
    found = find("дороги", index=starter_index, limit=None, filters=Filters(year_from=2020))
    years = starter_index.facet("year")

    assert found.results
    assert all(int(years[starter_index.place_of[slug]]) >= 2020 for slug in slugs(found))


def test_a_city_like_the_readers_comes_a_little_earlier(starter_index: PracticeIndex) -> None:
    plain = slugs(find("ямы на дороге", index=starter_index))
    other = plain[1]
    city = starter_index.facet_of("city", starter_index.place_of[other]) or ""
    alike = {city: Likeness(0.9, (LikenessReason("region", 1.0),))}

    findings = find("ямы на дороге", index=starter_index, likeness=alike)

    reasons = {found.practice_slug: found.reasons for found in findings.results}
    assert "city" in {reason.kind for reason in reasons[other]}
    assert slugs(findings).index(other) <= 1


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "😀🔥",
        "'; DROP TABLE practices; --",
        "<script>alert(1)</script>",
        "дoрoги lighting дороги",  # mixed script
        "\x00\x01",
        "слово " * 2_000,
        "а" * 10_000,
        "Прошу рассмотреть возможность",
        "\ud800 суррогат",
    ],
)
def test_no_question_is_a_fault(question: str, starter_index: PracticeIndex) -> None:
    findings = find(question, index=starter_index)

    assert len(findings.results) <= 20


@given(question=st.text(max_size=80))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_at_all_is_a_fault(question: str, starter_index: PracticeIndex) -> None:
    assert find(question, index=starter_index, limit=3) is not None


def small_cards(count: int) -> list[SearchCard]:
    """Cards about different things, every second one with formulations."""
    subjects = ["дороги", "фонари", "собаки", "мусор", "вода", "школы", "автобусы", "деревья"]
    return [
        SearchCard(
            slug=f"card-{number:03d}",
            texts=(
                CardText("ru", f"{subjects[number % 8]} города {number}", "Проблема.", "Ответ."),
            ),
            asked_as=(f"у нас плохо: {subjects[number % 8]}",) if number % 2 else (),
            facets=Facets(topic="roads"),
        )
        for number in range(count)
    ]


def quick_index(
    folder: Path, cards: list[SearchCard], names: Sequence[str] = ("words-1",)
) -> PracticeIndex:
    """An index by encoders without a model."""
    return make_index(
        folder,
        cards,
        [SearchQuestion("open", "roads", ("вороны нападают",))] if cards else [],
        encoders=[WordEncoder(name, 64 + place) for place, name in enumerate(names)],
        vectors_of=lambda texts, model, kind: model.encode(texts, kind=kind),
    )


def test_a_large_index_reads_only_the_nearest_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = quick_index(tmp_path / "small", small_cards(400))
    whole = slugs(find("собаки города 42", index=index))
    monkeypatch.setattr(fields_module, "SCANNED_PASSAGES", 100)
    monkeypatch.setattr(ranking_module, "COMPARED", 200)
    monkeypatch.setattr(ranking_module, "RERANKED", 60)
    monkeypatch.setattr(nearness_module, "REFERENCE_CARDS", 40)
    index = quick_index(tmp_path / "large", small_cards(400))

    findings = find("собаки города 42", index=index, limit=None)

    assert slugs(findings)[0] == whole[0]
    assert len(findings.results) < 400


def test_a_large_index_filters_before_it_chooses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = small_cards(300)
    far = dataclasses.replace(cards[7], facets=Facets(topic="greenery"))
    monkeypatch.setattr(fields_module, "SCANNED_PASSAGES", 100)
    monkeypatch.setattr(ranking_module, "COMPARED", 40)
    monkeypatch.setattr(ranking_module, "RERANKED", 20)
    index = quick_index(tmp_path, [*cards[:7], far, *cards[8:]])

    found = find("собаки города", index=index, filters=Filters(topic="greenery"))

    assert slugs(found) == [far.slug]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_catalogue_may_be_nearly_empty(tmp_path: Path, count: int) -> None:
    index = quick_index(tmp_path, small_cards(count))

    assert len(find("дороги", index=index).results) == count


def test_a_card_without_formulations_is_not_lost(tmp_path: Path) -> None:
    cards = [
        dataclasses.replace(card, asked_as=() if card.slug == "podolsk-potholes" else card.asked_as)
        for card in starter_cards()
    ]
    index = make_index(tmp_path, cards)

    assert "podolsk-potholes" in slugs(find("ямы на дорогах", index=index))[:10]


def test_costs_order_only_cards_that_state_one(tmp_path: Path) -> None:
    priced = [
        dataclasses.replace(card, facets=Facets(topic="roads", cost_per_inhabitant=cost))
        for card, cost in zip(small_cards(3), (30.0, None, 10.0), strict=True)
    ]
    index = quick_index(tmp_path, priced)

    found = find("дороги фонари собаки города", index=index, order="cost")

    costs = [float(index.facet("cost")[index.place_of[slug]]) for slug in slugs(found)]
    assert costs == sorted(costs)
    assert not np.isnan(costs).any()
