"""The two stories of the start on pages: each opens in both languages and shows its facts."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.council.models import Decision, Person, VoteEvent
from novator.council.starter import load_starter_councils

pytestmark = pytest.mark.django_db


def shown(path: str) -> str:
    """A page as its reader gets it."""
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_of_the_stories_opens(language: str):
    load_starter_councils()
    decision, event = Decision.objects.get(), VoteEvent.objects.get()
    assert decision.item is not None

    pages = [
        "councils/",
        "councils/kaluga/",
        "councils/glazov/",
        "councils/glazov/support/",
        "councils/glazov/sessions/",
        "councils/glazov/decisions/",
        f"councils/sessions/{decision.item.session_id}/",
        f"councils/decisions/{decision.pk}/",
        f"councils/votes/{event.pk}/",
        *(f"people/{person.slug}/" for person in Person.objects.all()),
    ]

    assert all(shown(f"/{language}/{page}") for page in pages)


def test_the_reference_of_a_head_who_left_his_party_post_shows_both():
    load_starter_councils()

    page = shown("/ru/people/aleksandr-georgievich-ivanov/")

    for fact in (
        "23 декабря 2015",
        "добровольно сложил",
        "Координационн",
        "1985",
        "Народного дома",
    ):
        assert fact in page
    assert re.search(r"(?<![0-9a-f-])1953(?![0-9a-f-])", page) is None


def test_a_council_is_given_as_a_file_that_can_be_taken():
    load_starter_councils()

    popolo = Client().get("/ru/councils/glazov/popolo.json")
    table = Client().get("/ru/councils/kaluga/files/memberships.csv")

    assert json.loads(popolo.content)["persons"]
    assert table.content.decode().count("\n") == 9
    assert Client().get("/ru/councils/kaluga/files/nothing.csv").status_code == 404


def test_a_workbook_of_people_is_for_the_secretary_of_that_city_alone():
    load_starter_councils()
    glazov = Decision.objects.get().council.municipality
    secretary = signed_in(make_role("secretary", city=glazov).user)
    stranger = signed_in(make_role("secretary", city=make_city("Stary Bor")).user)
    path = "/ru/councils/glazov/desk/people/"

    assert secretary.get(path).status_code == 200
    assert secretary.get(f"{path}blank/").content[:2] == b"PK"
    assert secretary.post(path, {}).status_code == 422
    assert stranger.get(path).status_code == 403
    assert stranger.post(path, {}).status_code == 403
