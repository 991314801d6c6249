"""Problem in words: take the text out of a letter that somebody sent as a file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

LARGEST_FILE = 1_000_000
LARGEST_UNPACKED = 30_000_000
LONGEST_TEXT = 50_000

_OLD_WORD = b"\xd0\xcf\x11\xe0"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CannotReadLetter(Exception):
    """The file gives no text; the message says why and what to do, fit to show."""


def text_of_letter(name: str, content: bytes) -> str:
    """
    Give the words of a .docx or .txt file, its paragraphs parted by line breaks.

    Nothing is kept. A text longer than 50,000 characters is cut there.

    :raises CannotReadLetter: too large, of another kind, damaged, or without any words
    """
    if len(content) > LARGEST_FILE:
        raise CannotReadLetter(
            _("The file is larger than 1 MB. Copy the text of the letter into the field instead.")
        )
    _refuse_other_kinds(name, content)
    text = _from_word(content) if content.startswith(b"PK") else _from_plain(content)
    words = _CONTROL.sub(" ", text).strip()[:LONGEST_TEXT]
    if not any(character.isalpha() for character in words):
        raise CannotReadLetter(
            _("No words were found in the file. If it is a scan, copy or type its text instead.")
        )
    return words


def _refuse_other_kinds(name: str, content: bytes) -> None:
    ending = name.rpartition(".")[2].lower()
    if content.startswith(_OLD_WORD) or ending == "doc":
        raise CannotReadLetter(
            _("This is the old Word format. Save the letter as .docx or .txt and send it again.")
        )
    if content.startswith(b"%PDF") or ending == "pdf":
        raise CannotReadLetter(
            _("PDF cannot be read here. Send the letter as .docx or .txt, or copy its text.")
        )
    if ending not in {"docx", "txt"}:
        raise CannotReadLetter(_("Only .docx and .txt files can be read."))
    if ending == "docx" and not content.startswith(b"PK"):
        raise CannotReadLetter(_("This is not a Word document, or it is damaged."))


def _from_word(content: bytes) -> str:
    import docx

    damaged = CannotReadLetter(_("This is not a Word document, or it is damaged."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise CannotReadLetter(_("The document is too large when unpacked."))
        return "\n".join(_paragraphs(docx.Document(io.BytesIO(content))))
    except CannotReadLetter:
        raise
    # python-docx lets through whatever a broken package or its XML parser raises.
    except Exception as fault:
        raise damaged from fault


def _paragraphs(part: object) -> Iterator[str]:
    from docx.table import Table

    for block in part.iter_inner_content():  # type: ignore[attr-defined]
        if not isinstance(block, Table):
            yield block.text
            continue
        for row in block.rows:
            for cell in dict.fromkeys(row.cells):
                yield from _paragraphs(cell)


def _from_plain(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")
