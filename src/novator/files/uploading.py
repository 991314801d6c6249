"""Beside the law: an upload larger than anything we take does not fill the disk."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

_MEGABYTE = 1024 * 1024


class BoundedUploads(FileUploadHandler):
    """
    Passes on only as much of a file as could be taken.

    The file keeps its true size, so that it is refused in words instead of being cut.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a piece on, or drop it."""
        most = max(settings.LARGEST_PHOTO_MB, settings.LARGEST_DOCUMENT_MB) * _MEGABYTE
        return raw_data if start <= most else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to those who keep it."""
