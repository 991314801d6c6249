"""Solutions written: documents and photos hung on a draft, described, ordered, taken off."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.drafts.models import Draft, DraftAttachment
from novator.drafts.permissions import WRITABLE
from novator.files.operations import keep_file

MOST_ATTACHMENTS = 12
_LONGEST = 300


class CannotAttach(Exception):
    """The file cannot hang on the draft; the message is fit to show."""


@transaction.atomic
def attach_file(
    *, draft: Draft, upload: UploadedFile[bytes], caption: str, alt: str, by: User
) -> DraftAttachment:
    """
    Hang a document or photo on the draft, behind those that hang there.

    :raises CannotAttach: a photo without words on what it shows, or too many files
    :raises FileRefused: the file itself is not taken
    """
    there = Draft.objects.select_for_update().get(pk=draft.pk).attachments
    if there.count() >= MOST_ATTACHMENTS:
        words = _("A card carries at most %(most)s files. Take one off first.")
        raise CannotAttach(words % {"most": MOST_ATTACHMENTS})
    file = keep_file(upload=upload, name=upload.name or "")
    if file.kind == "photo" and not alt.strip():
        raise CannotAttach(
            _("Say in words what the photo shows, for those who do not see it; choose it again.")
        )
    last = there.order_by("-position").values_list("position", flat=True).first() or 0
    made = DraftAttachment.objects.create(
        draft=draft, file=file, position=last + 1, caption=_short(caption), alt=_short(alt)
    )
    _touch(draft, by)
    return made


@transaction.atomic
def describe_attachments(*, draft: Draft, words: Mapping[int, tuple[str, str]], by: User) -> None:
    """Keep caption and description of each file by its number."""
    changed = False
    for part in draft.attachments.all():
        caption, alt = (_short(text) for text in words.get(part.pk, (part.caption, part.alt)))
        if (caption, alt) != (part.caption, part.alt):
            part.caption, part.alt = caption, alt
            part.save()
            changed = True
    if changed:
        _touch(draft, by)


@transaction.atomic
def move_up(*, draft: Draft, number: int, by: User) -> None:
    """Show a file before the one that stands above it."""
    parts = list(draft.attachments.order_by("position", "id"))
    place = next((p for p, part in enumerate(parts) if part.pk == number), 0)
    if place:
        parts[place - 1], parts[place] = parts[place], parts[place - 1]
    for position, part in enumerate(parts, start=1):
        if part.position != position:
            part.position = position
            part.save()
    _touch(draft, by)


@transaction.atomic
def remove_attachment(*, draft: Draft, number: int, by: User) -> None:
    """Take a file off the draft; where nothing else points to it, it is removed a day later."""
    draft.attachments.filter(pk=number).delete()
    _touch(draft, by)


def _touch(draft: Draft, by: User) -> None:
    found = Draft.objects.select_for_update().get(pk=draft.pk)
    if found.state not in WRITABLE:
        raise CannotAttach(_("This draft cannot be changed now."))
    found.revision += 1
    found.changed_by = by
    found.save()


def _short(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:_LONGEST]
