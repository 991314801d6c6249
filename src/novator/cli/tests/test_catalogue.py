"""`novator import practices`, `export practices` and `cities unmatched` as a user types them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from novator.cities.operations import load_regions
from novator.cities.testing import make_city
from novator.cli import catalogue
from novator.practices.models import Practice
from novator.practices.testing import make_practice
from novator.practices.tests.files import jsonl, row

pytestmark = pytest.mark.django_db

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _regions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the 2,600 towns out; `test_starter.py` loads them all."""
    monkeypatch.setattr("novator.practices.operations.load_gazetteer", load_regions)


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands use the test's database instead of starting one, and speak English."""

    @contextmanager
    def ready(data_dir: Path | None = None) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(catalogue, "ready_database", ready)
    monkeypatch.setenv("NOVATOR_LANGUAGE", "en")


def take(path: Path, *options: str) -> Result:
    return RUNNER.invoke(catalogue.import_app, ["practices", str(path), *options])


def test_takes_a_file(tmp_path: Path) -> None:
    done = take(jsonl(tmp_path, row(), row(id="b")))

    assert done.exit_code == 0
    assert done.stdout == "New: 2, changed: 0, as before: 0, bad: 0.\n"
    assert Practice.objects.count() == 2


def test_names_line_field_and_reason_of_bad_rows(tmp_path: Path) -> None:
    done = take(jsonl(tmp_path, row(), row(id="b", population=0)))

    assert done.exit_code == 1
    assert "line 2: population: must be above 0" in done.stderr
    assert "Nothing was changed. Bad rows: 1." in done.stderr
    assert not Practice.objects.exists()


def test_skips_bad_rows_when_told_to(tmp_path: Path) -> None:
    done = take(jsonl(tmp_path, row(), row(id="b", population=0)), "--skip-bad")

    assert done.exit_code == 0
    assert "bad: 1" in done.stdout
    assert Practice.objects.count() == 1


def test_a_dry_run_says_so(tmp_path: Path) -> None:
    done = take(jsonl(tmp_path, row(colour="red")), "--dry-run")

    assert done.exit_code == 0
    assert "nothing was changed" in done.stdout
    assert "colour" in done.stderr
    assert not Practice.objects.exists()


def test_a_broken_file_ends_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"no book")

    done = take(path)

    assert done.exit_code == 1
    assert done.stderr.startswith("a.xlsx is no readable XLSX file.")


def test_thousands_of_faults_are_not_all_printed(tmp_path: Path) -> None:
    done = take(jsonl(tmp_path, *({"id": f"card-{n}"} for n in range(100))))

    assert len(done.stderr.splitlines()) == catalogue.MOST_FAULTS + 2
    assert "more faults" in done.stderr


@pytest.mark.parametrize("file_format", ["jsonl", "csv", "xlsx"])
def test_writes_a_whole_file(tmp_path: Path, file_format: str) -> None:
    make_practice()
    path = tmp_path / f"out.{file_format}"

    done = RUNNER.invoke(
        catalogue.export_app, ["practices", "--format", file_format, "--output", str(path)]
    )

    assert done.exit_code == 0
    assert path.stat().st_size > 200
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def export(*options: str) -> Result:
    return RUNNER.invoke(catalogue.export_app, ["practices", *options])


def test_writes_to_standard_output() -> None:
    make_practice()

    done = export()

    assert json.loads(done.stdout)["id"] == "glazov-warm-stops"


def test_refuses_another_format_and_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert export("--format", "pdf").exit_code == 1

    done = export("--output", str(tmp_path / "nowhere" / "a.jsonl"))

    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_lists_cities_without_a_point() -> None:
    make_city("Stary Bor", latitude=None, longitude=None)

    done = RUNNER.invoke(catalogue.cities_app, ["unmatched"])

    assert done.exit_code == 0
    assert "Municipalities without a point: 1" in done.stdout
    assert "Старый Бор" in done.stdout
    assert "smaller namesake in the same region" in done.stdout
