"""A vote and the figures of support: shown with what they rest on, and nothing inferred."""

from __future__ import annotations

import pytest

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.council.majorities import Counts
from novator.council.testing import (
    make_council,
    make_deputies,
    make_item,
    make_session,
    make_vote_event,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    made = make_council()
    make_deputies(made)
    return made


def path_of(event, part=""):
    return f"/en/councils/votes/{event.pk}/{part}"


def test_a_vote_by_name_is_shown_with_its_breadth(client, council, django_assert_max_num_queries):
    event = make_vote_event(make_item(make_session(council)))

    with django_assert_max_num_queries(22):
        page = client.get(path_of(event)).content.decode()
    told = client.get(path_of(event, "vote.json")).json()

    assert "How broad the support was" in page
    assert told["breadth"] == {"factions": 1, "seats": 1, "likeness": 1, "variety": 1}
    assert len(told["votes"]) == told["counts"]["yes"] == told["present"]


def test_counts_only_say_that_names_are_not_recorded(client, council):
    item = make_item(make_session(council))
    event = make_vote_event(item, counts=Counts(yes=7, no=1, abstain=1))

    page = client.get(path_of(event)).content.decode()
    told = client.get(path_of(event, "vote.json")).json()

    assert "Names and factions: not recorded" in page
    assert (told["votes"], told["breadth"], told["factions"]) == (None, None, [])


def test_of_a_closed_question_only_the_result_is_public(client, council):
    item = make_item(make_session(council), title="О тайном деле", is_closed=True)
    event = make_vote_event(item)
    voter = event.votes.all()[0].voter

    everything = ""
    for part in ("", "vote.json", "votes.csv"):
        everything += client.get(path_of(event, part)).content.decode()

    assert "carried" in everything
    assert "тайном" not in everything
    assert voter.name not in everything
    assert voter.slug not in everything

    for part in ("", "votes/"):
        page = client.get(f"{voter.get_absolute_url()}{part}").content.decode()
        assert event.get_absolute_url() not in page
    pairs = client.get(f"/en/councils/{council.municipality.slug}/support.csv")
    assert voter.slug not in pairs.content.decode()

    client.force_login(make_role("secretary", city=make_city("Stary Bor")).user)
    assert voter.name not in client.get(path_of(event)).content.decode()

    client.force_login(make_role("secretary", city=council.municipality).user)
    assert voter.name in client.get(path_of(event)).content.decode()


def test_who_votes_with_whom(client, council, django_assert_max_num_queries):
    session = make_session(council)
    for number in range(5):
        event = make_vote_event(make_item(session, title=f"Вопрос {number}"))
    voter = event.votes.all()[0].voter

    with django_assert_max_num_queries(20):
        answer = client.get(
            f"/en/councils/{council.municipality.slug}/support/", {"person": voter.slug}
        )
    rows = client.get(f"/en/councils/{council.municipality.slug}/support.csv").content.decode()

    assert answer.context["events"] == 5
    assert {one.together.share for one in answer.context["beside"]} == {1.0}
    seats = event.votes.count()
    assert len(rows.splitlines()) == 1 + seats * (seats - 1) // 2


def test_a_city_without_a_council_has_no_figures(client):
    make_city("Stary Bor")

    assert client.get("/en/councils/stary-bor/support/").status_code == 404
