"""The protocol: everything it rests on, in words, as tagged PDF and as Word."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.utils import timezone, translation
from pypdf import PdfReader

from novator.accounts.consents import PUBLICATION, give_consent
from novator.cities.testing import make_city
from novator.practices.testing import make_practice
from novator.reviews.judging import close_scores, draw_up_protocol, give_score, recuse
from novator.reviews.models import Contest
from novator.reviews.protocol import two_digits
from novator.reviews.protocol_documents import protocol_pdf, protocol_word
from novator.reviews.results import result_in_words
from novator.reviews.testing import JUDGING, make_contest, make_entry, make_juror

pytestmark = pytest.mark.django_db
DECIDED = date(2026, 12, 21)


@pytest.fixture
def decided() -> Contest:
    """Glazov and Zarechny end equal on the total; Stary Bor has too few scores."""
    contest = make_contest(least_scores=2)
    first, second = make_juror(contest), make_juror(contest, "anna@association.example")
    glazov = make_entry(contest, make_practice())
    zarechny = make_entry(
        contest, make_practice("zarechny-stops", city=make_city("Zarechny"), title="Скамьи #1 $x$")
    )
    bor = make_entry(contest, make_practice("bor-stops", city=make_city("Stary Bor")))
    equal = {"effect": 6, "cost": 6, "copyability": 6, "sustainability": 6, "participation": 6}
    other = {"effect": 8, "cost": 3, "copyability": 6, "sustainability": 6, "participation": 6}
    for juror in (first, second):
        give_score(juror=juror, entry=glazov, points=equal, on=JUDGING)
        give_score(juror=juror, entry=zarechny, points=other, on=JUDGING)
    give_score(juror=first, entry=bor, points=equal, on=JUDGING)
    recuse(juror=second, entry=bor, reason="Консультировала город", on=JUDGING)
    close_scores(contest=contest, by=contest.made_by, on=JUDGING)
    return draw_up_protocol(contest=contest, by=contest.made_by, on=DECIDED)


def test_equal_totals_are_explained(decided):
    group = result_in_words(decided).groups[0]
    first, second = group.places

    assert (first.entry.city, first.place, first.total) == ("Заречный", "1", "6,00")
    assert (second.entry.city, second.place, second.total) == ("Глазов", "2", "6,00")
    assert "8,00" in first.tie[0]
    assert "Эффект" in first.tie[0]
    assert [(entry.city, count) for entry, count in group.too_few] == [("Старый Бор", 1)]


def test_scores_stand_under_codes_and_names_only_by_consent(decided):
    anna = decided.jurors.get(code="J2").user
    give_consent(user=anna, purpose=PUBLICATION, at=timezone.now())

    result = result_in_words(decided)

    assert [one.juror for one in result.scored[0].ballots] == ["J1", "J2"]
    assert result.scored[0].ballots[0].points == ("6", "6", "6", "6", "6")
    assert [code for code, _name in result.jurors] == ["J1", "J2"]
    assert result.jurors[0][1] == "член жюри"
    assert result.jurors[1][1] == "anna"
    assert any("Консультировала" in said for said in result.scored[2].recusals)


def test_the_frozen_result_does_not_follow_the_card(decided):
    before = result_in_words(decided)
    make_city("Glazov").practices.update(topic="waste")
    decided.refresh_from_db()

    assert result_in_words(decided) == before


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_pdf_is_accessible_and_tells_everything(decided, language):
    reader = PdfReader(io.BytesIO(protocol_pdf(decided, language=language)))
    root: Any = reader.trailer["/Root"]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert decided.title_ru in str(reader.metadata.title) or language == "en"
    assert ("Скамьи #1 $x$" if language == "ru" else "Warm bus stops") in text
    assert ("6,00" if language == "ru" else "6.00") in text
    assert "J1" in text
    assert "Консультировала" in text
    assert "anna" not in text


def test_the_word_document_has_headings_and_header_rows(decided):
    read: Any = docx.Document(io.BytesIO(protocol_word(decided, language="ru")))

    assert read.core_properties.language == "ru-RU"
    assert read.paragraphs[0].style.name == "Title"
    assert sum(one.style.name == "Heading 1" for one in read.paragraphs) == 4
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    assert "Скамьи #1 $x$ (Заречный)" in cells
    assert "6,00" in cells


def test_the_same_protocol_gives_the_same_document(decided):
    assert protocol_pdf(decided, language="ru") == protocol_pdf(decided, language="ru")


def test_a_contest_without_entries_has_a_protocol_too():
    contest = make_contest(least_scores=2)
    close_scores(contest=contest, by=contest.made_by, on=JUDGING)
    drawn = draw_up_protocol(contest=contest, by=contest.made_by, on=DECIDED)

    assert protocol_pdf(drawn, language="ru").startswith(b"%PDF")
    assert protocol_word(drawn, language="en").startswith(b"PK")


def test_without_a_protocol_there_is_no_document():
    with pytest.raises(ValueError, match="no protocol"):
        protocol_pdf(make_contest(), language="ru")


@pytest.mark.parametrize(
    ("exact", "shown"), [("17/2", "8.50"), ("1/3", "0.33"), ("1/200", "0.01"), ("6", "6.00")]
)
def test_numbers_are_rounded_half_up(exact, shown):
    with translation.override("en"):
        assert two_digits(exact) == shown
