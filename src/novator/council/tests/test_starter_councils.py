"""The two stories of the start are data: whole, with their sources, and nothing private."""

from __future__ import annotations

import json
from datetime import date

import pytest

from novator.core.partial_dates import write_partial
from novator.council.composition import council_of, holder_of
from novator.council.mandates import mandates_on
from novator.council.models import Decision, Membership, Organization, Person, Speech, VoteEvent
from novator.council.popolo.exporting import popolo_of, written
from novator.council.starter import STORIES, load_starter_councils, story

pytestmark = pytest.mark.django_db


def kept(row: Membership) -> tuple[str, str]:
    """From when until when, as it is written."""
    return (
        write_partial(row.starts_from, row.starts_to),
        write_partial(row.ends_from, row.ends_to),
    )


def test_a_branch_secretary_resigned_and_stayed_head_of_the_city():
    load_starter_councils()

    ivanov = Person.objects.get(family_name="Иванов", patronymic="Георгиевич")
    held = {row.label_en: kept(row) for row in ivanov.memberships.all()}
    secretary = ivanov.memberships.get(role="secretary")
    said = [
        (write_partial(row.made_from, row.made_to), row.membership.role)
        for row in ivanov.statements.all()
        if row.membership
    ]

    assert held["secretary of the local branch of United Russia"] == ("../2015-12-23", "2015-12-23")
    assert secretary.end_reason == "добровольно сложил с себя полномочия"
    assert held["head of city self-government of Kaluga"] == ("../2015-12-23", "2015-12-24/..")
    assert said == [("2015-12-24", role) for role in ("secretary", "head", "chair")]
    deputy = ivanov.memberships.filter(role="deputy").values_list("starts_from__year", flat=True)
    assert sorted(deputy) == [1985, 2001, 2005, 2010, 2015]
    assert [row.text_en[:9] for row in ivanov.life.all()] == [
        "Graduated", "Began his", "Worked in", "Was elect", "Director ",
    ]  # fmt: skip
    duma = Organization.objects.get(kind="convocation", founded_from__year=2015)
    assert duma.parts.filter(kind="faction").count() == 3
    assert set(duma.parts.filter(kind="other").values_list("party__name", flat=True)) == {
        "Единая Россия", "КПРФ", "Справедливая Россия", "ЛДПР", "Яблоко",
    }  # fmt: skip


def test_a_city_joined_by_a_decision_that_gave_its_head_a_mandate():
    load_starter_councils()

    decision = Decision.objects.get(effects__kind="join_association")
    council = decision.council
    assert council.municipality is not None
    event = VoteEvent.objects.get()
    mandate = mandates_on(council.municipality, day=date(2016, 6, 1))[0]
    support = Speech.objects.get(is_in_session=False)

    assert council == council_of(council.municipality)
    assert write_partial(decision.adopted_from, decision.adopted_to) == "../2016-05-05"
    assert (decision.number, decision.is_number_unstated, decision.is_carried) == ("", True, True)
    assert (str(decision.initiated_by), decision.initiated_as) == (
        "Олег Бекмеметьев",
        "Глава города",
    )
    assert (event.yes, event.result, event.is_result_stated) == (None, "carried", True)
    assert decision.event == event
    assert mandate.decision == decision
    assert mandate.holder_post is not None
    assert str(holder_of(mandate.holder_post, date(2016, 6, 1))) == "Олег Бекмеметьев"
    assert str(support.person) == "Вера Тронина"
    assert "Череповец, Вологда, Заречный" in support.text


def test_loading_twice_changes_nothing_and_leaves_what_people_changed():
    load_starter_councils()
    Person.objects.filter(family_name="Тронина").update(name="Вера Тронина-Новая")

    reports = load_starter_councils()

    assert all(not report.new and not report.changed for report in reports)
    assert Person.objects.filter(name="Вера Тронина-Новая").exists()


@pytest.mark.parametrize("name", STORIES)
def test_a_story_leaves_as_it_came_and_holds_nothing_private(name: str):
    load_starter_councils()
    told = story(name)
    council = Organization.objects.get(public_id=told["meta"]["novator:council_id"])

    found = popolo_of(council)

    text = "".join(written(found))
    for place, rows in told.items():
        if place in {"meta", "areas"}:
            continue
        by_id = {row["id"]: row for row in found[place]}
        for row in rows:
            assert row.items() <= by_id[row["id"]].items(), json.dumps(row, ensure_ascii=False)
        assert all(
            "novator:source" in row or "source" in row or place in _WITHOUT_SOURCE for row in rows
        )
    assert not any(word in text for word in ("1953", "проживает", "Родился", "birth"))


_WITHOUT_SOURCE = {"novator:sources", "posts", "motions", "vote_events", "events"}
