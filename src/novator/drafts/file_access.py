"""Solutions written: which files hang on drafts, and that who sees the draft reads them."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from novator.accounts.models import User
from novator.drafts.models import Draft, DraftAttachment
from novator.drafts.permissions import may_see
from novator.files.access import Access, AnyPerson
from novator.files.models import StoredFile


def linked(ids: Collection[int]) -> set[int]:
    """Those of the files that hang on a draft."""
    return set(DraftAttachment.objects.filter(file__in=ids).values_list("file_id", flat=True))


def access_to_file(user: AnyPerson, file: StoredFile) -> Access | bool | None:
    """Whoever sees a draft reads what hangs on it."""
    if not isinstance(user, User):
        return None
    drafts = Draft.objects.filter(attachments__file=file).select_related("municipality").distinct()
    on = timezone.localdate()
    return True if any(may_see(user, draft, on=on) for draft in drafts) else None
