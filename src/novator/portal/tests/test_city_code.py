"""The page on which the office enters the OKTMO code of a municipality."""

from __future__ import annotations

import pytest
from django.test import Client

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db

PAGE = "/en/office/cities/glazov/code/"


def test_the_office_corrects_a_code_and_the_trail_tells_who() -> None:
    glazov = make_city("Glazov", oktmo="94710000")
    clerk = make_role("office").user
    office = signed_in(clerk)

    refused = office.post(PAGE, {"oktmo": "94700000", "seen": "94710000"})
    done = office.post(PAGE, {"oktmo": "94 720 000", "seen": "94710000", "valid_from": ""})

    glazov.refresh_from_db()
    trail = office.get(f"/en/office/history/cities.municipality/{glazov.pk}/").content.decode()
    assert "is a heading" in refused.content.decode()
    assert done.headers["Location"] == "/en/cities/glazov/"
    assert glazov.oktmo == "94720000"
    for said in ("94710000", "94720000", clerk.name, "OKTMO code"):
        assert said in trail


def test_strangers_neither_see_nor_enter_a_code(client: Client) -> None:
    glazov = make_city("Glazov", oktmo="94710000")
    stranger = signed_in(make_role("head", city=make_city("Stary Bor")).user)
    own = signed_in(make_role("head", city=glazov).user)

    answers = [
        each.post(PAGE, {"oktmo": "94720000", "seen": "94710000"}).status_code
        for each in (stranger, own, client)
    ]

    glazov.refresh_from_db()
    assert answers == [403, 403, 403]
    assert glazov.oktmo == "94710000"
    assert "/code/" not in stranger.get("/en/cities/glazov/").content.decode()


def test_the_page_of_a_city_leads_the_office_there() -> None:
    make_city("Glazov")
    office = signed_in(make_role("office").user)

    assert PAGE in office.get("/en/cities/glazov/").content.decode()
