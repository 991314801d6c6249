"""Positions, groups and events through their pages: by roles, with strangers refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from novator.accounts.testing import make_role, make_user, signed_in
from novator.association.models import Gathering, Position, Registration, Remark
from novator.association.testing import make_member
from novator.cities.testing import make_city
from novator.portal.people import today
from novator.portal.word_differences import Part, differing_parts

pytestmark = pytest.mark.django_db

TEXTS = {"kind": "bill", "title": "О дворах", "text": "Первое.\n\nВторое."}


@pytest.fixture
def office():
    return signed_in(make_role("office").user)


@pytest.fixture
def stranger():
    return signed_in(make_role("secretary", city=make_city("Stary Bor")).user)


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def consulted(office):
    office.post("/ru/association/positions/new/", TEXTS)
    made = Position.objects.get()
    until = local(timezone.now() + timedelta(days=5))
    act = {"act": "consult", "until": until}
    office.post(f"/ru/association/positions/{made.public_id}/act/", act)
    return made


def test_a_draft_is_the_offices_own(office, stranger, client):
    office.post("/ru/association/positions/new/", TEXTS)
    path = f"/ru/association/positions/{Position.objects.get().public_id}/"

    for reader in (client, stranger):
        assert reader.get(path).status_code == 404
        assert "О дворах" not in reader.get("/ru/association/positions/").content.decode()
        assert "О дворах" not in reader.get("/ru/association/positions.csv").content.decode()
        assert "О дворах" not in reader.get("/ru/feeds/positions.atom").content.decode()
    assert "О дворах" in office.get(path).content.decode()
    assert stranger.get("/ru/association/positions/new/").status_code == 403


def test_a_representative_remarks_and_a_stranger_cannot(office, stranger, client):
    deputy = make_user("deputy@glazov.example")
    member = make_member("Glazov", user=deputy)
    made = consulted(office)
    path = f"/ru/association/positions/{made.public_id}/"
    remark = {"version": 1, "paragraph": 2, "text": "Короче", "member": member.pk}

    refused = stranger.post(f"{path}remark/", remark)
    assert not Remark.objects.exists()
    assert "Короче" not in client.get(path).content.decode()
    assert refused.status_code == 200
    signed_in(deputy).post(f"{path}remark/", remark)

    page = client.get(path).content.decode()
    assert "Короче" in page
    assert "не создаёт обязанностей" in page or "makes no duty" in page
    mandate = Remark.objects.get().mandate
    assert mandate is not None
    assert mandate.municipality == member.municipality


def test_what_was_typed_is_not_lost_by_a_refusal(office):
    deputy = make_user("deputy@glazov.example")
    member = make_member("Glazov", user=deputy, ends_on=today() - timedelta(days=1))
    made = consulted(office)
    remark = {"version": 1, "paragraph": 1, "text": "Много слов", "member": member.pk}

    page = signed_in(deputy).post(f"/ru/association/positions/{made.public_id}/remark/", remark)

    assert not Remark.objects.exists()
    assert 'role="alert"' in page.content.decode()


def test_a_refused_answer_to_a_remark_keeps_what_was_chosen(office):
    deputy = make_user("deputy@glazov.example")
    member = make_member("Glazov", user=deputy)
    made = consulted(office)
    remark = {"version": 1, "paragraph": 2, "text": "Уточнить.", "member": member.pk}
    signed_in(deputy).post(f"/ru/association/positions/{made.public_id}/remark/", remark)
    path = f"/ru/association/remarks/{Remark.objects.get().pk}/answer/"

    refused = office.post(path, {"state": "declined", "answer": ""}).content.decode()
    office.post(path, {"state": "declined", "answer": "Уже есть в пункте 2."})

    assert 'value="declined" selected' in refused
    assert Remark.objects.get().state == "declined"


def test_a_refused_sending_and_answer_show_what_was_typed(office):
    made = consulted(office)
    Position.objects.update(state="adopted", adopted_on=today(), addressee="Комитет")
    path = f"/en/association/positions/{made.public_id}/act/"
    sending = {"act": "send", "sent_on": "2090-01-01", "number": "12/3", "how": "курьером"}
    answer = {"act": "answered", "answered_on": "2090-01-01", "answer": "Будет учтено."}

    too_early = office.post(path, sending).content.decode()
    office.post(path, sending | {"sent_on": str(today())})
    no_answer_yet = office.post(path, answer).content.decode()
    office.post(path, answer | {"answered_on": str(today())})
    office.post(path, {"act": "close", "result": "Поправка принята."})

    for typed in ("2090-01-01", "12/3", "курьером", 'role="alert"'):
        assert typed in too_early
    assert "Будет учтено." in no_answer_yet
    made.refresh_from_db()
    assert (made.state, made.sent_number, made.answer, made.result) == (
        "closed",
        "12/3",
        "Будет учтено.",
        "Поправка принята.",
    )


def test_one_difference_is_reckoned_and_only_when_it_is_asked_for(office, monkeypatch):
    office.post("/ru/association/positions/new/", TEXTS)
    path = f"/ru/association/positions/{Position.objects.get().public_id}/"
    for number, text in enumerate(("Первое.", "Другое."), start=1):
        office.post(f"{path}edit/", TEXTS | {"text": text, "revision": number})
    reckoned = []

    def reckon(*texts: str) -> list[Part]:
        reckoned.append(texts)
        return differing_parts(*texts)

    monkeypatch.setattr("novator.portal.positions.differing_parts", reckon)

    plain = office.get(path).content.decode()
    assert not reckoned
    assert "?version=3" in plain
    shown = office.get(f"{path}?version=3").content.decode()

    assert reckoned == [("Первое.", "Другое.")]
    assert "<del>Первое.</del>" in shown
    assert "<ins>Другое.</ins>" in shown
    first = office.get(f"{path}?version=1").content.decode()
    assert "<p>Второе.</p>" in first


def test_a_version_is_not_written_without_saying_which_one_was_seen(office):
    office.post("/ru/association/positions/new/", TEXTS)
    made = Position.objects.get()
    path = f"/ru/association/positions/{made.public_id}/edit/"

    answer = office.post(path, TEXTS | {"text": "Иначе."})

    assert answer.status_code == 200
    assert "Иначе." in answer.content.decode()
    assert made.versions.count() == 1


def test_a_position_is_a_document(office, client):
    made = consulted(office)

    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        path = f"/ru/association/positions/{made.public_id}/paper.{kind}"
        assert client.get(path).content.startswith(begins)


def test_the_list_of_positions_is_read_in_few_queries(
    office, client, django_assert_max_num_queries
):
    for number in range(20):
        office.post("/ru/association/positions/new/", TEXTS | {"title": f"Позиция {number}"})
    Position.objects.update(state="adopted", adopted_on=today())

    with django_assert_max_num_queries(8):
        page = client.get("/ru/association/positions/")

    assert len(page.context["stretch"].rows) == 20


def test_an_event_from_draft_to_seat(office, stranger, client):
    begins = timezone.now() + timedelta(days=5)
    facts = {
        "name": "Встреча",
        "time_zone": "Europe/Moscow",
        "starts_at": local(begins),
        "ends_at": local(begins + timedelta(hours=2)),
        "online": "https://meet.example/secret",
    }
    assert stranger.post("/ru/association/events/new/", facts).status_code == 403
    office.post("/ru/association/events/new/", facts)
    event = Gathering.objects.get()
    path = f"/ru/association/events/{event.public_id}/"
    assert client.get(path).status_code == 404
    office.post(f"{path}act/", {"act": "publish"})

    stranger.post(f"{path}act/", {"act": "register"})
    stranger.post(f"{path}act/", {"act": "cancel", "because": "так"})

    event.refresh_from_db()
    assert event.cancelled_because == ""
    assert Registration.objects.count() == 1
    assert "meet.example" in stranger.get(path).content.decode()
    assert "meet.example" not in client.get(path).content.decode()
    assert stranger.get(f"{path}people.csv").status_code == 403
    assert b"VEVENT" in client.get("/ru/association/events.ics").content


def test_an_event_tells_its_hours_as_people_write_them(office, client):
    facts = {
        "name": "Встреча",
        "time_zone": "Europe/Moscow",
        "starts_at": "2030-12-05T01:00",
        "ends_at": "2030-12-05T04:00",
    }
    office.post("/ru/association/events/new/", facts)
    event = Gathering.objects.get()
    office.post(f"/ru/association/events/{event.public_id}/act/", {"act": "publish"})

    page = client.get(f"/en/association/events/{event.public_id}/").content.decode()

    assert "Europe/Moscow" not in page
    assert '<span lang="ru">Встреча</span>' in page
    assert "Moscow time (UTC+3)" in page
    assert page.count("5 December 2030") + page.count("Dec. 5, 2030") == 2
    assert "UTC+3" in client.get("/en/association/events/").content.decode()


def test_groups_name_people_to_nobody_outside(office, stranger, client):
    person = make_user("deputy@glazov.example", name="Иванова Анна")
    group = {"name": "Дворы", "slug": "yards", "starts_on": today().isoformat()}
    assert stranger.post("/ru/association/groups/new/", group).status_code == 403
    office.post("/ru/association/groups/new/", group)
    office.post("/ru/association/groups/yards/people/", {"email": person.email})

    for reader in (client, stranger):
        assert "Иванова" not in reader.get("/ru/association/groups/yards/").content.decode()
    refused = stranger.post("/ru/association/groups/yards/people/", {"email": person.email})
    assert refused.status_code == 403


def test_an_event_has_a_year_that_can_be_and_reasons_hold_no_nul(office):
    facts = {"name": "Встреча", "time_zone": "Europe/Moscow"}
    times = {"starts_at": "0001-01-01T00:00", "ends_at": "0001-01-01T01:00"}
    made = consulted(office)

    assert office.post("/ru/association/events/new/", facts | times).status_code == 200
    assert not Gathering.objects.exists()

    act = {"act": "withdraw", "because": "Не \0нужна"}
    office.post(f"/ru/association/positions/{made.public_id}/act/", act)
    assert Position.objects.get().withdrawn_because == "Не нужна"
