"""A letter gives its words, or says why it does not."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text.letters import LARGEST_FILE, LONGEST_TEXT, CannotReadLetter, text_of_letter


def word_file(*paragraphs: str, cells: tuple[str, ...] = ()) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if cells:
        row = document.add_table(rows=1, cols=len(cells)).rows[0]
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_reads_paragraphs_and_tables_of_a_word_document() -> None:
    content = word_file("Прошу рассмотреть", "Ямы на дороге", cells=("улица", "Ленина"))

    assert text_of_letter("Письмо.DOCX", content) == (
        "Прошу рассмотреть\nЯмы на дороге\nулица\nЛенина"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_reads_plain_text_in_the_encodings_of_offices(encoding: str) -> None:
    assert text_of_letter("a.txt", "Ямы на дороге".encode(encoding)) == "Ямы на дороге"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7"),
        ("a.txt", b"%PDF-1.7"),
        ("a.doc", b"\xd0\xcf\x11\xe0rest"),
        ("a.docx", b"\xd0\xcf\x11\xe0rest"),
        ("a.docx", b"plain words"),
        ("a.docx", b"PK\x03\x04 damaged"),
        ("a.exe", b"MZ words"),
        ("", b"words"),
        ("a.txt", b""),
        ("a.txt", b" 123 \x00\x01 ..."),
        ("a.txt", b"a" * (LARGEST_FILE + 1)),
    ],
)
def test_says_why_a_file_cannot_be_read(name: str, content: bytes) -> None:
    with pytest.raises(CannotReadLetter) as refusal:
        text_of_letter(name, content)

    assert len(str(refusal.value)) > 20


def test_refuses_a_document_that_swells_when_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 40_000_000)

    with pytest.raises(CannotReadLetter):
        text_of_letter("a.docx", file.getvalue())


@given(st.sampled_from(["a.txt", "a.docx"]), st.binary(max_size=300))
def test_any_bytes_end_in_words_or_in_a_refusal(name: str, content: bytes) -> None:
    try:
        words = text_of_letter(name, content)
    except CannotReadLetter:
        return

    assert words
    assert "\x00" not in words


def word_file_of(body: str, *, head: str = "") -> bytes:
    """A Word document made of just these marks, as a program that means harm would make it."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    versions = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Type="{office}" Target="/a/b.xml"/></Relationships>',
        )
        archive.writestr(
            "a/b.xml",
            f'{head}<w:document xmlns:w="{space}" xmlns:v="{versions}">'
            f"<w:body>{body}</w:body></w:document>",
        )
    return file.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_reads_text_where_word_puts_it_and_nothing_else() -> None:
    body = (
        "<w:p><w:r><w:t>Ямы</w:t><w:tab/><w:t>на</w:t><w:br/><w:t>дороге</w:t>"
        "<w:delText>вычеркнуто</w:delText><w:instrText>PAGE</w:instrText></w:r></w:p>"
        f"<v:Choice>{paragraph('рамка')}</v:Choice><v:Fallback>{paragraph('рамка')}</v:Fallback>"
    )

    assert text_of_letter("a.docx", word_file_of(body)) == "Ямы\tна\nдороге\nрамка"


@pytest.mark.parametrize("mark", ["<w:p/>", "<w:tbl><w:tr/></w:tbl>"])
def test_a_document_of_millions_of_marks_is_refused(mark: str) -> None:
    content = word_file_of(mark * 1_000_000)

    with pytest.raises(CannotReadLetter):
        text_of_letter("a.docx", content)


def test_a_very_long_document_is_read_no_further_than_needed() -> None:
    content = word_file_of(paragraph("ямы " * 20) * 100_000 + "<not closed")

    assert len(text_of_letter("a.docx", content)) == LONGEST_TEXT


def test_entities_of_a_document_are_not_followed() -> None:
    head = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'

    with pytest.raises(CannotReadLetter):
        text_of_letter("a.docx", word_file_of(paragraph("Ямы &x;"), head=head))


def test_a_deeply_nested_document_ends_well() -> None:
    nested = "<w:tbl><w:tr><w:tc>" * 20_000 + paragraph("ямы") + "</w:tc></w:tr></w:tbl>" * 20_000

    assert text_of_letter("a.docx", word_file_of(nested)) == "ямы"
