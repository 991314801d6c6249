"""Beside the law: what a file really is, by its content alone."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _

_OOXML = "application/vnd.openxmlformats-officedocument"
_MAIN_PARTS = {
    f"{_OOXML}.wordprocessingml.document.main+xml": ("docx", f"{_OOXML}.wordprocessingml.document"),
    f"{_OOXML}.spreadsheetml.sheet.main+xml": ("xlsx", f"{_OOXML}.spreadsheetml.sheet"),
    f"{_OOXML}.presentationml.presentation.main+xml": (
        "pptx",
        f"{_OOXML}.presentationml.presentation",
    ),
}
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_MOST_PARTS = 10_000
_MOST_UNPACKED = 400 * 1024 * 1024
_MOST_CONTENTS = 2 * 1024 * 1024
_HEAD = 4096
_TAIL = 2048
_NOT_PLAIN = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<?php", b"{\\rtf", b"#!")


class WrongContent(Exception):
    """The file is damaged or of a kind that is not taken; the message is fit to show."""


@dataclass(frozen=True)
class FileType:
    """A type that is taken: its usual ending and its name in the protocol of the web."""

    ending: str
    content_type: str
    is_photo: bool = False


_PHOTO = FileType("jpg", "image/jpeg", is_photo=True)


def type_of(file: BinaryIO, *, name: str) -> FileType:
    """
    Tell what a file is; the name only tells CSV from other plain text.

    :raises WrongContent: damaged, or of a kind that is not taken
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise WrongContent(_("The file is empty."))
    if _is_photo(head):
        return _PHOTO
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _office_document(file)
    return _plain_text(file, head, name)


def _is_photo(head: bytes) -> bool:
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return is_webp or head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _pdf(file: BinaryIO) -> FileType:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - _TAIL))
    if b"%%EOF" not in file.read():
        raise WrongContent(_("The PDF is not whole: its end is missing."))
    return FileType("pdf", "application/pdf")


def _office_document(file: BinaryIO) -> FileType:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            return _kind_of_parts(parts)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise WrongContent(_("The document is damaged and cannot be opened.")) from fault


def _kind_of_parts(parts: zipfile.ZipFile) -> FileType:
    listed = parts.infolist()
    if len(listed) > _MOST_PARTS or sum(part.file_size for part in listed) > _MOST_UNPACKED:
        raise WrongContent(_("The document would unpack to more than can be taken."))
    names = {part.filename for part in listed}
    if _has_macros(names):
        raise WrongContent(_("The document holds macros. Save it without macros and try again."))
    if "mimetype" in names:
        stated = _beginning(parts, "mimetype").decode("ascii", "replace").strip()
        if stated in _OPEN_DOCUMENTS and "content.xml" in names:
            return FileType(_OPEN_DOCUMENTS[stated], stated)
    if "[Content_Types].xml" in names:
        return _ooxml(_beginning(parts, "[Content_Types].xml").decode("utf-8", "replace"))
    raise WrongContent(_("Archives are not taken; attach the documents themselves."))


def _ooxml(contents: str) -> FileType:
    if "macroEnabled" in contents or "vbaProject" in contents:
        raise WrongContent(_("The document holds macros. Save it without macros and try again."))
    for part, (ending, content_type) in _MAIN_PARTS.items():
        if f'"{part}"' in contents or f"'{part}'" in contents:
            return FileType(ending, content_type)
    raise WrongContent(_("Archives are not taken; attach the documents themselves."))


def _has_macros(names: set[str]) -> bool:
    lowered = (name.lower() for name in names)
    return any(
        "vbaproject" in name
        or "/activex/" in name
        or (name.startswith(("basic/", "scripts/")) and not name.endswith("/"))
        for name in lowered
    )


def _beginning(parts: zipfile.ZipFile, name: str) -> bytes:
    with parts.open(name) as part:
        return part.read(_MOST_CONTENTS)


def _plain_text(file: BinaryIO, head: bytes, name: str) -> FileType:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    ending = name.lower().rpartition(".")[2]
    if ending not in {"txt", "csv"} or start.startswith(_NOT_PLAIN) or not _is_utf8(file):
        raise WrongContent(_not_taken(head))
    return FileType(ending, "text/csv" if ending == "csv" else "text/plain")


def _is_utf8(file: BinaryIO) -> bool:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(1 << 16):
            text = decoder.decode(piece)
            if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _not_taken(head: bytes) -> str:
    """Name what the file seems to be, so that the person knows what to change."""
    try:
        seems = puremagic.from_string(head).strip(".")
    except (puremagic.PureError, ValueError):
        seems = ""
    words = _(
        "Taken are PDF, DOCX, XLSX, PPTX, ODT, ODS, text and CSV in UTF-8, JPEG, PNG and WebP."
    )
    return f"{words} {_('This file seems to be: %(kind)s.') % {'kind': seems}}" if seems else words
