"""Solutions found: which files hang on cards, and that those of published cards are public."""

from __future__ import annotations

from collections.abc import Collection

from novator.files.access import Access, AnyPerson
from novator.files.models import StoredFile
from novator.practices.models import Attachment


def linked(ids: Collection[int]) -> set[int]:
    """Those of the files that hang on a card, withdrawn ones included."""
    return set(Attachment.objects.filter(file__in=ids).values_list("file_id", flat=True))


def access_to_file(user: AnyPerson, file: StoredFile) -> Access | bool | None:
    """Everybody reads what hangs on a published card."""
    hanging = Attachment.objects.filter(file=file, practice__withdrawn_at=None)
    return "everybody" if hanging.exists() else None
