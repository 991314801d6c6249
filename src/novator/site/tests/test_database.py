"""Statements are planned once where they can be, and written whole where they must be."""

from __future__ import annotations

import pghistory
import pytest
from django.db import connection

from novator.cities.models import Municipality, Region
from novator.cities.testing import make_city
from novator.site import settings

ADDRESS = "postgresql://novator@db.example/novator"


def _prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_statement_that_is_asked_again_and_again_is_kept_by_the_server() -> None:
    for number in range(8):
        list(Region.objects.filter(oktmo_prefix=f"{number:02}", country="XX"))
    assert [one for one in _prepared() if "oktmo_prefix" in one and "$2" in one]


@pytest.mark.django_db
def test_while_it_is_noted_who_acts_a_statement_may_hold_several_commands() -> None:
    city = make_city("Zarechny")
    with pghistory.context(user=1):
        for population in range(1, 9):
            Municipality.objects.filter(pk=city.pk).update(population=population)
            city.refresh_from_db()
            assert city.population == population
    assert not [one for one in _prepared() if "set_config" in one]


def test_a_pooler_that_knows_no_prepared_statements_is_spared_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings.database_from_url(ADDRESS)["OPTIONS"]["prepare_threshold"] == 5
    monkeypatch.setenv("NOVATOR_PREPARED_STATEMENTS", "0")
    assert "prepare_threshold" not in settings.database_from_url(ADDRESS)["OPTIONS"]
    assert "server_side_binding" not in settings.database_from_url(ADDRESS)["OPTIONS"]
