"""Beside the law: builders of uploads and of kept files for tests."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from novator.files.models import StoredFile
from novator.files.operations import keep_file

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/main.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.{main}+xml"/></Types>'
)
DOCX = "wordprocessingml.document.main"
XLSX = "spreadsheetml.sheet.main"
PPTX = "presentationml.presentation.main"


def upload(content: bytes, name: str = "report.pdf") -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(name, content)


def zipped(parts: dict[str, str]) -> bytes:
    """An archive of these parts; the same parts give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def office_document(main: str = DOCX, **more: str) -> bytes:
    """The least that makes a document of Word, Excel or PowerPoint."""
    return zipped({"[Content_Types].xml": _TYPES.format(main=main), "main.xml": "<x/>", **more})


def open_document(kind: str = "text", **more: str) -> bytes:
    """The least that makes a document of LibreOffice."""
    stated = f"application/vnd.oasis.opendocument.{kind}"
    return zipped({"mimetype": stated, "content.xml": "<x/>", **more})


def photo(
    format: str = "JPEG",
    *,
    size: tuple[int, int] = (640, 360),
    mode: str = "RGB",
    **options: object,
) -> bytes:
    """A plain picture."""
    written = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else None).save(written, format, **options)
    return written.getvalue()


def make_file(content: bytes = PDF, name: str = "Отчёт.pdf") -> StoredFile:
    """A kept file."""
    return keep_file(upload=upload(content, name), name=name)
