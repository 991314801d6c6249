"""Cards as pages read them: complete, in order, in a fixed number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.practices import known_cards
from novator.practices.models import Practice, PracticeText, Source, StatedEffect
from novator.practices.queries import (
    CatalogueFilters,
    card,
    cards,
    catalogue,
    catalogue_figures,
    changed_since,
    cities_with_cards,
    cost_bands,
    current_catalogue,
    facet_counts,
)
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


def test_a_card_has_all_that_a_page_shows() -> None:
    make_practice()

    found = card("glazov-warm-stops")

    assert found is not None
    with translation.override("ru"):
        assert (found.title, found.city.name) == ("Тёплые остановки", "Глазов")
        assert found.city.region_name == "Удмуртская Республика"
    with translation.override("en"):
        assert (found.title, found.city.name) == ("Warm bus stops", "Glazov")
        assert found.full_text.language == "ru"
    assert found.cost is not None
    assert found.cost.per_inhabitant == Decimal("10.00")
    assert (found.cost.price_year, found.cost.price_year_from) == (2020, "work")
    assert found.size_class == "50k-100k"
    assert found.has_numbers
    assert found.year == 2020
    assert "one_off_cost" in found.completeness.present
    assert found.grade is None


def test_unknown_is_not_stated() -> None:
    make_practice(cost={}, effects=[], population=None, year_start=None, year_end=None)

    found = card("glazov-warm-stops")

    assert found is not None
    assert (found.cost, found.year, found.has_numbers) == (None, None, False)


def test_a_cost_without_a_population_has_no_figure_per_inhabitant() -> None:
    make_practice(population=None)

    found = card("glazov-warm-stops")

    assert found is not None
    assert found.cost is not None
    assert (found.cost.per_inhabitant, found.cost.band) == (None, None)


def test_an_effect_of_nought_is_a_figure() -> None:
    make_practice(effects=[{"before": 4, "after": 0, "change": None, "change_kind": ""}])

    assert [c.has_numbers for c in cards(["glazov-warm-stops"])] == [True]


def test_unknown_slugs_are_left_out_and_the_order_is_kept() -> None:
    make_practice("b")
    make_practice("a")

    assert [c.slug for c in cards(["b", "nowhere", "a", "b"])] == ["b", "a"]
    assert [c.slug for c in cards(Practice.objects.all())] == ["a", "b"]
    assert card("nowhere") is None


def test_twenty_cards_cost_as_many_queries_as_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    slugs = [make_practice(f"card-{number}").slug for number in range(20)]
    current_catalogue()

    with django_assert_num_queries(8):
        found = cards(slugs)
        assert all(c.title and c.city.region_name and c.sources for c in found)
    with django_assert_num_queries(1):
        assert cards(slugs) == found


def test_a_card_known_already_is_read_anew_when_anything_of_it_has_changed() -> None:
    row = make_practice()
    city = row.municipality

    def told() -> tuple[object, ...]:
        found = cards([row.slug])[0]
        return found.city.population, found.title, found.sources[0].state, len(found.effects)

    assert told() == (87_000, "Тёплые остановки", "unchecked", 1)
    Municipality.objects.filter(pk=city.pk).update(population=59_000)
    assert told() == (59_000, "Тёплые остановки", "unchecked", 1)
    PracticeText.objects.filter(language="ru").update(title="Остановки с теплом")
    assert told() == (59_000, "Остановки с теплом", "unchecked", 1)
    Source.objects.update(state="dead")
    assert told() == (59_000, "Остановки с теплом", "dead", 1)
    StatedEffect.objects.all().delete()
    assert told() == (59_000, "Остановки с теплом", "dead", 0)
    Practice.objects.update(withdrawn_at=timezone.now())
    assert cards([row.slug]) == []


def test_a_card_becomes_overdue_without_any_change(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    make_practice(confirmed_on=today, confirm_by=today)
    assert not cards(["glazov-warm-stops"])[0].is_overdue

    monkeypatch.setattr(timezone, "localdate", lambda: today + timedelta(days=1))

    assert cards(["glazov-warm-stops"])[0].is_overdue


def test_a_check_of_sources_leaves_the_catalogue_as_it_is_known() -> None:
    make_practice()
    known = current_catalogue()

    Source.objects.update(state="dead")

    assert current_catalogue() is known


def test_no_more_cards_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_cards, "MOST_KEPT", 2)
    slugs = [make_practice(f"card-{number}").slug for number in range(4)]

    assert [found.slug for found in cards(slugs)] == slugs
    assert [found.slug for found in cards(slugs[:1])] == slugs[:1]
    assert len(known_cards._known.cards) == 2


def test_the_catalogue_is_narrowed_and_ordered() -> None:
    kirov = make_city("Киров", region="RU-KIR", population=468_000)
    make_practice("old", year_start=2001, year_end=2002)
    make_practice("dear", cost={"amount": Decimal(87_000_000)}, topic="heat")
    make_practice("kirov", city=kirov, cost={})

    assert catalogue() == ["dear", "kirov", "old"]
    assert catalogue(CatalogueFilters(region="RU-KIR")) == ["kirov"]
    assert catalogue(CatalogueFilters(year_to=2010)) == ["old"]
    assert catalogue(order="cost") == ["old", "dear"]
    assert catalogue(among=["old", "nowhere"]) == ["old"]
    assert facet_counts()["topic"] == {"transport": 2, "heat": 1}
    assert facet_counts(CatalogueFilters(topic="heat"))["topic"] == {"transport": 2, "heat": 1}
    assert facet_counts(among=["kirov"])["size_class"] == {"250k-1m": 1}
    assert dict(cities_with_cards().values_list("slug", "number")) == {"glazov": 2, "kirov": 1}


def test_a_change_of_the_catalogue_is_seen_at_once() -> None:
    make_practice("a", effects=[])
    assert catalogue(CatalogueFilters(has_numbers=True)) == []

    practice = make_practice("b")
    assert catalogue(CatalogueFilters(has_numbers=True)) == ["b"]

    StatedEffect.objects.all().delete()
    practice.save()
    assert catalogue(CatalogueFilters(has_numbers=True)) == []


def test_bands_are_cut_at_the_quintiles_of_the_catalogue() -> None:
    for number in range(1, 11):
        make_practice(f"card-{number}", cost={"amount": Decimal(87_000 * number)})

    assert cost_bands().counted == 10
    assert [c.cost.band for c in cards(["card-1", "card-10"]) if c.cost] == [1, 5]
    assert facet_counts()["cost_band"] == {1: 2, 2: 2, 3: 2, 4: 2, 5: 2}


def test_figures_of_the_catalogue() -> None:
    make_practice("a")
    make_practice("b", cost={"basis": "per_year"}, effects=[])

    figures = catalogue_figures()

    assert (figures.cards, figures.cities, figures.regions, figures.countries) == (2, 1, 1, 1)
    assert (figures.with_cost, figures.with_total_cost) == (2, 1)
    assert (figures.with_cost_per_inhabitant, figures.with_numbers) == (1, 1)


def test_later_stages_ask_what_has_changed() -> None:
    make_practice("a")
    now = timezone.now()
    make_practice("b")

    assert [practice.slug for practice in changed_since(now)] == ["b"]
    assert not changed_since(now + timedelta(days=1)).exists()
