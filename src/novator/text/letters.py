"""Problem in words: take the text out of a letter that somebody sent as a file."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

LARGEST_FILE = 1_000_000
LARGEST_UNPACKED = 30_000_000
LONGEST_TEXT = 50_000
MOST_ELEMENTS = 400_000

_BLOCK = 1 << 16
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_FURTHER_SPACES = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
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
    damaged = CannotReadLetter(_("This is not a Word document, or it is damaged."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise CannotReadLetter(_("The document is too large when unpacked."))
            with archive.open(_main_part(archive)) as part:
                return _Words().of(part)
    except CannotReadLetter:
        raise
    # A broken archive lets its reader raise whatever comes.
    except Exception as fault:
        raise damaged from fault


def _main_part(archive: zipfile.ZipFile) -> str:
    """Name of the part that holds the text, as the relations of the package state it."""
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    parser = _parser()
    parser.StartElementHandler = start
    with archive.open("_rels/.rels") as relations:
        parser.ParseFile(relations)
    return found[0]


def _parser() -> expat.XMLParserType:
    """A parser without a tree, whose memory does not grow, and without entities of one's own."""

    def refuse(*declared: object) -> None:
        raise ValueError("a document type is declared")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    return parser


class _Words:
    """Gathers the text of a Word document as its parts go by, until there is enough of it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._elements = 0
        self._is_text = False
        self._second_version = 0

    def of(self, part: IO[bytes]) -> str:
        """Read no further than a letter can be long."""
        parser = _parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        while self._length <= LONGEST_TEXT and (block := part.read(_BLOCK)):
            parser.Parse(block)
        if self._length <= LONGEST_TEXT:
            parser.Parse(b"", True)
        return "".join(self._pieces)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise CannotReadLetter(_("The document is too large when unpacked."))
        kind = _kind(name)
        self._is_text = kind == "t"
        self._second_version += kind == "Fallback"
        self._add(_SIGNS.get(kind, ""))

    def _end(self, name: str) -> None:
        kind = _kind(name)
        self._is_text = False
        self._second_version -= kind == "Fallback"
        self._add("\n" if kind == "p" else "")

    def _characters(self, text: str) -> None:
        if self._is_text:
            self._add(text)

    def _add(self, text: str) -> None:
        if text and not self._second_version:
            self._pieces.append(text)
            self._length += len(text)


def _kind(name: str) -> str:
    """Name of an element of a text document, or of the older version of something; else nothing."""
    space, _space, kind = name.rpartition(" ")
    is_ours = space.endswith("wordprocessingml/2006/main") or space in _FURTHER_SPACES
    return kind if is_ours else ""


def _from_plain(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")
