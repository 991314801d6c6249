"""The register as programs read it: the decision of each, who represents it, no account."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.accounts.testing import make_user
from novator.association.testing import make_member, make_representative
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db


def test_tells_members_with_decision_and_representative_but_no_account(client: Client) -> None:
    glazov = make_member("Glazov")
    make_representative(glazov, make_user("secret@glazov.example", name="Тайное Имя"))
    make_member("Zarechny", is_active=False, standing="left")

    found = client.get("/api/v1/members").json()
    former = client.get("/api/v1/members?list=former").json()
    table = client.get("/api/v1/export/members.csv").content.decode()

    assert [row["id"] for row in found["results"]] == ["glazov"]
    assert found["results"][0]["decision"]["date"] == "2020-03-01"
    assert found["results"][0]["is_active"]
    assert [(row["id"], row["is_active"]) for row in former["results"]] == [("zarechny", False)]
    assert len(table.splitlines()) == 3
    assert "Тайное" not in str(found) + table
    assert "secret@" not in str(found) + table


def test_a_list_costs_the_same_however_long(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_member(make_city(f"City {number}"))

    with django_assert_num_queries(6):
        assert client.get("/api/v1/members").json()["total"] == 20
