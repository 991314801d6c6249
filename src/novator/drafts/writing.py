"""Solutions written: a draft begun and saved field by field, so that no two people overwrite."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.drafts.content import content_from
from novator.drafts.models import STATES, Draft, DraftAttachment
from novator.drafts.permissions import WRITABLE
from novator.drafts.queries import drafts, open_draft_of
from novator.practices.models import Practice
from novator.practices.values import NOTHING
from novator.practices.writing import practices_with_all, row_of

MOST_LETTERS = 300_000
"""All fields of a draft together; a card that says everything has a tenth of it."""


class AlreadyBegun(Exception):
    """Somebody is changing this card already; `draft` is where."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_("This card is being changed already, in the draft that opens now."))
        self.draft = draft


class CannotEdit(Exception):
    """The draft is not being written now; the message is fit to show."""


class DraftChanged(Exception):
    """
    Somebody else saved some of these fields meanwhile; nothing was saved.

    `draft` is as stored now, `fields` are those that two people wrote in.
    """

    def __init__(self, draft: Draft, fields: Sequence[str]) -> None:
        super().__init__(_("Somebody else has changed the same fields meanwhile."))
        self.draft = draft
        self.fields = tuple(fields)


@transaction.atomic
def begin_draft(
    *,
    municipality: Municipality,
    by: User,
    practice: Practice | None = None,
    content: Mapping[str, Any] | None = None,
) -> Draft:
    """
    Begin to write: from nothing, from what a filled form told, or from a card of the city.

    :raises AlreadyBegun: an open draft of this card exists
    """
    begun: dict[str, Any] = {}
    if municipality.population:
        begun = {
            "population": municipality.population,
            "population_source": municipality.population_source,
        }
    if practice is not None:
        stored = practices_with_all([practice.slug])[practice.slug]
        begun = content_from(row_of(stored), is_by_its_city=practice.is_by_its_city)
    begun |= dict(content or {})
    try:
        with transaction.atomic():
            draft = Draft.objects.create(
                municipality=municipality,
                practice=practice,
                content=begun,
                author=by,
                holder=by,
                changed_by=by,
            )
    except IntegrityError as fault:
        other = open_draft_of(practice.pk) if practice else None
        if other is None:
            raise
        raise AlreadyBegun(other) from fault
    _take_attachments(draft, practice)
    return draft


@transaction.atomic
def save_fields(
    *,
    draft: Draft,
    values: Mapping[str, Any],
    revision: int,
    by: User,
    page: str = "",
    was: Mapping[str, str] | None = None,
    step: str = "",
    on_purpose: bool = True,
) -> Draft:
    """
    Save some fields as they were typed, faulty or not; a field without words is forgotten.

    The trail of changes keeps what is saved `on_purpose`, not what a page saves by itself.
    `revision` is the one the writer began from, `page` names the open page it is typed in, and
    `was` holds the marks (`mark_of`) of the values that page showed: what is as it was shown is
    not the writer's change.

    :raises CannotEdit: the draft waits for somebody, or its way has ended
    :raises DraftChanged: somebody else changed the same fields after that revision
    """
    found = hold(drafts(), draft.pk)
    if found.state not in WRITABLE:
        words = _("This draft cannot be changed now: it is “%(state)s”.")
        raise CannotEdit(words % {"state": STATES[found.state]})
    changed = {
        name: value
        for name, value in values.items()
        if not _same(found.content.get(name), value) and mark_of(value) != (was or {}).get(name)
    }
    contested = [n for n in changed if _is_newer(found.changed_in.get(n), revision, page)]
    if contested:
        raise DraftChanged(found, contested)
    if changed and found.changed_by_id != by.pk:
        _keep_in_trail(found)
    if changed:
        found.revision += 1
        found.changed_by = by
    for name, value in changed.items():
        found.changed_in[name] = [found.revision, page]
        if value in NOTHING:
            found.content.pop(name, None)
        else:
            found.content[name] = value
    if changed and len(json.dumps(found.content, ensure_ascii=False)) > MOST_LETTERS:
        raise CannotEdit(_("A card cannot hold so much text. Make it shorter and save again."))
    is_to_keep = on_purpose and found.kept_revision != found.revision
    if is_to_keep:
        found.kept_revision = found.revision
    is_new_step = bool(step) and step not in found.steps_done
    if is_new_step:
        found.steps_done.append(step)
    if changed or is_new_step or is_to_keep:
        found.save()
    return found


def _keep_in_trail(draft: Draft) -> None:
    """Copy what a colleague's page saved by itself into the trail, before somebody else writes."""
    if draft.kept_revision != draft.revision:
        draft.kept_revision = draft.revision
        draft.save(update_fields=["kept_revision"])


def mark_of(value: Any) -> str:
    """A short mark of a value, by which a page tells what it showed."""
    plain = None if value in NOTHING else value
    written = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _same(one: Any, other: Any) -> bool:
    return (one in NOTHING and other in NOTHING) or one == other


def _is_newer(changed_in: Sequence[Any] | None, revision: int, page: str) -> bool:
    """Whether a field was changed after a revision, and not from this very page."""
    if not changed_in or changed_in[0] <= revision:
        return False
    return not page or changed_in[1] != page


def _take_attachments(draft: Draft, practice: Practice | None) -> None:
    if practice is not None:
        DraftAttachment.objects.bulk_create(
            DraftAttachment(
                draft=draft,
                file=part.file,
                position=part.position,
                caption=part.caption,
                alt=part.alt,
            )
            for part in practice.attachments.select_related("file")
        )
