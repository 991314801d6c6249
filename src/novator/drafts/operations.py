"""Solutions written: everything that moves a draft on its way to a published card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.core.holding import hold
from novator.drafts import letters
from novator.drafts.content import row_to_publish, standing_of
from novator.drafts.form import ALL_FIELDS
from novator.drafts.letters import holders_of, tell
from novator.drafts.models import STATES, TRANSITIONS, Draft, Remark
from novator.drafts.permissions import RELEASERS, WRITABLE, WRITERS
from novator.practices.models import Attachment, Practice
from novator.practices.publishing import publish_card
from novator.practices.rows import BadRow
from novator.practices.versions import Makers

KEEP_VECTORS = "novator.matching.keep_vectors_of_draft"
CONSENT_VERSION = "2026-11"
LONGEST_ANSWER = 2000


class CannotMove(Exception):
    """The draft cannot take this step now; the message is fit to show."""


@transaction.atomic
def ask_release(*, draft: Draft, by: User, consents: bool, on: date, note: str = "") -> Draft:
    """
    Ask those who release for the city to let the draft out; records the consent to publish.

    :raises CannotMove: something is missing or faulty, or nobody consents
    """
    found = _locked(draft)
    _check_ready(found, on=on)
    _consent(found, by=by, consents=consents)
    _move(found, "awaiting_release", by=by)
    found.save()
    people = holders_of(RELEASERS, found.municipality, on=on)
    tell(people, letters.TO_BE_RELEASED, draft=found, event="ask", by=by, quoted=note)
    return found


@transaction.atomic
def release(*, draft: Draft, by: User, on: date, consents: bool = False) -> Draft:
    """
    Let the draft out in the city's name: it goes to the moderators of the association.

    Whoever writes and may release does both at once, consenting to the publication here.

    :raises CannotMove: something is missing or faulty, or nobody consents
    """
    found = _locked(draft)
    _check_ready(found, on=on)
    if found.consent_at is None:
        _consent(found, by=by, consents=consents)
    _move(found, "submitted", by=by)
    now = timezone.now()
    found.released_by, found.released_at, found.submitted_at = by, now, now
    found.save()
    found.remarks.filter(answered_at=None).update(answered_at=now)
    tell([found.holder], letters.RELEASED, draft=found, event="released", by=by)
    _prepare_search(found)
    return found


@transaction.atomic
def send_back(*, draft: Draft, words: str, by: User) -> Draft:
    """
    Give a draft that waits for release back to its writer, with words.

    :raises CannotMove: it does not wait, or nothing is said
    """
    found = _locked(draft)
    if found.state != "awaiting_release":
        raise _not_now(found)
    said = words.strip()
    if not said:
        raise CannotMove(_("Say what should be changed."))
    _move(found, "writing", by=by)
    _forget_release(found)
    found.save()
    Remark.objects.create(draft=found, text=said, made_by=by)
    people = [found.holder, found.author]
    tell(people, letters.SENT_BACK, draft=found, event="back", by=by, quoted=said)
    return found


@transaction.atomic
def answer_remark(*, draft: Draft, remark_id: int, words: str) -> Remark:
    """
    Say what was done about a remark, or why not; the moderator reads it beside the remark.

    :raises CannotMove: the draft is not being written, or it has no such open remark
    """
    found = _locked(draft)
    remark = found.remarks.filter(pk=remark_id, answered_at=None).first()
    if found.state not in WRITABLE or remark is None:
        raise CannotMove(_("This remark cannot be answered any more."))
    remark.answer = words.strip()[:LONGEST_ANSWER]
    remark.save(update_fields=["answer"])
    return remark


@transaction.atomic
def take_back(*, draft: Draft, by: User) -> Draft:
    """
    Go on writing what waits for release or for the moderator.

    :raises CannotMove: it waits for nobody
    """
    found = _locked(draft)
    if found.state not in {"awaiting_release", "submitted"}:
        raise _not_now(found)
    _move(found, "writing", by=by)
    _forget_release(found)
    found.save()
    return found


@transaction.atomic
def hand_over(*, draft: Draft, to: User, by: User, on: date) -> Draft:
    """
    Make a colleague the holder of a draft.

    :raises CannotMove: the colleague may not write for this city
    """
    found = _locked(draft)
    held = roles_on(on).filter(user=to, municipality=found.municipality, kind__in=WRITERS)
    if not to.is_active or not held.exists():
        raise CannotMove(_("This person may not write for this municipality."))
    if not found.is_open:
        raise _not_now(found)
    found.holder, found.changed_by = to, by
    found.revision += 1
    found.save()
    tell([to], letters.HANDED_OVER, draft=found, event="handed", by=by)
    return found


@transaction.atomic
def discard(*, draft: Draft, by: User) -> Draft:
    """Put a draft aside; it can be taken up again."""
    found = _locked(draft)
    _move(found, "discarded", by=by)
    found.save()
    return found


@transaction.atomic
def take_up_again(*, draft: Draft, by: User) -> Draft:
    """
    Go on writing a draft that was put aside.

    :raises CannotMove: it was not, or another draft of the same card is being written
    """
    found = _locked(draft)
    if found.state != "discarded":
        raise _not_now(found)
    others = Draft.objects.exclude(pk=found.pk).filter(practice=found.practice)
    if found.practice and any(other.is_open for other in others):
        raise CannotMove(_("Another draft of this card is being written."))
    _move(found, "writing", by=by)
    _forget_release(found)
    found.save()
    return found


@transaction.atomic
def publish_draft(*, draft: Draft, moderator: User, on: date) -> Practice:
    """
    Publish what the city released; it is found by the search as soon as the index is renewed.

    :raises CannotMove: it was not released, or something in it cannot be published
    :raises CannotPublish: the card it corrects was withdrawn or is another city's now
    """
    found = _locked(draft)
    if found.state != "submitted":
        raise _not_now(found)
    _check_ready(found, on=on)
    try:
        row = row_to_publish(found, on=on)
    except BadRow as bad:
        raise CannotMove(str(bad)) from bad
    makers = Makers(found.holder, found.released_by, moderator)
    practice = publish_card(row=row, municipality=found.municipality, makers=makers, on=on)
    _publish_attachments(found, practice)
    _move(found, "published", by=moderator)
    found.practice, found.published_at = practice, timezone.now()
    found.save()
    people = [found.holder, found.author, *([found.released_by] if found.released_by else [])]
    tell(people, letters.PUBLISHED, draft=found, event="out", by=moderator, kind="review")
    return practice


@transaction.atomic
def return_draft(*, draft: Draft, remarks: Sequence[tuple[str, str]], by: User, on: date) -> Draft:
    """
    Give a submitted draft back to its city with remarks: (column of the schema or "", words).

    :raises CannotMove: it is not with the moderator, or nothing is said
    """
    found = _locked(draft)
    said = [(field, text.strip()) for field, text in remarks if text.strip()]
    if found.state != "submitted":
        raise _not_now(found)
    if not said:
        raise CannotMove(_("Say what should be changed."))
    _move(found, "returned", by=by)
    _forget_release(found)
    found.save()
    Remark.objects.bulk_create(
        [Remark(draft=found, field=field[:60], text=text, made_by=by) for field, text in said]
    )
    people = [found.holder, *holders_of(RELEASERS, found.municipality, on=on)]
    labels = {field.name: field.label for field in ALL_FIELDS}
    tell(
        people,
        letters.RETURNED,
        draft=found,
        event="returned",
        by=by,
        kind="review",
        remarks=[(labels.get(field, ""), text) for field, text in said],
    )
    return found


def _prepare_search(draft: Draft) -> None:
    """Have computed what the search needs, behind what is published already."""
    from procrastinate.contrib.django import app

    app.configure_task(KEEP_VECTORS, queue="index", priority=-1).defer(draft_id=draft.pk)


def _locked(draft: Draft) -> Draft:
    rows = Draft.objects.select_related("municipality__region", "practice", "holder", "author")
    return hold(rows, draft.pk)


def _move(draft: Draft, state: str, *, by: User) -> None:
    if state not in TRANSITIONS[draft.state]:
        raise _not_now(draft)
    draft.state, draft.changed_by = state, by
    draft.revision += 1


def _not_now(draft: Draft) -> CannotMove:
    words = _("This cannot be done now: the draft is “%(state)s”.")
    return CannotMove(words % {"state": STATES[draft.state]})


def _check_ready(draft: Draft, *, on: date) -> None:
    if not standing_of(draft, on=on).is_ready:
        raise CannotMove(_("Something is still missing or cannot be taken as it was typed."))
    if any(part.file.kind == "photo" and not part.alt for part in _attachments(draft)):
        raise CannotMove(_("Say in words what each photo shows."))


def _consent(draft: Draft, *, by: User, consents: bool) -> None:
    if not consents:
        raise CannotMove(_("Without the city's consent nothing can be published."))
    draft.consent_by, draft.consent_at = by, timezone.now()
    draft.consent_version = CONSENT_VERSION


def _forget_release(draft: Draft) -> None:
    draft.consent_by = draft.consent_at = None
    draft.released_by = draft.released_at = draft.submitted_at = None
    draft.consent_version = ""


def _attachments(draft: Draft) -> list[Attachment]:
    rows = draft.attachments.select_related("file").order_by("position", "id")
    return [
        Attachment(file=part.file, position=place, caption=part.caption, alt=part.alt)
        for place, part in enumerate(rows, start=1)
    ]


def _publish_attachments(draft: Draft, practice: Practice) -> None:
    practice.attachments.all().delete()
    attachments = _attachments(draft)
    for attachment in attachments:
        attachment.practice = practice
    Attachment.objects.bulk_create(attachments)
