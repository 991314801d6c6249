"""Councils, people and bodies for programs: the same facts as on the pages, part by part."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from novator.cities.testing import make_city
from novator.council.bodies import end_membership
from novator.council.testing import (
    make_council,
    make_deputies,
    make_membership,
    make_person,
    partial,
)

pytestmark = pytest.mark.django_db


def test_a_council_is_told_as_it_was_on_a_day(client: Client, django_assert_num_queries: Any):
    council = make_council()
    make_deputies(council)

    with django_assert_num_queries(12):
        told = client.get("/api/v1/councils/zarechny?on=2026-05-05").json()

    assert (told["established"], told["elected"]) == (9, 9)
    assert [faction["name"] for faction in told["factions"]] == ["Сад", "Поле"]
    assert told["convocation"]["founded"] == "2020-09-20"
    assert told["composition"][0]["name"] == "Анна Берёзкина"
    assert client.get("/api/v1/councils/zarechny?on=2001-01-01").json()["composition"] == []
    assert client.get("/api/v1/councils/zarechny?on=yesterday").status_code == 422
    assert client.get("/api/v1/councils/nowhere").status_code == 404


def test_a_person_is_told_with_every_office_and_its_end(client: Client):
    row = make_membership("Борис Кленов")
    end_membership(membership=row, ends=partial("2021-12"), reason="переехал")

    told = client.get("/api/v1/people/boris-klenov").json()

    [seat] = told["memberships"]
    assert (seat["start"], seat["end"], seat["end_reason"]) == ("2020-09-20", "2021-12", "переехал")
    assert "user" not in told
    assert "email" not in str(told)


def test_lists_come_in_parts_without_a_count(client: Client):
    make_deputies(make_council())
    make_council(make_city("Glazov"))

    first = client.get("/api/v1/people?limit=5").json()
    rest = client.get(first["next"]).json()
    councils = client.get("/api/v1/councils").json()["results"]
    named = client.get("/api/v1/people?q=Ясенев").json()["results"]
    of_a_day = "/api/v1/memberships?municipality=zarechny&on=2026-05-05&limit=100"

    assert len(first["results"]) == 5
    assert len(rest["results"]) == 4
    assert rest["next"] is None
    assert [one["municipality"] for one in councils] == ["glazov", "zarechny"]
    assert [one["id"] for one in named] == [make_person("Захар Ясенев").slug]
    assert len(client.get(of_a_day).json()["results"]) == 17


@pytest.mark.parametrize("table", ["councils", "people", "organizations", "memberships"])
def test_every_table_is_a_file_too(client: Client, table: str):
    make_membership("Борис Кленов")
    make_council(make_city("Glazov"))

    answer = client.get(f"/api/v1/export/bodies/{table}.csv?municipality=zarechny")
    lines = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    assert "zarechny" in lines or "Борис Кленов" in lines
    assert "glazov" not in lines
