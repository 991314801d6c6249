"""Narrowing and counting: a choice shows what it would leave."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from novator.practices.completeness import FIELDS, completeness_of
from novator.practices.facets import (
    CardFacets,
    CatalogueFilters,
    facet_counts,
    fitting,
    ordered,
)


def facets(slug: str = "glazov", **changes: Any) -> CardFacets:
    values: dict[str, Any] = {
        "slug": slug,
        "title": "Тёплые остановки",
        "topic": "transport",
        "region": "RU-UD",
        "country": "RU",
        "city": "glazov",
        "size_class": "50k-100k",
        "cost_band": 2,
        "roubles_per_inhabitant": Decimal(10),
        "has_numbers": True,
        "year": 2020,
        "is_by_its_city": False,
        "changed_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return CardFacets(**(values | changes))


CARDS = st.lists(
    st.builds(
        facets,
        slug=st.text("abc", min_size=1, max_size=4),
        topic=st.sampled_from(["transport", "heat", "water"]),
        region=st.sampled_from([None, "RU-UD", "RU-KIR"]),
        cost_band=st.none() | st.integers(1, 5),
        has_numbers=st.booleans(),
        year=st.none() | st.integers(2015, 2026),
    ),
    max_size=30,
    unique_by=lambda card: card.slug,
)
FILTERS = st.builds(
    CatalogueFilters,
    topic=st.sampled_from([None, "transport", "heat"]),
    region=st.sampled_from([None, "RU-UD"]),
    cost_band=st.none() | st.integers(1, 5),
    has_numbers=st.none() | st.booleans(),
    year_from=st.none() | st.integers(2015, 2026),
    year_to=st.none() | st.integers(2015, 2026),
)


@given(CARDS, FILTERS, st.sampled_from(["topic", "region", "cost_band", "has_numbers"]))
def test_a_count_is_what_the_choice_leaves(
    cards: list[CardFacets], filters: CatalogueFilters, name: str
) -> None:
    counts = facet_counts(cards, filters)[name]

    for value, count in counts.items():
        chosen = CatalogueFilters(**{**filters.__dict__, name: value})
        assert len(fitting(cards, chosen)) == count


@given(CARDS)
def test_no_filter_leaves_all(cards: list[CardFacets]) -> None:
    assert fitting(cards, CatalogueFilters()) == cards


def test_a_year_filter_leaves_out_cards_without_a_year() -> None:
    cards = [facets("a", year=None), facets("b", year=2019)]

    assert [c.slug for c in fitting(cards, CatalogueFilters(year_from=2000))] == ["b"]
    assert [c.slug for c in fitting(cards, CatalogueFilters(year_to=2030))] == ["b"]


def test_by_cost_only_cards_with_a_comparable_cost() -> None:
    cards = [
        facets("dear", roubles_per_inhabitant=Decimal(90)),
        facets("unknown", roubles_per_inhabitant=None),
        facets("cheap", roubles_per_inhabitant=Decimal(1)),
    ]

    assert [card.slug for card in ordered(cards, "cost")] == ["cheap", "dear"]


def test_newest_first_and_unknown_years_last() -> None:
    cards = [facets("b", year=None), facets("c", year=2020), facets("a", year=2024)]

    assert [card.slug for card in ordered(cards, "newest")] == ["a", "c", "b"]


def test_by_title_as_a_dictionary_does() -> None:
    cards = [facets("b", title="Яма"), facets("a", title="арка")]

    assert [card.slug for card in ordered(cards, "title")] == ["a", "b"]


def test_years_are_counted_newest_first() -> None:
    counts = facet_counts([facets("a", year=2019), facets("b", year=2024)], CatalogueFilters())

    assert list(counts["year"]) == [2024, 2019]


def test_an_empty_card_lacks_everything() -> None:
    found = completeness_of({})

    assert found.share == 0
    assert found.missing == tuple(FIELDS)


def test_names_what_a_card_has_and_lacks() -> None:
    found = completeness_of(
        {"title": True, "idea": True, "one_off_cost": True, "result": True, "topic": False}
    )

    assert found.present == ("title", "idea", "one_off_cost", "result")
    assert found.share == 4 / len(FIELDS)
    assert len(found.missing_names) == len(FIELDS) - 4
