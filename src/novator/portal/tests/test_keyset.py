"""Every long list: each row once, none passed over, without counting."""

from __future__ import annotations

from typing import Any

import pytest

from novator.council.models import Person
from novator.council.testing import PEOPLE, make_person
from novator.portal.keyset import stretch_of

pytestmark = pytest.mark.django_db
ORDER = ("family_name", "-id")


def test_each_row_comes_once_and_the_last_stretch_names_no_further_one(
    django_assert_num_queries: Any,
):
    names = [*PEOPLE, "Яна Берёзкина"]
    for name in names:
        make_person(name)
    found: list[str] = []
    after = ""

    for queries in (1, 2, 2, 2):
        with django_assert_num_queries(queries):
            part = stretch_of(Person.objects.all(), after, key="slug", order=ORDER, each=3)
        found += [person.name for person in part.rows]
        after = part.after

    assert after == ""
    assert found[:2] == ["Яна Берёзкина", "Анна Берёзкина"]
    assert sorted(found) == sorted(names)


@pytest.mark.parametrize("asked", ["gone", "\0", "x" * 300])
def test_a_row_that_is_gone_begins_the_list_anew(asked: str):
    make_person()

    part = stretch_of(Person.objects.all(), asked, key="slug", order=ORDER, each=3)

    assert part.is_first
    assert len(part.rows) == 1
