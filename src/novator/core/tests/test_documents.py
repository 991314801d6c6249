"""Documents: tagged, titled, in their language, with Cyrillic that can be read out again."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from novator.core.documents import add_table, new_document, tagged_pdf, word_bytes

SOURCE = """
= #data.title
#lines(data.body)
== Места
#sheet((1fr, auto), ("Город", "Балл"), data.rows)
"""
DATA = {
    "title": "Протокол конкурса",
    "language": "ru",
    "body": "Первая строка #pagebreak() $x$\nВторая строка",
    "rows": [["Глазов", 8.5], ["Заречный", 7]],
}
MOMENT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_pdf_is_tagged_with_title_and_language():
    root: Any = PdfReader(io.BytesIO(tagged_pdf(SOURCE, data=DATA))).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ru"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_a_pdf_says_that_it_is_accessible():
    reader = PdfReader(io.BytesIO(tagged_pdf(SOURCE, data=DATA)))
    root: Any = reader.trailer["/Root"]

    assert reader.metadata is not None
    assert reader.metadata.title == "Протокол конкурса"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_cyrillic_can_be_read_out_and_words_are_never_markup():
    reader = PdfReader(io.BytesIO(tagged_pdf(SOURCE, data=DATA)))
    text = reader.pages[0].extract_text()

    assert "Глазов" in text
    assert "Заречный" in text
    assert "#pagebreak() $x$" in text
    assert len(reader.pages) == 1


@pytest.mark.parametrize("sign", ["😀", "漢", "\x07", "\ufeff", "ԥ", "𓀀"])
def test_signs_that_no_font_has_do_not_stop_a_document(sign: str):
    page = tagged_pdf(SOURCE, data={**DATA, "title": f"Итог {sign}", "rows": [[sign, 1]]})

    text = PdfReader(io.BytesIO(page)).pages[0].extract_text()

    assert "Итог □" in text
    assert "Вторая строка" in text


def test_the_same_moment_gives_the_same_bytes():
    first = tagged_pdf(SOURCE, data=DATA, made_at=MOMENT)

    assert tagged_pdf(SOURCE, data=DATA, made_at=MOMENT) == first


def test_a_pdf_without_a_title_is_refused():
    with pytest.raises(RuntimeError):
        tagged_pdf(SOURCE, data={"language": "ru"})


def test_a_word_document_has_title_language_headings_and_header_row():
    made = new_document("Протокол конкурса", "ru")
    made.add_heading("Места", level=1)
    add_table(made, head=("Город", "Балл"), rows=[("Глазов", "8,5")])
    read: Any = docx.Document(io.BytesIO(word_bytes(made)))

    assert read.core_properties.title == "Протокол конкурса"
    assert read.core_properties.language == "ru-RU"
    assert [part.style.name for part in read.paragraphs[:2]] == ["Title", "Heading 1"]
    assert read.styles["Normal"].element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "ru-RU"
    assert read.tables[0].rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert read.tables[0].cell(1, 0).text == "Глазов"
