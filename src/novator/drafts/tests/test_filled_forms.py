"""A form downloaded, filled in Word or Excel, read again; and files that are no form."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from novator.cities.models import Municipality
from novator.drafts.blank_forms import excel_form, word_form
from novator.drafts.filled_forms import LARGEST_FORM, NotAForm, read_form, understood
from novator.drafts.form import ALL_FIELDS
from novator.drafts.testing import FULL, filled_excel, filled_word, saved

TODAY = date(2026, 11, 22)
CITY = Municipality(name_ru="городской округ «Город Глазов»", country="RU", slug="glazov")
CONTENT = FULL | {
    "not_measured": ["result"],
    "source_url": "https://glazov.example/1",
    "tags_ru": ["гололёд", "песок"],
}


def read(content: bytes, name: str) -> dict[str, Any]:
    return read_form(io.BytesIO(content), name=name, size=len(content))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("make", "fill", "name"),
    [(word_form, filled_word, "form.docx"), (excel_form, filled_excel, "form.xlsx")],
)
def test_a_filled_form_becomes_the_draft_it_tells(
    make: Callable[[str], bytes],
    fill: Callable[[bytes, Mapping[str, Any]], bytes],
    name: str,
    language: str,
) -> None:
    with translation.override(language):
        filled = fill(make(language), CONTENT)
        report = understood(read(filled, name), CITY, on=TODAY)

    assert report.content == CONTENT
    assert report.count("faulty") == 0


@pytest.mark.parametrize(("make", "name"), [(word_form, "f.docx"), (excel_form, "f.xlsx")])
def test_an_empty_form_is_all_empty(make: Callable[[str], bytes], name: str) -> None:
    report = understood(read(make("ru"), name), CITY, on=TODAY)

    assert report.content == {}
    assert report.count("empty") == len(ALL_FIELDS)


def test_what_is_not_understood_is_kept_with_the_reason() -> None:
    filled = filled_word(word_form("ru"), FULL | {"year_start": "прошлый", "topic": "снег"})

    report = understood(read(filled, "f.docx"), CITY, on=TODAY)

    faulty = {line.asks.name: line.reasons for line in report.lines if line.state == "faulty"}
    assert set(faulty) == {"year_start", "topic"}
    assert (report.content["year_start"], report.content["topic"]) == ("прошлый", "снег")


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same document with some parts added or changed."""
    page = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part, old.read(part))
        for name, text in parts.items():
            new.writestr(name, text)
    return page.getvalue()


def hostile() -> dict[str, tuple[str, bytes]]:
    form, table = word_form("ru"), excel_form("ru")
    entity = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    )
    utf16 = b"\xff\xfe" + entity.decode().encode("utf-16-le")
    document = repacked(form, **{"word/document.xml": entity})
    return {
        "entity": ("a.docx", document),
        "entity in another encoding": ("a.docx", repacked(form, **{"word/styles.xml": utf16})),
        "bomb": ("a.docx", repacked(form, **{"word/media/x.xml": b"\0" * (40 * 1024 * 1024)})),
        "macros": ("a.docx", repacked(form, **{"word/vbaProject.bin": b"x"})),
        "not XML": ("a.docx", repacked(form, **{"word/document.xml": b"nothing"})),
        "no sheet": ("a.xlsx", repacked(table, **{"xl/workbook.xml": b"<workbook/>"})),
        "cut": ("a.xlsx", table[: len(table) // 2]),
        "another document": ("a.docx", repacked(other_document())),
        "picture": ("a.docx", b"\x89PNG\r\n\x1a\n" + b"x" * 100),
        "PDF": ("a.docx", b"%PDF-1.7 %%EOF"),
        "nothing": ("a.docx", b""),
    }


def other_document() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("Отчёт о работе")
    document.add_table(rows=2, cols=2)
    return saved(document)


def test_refuses_hostile_and_other_files_in_words() -> None:
    for name, content in hostile().values():
        with pytest.raises(NotAForm) as refusal:
            read(content, name)
        assert str(refusal.value)


def test_refuses_a_file_that_is_too_large() -> None:
    with pytest.raises(NotAForm):
        read_form(io.BytesIO(b"PK\x03\x04"), name="a.docx", size=LARGEST_FORM + 1)


def test_a_formula_is_text_and_is_not_reckoned() -> None:
    filled = filled_excel(excel_form("ru"), FULL | {"title_ru": '=HYPERLINK("http://x")'})

    assert "http" not in str(read(filled, "f.xlsx").get("title_ru", ""))


def test_sums_of_a_russian_city_are_roubles_unless_told_otherwise() -> None:
    silent = understood({"cost_amount": "320 000"}, CITY, on=TODAY).content
    told = understood({"cost_amount": "5", "cost_currency": "EUR"}, CITY, on=TODAY).content

    assert silent["cost_currency"] == "RUB"
    assert "yearly_cost_currency" not in silent
    assert told["cost_currency"] == "EUR"
