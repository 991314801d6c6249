"""Beside the law: who may read the files of cards and drafts."""

from __future__ import annotations

from novator.accounts.models import User
from novator.drafts.models import DraftAttachment
from novator.drafts.permissions import may_see
from novator.files.access import Access, AnyPerson, register
from novator.files.models import StoredFile
from novator.portal.people import today
from novator.practices.models import Attachment


def register_rules() -> None:
    """Have the rules asked that know of cards and drafts."""
    register(of_published_cards)
    register(of_drafts)


def of_published_cards(user: AnyPerson, file: StoredFile) -> Access | None:
    """Everybody reads what hangs on a card that is in the catalogue."""
    shown = Attachment.objects.filter(file=file, practice__withdrawn_at=None)
    return "everybody" if shown.exists() else None


def of_drafts(user: AnyPerson, file: StoredFile) -> Access | None:
    """Who may see a draft may see what hangs on it."""
    if not isinstance(user, User):
        return None
    hanging = DraftAttachment.objects.filter(file=file).select_related("draft__municipality")
    if any(may_see(user, each.draft, on=today()) for each in hanging):
        return "reader"
    return None
