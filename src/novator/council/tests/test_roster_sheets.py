"""People and bodies from the secretary's workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from novator.cities.testing import make_city
from novator.council.models import Membership, Organization, Person
from novator.council.roster_blank import blank_roster
from novator.council.roster_sheets import import_workbook
from novator.council.testing import make_council, make_membership

pytestmark = pytest.mark.django_db


def workbook(folder: Path, **rows: list[str]) -> Path:
    """The blank workbook with its examples, and rows added to its sheets."""
    path = folder / "roster.xlsx"
    path.write_bytes(blank_roster())
    book = load_workbook(path)
    for sheet, row in rows.items():
        book[sheet].append(row)
    book.save(path)
    return path


def test_the_blank_workbook_is_taken_once(tmp_path: Path):
    path, city = workbook(tmp_path), make_city()

    first = import_workbook(path=path, municipality=city)
    again = import_workbook(path=path, municipality=city)

    assert (first.faults, first.is_written) == ([], True)
    assert (again.new, again.changed) == ({}, {})
    person = Person.objects.get()
    assert (person.family_name, person.patronymic) == ("Берёзкина", "Ильинична")
    assert set(Membership.objects.values_list("organization__kind", "role")) == {
        ("convocation", "deputy"), ("faction", "member"),
    }  # fmt: skip


def test_an_unknown_body_is_named_with_its_row_and_nothing_is_taken(tmp_path: Path):
    path = workbook(tmp_path, Люди=["Кленов Борис", "Луг", "член"])

    report = import_workbook(path=path, municipality=make_city())

    assert [(fault.pointer, fault.rule) for fault in report.faults] == [("Люди:4", "K1.no_body")]
    assert not Organization.objects.exists()


def test_two_factions_at_a_time_are_refused(tmp_path: Path):
    path = workbook(
        tmp_path,
        Органы=["Луг", "фракция", "Созыв 7", "", "", "", "2025-09-30", ""],
        Люди=["Берёзкина Анна Ильинична", "Луг", "член", "", "", "", "2025-11-05", ""],
    )

    report = import_workbook(path=path, municipality=make_city())

    assert [fault.rule for fault in report.faults] == ["K1.two_factions"]
    assert report.faults[0].pointer == "Люди:4"


def test_what_another_city_recorded_of_a_party_stays(tmp_path: Path):
    party = Organization.objects.create(kind="party", name="Партия садов")
    elsewhere = make_council(make_city("Stary Bor"))
    make_membership("Берёзкина Анна Ильинична", elsewhere)
    kept = make_membership("Берёзкина Анна Ильинична", party, starts="2020")
    office = Organization.objects.create(
        kind="administration", name="Администрация", municipality=make_city()
    )
    make_membership("Берёзкина Анна Ильинична", office)
    row = ["Берёзкина Анна Ильинична", "Партия садов", "член", "", "", "", "2020"]
    ended = workbook(tmp_path, Люди=[*row, "2021", "исключена"])

    refused = import_workbook(path=ended, municipality=make_city())
    same = import_workbook(path=workbook(tmp_path, Люди=[*row, "", ""]), municipality=make_city())

    assert [(one.pointer, one.rule) for one in refused.faults] == [("Люди:4", "K2.another_city")]
    assert same.faults == []
    kept.refresh_from_db()
    assert (kept.ends_to, kept.end_reason) == (None, "")


def test_no_faction_is_put_into_another_citys_council_by_its_number(tmp_path: Path):
    council = make_council(make_city("Stary Bor"))
    path = workbook(
        tmp_path, Органы=["Луг", "фракция", str(council.public_id), "", "", "", "2025-10", ""]
    )

    report = import_workbook(path=path, municipality=make_city())

    assert ("Органы:5", "K1.no_body") in [(fault.pointer, fault.rule) for fault in report.faults]
    assert not council.parts.filter(kind="faction").exists()


def test_the_workbook_of_a_city_names_the_bodies_that_it_has_and_invents_nobody(tmp_path: Path):
    council = make_council()
    city, path = council.municipality, tmp_path / "roster.xlsx"
    assert city is not None
    path.write_bytes(blank_roster(city))

    report = import_workbook(path=path, municipality=city)

    book = load_workbook(path)
    assert [row[0].value for row in book["Органы"].rows][1:] == [council.name, "Созыв 1"]
    assert book["Люди"].max_row == 1
    assert (report.faults, report.new, report.changed) == ([], {}, {})
    assert not Person.objects.exists()


def test_a_second_council_is_refused_in_words_at_its_row(tmp_path: Path):
    council = make_council()

    report = import_workbook(path=workbook(tmp_path), municipality=council.municipality)

    assert [(one.pointer, one.rule) for one in report.faults] == [("Органы:2", "K1.council")]
    assert council.name in report.faults[0].message
    assert Organization.objects.filter(kind="council").count() == 1


def test_dates_of_the_workbook_may_be_typed_in_words(tmp_path: Path):
    path = workbook(
        tmp_path, Люди=["Кленов Борис", "Созыв 7", "депутат", "", "", "", "октябрь 2025"]
    )

    report = import_workbook(path=path, municipality=make_city())

    kept = Membership.objects.get(person__name="Кленов Борис")
    assert report.faults == []
    assert (str(kept.starts_from), str(kept.starts_to)) == ("2025-10-01", "2025-10-31")
