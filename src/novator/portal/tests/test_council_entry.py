"""People and bodies entered by a council's secretary; the stranger is refused."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.council.composition import council_of, seats_on
from novator.council.models import LifeEvent, Membership, Organization, Person, Statement
from novator.council.seen import mark_of_row
from novator.council.testing import (
    SITS_SINCE,
    make_convocation,
    make_council,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db
LIST = """1. Анна Берёзкина; Сад; Партия садов; округ № 1
2. Борис Кленов; Сад
3. Вера Липова"""


@pytest.fixture
def secretary() -> Client:
    return signed_in(make_role("secretary", city=make_city()).user)


@pytest.fixture
def stranger() -> Client:
    return signed_in(make_role("secretary", city=make_city("Stary Bor")).user)


def test_a_secretary_opens_a_council_and_enters_its_deputies_from_one_list(secretary: Client):
    facts = {"name": "Дума", "seats": "9", "convocation": "VII", "convocation_from": "2020-09"}

    opened = secretary.post("/en/councils/zarechny/bodies/open/", facts)
    council = council_of(make_city())
    assert council is not None
    convocation = council.parts.get(kind="convocation")
    address = reverse("body_entry", args=["zarechny", convocation.public_id])
    entered = secretary.post(address, {"people": LIST, "starts": "20.09.2020", "is_founding": "on"})

    assert opened.status_code == entered.status_code == 302
    assert council.rules.count() == 4
    seats = seats_on(council, SITS_SINCE)
    assert [seat.person.name for seat in seats] == [
        "Анна Берёзкина",
        "Борис Кленов",
        "Вера Липова",
    ]
    assert str(seats[0].faction) == "Сад"
    assert str(seats[0].party) == "Партия садов"
    assert seats[0].membership.election == "округ № 1"


def test_a_list_with_an_unknown_faction_changes_nothing_and_says_which_line(secretary: Client):
    convocation = make_convocation(make_council())
    address = reverse("body_entry", args=["zarechny", convocation.public_id])

    page = secretary.post(address, {"people": LIST, "starts": "2020"})

    words = page.content.decode()
    assert words.count("K1.unknown_faction") == 1
    assert "Line 1" in words or "Строка 1" in words
    assert "Анна Берёзкина; Сад" in words
    assert not Membership.objects.exists()
    assert not Person.objects.exists()


def test_an_office_ends_with_its_reason_and_every_other_one_stays(secretary: Client):
    seat = make_membership("Борис Кленов")
    council = make_council()
    head = make_membership("Борис Кленов", council, role="head")
    address = reverse("membership_end", args=["zarechny", head.public_id])

    unsaid = secretary.post(address, {"ends": "2021-12-23", "reason": ""})
    done = secretary.post(address, {"ends": "2021-12-23", "reason": "по своему желанию"})

    assert unsaid.status_code == 200
    assert done.status_code == 302
    head.refresh_from_db()
    seat.refresh_from_db()
    assert (head.ends_to, head.end_reason) == (head.ends_from, "по своему желанию")
    assert seat.ends_to is None


def test_a_mistake_is_corrected_with_a_reason_that_the_trail_keeps(secretary: Client):
    row = make_membership("Борис Кленов")
    facts = {
        "organization": row.organization_id,
        "role": "deputy",
        "starts": "2020-09-21",
        "why": "опечатка в дне",
        "seen": mark_of_row(row),
    }

    address = reverse("membership_correct", args=["zarechny", row.public_id])
    assert secretary.post(address, facts | {"why": ""}).status_code == 200
    assert secretary.post(address, facts).status_code == 302

    trail = Membership.pgh_event_model.objects.filter(pgh_obj=row).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [str(event.starts_to) for event in trail] == ["2020-09-20", "2020-09-21"]
    assert trail.last().pgh_context.metadata["reason"] == "опечатка в дне"


def test_words_and_lines_of_life_are_entered_but_no_birthday(secretary: Client):
    make_membership("Борис Кленов")
    statement = reverse("statement_new", args=["zarechny", "boris-klenov"])
    life = reverse("life_new", args=["zarechny", "boris-klenov"])

    said = {"made": "2021-12-24", "text": "Я сделал это осознанно."}
    assert secretary.post(statement, said).status_code == 302
    private = secretary.post(life, {"kind": "other", "text": "Родился 11 августа 1953 года"})
    told = secretary.post(life, {"kind": "work", "text": "Директор", "starts": "1993"})

    assert "P2.private" in private.content.decode()
    assert told.status_code == 302
    assert Statement.objects.count() == LifeEvent.objects.count() == 1


def test_pages_of_entry_open_for_the_secretary_and_not_for_a_stranger(
    secretary: Client, stranger: Client
):
    row = make_membership("Борис Кленов")
    body = row.organization.public_id
    addresses = [
        reverse("council_bodies", args=["zarechny"]),
        reverse("body_new", args=["zarechny", "faction"]),
        reverse("council_rule", args=["zarechny", "quorum"]),
        reverse("council_rule_new", args=["zarechny"]),
        *(
            reverse(name, args=["zarechny", body])
            for name in ("body_entry", "body_change", "body_end", "post_new")
        ),
        reverse("person_new", args=["zarechny"]) + "?q=кленов",
        *(
            reverse(name, args=["zarechny", "boris-klenov"])
            for name in (
                "person_entry",
                "person_change",
                "membership_new",
                "statement_new",
                "life_new",
            )
        ),
        *(
            reverse(name, args=["zarechny", row.public_id])
            for name in ("membership_end", "membership_correct", "membership_remove")
        ),
    ]

    for address in addresses:
        assert secretary.get(address).status_code == 200, address
        assert stranger.get(address).status_code == 403, address
        assert Client().get(address).status_code == 302, address


def test_a_stranger_changes_no_person_or_office_of_another_city(stranger: Client):
    row = make_membership("Борис Кленов")
    make_council(make_city("Stary Bor"))

    foreign = stranger.post(
        reverse("membership_end", args=["stary-bor", row.public_id]),
        {"ends": "2021", "reason": "так захотел"},
    )
    name = stranger.post(
        reverse("person_change", args=["stary-bor", "boris-klenov"]), {"name": "X", "why": "y"}
    )
    body = stranger.get(reverse("body_entry", args=["stary-bor", row.organization.public_id]))

    assert foreign.status_code == name.status_code == 403
    assert body.status_code == 404
    row.refresh_from_db()
    assert row.ends_to is None
    assert make_person("Борис Кленов").name == "Борис Кленов"


def test_somebody_just_added_is_named_by_the_city_that_added(secretary: Client, stranger: Client):
    make_council()
    make_council(make_city("Stary Bor"))
    secretary.post(reverse("person_new", args=["zarechny"]), {"name": "Борис Кленов"})

    own = secretary.get(reverse("person_change", args=["zarechny", "boris-klenov"]))
    other = stranger.get(reverse("person_change", args=["stary-bor", "boris-klenov"]))

    assert (own.status_code, other.status_code) == (200, 403)


def test_bodies_that_ended_are_told_page_by_page(secretary: Client):
    council = make_council()
    for year in range(1920, 1962):
        Organization.objects.create(
            kind="other", name=f"Комиссия {year}", municipality=council.municipality,
            dissolved_from=f"{year}-01-01", dissolved_to=f"{year}-12-31",
        )  # fmt: skip
    address = reverse("council_bodies", args=["zarechny"])

    first = secretary.get(address)
    second = secretary.get(address, {"after": first.context["stretch"].after})

    assert [len(page.context["stretch"].rows) for page in (first, second)] == [40, 2]
    assert "Комиссия 1961" in first.content.decode()
    assert "Комиссия 1920" in second.content.decode()


def test_a_rule_is_set_as_data(secretary: Client):
    council = make_council()
    facts = {
        "name": "Кворум",
        "numerator": "2",
        "denominator": "3",
        "base": "elected",
        "is_over": "0",
        "legal_basis": "регламент, ст. 12",
        "seen": mark_of_row(council.rules.get(code="quorum")),
    }

    secretary.post(reverse("council_rule", args=["zarechny", "quorum"]), facts)

    rule = council.rules.get(code="quorum")
    assert (rule.numerator, rule.denominator, rule.is_over) == (2, 3, False)
    assert Organization.objects.filter(kind="council").count() == 1


def test_the_trail_tells_the_office_why_a_mistake_was_corrected(secretary: Client):
    row = make_membership("Борис Кленов")
    seen = mark_of_row(row.person)
    facts = {"name": "Борис Петрович Кленов", "why": "дополнено отчество", "seen": seen}

    secretary.post(reverse("person_change", args=["zarechny", "boris-klenov"]), facts)
    office = signed_in(make_role("office").user)
    page = office.get(f"/en/office/history/council.person/{row.person_id}/").content.decode()

    assert "Reason of the correction: дополнено отчество" in page
    assert "<del>Борис Кленов</del>" in page
