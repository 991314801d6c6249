"""Beside the law: everything that takes files in and removes them."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from novator.files.models import StoredFile


class FileRefused(Exception):
    """The file cannot be taken; the message is fit to show."""


def keep_file(*, upload: UploadedFile, name: str) -> StoredFile:
    """
    Check a file by its content, keep it, and return its row.

    Photos are written anew, without EXIF. Link the row from your own within the transaction.

    :raises FileRefused: too large, damaged, or of a kind that is not taken
    """
    raise NotImplementedError
