"""Who decides: who sits on a day, in which faction, and who holds a post."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from novator.council.bodies import dissolve_organization, end_membership, found_organization
from novator.council.composition import (
    convocation_on,
    elected_on,
    faction_called,
    faction_of,
    factions_on,
    holder_of,
    seats_on,
)
from novator.council.testing import (
    make_council,
    make_deputies,
    make_faction,
    make_membership,
    make_person,
    make_post,
    partial,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 5)


def test_seats_of_a_day_name_people_factions_and_parties_in_four_queries(
    django_assert_num_queries: Any,
):
    council = make_council()
    make_deputies(council)
    party = found_organization(kind="party", name="Партия садов")
    branch = found_organization(kind="party_branch", name="Отделение партии садов", parent=party)
    make_membership("Анна Берёзкина", branch, starts="2019")

    with django_assert_num_queries(4):
        seats = seats_on(council, DAY)

    assert [seat.faction and seat.faction.name for seat in seats] == ["Сад"] * 5 + ["Поле"] * 3 + [
        None
    ]
    assert seats[0].person.name == "Анна Берёзкина"
    assert seats[0].party == party
    assert elected_on(council, DAY) == 9


def test_a_deputy_who_left_is_not_counted_after_the_day_of_the_end():
    council = make_council()
    make_deputies(council)
    person = make_person("Борис Кленов")
    for row in person.memberships.all():
        end_membership(membership=row, ends=partial("2026-05-04"), reason="по своему желанию")

    assert elected_on(council, date(2026, 5, 4)) == 9
    assert elected_on(council, DAY) == 8
    assert faction_of(person, council, DAY) is None


def test_dates_known_to_the_year_count_while_they_may_last():
    council = make_council()
    convocation = convocation_on(council, DAY)
    make_membership("Анна Берёзкина", convocation, starts="2021", ends="2024")

    assert elected_on(council, date(2021, 1, 1)) == 1
    assert elected_on(council, date(2024, 12, 31)) == 1
    assert elected_on(council, date(2025, 1, 1)) == 0


def test_the_faction_is_found_however_it_is_written():
    council = make_council()
    make_faction(council, "Зелёный сад", short_name="ЗС")

    assert faction_called("«зеленый  сад»", council, DAY) == factions_on(council, DAY)[0]
    assert faction_called("зс", council, DAY) is not None
    assert faction_called("Поле", council, DAY) is None


def test_on_the_day_of_a_change_the_successor_holds_the_post():
    post = make_post()
    first = make_membership("Анна Берёзкина", post.organization, post=post, role="head")
    end_membership(membership=first, ends=partial("2026-05-05"), reason="истёк срок")
    make_membership("Вера Липова", post.organization, post=post, role="head", starts="2026-05-05")

    assert holder_of(post, date(2026, 5, 4)) == first.person
    assert holder_of(post, DAY) == make_person("Вера Липова")


def test_a_dissolved_convocation_sits_no_more_and_its_deputies_left_with_it():
    council = make_council()
    make_deputies(council)
    convocation = convocation_on(council, DAY)
    assert convocation is not None

    dissolve_organization(
        organization=convocation, dissolved=partial("2026-05-04"), reason="окончание полномочий"
    )

    assert seats_on(council, DAY) == []
    assert len(seats_on(council, date(2026, 5, 4))) == 9
    reasons = set(make_person("Анна Берёзкина").memberships.values_list("end_reason", flat=True))
    assert reasons == {"окончание полномочий"}
