"""Beside the law: everything that takes files in and removes them."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from novator.files import disk
from novator.files.checking import FileType, WrongContent, type_of
from novator.files.links import linked_among
from novator.files.models import StoredFile
from novator.files.names import safe_name

UNLINKED_FOR = timedelta(hours=24)
_MEGABYTE = 1024 * 1024
_AT_ONCE = 500
_CLEANING = 20261122
"""Number of the advisory lock: bytes are not removed while others are being put there."""


class FileRefused(Exception):
    """The file cannot be taken; the message is fit to show."""


def keep_file(*, upload: UploadedFile[Any], name: str = "") -> StoredFile:
    """
    Check a file by its content, keep it, and return its row.

    Photos are written anew, without EXIF. Link the row from your own within your transaction: a
    file to which nothing points is removed after a day. `name`: what the person calls it, by
    default the name it came with.

    :raises FileRefused: too large, damaged, or of a kind that is not taken
    """
    stated = name or upload.name or ""
    source = cast(BinaryIO, upload.file)
    try:
        found = type_of(source, name=upload.name or stated)
        _refuse_large(upload.size or 0, found)
        return _keep_photo(source, stated) if found.is_photo else _keep(source, stated, found)
    except WrongContent as refusal:
        raise FileRefused(str(refusal)) from refusal


def _refuse_large(size: int, found: FileType) -> None:
    most = settings.LARGEST_PHOTO_MB if found.is_photo else settings.LARGEST_DOCUMENT_MB
    if size > most * _MEGABYTE:
        raise FileRefused(
            _("The file has %(size)s MB; at most %(most)s MB are taken.")
            % {"size": -(-size // _MEGABYTE), "most": most}
        )


@transaction.atomic
def _keep(source: BinaryIO, name: str, found: FileType) -> StoredFile:
    _share_disk()
    source.seek(0, 2)
    return StoredFile.objects.create(
        size=source.tell(),
        digest=disk.put(source),
        name=safe_name(name, ending=found.ending, otherwise=_("document")),
        content_type=found.content_type,
        kind="document",
    )


@transaction.atomic
def _keep_photo(source: BinaryIO, name: str) -> StoredFile:
    from novator.files.photos import written_anew  # decoders that few processes need

    photo = written_anew(source)
    _share_disk()
    return StoredFile.objects.create(
        digest=disk.put(io.BytesIO(photo.whole)),
        small_digest=disk.put(io.BytesIO(photo.small)),
        name=safe_name(name, ending="jpg", otherwise=_("photo")),
        content_type="image/jpeg",
        size=len(photo.whole),
        kind="photo",
        width=photo.width,
        height=photo.height,
    )


def remove_unlinked_files(*, now: datetime) -> int:
    """Remove rows and bytes to which nothing has pointed for a day; returns how many rows."""
    before = now - UNLINKED_FOR
    removed = sum(_remove_rows(ids) for ids in _unlinked(before))
    disk.remove_unfinished(before=before.timestamp())
    old = list(disk.old_digests(before=before.timestamp()))
    for start in range(0, len(old), _AT_ONCE):
        _remove_bytes(old[start : start + _AT_ONCE], before=before.timestamp())
    return removed


def _unlinked(before: datetime) -> list[list[int]]:
    old = list(StoredFile.objects.filter(created_at__lt=before).values_list("pk", flat=True))
    lots = [old[start : start + _AT_ONCE] for start in range(0, len(old), _AT_ONCE)]
    return [sorted(set(ids) - linked_among(ids)) for ids in lots]


@transaction.atomic
def _remove_rows(ids: list[int]) -> int:
    """Remove rows, unless somebody has linked one in this moment."""
    locked = set(
        StoredFile.objects.select_for_update().filter(pk__in=ids).values_list("pk", flat=True)
    )
    free = locked - linked_among(locked)
    StoredFile.objects.filter(pk__in=free)._raw_delete("default")
    return len(free)


@transaction.atomic
def _remove_bytes(digests: list[str], *, before: float) -> None:
    """Remove bytes without a row; the next time if somebody is putting a file there now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_CLEANING])
        if not cursor.fetchone()[0]:
            return
    rows = StoredFile.objects.filter(Q(digest__in=digests) | Q(small_digest__in=digests))
    used = {digest for row in rows.values_list("digest", "small_digest") for digest in row}
    for digest in set(digests) - used:
        path = disk.path_of(digest)
        if path.exists() and path.stat().st_mtime < before:
            disk.remove(digest)


def _share_disk() -> None:
    """Keep the cleaning away until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_CLEANING])
