"""Open data: what goes out comes back the same, and no cell is a formula."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from novator.cities.operations import load_regions
from novator.practices.exporting import CONTENT_TYPES, export_practices
from novator.practices.models import Practice, Source
from novator.practices.operations import import_practices
from novator.practices.rows import COLUMNS
from novator.practices.testing import make_practice
from novator.practices.tests.files import jsonl, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _regions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the 2,600 towns out; `test_starter.py` loads them all."""
    monkeypatch.setattr("novator.practices.operations.load_gazetteer", load_regions)


TRICKY = row(
    id="tricky",
    title_ru="=СУММ(A1:A9)",
    problem_ru="'=1+1",
    solution_ru='-1 градус\nи ниже; «кавычки», "прямые"',
    contact_org="@mayor",
    tags_ru=["+плюс", "a; b"],
    replicated_in=["-минус"],
    cost_amount=1234.56,
    population=None,
    population_source=None,
    source_date="2020",
    more_sources=[{"url": "https://example.org/second", "title": "=x", "date": "2021-05-06"}],
)


@pytest.mark.parametrize("file_format", sorted(CONTENT_TYPES))
def test_export_and_import_change_nothing(tmp_path: Path, file_format: str) -> None:
    import_practices(path=jsonl(tmp_path, row(), TRICKY, row(id="bare", effects=[], tags_ru=[])))
    path = tmp_path / f"out.{file_format}"
    path.write_bytes(b"".join(export_practices(file_format)))

    report = import_practices(path=path)

    assert not report.faults
    assert not report.unknown_columns
    assert (report.new, report.changed, report.unchanged) == (0, 0, 3)
    assert Source.objects.count() == 4


@pytest.mark.parametrize("file_format", sorted(CONTENT_TYPES))
def test_an_export_makes_the_same_catalogue_elsewhere(tmp_path: Path, file_format: str) -> None:
    import_practices(path=jsonl(tmp_path, row(), TRICKY))
    path = tmp_path / f"out.{file_format}"
    path.write_bytes(b"".join(export_practices(file_format)))
    whole = b"".join(export_practices("jsonl"))
    Practice.objects.all().delete()

    import_practices(path=path)

    assert b"".join(export_practices("jsonl")) == whole


def test_lines_carry_numbers_as_numbers_and_unknown_as_null() -> None:
    make_practice(population=None, cost={})

    values = json.loads(b"".join(export_practices("jsonl")))

    assert list(values) == list(COLUMNS)
    assert values["population"] is None
    assert values["cost_amount"] is None
    assert values["effects"][0]["before"] == 120


def test_no_cell_of_a_table_begins_like_a_formula(tmp_path: Path) -> None:
    import_practices(path=jsonl(tmp_path, TRICKY))

    text = b"".join(export_practices("csv")).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(b"".join(export_practices("xlsx"))))

    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    cells += [str(cell.value) for line in book["practices"] for cell in line if cell.value]
    assert not [cell for cell in cells if cell[0:1] in set("=+-@\t\r")]
    assert not [cell for line in book["practices"] for cell in line if cell.data_type == "f"]


def test_a_book_names_its_licence() -> None:
    make_practice()

    book = load_workbook(io.BytesIO(b"".join(export_practices("xlsx"))))

    assert "CC BY 4.0" in [row[0].value for row in book["licence"]]


def test_an_empty_catalogue_goes_out_too() -> None:
    assert b"".join(export_practices("jsonl")) == b""
    assert b"".join(export_practices("csv")).decode("utf-8-sig").startswith("id,title_ru")


def test_another_format_is_refused() -> None:
    with pytest.raises(KeyError):
        export_practices("pdf")
