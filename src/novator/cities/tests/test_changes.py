"""What is kept in memory is seen to be old as soon as a change is visible, and not before."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from novator.cities.changes import PARTS, asked_once, numbers_of, version_of
from novator.cities.models import DataChange, Municipality, Region
from novator.cities.queries import known_cities, region_names
from novator.cities.testing import make_city, make_region


@pytest.fixture
def other() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Another session of the same database."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=name) as session:
        yield session


@pytest.mark.django_db
def test_every_change_of_a_part_and_no_other_gives_it_another_version() -> None:
    city = make_city("Glazov")
    seen = [version_of("cities")]
    catalogue = version_of("catalogue")

    for population in (90_000, 91_000):
        Municipality.objects.filter(pk=city.pk).update(population=population)
        seen.append(version_of("cities"))
    Municipality.objects.filter(pk=city.pk).delete()
    seen.append(version_of("cities"))

    assert len(set(seen)) == len(seen)
    assert version_of("catalogue") == catalogue
    assert version_of("cities", "catalogue") != version_of("cities")


@pytest.mark.django_db
def test_reading_changes_nothing() -> None:
    make_city("Glazov")
    version = version_of(*PARTS)

    list(Municipality.objects.all())

    assert version_of(*PARTS) == version


@pytest.mark.django_db(transaction=True)
def test_what_ends_later_is_seen_though_it_began_earlier(
    other: psycopg.Connection[tuple[object, ...]],
) -> None:
    first, second = make_city("Glazov"), make_city("Zarechny")
    rename = "UPDATE cities_municipality SET short_name_ru = 'Иной' WHERE id = %s"

    other.execute(rename, [first.pk])
    Municipality.objects.filter(pk=second.pk).update(population=1)
    before = version_of("cities")
    assert _names() == {"Глазов", second.short_name_ru}
    other.commit()

    assert version_of("cities") != before
    assert _names() == {"Иной", second.short_name_ru}


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_is_never_told(
    other: psycopg.Connection[tuple[object, ...]],
) -> None:
    make_city("Glazov")

    other.execute("UPDATE cities_municipality SET short_name_ru = 'Иной'")
    assert _names() == {"Глазов"}
    other.rollback()
    assert _names() == {"Глазов"}

    with transaction.atomic():
        Municipality.objects.update(short_name_ru="Иной")
        assert _names() == {"Иной"}
        transaction.set_rollback(True)
    assert _names() == {"Глазов"}


@pytest.mark.django_db(transaction=True)
def test_notes_of_ended_transactions_do_not_pile_up() -> None:
    city = make_city("Glazov")
    for population in range(1, 20):
        Municipality.objects.filter(pk=city.pk).update(population=population)

    assert DataChange.objects.filter(part="cities").count() <= 2


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_rows_do_not_wait_for_each_other(
    other: psycopg.Connection[tuple[object, ...]],
) -> None:
    first, second = make_city("Glazov"), make_city("Zarechny")
    other.execute("SET lock_timeout = '2s'")
    change = "UPDATE cities_municipality SET population = 5 WHERE id = %s"

    with transaction.atomic():
        Municipality.objects.filter(pk=first.pk).update(population=4)
        other.execute(change, [second.pk])
        other.commit()
        other.execute(change, [second.pk])
        other.commit()

    assert Municipality.objects.filter(population__in=(4, 5)).count() == 2


@pytest.mark.django_db(transaction=True)
def test_notes_that_another_server_made_are_taken_away() -> None:
    """A backup brings them; transactions there had other numbers."""
    DataChange.objects.create(part="cities", transaction=2**60)

    make_city("Glazov")

    assert not DataChange.objects.filter(transaction=2**60).exists()


@pytest.mark.django_db
def test_who_only_reads_asks_once_and_sees_changes_afterwards(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    city = make_city("Glazov")

    with django_assert_num_queries(1), asked_once():
        before = version_of("cities")
        assert version_of("catalogue", "cities").endswith(before)
    with asked_once():
        assert version_of("cities") == before
    Municipality.objects.filter(pk=city.pk).update(population=1)

    with asked_once():
        assert version_of("cities") != before
    assert version_of("cities") != before


@pytest.mark.django_db
def test_names_of_regions_follow_their_table() -> None:
    region = make_region("RU-UD")
    assert region_names()["RU-UD"] == region.name_ru

    Region.objects.filter(pk=region.pk).update(name_ru="Удмуртия")

    assert region_names()["RU-UD"] == "Удмуртия"


@pytest.mark.django_db
def test_every_part_has_its_numbers() -> None:
    with connection.cursor() as cursor:
        for part in PARTS:
            cursor.execute("SELECT nextval(%s)", [numbers_of(part)])


def _names() -> set[str]:
    return {facts.name for facts in known_cities().table.cities}
