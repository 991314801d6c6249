"""Who decides: what cannot be recorded, with the rule that forbids it; what is lawful."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from novator.core.partial_dates import UNKNOWN
from novator.council.bodies import (
    CannotRecord,
    add_life_event,
    add_person,
    cite_source,
    correct_organization,
    dissolve_organization,
    end_membership,
    found_council,
    found_organization,
)
from novator.council.composition import convocation_on, holder_of
from novator.council.models import Membership, Organization
from novator.council.people import parts_of_name
from novator.council.rosters import RosterRefused, enter_roster
from novator.council.testing import (
    make_convocation,
    make_council,
    make_faction,
    make_membership,
    make_person,
    make_post,
    partial,
)

pytestmark = pytest.mark.django_db


def _two_in_a_post() -> None:
    post = make_post()
    make_membership("Анна Берёзкина", post.organization, post=post, role="head")
    make_membership("Вера Липова", post.organization, post=post, role="head", starts="2025")


def _overlapping_convocations() -> None:
    make_convocation(make_council(), starts="2025-09")


def _faction_before_the_seat() -> None:
    make_membership("Анна Берёзкина", make_faction())


def _two_factions() -> None:
    make_membership("Анна Берёзкина")
    make_membership("Анна Берёзкина", make_faction(name="Сад"))
    make_membership("Анна Берёзкина", make_faction(name="Поле"), starts="2022")


def _twice() -> None:
    make_membership("Анна Берёзкина")
    make_membership("Анна Берёзкина", starts="2022")


def _before_the_body() -> None:
    make_membership("Анна Берёзкина", starts="2019")


def _deputy_of_a_faction() -> None:
    make_membership("Анна Берёзкина", make_faction(), role="deputy")


def _ends_before_it_starts() -> None:
    make_membership("Анна Берёзкина", starts="2022", ends="2021-01")


def _second_council() -> None:
    council = make_council()
    assert council.municipality is not None
    found_council(municipality=council.municipality, name="Другой совет")


def _convocation_without_council() -> None:
    found_organization(kind="convocation", name="Созыв", founded=partial("2020"))


def _end_twice() -> None:
    row = make_membership("Анна Берёзкина", ends="2022-01-01", end_reason="переехала")
    end_membership(membership=row, ends=partial("2023"), reason="ещё раз")


def _end_without_a_day() -> None:
    end_membership(membership=make_membership(), ends=UNKNOWN, reason="неизвестно")


def _birthday() -> None:
    add_life_event(person=make_person(), text="Родилась 1 мая 1970 года", kind="other")


def _home() -> None:
    add_life_event(person=make_person(), text="Проживает в Заречном", kind="other")


def _strange_address() -> None:
    cite_source(title="Страница", url="javascript:alert(1)")


@pytest.mark.parametrize(
    ("attempt", "rule"),
    [
        (_two_in_a_post, "K2.two_in_a_post"),
        (_overlapping_convocations, "K6.convocations_overlap"),
        (_faction_before_the_seat, "K1.faction_of_deputies"),
        (_two_factions, "K1.two_factions"),
        (_twice, "K2.same_twice"),
        (_before_the_body, "K2.outside_the_body"),
        (_deputy_of_a_faction, "K2.no_convocation"),
        (_ends_before_it_starts, "K2.ends_before_it_starts"),
        (_second_council, "K1.one_council"),
        (_convocation_without_council, "K1.no_parent"),
        (_end_twice, "K2.ended_already"),
        (_end_without_a_day, "K2.no_end"),
        (_birthday, "P2.private"),
        (_home, "P2.private"),
        (_strange_address, "source_address"),
    ],
)
def test_refuses_with_the_name_of_the_rule(attempt: Callable[[], None], rule: str):
    with pytest.raises(CannotRecord) as refusal:
        attempt()

    assert refusal.value.rule == rule
    assert str(refusal.value)


def test_a_sitting_convocation_and_a_membership_without_end_are_lawful():
    row = make_membership("Анна Берёзкина")

    assert row.organization.dissolved_to is None
    assert row.ends_to is None


def test_a_resigned_office_leaves_the_others_and_the_post_free_for_the_next():
    post = make_post()
    seat = make_membership("Анна Берёзкина")
    head = make_membership("Анна Берёзкина", post.organization, post=post, role="head")

    end_membership(membership=head, ends=partial("2022-03-01"), reason="сложила полномочия")
    make_membership("Вера Липова", post.organization, post=post, role="head", starts="2022-03-01")

    seat.refresh_from_db()
    assert seat.ends_to is None
    assert holder_of(post, date(2022, 2, 28)) == seat.person
    assert holder_of(post, date(2022, 3, 1)) == make_person("Вера Липова")


def test_a_post_outlives_the_convocation_and_the_next_one_begins():
    council = make_council()
    post = make_post(council)
    head = make_membership("Анна Берёзкина", council, post=post, role="head")
    sitting = convocation_on(council, date(2025, 1, 1))
    assert sitting is not None

    dissolve_organization(
        organization=sitting, dissolved=partial("2025-09-14"), reason="истёк срок"
    )
    following = make_convocation(council, starts="2025-09-14")

    head.refresh_from_db()
    assert head.ends_to is None
    assert convocation_on(council, date(2025, 9, 14)) == following


def test_a_correction_keeps_the_rules_of_a_new_row():
    sitting = make_convocation(make_council())
    later = found_organization(
        kind="convocation",
        parent=sitting.parent,
        name="Прежний",
        founded=partial("2015"),
        dissolved=partial("2020-09-20"),
    )

    with pytest.raises(CannotRecord) as refusal:
        correct_organization(organization=later, why="описка", dissolved=partial("2022"))

    assert refusal.value.rule == "K6.convocations_overlap"
    assert Organization.objects.get(pk=later.pk).dissolved_to == date(2020, 9, 20)


def test_a_name_that_may_be_two_people_and_half_a_name_are_named_by_their_lines():
    council = make_council()
    convocation = make_convocation(council)
    make_membership("Анна Петровна Берёзкина")
    make_membership("Анна Ивановна Берёзкина")

    with pytest.raises(RosterRefused) as refusal:
        enter_roster(body=convocation, text="Берёзкина А.\nНовиков\n", starts=partial("2021"))

    faults = [(fault.line, fault.rule) for fault in refusal.value.faults]
    assert faults == [(1, "two_of_a_name"), (2, "whole_name")]
    assert Membership.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "family", "patronymic"),
    [
        ("Анна Петровна Берёзкина", "Берёзкина", "Петровна"),
        ("Берёзкина Анна Петровна", "Берёзкина", "Петровна"),
        ("Анна Берёзкина", "Берёзкина", ""),
        ("Берёзкина Анна", "Берёзкина", ""),
        ("Агеенко Анна", "Агеенко", ""),
        ("Анна Мороз", "Мороз", ""),
    ],
)
def test_parts_of_a_name_are_read_in_either_order(name: str, family: str, patronymic: str):
    person = add_person(name=name)

    assert (person.family_name, person.given_name) == (family, "Анна")
    assert person.patronymic == patronymic


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Вершинин Виктор Ильич", ("Вершинин", "Виктор", "Ильич")),
        ("Виктор Ильич Вершинин", ("Вершинин", "Виктор", "Ильич")),
        ("Анна Петровна Бабич", ("Бабич", "Анна", "Петровна")),
    ],
)
def test_a_short_patronymic_is_not_taken_for_the_family_name(
    name: str, parts: tuple[str, str, str]
) -> None:
    assert parts_of_name(name) == parts
