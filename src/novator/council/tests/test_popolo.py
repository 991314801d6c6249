"""A council leaves as a Popolo file and comes back the same; what is wrong changes nothing."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.cities.testing import make_city
from novator.council.majorities import Counts
from novator.council.models import (
    Attendance,
    Decision,
    LifeEvent,
    Mandate,
    Membership,
    Motion,
    Organization,
    Paper,
    Person,
    Post,
    Protocol,
    Session,
    Source,
    Speech,
    Statement,
    VoteEvent,
)
from novator.council.people import add_life_event, cite_source, record_statement
from novator.council.popolo.exporting import _date, popolo_of, written
from novator.council.popolo.faults import lines_of
from novator.council.popolo.reading import _read_date
from novator.council.popolo.standard import DAY, breaches_of
from novator.council.popolo.tables import Column
from novator.council.popolo.taking import take_document
from novator.council.session_content import content_of
from novator.council.testing import (
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_mandate,
    make_membership,
    make_motion,
    make_post,
    make_session,
    make_vote_event,
    partial,
)

pytestmark = pytest.mark.django_db


def full_council() -> Organization:
    """A council in which everything that can be recorded is recorded once."""
    council = make_council()
    people = make_deputies(council)
    source = cite_source(url="https://city.example/1", title="Протокол", published=partial("2026"))
    paper_source = cite_source(title="Газета без адреса", published=partial("2026-03-05"))
    post = make_post(council)
    head = make_membership(people[0], council, post=post, role="head", source=source)
    add_life_event(
        person=people[0], kind="work", text="Директор школы", starts=partial("1993"),
        ends=partial("2001"), source=paper_source,
    )  # fmt: skip
    record_statement(
        person=people[0], text="Сложил полномочия", made=partial("2026-03-05"), membership=head,
        source=paper_source,
    )  # fmt: skip
    session = make_session(council)
    item = make_item(session, "О вступлении", initiated_by=people[0], initiated_as="Глава города")
    event = make_vote_event(item, voices={people[1]: "no", people[2]: "recused"})
    make_vote_event(make_item(session, "О бюджете"), counts=Counts(5, 2, 1, 1))
    Speech.objects.create(item=item, person=people[0], stance="for", text="За", source=source)
    paper = Paper.objects.create(council=council, title="Проект", url="https://city.example/p")
    paper.items.add(item)
    decision = make_decision(council, item=item, event=event, adopted_from=None)
    decision.effects.create(kind="join_association", key="association")
    make_mandate(decision, holder=post, starts_on=None)
    closed = make_item(session, "Тайное дело", is_closed=True)
    make_motion(closed, "Наградить")
    return council


def emptied() -> None:
    """Take everything out of the tables of councils."""
    for model in (
        Mandate, Protocol, Statement, LifeEvent, Speech, Decision, VoteEvent, Motion, Paper,
        Attendance, Session, Membership, Post,
    ):  # fmt: skip
        if model is Decision:
            Membership.objects.update(decision=None, end_decision=None)
        model.objects.all().delete()
    Organization.objects.update(party=None)
    while Organization.objects.exists():
        Organization.objects.filter(parts__isnull=True).delete()
    Person.objects.all().delete()
    Source.objects.all().delete()


def test_a_whole_council_comes_back_as_it_left():
    before = popolo_of(full_council(), is_public=False)
    emptied()

    report = take_document(json.loads("".join(written(before))))

    assert report.faults == []
    council = Organization.objects.get(kind="council")
    assert popolo_of(council, is_public=False) == before


def test_the_same_file_twice_changes_nothing():
    document = popolo_of(full_council(), is_public=False)

    report = take_document(document)

    assert (report.faults, report.new, report.changed) == ([], {}, {})
    assert report.is_written


def test_closed_items_leave_with_their_result_alone():
    council = full_council()
    text = "".join(written(popolo_of(council)))

    assert "Тайное дело" not in text
    assert "Наградить" not in text
    assert "О вступлении" in text
    Session.objects.update(is_closed=True, place="Бункер")
    Decision.objects.update(initiated_as="Тайный советник")
    closed = "".join(written(popolo_of(council)))
    assert "Бункер" not in closed
    assert "Тайный советник" not in closed


def test_counts_that_do_not_add_up_change_nothing():
    document = popolo_of(full_council(), is_public=False)
    emptied()
    event = next(row for row in document["vote_events"] if row.get("votes"))
    event["counts"][0]["value"] += 1

    report = take_document(document)

    where = f"/vote_events/{document['vote_events'].index(event)}"
    assert (where, "K3.counts") in [(fault.pointer, fault.rule) for fault in report.faults]
    assert not Organization.objects.exists()


EVERY_POLITICIAN: dict[str, Any] = {
    "persons": [
        {"id": "p/1", "name": "Ada Rowan", "birth_date": "1970-01-02", "email": "a@b.example"},
        {"id": "p/2", "name": "Bo Alder", "gender": "female"},
    ],
    "organizations": [
        {"id": "party/green", "name": "Greens", "classification": "party"},
        {"id": "legislature", "name": "Town Assembly", "classification": "legislature"},
    ],
    "events": [
        {
            "id": "term/3", "name": "3rd Assembly", "classification": "legislative period",
            "start_date": "2014-09-01", "end_date": "2018-09-01",
        },
        {
            "id": "term/4", "name": "4th Assembly", "classification": "legislative period",
            "start_date": "2018-09-01",
        },
    ],
    "areas": [{"id": "area/1", "name": "North", "type": "constituency"}],
    "memberships": [
        {
            "person_id": "p/1", "organization_id": "legislature", "role": "member",
            "legislative_period_id": "term/4",
            "on_behalf_of_id": "party/green", "area_id": "area/1",
        },
        {
            "person_id": "p/2", "organization_id": "legislature", "role": "member",
            "legislative_period_id": "term/3", "end_date": "2016",
        },
    ],
    "motions": [{"id": "m1", "text": "That the park be opened", "result": "pass"}],
    "vote_events": [
        {
            "id": "v1", "motion_id": "m1", "start_date": "2019-03-04",
            "votes": [{"voter_id": "p/1", "option": "yes"}],
        }
    ],
}  # fmt: skip


def test_a_foreign_file_brings_its_terms_as_convocations_and_no_private_life():
    city = make_city()

    report = take_document(deepcopy(EVERY_POLITICIAN), municipality=city)
    again = take_document(deepcopy(EVERY_POLITICIAN), municipality=city)

    assert report.faults == []
    assert dict(report.dropped) == {"birth_date": 1, "email": 1, "gender": 1}
    assert (again.new, again.changed) == ({}, {})
    seat = Membership.objects.get(person__name="Ada Rowan")
    assert (seat.organization.kind, seat.organization.name) == ("convocation", "4th Assembly")
    assert (str(seat.on_behalf_of), seat.election, seat.role) == ("Greens", "North", "deputy")
    event = VoteEvent.objects.get()
    assert (event.yes, event.result, event.method) == (1, "carried", "by_name")


def test_a_voter_who_was_no_deputy_that_day_is_refused():
    document = deepcopy(EVERY_POLITICIAN)
    document["vote_events"][0]["votes"][0]["voter_id"] = "p/2"

    report = take_document(document, municipality=make_city())

    assert [(fault.pointer, fault.rule) for fault in report.faults] == [
        ("/vote_events/0", "K3.member")
    ]
    assert not VoteEvent.objects.exists()


def test_what_is_wrong_is_left_out_when_asked():
    document = deepcopy(EVERY_POLITICIAN)
    document["persons"][1]["name"] = 7

    report = take_document(document, municipality=make_city(), skip_bad=True)

    assert report.is_written
    assert [person.name for person in Person.objects.all()] == ["Ada Rowan"]
    assert Membership.objects.count() == 1
    assert {fault.rule for fault in report.faults} == {"popolo.type", "popolo.reference"}


def test_what_leaves_keeps_to_the_standard():
    document = popolo_of(full_council(), is_public=False)

    assert breaches_of(document) == []
    assert breaches_of({"persons": [{"name": 7}], "posts": [{"start_date": "5.5.2016"}]}) == [
        "/persons/0/name",
        "/posts/0/start_date",
    ]


DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS, DAYS)
def test_every_partial_date_comes_back(one: date | None, other: date | None):
    earliest, latest = (one, other) if not (one and other) else sorted([one, other])
    column = Column("start_date", "starts", "date")

    told = _date(column, earliest, latest)

    read = _read_date(column, told) or {"starts_from": None, "starts_to": None}
    assert read == {"starts_from": earliest, "starts_to": latest}
    if "start_date" in told:
        assert DAY.fullmatch(told["start_date"])


def test_a_fault_is_told_with_its_line():
    text = '{\n"persons": [\n{"id": "a"},\n{"id": "b",\n "name": [1, 2]}\n]}'

    lines = lines_of(["/persons/1/name", "/persons/1/age", "/persons/0"], text)

    assert [lines[key] for key in ("/persons/1/name", "/persons/1/age", "/persons/0")] == [5, 4, 3]


def test_a_signed_session_is_not_changed_by_a_file():
    document = popolo_of(full_council(), is_public=False)
    Session.objects.update(state="signed")
    row = next(row for row in document["events"] if row["classification"] == "agenda item")
    row["name"] = "О другом"
    for event in document["events"]:
        if event["classification"] == "session":
            event["status"] = "signed"

    report = take_document(document)

    assert {fault.rule for fault in report.faults} == {"K7.fixed"}


def test_private_words_in_a_line_of_life_are_refused():
    document = popolo_of(full_council(), is_public=False)
    person = next(row for row in document["persons"] if "novator:life" in row)
    person["novator:life"][0]["text"] = "Родился 1 мая 1960 года"

    report = take_document(document)

    assert [fault.rule for fault in report.faults] == ["P2.private"]


def test_a_published_decision_without_number_and_one_whose_vote_was_lost_are_refused():
    document = popolo_of(full_council(), is_public=False)
    decision = document["novator:decisions"][0]
    del decision["number"]
    decision["status"] = "published"
    decision["steps"].append({"status": "published", "date": "2026-03-09"})
    event = next(row for row in document["vote_events"] if row["id"] == decision["vote_event_id"])
    event |= {"result": "fail", "novator:is_result_stated": True, "novator:numerator": None}

    report = take_document(document)

    assert {fault.rule for fault in report.faults} == {"K7.number", "K7.lost_vote"}
    assert Decision.objects.get().state == "adopted"


@pytest.mark.parametrize("name", ["Тайна\ud800", "Тайна\u0000", "Тайна\ufffe", "Тай\u202eна"])
def test_signs_that_nothing_can_hold_are_refused_by_name(name):
    document = popolo_of(full_council(), is_public=False)
    document["persons"][0]["name"] = name

    report = take_document(document)

    assert [fault.rule for fault in report.faults] == ["text.sign"]


def test_nothing_of_a_file_reaches_into_another_city():
    document = popolo_of(full_council(), is_public=False)
    elsewhere = make_council(make_city("Stary Bor"), name="Дума Старого Бора")
    post = make_post(elsewhere)
    decision = make_decision(elsewhere)
    branch = Organization.objects.create(
        kind="party_branch", name="Отделение", municipality=elsewhere.municipality
    )
    faction = next(row for row in document["organizations"] if row["classification"] == "faction")
    faction["novator:party_id"] = str(branch.public_id)
    convocation = next(
        row for row in document["organizations"] if row["classification"] == "convocation"
    )
    convocation["parent_id"] = str(elsewhere.public_id)
    document["memberships"][0]["on_behalf_of_id"] = str(branch.public_id)
    mandate = document["novator:mandates"][0]
    mandate |= {"decision_id": str(decision.public_id), "post_id": str(post.public_id)}

    found = {fault.pointer.rpartition("/")[2] for fault in take_document(document).faults}

    assert found >= {"novator:party_id", "parent_id", "on_behalf_of_id", "decision_id", "post_id"}


def test_an_address_of_a_page_is_one():
    document = popolo_of(full_council(), is_public=False)
    document["persons"][0]["novator:slug"] = "../../x"

    assert [fault.rule for fault in take_document(document).faults] == ["popolo.slug"]


def test_a_signed_version_is_taken_whole_and_never_changed():
    council = full_council()
    session = Session.objects.order_by("id").first()
    assert session is not None
    Paper.objects.update(is_public=False)
    chair = Person.objects.order_by("id")[0]
    Protocol.objects.create(
        session=session,
        number=1,
        content=content_of(session),
        signed_on="2026-03-05",
        signed_by=chair,
    )
    document = popolo_of(council, is_public=False)
    assert take_document(document).faults == []
    assert "Проект" not in str(popolo_of(council)["novator:protocols"])

    document["novator:protocols"][0]["content"]["session"]["name"] = "Иначе"
    assert [fault.rule for fault in take_document(document).faults] == ["K7.fixed"]
    document["novator:protocols"][0]["content"] = {"session": 5}
    assert [fault.rule for fault in take_document(document).faults] == ["popolo.protocol"]
