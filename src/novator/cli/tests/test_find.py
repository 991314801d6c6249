"""`novator find` as a user types it: answers in words and in JSON, refusals that say why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from rich.console import Console
from typer.testing import CliRunner, Result

from novator.cities.testing import make_city
from novator.cli import find
from novator.cli.main import app
from novator.matching.search import Findings, Found
from novator.matching.testing import index_by_letters, letters_fall_silent
from novator.practices.testing import make_practice
from novator.site.testing import (
    FIRST_QUESTION,
    first_answer,
    run_command,
    temporary_data_dir,
    used_data_dir,
)

RUNNER = CliRunner()


@pytest.fixture
def _own_database(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command use the test's database instead of starting one, and speak English."""

    @contextmanager
    def ready(data_dir: Path | None = None) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(find, "ready_catalogue", ready)
    monkeypatch.setenv("NOVATOR_LANGUAGE", "en")


def ask(*words: str) -> Result:
    return RUNNER.invoke(app, ["find", *words])


@pytest.mark.usefixtures("_own_database")
class TestRefusals:
    @pytest.mark.parametrize("words", [[], ["   "]])
    def test_asks_for_a_question(self, words: list[str]) -> None:
        done = ask(*words)

        assert done.exit_code == 1
        assert "Say what the problem is" in done.stderr

    def test_names_the_topics_there_are(self) -> None:
        done = ask("holes", "--topic", "cooking")

        assert done.exit_code == 1
        assert "roads" in done.stderr

    def test_names_the_countries_there_are(self) -> None:
        make_practice()

        done = ask("holes", "--country", "xx")

        assert done.exit_code == 1
        assert "there are: RU." in done.stderr

    def test_takes_no_text_beside_a_letter(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Ямы на дороге.", "utf-8")

        done = ask("holes", "--file", str(tmp_path / "letter.txt"))

        assert done.exit_code == 1
        assert "not both" in done.stderr

    def test_proposes_a_city_for_a_typo(self) -> None:
        make_city("Glazov", short_name_ru="Глазов")

        done = ask("ямы", "--city", "Глазоф")

        assert done.exit_code == 1
        assert "Did you mean: " in done.stderr

    def test_says_which_encoder_went_away(
        self, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_practice()
        index_by_letters(settings, tmp_path, monkeypatch)()
        letters_fall_silent(monkeypatch)

        done = ask("холодно на остановках")

        assert done.exit_code == 1
        assert "letters are silent" in done.stderr

    def test_says_why_a_letter_cannot_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")

        done = ask("--file", str(tmp_path / "letter.pdf"))

        assert done.exit_code == 1
        assert "PDF cannot be read here" in done.stderr

    def test_says_that_a_file_is_not_there(self, tmp_path: Path) -> None:
        done = ask("--file", str(tmp_path / "no.txt"))

        assert done.exit_code == 1
        assert "cannot be read" in done.stderr


@pytest.fixture
def _one_card(_own_database: None) -> None:
    make_practice()


@pytest.mark.usefixtures("_one_card")
class TestVerdicts:
    def _told(self, findings: Findings, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
        monkeypatch.setattr(find, "_findings", lambda *_given: findings)
        return ask("ямы", *words)

    def test_says_that_only_the_conditions_leave_everything_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        findings = Findings(
            True, (Found("glazov-warm-stops", 0.01, ()),), fit_anywhere=("one", "another")
        )

        done = self._told(findings, monkeypatch, "--topic", "animals")
        as_json = self._told(findings, monkeypatch, "--topic", "animals", "--json")

        assert "Nothing in this selection fits; without --topic 2 cards fit." in done.stdout
        assert "Warm bus stops" not in done.stdout
        answer = json.loads(as_json.stdout)
        assert (answer["nothing_fits"], answer["fit_without_filters"]) == (True, 2)
        assert answer["results"] == []

    def test_says_from_where_on_the_cards_are_farther_off(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sure = Found("glazov-warm-stops", 0.9, ())
        far = Found("glazov-warm-stops", 0.01, ())

        both = self._told(Findings(False, (sure, far)), monkeypatch).stdout
        one = self._told(Findings(False, (sure,)), monkeypatch).stdout

        assert both.index("1. ") < both.index("Farther off") < both.index("2. ")
        assert "Farther off" not in one

    def test_where_nothing_is_near_no_nearest_are_promised(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = self._told(Findings(True, ()), monkeypatch)

        assert "Nothing fits" in done.stdout
        assert "nearest" not in done.stdout


@pytest.mark.slow
def test_answers_in_an_empty_folder_and_again(tmp_path: Path) -> None:
    letter = Document()
    letter.add_paragraph("Прошу рассмотреть возможность. " + FIRST_QUESTION)
    letter.save(str(tmp_path / "letter.docx"))

    in_words = first_answer()
    with used_data_dir() as folder:
        found = run_command(
            "find", "--file", str(tmp_path / "letter.docx"), "--json", "--limit", "3",
            data_dir=folder,
        )  # fmt: skip
        missed = run_command("find", "как пожарить рыбу на сковороде", "--json", data_dir=folder)
    for_programs, nothing = json.loads(found), json.loads(missed)

    assert "Город похож на ваш" in in_words
    assert "Цена на жителя" in in_words or "Стоимость на жителя" in in_words
    assert for_programs["nothing_fits"] is False
    assert len(for_programs["results"]) == 3
    first = for_programs["results"][0]
    assert {"id", "title", "municipality", "score", "why"} <= set(first)
    assert first["topic"] == "roads"
    assert nothing["nothing_fits"] is True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [("NOVATOR_DATABASE_POOL", "abc"), ("NOVATOR_TIME_ZONE", "Mars/Base")],
)
def test_a_wrong_setting_is_named_in_one_line(name: str, value: str) -> None:
    with temporary_data_dir() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "novator.cli.main", "find", "x", "--data-dir", str(folder)],
            env=os.environ | {name: value, "NOVATOR_LANGUAGE": "en"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.startswith("A setting is wrong: ")
    assert value in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_address_is_never_broken_and_no_line_ends_in_spaces(
    capsys: pytest.CaptureFixture[str],
) -> None:
    address = "https://example.org/" + "a-long-name/" * 20

    find._write(Console(), f"Слово и адрес {address} и ещё слова", indent="   ")

    lines = capsys.readouterr().out.splitlines()
    assert f"   {address}" in lines
    assert all(line == line.rstrip() for line in lines)
