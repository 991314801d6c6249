"""Importing cards: idempotent, in whole or not at all, every bad row named."""

from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from novator.cities.models import Municipality
from novator.cities.operations import load_regions
from novator.practices.importing import ImportReport
from novator.practices.models import Formulation, Practice, Source
from novator.practices.operations import REFRESH_INDEX, import_practices
from novator.practices.tests.files import jsonl, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _regions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the 2,600 towns out; `test_starter.py` loads them all."""
    monkeypatch.setattr("novator.practices.operations.load_gazetteer", load_regions)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.bad_rows


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name=REFRESH_INDEX, status="todo").count()


def test_writes_a_card_with_all_it_carries(tmp_path: Path) -> None:
    report = import_practices(path=jsonl(tmp_path, row()))

    practice = Practice.objects.get()
    assert counts(report) == (1, 0, 0, 0)
    assert report.is_written
    assert practice.slug == "glazov-warm-stops"
    assert practice.municipality.short_name_ru == "Глазов"
    assert practice.municipality.population_year == 2021
    assert (practice.cost.price_year, practice.cost.note) == (None, "Три остановки.")
    assert practice.grade is None
    assert [text.language for text in practice.texts.order_by("language")] == ["en", "ru"]
    assert practice.formulations.count() == 2


def test_a_second_time_nothing_is_touched(tmp_path: Path) -> None:
    path = jsonl(tmp_path, row())
    import_practices(path=path)
    before = Practice.objects.get().changed_at

    report = import_practices(path=path)

    assert counts(report) == (0, 0, 1, 0)
    assert Practice.objects.get().changed_at == before


@pytest.mark.parametrize(
    "change",
    [
        {"title_ru": "Остановки с печкой"},
        {"problem_en": "People freeze."},
        {"cost_amount": 900_000},
        {"effects": []},
        {"tags_ru": ["зима"]},
        {"source_date": "2020"},
        {"municipality": "город Воткинск"},
        {"year_end": None},
        {"asked_as_ru": ["холодно ждать автобус"]},
    ],
)
def test_a_change_is_written_and_seen(tmp_path: Path, change: dict[str, Any]) -> None:
    import_practices(path=jsonl(tmp_path, row()))
    before = Practice.objects.get()

    report = import_practices(path=jsonl(tmp_path, row(**change)))
    again = import_practices(path=jsonl(tmp_path, row(**change)))

    assert counts(report) == (0, 1, 0, 0)
    assert counts(again) == (0, 0, 1, 0)
    assert Practice.objects.get().pk == before.pk
    assert Practice.objects.get().changed_at > before.changed_at


def test_absent_formulations_stay_and_empty_ones_go(tmp_path: Path) -> None:
    import_practices(path=jsonl(tmp_path, row()))

    import_practices(path=jsonl(tmp_path, row(asked_as_ru=..., asked_as_en=...)))
    assert Formulation.objects.count() == 2

    import_practices(path=jsonl(tmp_path, row(asked_as_ru=[], asked_as_en=...)))
    assert [f.language for f in Formulation.objects.all()] == ["en"]


def test_one_bad_row_keeps_all_out(tmp_path: Path) -> None:
    path = jsonl(tmp_path, row(), row(id="b", topic="x", population=0), row(id="c"))

    report = import_practices(path=path)

    assert [(f.line, f.field) for f in report.faults] == [(2, "population"), (2, "topic")]
    assert not report.is_written
    assert not Practice.objects.exists()
    assert not Municipality.objects.exists()
    assert jobs() == 0


def test_skip_bad_takes_the_good_rows(tmp_path: Path) -> None:
    path = jsonl(tmp_path, row(), row(id="b", topic="x"), row(id="c"))

    report = import_practices(path=path, skip_bad=True)

    assert counts(report) == (2, 0, 0, 1)
    assert Practice.objects.count() == 2


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path) -> None:
    report = import_practices(path=jsonl(tmp_path, row(), row(id="b")), dry_run=True)

    assert counts(report) == (2, 0, 0, 0)
    assert not report.is_written
    assert not Practice.objects.exists()
    assert not Municipality.objects.exists()
    assert jobs() == 0


def test_an_id_twice_in_a_file_is_a_fault(tmp_path: Path) -> None:
    report = import_practices(path=jsonl(tmp_path, row(), row(title_ru="Другое")))

    assert [(f.line, f.field) for f in report.faults] == [(2, "id")]
    assert not Practice.objects.exists()


def test_columns_that_are_not_known_are_named(tmp_path: Path) -> None:
    report = import_practices(path=jsonl(tmp_path, row(colour="red", Title="x")))

    assert report.unknown_columns == ["Title", "colour"]
    assert report.is_written


def test_every_import_that_changes_something_renews_the_index(tmp_path: Path) -> None:
    import_practices(path=jsonl(tmp_path, row()))
    import_practices(path=jsonl(tmp_path, row(title_ru="Иначе")))
    import_practices(path=jsonl(tmp_path, row(title_ru="Иначе")))

    assert jobs() == 2


def test_what_is_known_of_a_source_stays(tmp_path: Path) -> None:
    import_practices(path=jsonl(tmp_path, row()))
    Source.objects.update(state="dead")

    import_practices(path=jsonl(tmp_path, row(title_ru="Иначе")))
    assert Source.objects.get().state == "dead"

    import_practices(path=jsonl(tmp_path, row(source_url="https://example.org/new")))
    assert Source.objects.get().state == "unchecked"


def test_a_figure_without_a_census_stays_on_the_card(tmp_path: Path) -> None:
    import_practices(path=jsonl(tmp_path, row(population_source="источник")))

    practice = Practice.objects.get()
    assert practice.population == 87_000
    assert practice.municipality.population is None


def test_many_rows_cost_few_queries(
    tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = jsonl(tmp_path, *(row(id=f"card-{number}") for number in range(200)))

    with django_assert_max_num_queries(40):
        report = import_practices(path=path)

    assert counts(report) == (200, 0, 0, 0)


def test_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    import_practices(
        path=jsonl(tmp_path, row(), row(id="b")),
        progress=lambda done, total: told.append((done, total)),
    )

    assert told[-1] == (2, 2)


def test_a_city_of_a_first_import_is_known_to_the_gazetteer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()

    import_practices(path=jsonl(tmp_path, row()))

    city = Practice.objects.get().municipality
    assert (city.slug, city.has_point, str(city.region)) == (
        "glazov",
        True,
        "Удмуртская Республика",
    )
    assert Municipality.objects.filter(slug="votkinsk").exists()


def test_a_code_of_another_region_is_a_bad_row_and_reaches_no_city(tmp_path: Path) -> None:
    sarapul = row(id="sarapul", municipality="город Сарапул", oktmo="99999999")

    report = import_practices(path=jsonl(tmp_path, row(), sarapul))

    assert [(fault.line, fault.field) for fault in report.faults] == [(2, "oktmo")]
    assert not Municipality.objects.exclude(oktmo="").exists()
