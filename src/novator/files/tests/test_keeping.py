"""A file is what its content says; what is kept is whole, nameless and bounded."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from novator.files import disk
from novator.files.models import StoredFile
from novator.files.names import safe_name
from novator.files.operations import FileRefused, keep_file
from novator.files.testing import (
    DOCX,
    PDF,
    PPTX,
    XLSX,
    make_file,
    office_document,
    open_document,
    photo,
    upload,
    zipped,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.mark.parametrize(
    ("content", "name", "ending"),
    [
        (PDF, "report.exe", "pdf"),
        (office_document(DOCX), "a.zip", "docx"),
        (office_document(XLSX), "b", "xlsx"),
        (office_document(PPTX), "c.pptx", "pptx"),
        (open_document("text"), "d.odt", "odt"),
        (open_document("spreadsheet"), "e.ods", "ods"),
        ("город;население\nГлазов;88 тыс.\n".encode(), "f.csv", "csv"),
        ("\ufeffСмета\r\n".encode(), "g.TXT", "txt"),
    ],
)
def test_a_document_is_known_by_its_content(content: bytes, name: str, ending: str) -> None:
    kept = make_file(content, name)

    assert (kept.kind, kept.name.rpartition(".")[2]) == ("document", ending)
    assert (kept.size, kept.width) == (len(content), None)
    assert disk.path_of(kept.digest).read_bytes() == content
    assert disk.path_of(kept.digest).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.svg"),
        (b"<!DOCTYPE html><p>hello", "a.txt"),
        (b"\xef\xbb\xbf <HTML>", "a.csv"),
        (b"MZ\x90\x00\x03" + b"\0" * 200, "setup.pdf"),
        (b"\x7fELF" + b"\0" * 200, "a.txt"),
        (b"#!/bin/sh\nrm -r /\n", "a.txt"),
        (zipped({"a.txt": "hello"}), "a.docx"),
        (b"PK\x03\x04 torn", "a.docx"),
        (b"Rar!\x1a\x07\x00" + b"\0" * 60, "a.rar"),
        (PDF[:40], "torn.pdf"),
        ("Глазов".encode("cp1251"), "a.txt"),
        (b"GIF89a" + b"\0" * 60, "a.gif"),
        ("просто слова".encode(), "a.md"),
        (
            office_document(main="wordprocessingml.document.main", **{"word/vbaProject.bin": "x"}),
            "a.docx",
        ),
        (office_document(main="ms-word.document.macroEnabled.main"), "a.docm"),
        (open_document("text", **{"Basic/Standard/Module1.xml": "x"}), "a.odt"),
        (photo("GIF", mode="P"), "a.jpg"),
        (photo("JPEG")[:300], "torn.jpg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refuses_what_is_not_taken(content: bytes, name: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        make_file(content, name)

    assert str(refusal.value)
    assert not StoredFile.objects.exists()
    assert not [
        path for path in Path(disk.path_of("0" * 64)).parents[2].rglob("*") if path.is_file()
    ]


def test_refuses_a_document_that_unpacks_to_too_much(monkeypatch) -> None:
    monkeypatch.setattr("novator.files.checking._MOST_UNPACKED", 1000)

    with pytest.raises(FileRefused, match=r"unpack|распак"):
        make_file(office_document(**{"word/document.xml": "0" * 5000}), "bomb.docx")


def test_refuses_what_is_too_large(settings) -> None:
    settings.LARGEST_DOCUMENT_MB = 1

    with pytest.raises(FileRefused, match="1"):
        make_file(b"%PDF-" + b"0" * 1_100_000 + b"%%EOF")


def test_a_photo_is_written_anew_upright_and_without_what_it_tells() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of Anna"
    exif.get_ifd(0x8825)[1] = "N"

    kept = make_file(photo("JPEG", size=(640, 360), exif=exif), "двор.jpeg")

    assert (kept.kind, kept.content_type, kept.name) == ("photo", "image/jpeg", "двор.jpg")
    assert (kept.width, kept.height) == (360, 640)
    written = disk.path_of(kept.digest).read_bytes()
    assert b"Anna" not in written
    with Image.open(io.BytesIO(written)) as picture:
        assert picture.size == (360, 640)
        assert not picture.getexif()
    with Image.open(disk.path_of(kept.small_digest)) as small:
        assert max(small.size) == 480


@pytest.mark.parametrize(
    ("format", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK")],
)
def test_photos_of_every_taken_format_become_jpeg(format: str, mode: str) -> None:
    kept = make_file(photo(format, mode=mode, size=(3000, 1000)), f"a.{format.lower()}")

    assert (kept.width, kept.height) == (2000, 667)
    with Image.open(disk.path_of(kept.digest)) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")


def test_what_was_transparent_is_white() -> None:
    kept = make_file(photo("PNG", mode="RGBA", size=(20, 20)), "plan.png")

    with Image.open(disk.path_of(kept.digest)) as picture:
        assert picture.convert("L").tobytes() == bytes([255]) * 400


def test_refuses_a_bomb_of_pixels(monkeypatch) -> None:
    monkeypatch.setattr("novator.files.photos._MOST_PIXELS_ELSE", 1_000_000)

    with pytest.raises(FileRefused, match="1"):
        make_file(photo("PNG", size=(2000, 2000)), "bomb.png")


def test_the_same_bytes_lie_on_the_disk_once() -> None:
    one, other = make_file(name="a.pdf"), make_file(name="b.pdf")

    assert one.digest == other.digest
    assert one.public_id != other.public_id
    assert StoredFile.objects.count() == 2


def test_is_called_as_the_person_calls_it() -> None:
    kept = keep_file(upload=upload(PDF, "scan0001.pdf"), name="Решение думы № 12")

    assert kept.name == "Решение думы № 12.pdf"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\anna\\смета.doc", "смета.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ('x"y\r\nz?.pdf', "x yz.pdf"),
        ("...", "document.pdf"),
        ("я" * 300, "я" * 120 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name: str, made: str) -> None:
    assert safe_name(name, ending="pdf", otherwise="document") == made
