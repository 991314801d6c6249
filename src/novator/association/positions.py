"""The association: positions and joint letters — written, consulted, voted on, sent, answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.common_permissions import may_lead_position, may_write_position
from novator.association.mandates import Acting
from novator.association.models import (
    Position,
    PositionVersion,
    Remark,
    WorkingGroup,
)
from novator.association.position_letters import ask_to_tell
from novator.association.position_steps import CannotMove, held, led, move, not_now, refuse_far
from novator.core.holding import hold
from novator.core.once import saying_exactly
from novator.files.operations import keep_file

MOST_PARAGRAPHS = 200
LONGEST_PARAGRAPH = 6000


class PositionChanged(Exception):
    """Somebody else saved meanwhile; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this text meanwhile. Compare and save again.")
        )


@dataclass(frozen=True)
class Draft:
    """What is written of a position; paragraphs are parted by blank lines in `text`."""

    kind: str
    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    subject: str = ""
    addressee: str = ""
    note: str = ""
    group: WorkingGroup | None = None


def paragraphs_of(text: str) -> list[str]:
    """Cut a text at its blank lines."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [part.strip() for part in parts if part.strip()]


@transaction.atomic
def begin_position(*, draft: Draft, by: User, now: datetime, on: date) -> Position:
    """
    Write the first version of a position.

    :raises CannotMove: no right to, or the text is empty or too long
    """
    if not may_lead_position(by, draft.group, on=on):
        raise CannotMove(_("Positions are begun by the office or by the chair of a working group."))
    paragraphs = _checked(draft)
    position = Position(made_by=by)
    _take_over(position, draft)
    hold(User.objects.all(), by.pk)
    if known := _sent_twice(position, paragraphs):
        return known
    position.save()
    PositionVersion.objects.create(
        position=position,
        number=1,
        paragraphs=paragraphs,
        paragraphs_en=paragraphs_of(draft.text_en),
        note=draft.note,
        made_by=by,
        made_at=now,
    )
    return position


@transaction.atomic
def write_version(
    *, position: Position, draft: Draft, revision: int, by: User, now: datetime, on: date
) -> Position:
    """
    Write the next version of a position that is a draft; earlier ones stay as they were.

    :raises PositionChanged: it was saved after this revision
    :raises CannotMove: no right to, no draft, or the text is empty or too long; or it would go to
        another group by somebody who does not lead both
    """
    found = held(position)
    if not may_write_position(by, found, on=on):
        raise CannotMove(_("This position is written by others."))
    if found.revision != revision:
        raise PositionChanged
    if found.state != "draft":
        raise not_now(found)
    if draft.group != found.group and not (
        may_lead_position(by, found.group, on=on) and may_lead_position(by, draft.group, on=on)
    ):
        raise CannotMove(_("Only who leads both gives a position to another group."))
    paragraphs, english = _checked(draft), paragraphs_of(draft.text_en)
    last = latest_version(found)
    _take_over(found, draft)
    found.revision += 1
    found.save()
    if (paragraphs, english) != (last.paragraphs, last.paragraphs_en):
        PositionVersion.objects.create(
            position=found,
            number=last.number + 1,
            paragraphs=paragraphs,
            paragraphs_en=english,
            note=draft.note,
            made_by=by,
            made_at=now,
        )
    return found


def latest_version(position: Position) -> PositionVersion:
    """The version that stands; every position has one."""
    return position.versions.order_by("-number")[0]


@transaction.atomic
def open_consultation(
    *, position: Position, until: datetime, by: User, now: datetime, on: date
) -> Position:
    """
    Ask the members for remarks until a moment.

    :raises CannotMove: no right to, no draft, or the moment is not within the next 90 days
    """
    found = led(position, by, on)
    if until <= now:
        raise CannotMove(_("The consultation must end at a moment to come."))
    refuse_far(until, now)
    move(found, "consultation")
    found.consultation_until = until
    found.save()
    ask_to_tell(found, "consultation")
    return found


@transaction.atomic
def remark(
    *,
    version: PositionVersion,
    paragraph: int,
    acting: Acting,
    text: str,
    by: User,
    now: datetime,
    proposed: str = "",
) -> Remark:
    """
    Store what a member remarks on a paragraph (0: on the whole), with the mandate it rests on.

    :raises CannotMove: no consultation is open, no such paragraph, or nothing is said
    """
    position = held(version.position)
    if position.state != "consultation" or not is_open_for_remarks(position, now):
        raise CannotMove(_("No remarks are taken now."))
    current = latest_version(position)
    if current.pk != version.pk:
        raise CannotMove(_("This version is not the latest: remark on the latest one."))
    if not 0 <= paragraph <= len(version.paragraphs):
        raise CannotMove(_("There is no such paragraph."))
    if not text.strip():
        raise CannotMove(_("Say what you remark."))
    facts = {
        "version": version,
        "paragraph": paragraph,
        "member": acting.member,
        "text": text.strip(),
        "proposed": proposed.strip(),
    }
    if (known := Remark.objects.filter(**facts).first()) is not None:
        return known  # the same form sent twice
    return Remark.objects.create(mandate=acting.mandate, made_by=by, made_at=now, **facts)


def is_open_for_remarks(position: Position, now: datetime) -> bool:
    """Whether members may remark at this moment."""
    is_asked = position.state == "consultation" and position.consultation_until is not None
    return bool(is_asked and position.consultation_until and position.consultation_until > now)


@transaction.atomic
def answer_remark(
    *, remark: Remark, state: str, answer: str, by: User, now: datetime, on: date
) -> Remark:
    """
    Tell a member what became of its remark, once, before the text is put to the vote.

    :raises CannotMove: no right to, too late, answered already, or one that is not taken in has no
        reason
    """
    position = led(remark.version.position, by, on)
    if not takes_answers(position):
        raise not_now(position)
    found = hold(Remark.objects.all(), remark.pk)
    if state not in {"taken", "partly", "declined"}:
        raise CannotMove(_("Say what becomes of the remark."))
    if state != "taken" and not answer.strip():
        raise CannotMove(_("Say why it is not taken in as it stands."))
    if found.state != "open":
        if (found.state, found.answer) == (state, answer.strip()):
            return found  # the same form sent twice
        raise CannotMove(_("Somebody has answered this remark already: see the answer at it."))
    found.state, found.answer = state, answer.strip()
    found.answered_by, found.answered_at = by, now
    found.save()
    return found


def takes_answers(position: Position) -> bool:
    """Whether remarks can still be answered: until the text is put to the vote."""
    return position.state in {"consultation", "draft"}


@transaction.atomic
def back_to_draft(*, position: Position, by: User, on: date) -> Position:
    """
    Write a new version after the consultation, or after a vote that was lost.

    :raises CannotMove: no right to, or it is neither
    """
    found = led(position, by, on)
    move(found, "draft")
    found.consultation_until = None
    found.save()
    return found


@transaction.atomic
def put_to_vote(*, position: Position, by: User, now: datetime, on: date) -> Position:
    """
    End the consultation: the members vote on the latest version, or sign the letter.

    :raises CannotMove: no right to, the consultation lasts still, or remarks are not answered
    """
    found = led(position, by, on)
    if is_open_for_remarks(found, now):
        raise CannotMove(_("The consultation lasts until its deadline."))
    if Remark.objects.filter(version__position=found, state="open").exists():
        raise CannotMove(_("Answer every remark first."))
    move(found, "vote")
    found.save()
    return found


@transaction.atomic
def send_position(
    *, position: Position, sent_on: date, how: str, number: str, by: User, on: date
) -> Position:
    """
    Record that the adopted text went to its addressee.

    :raises CannotMove: no right to, not adopted, no addressee, or a day that is to come
    """
    found = led(position, by, on)
    if not found.addressee.strip():
        raise CannotMove(_("Say to whom it goes first."))
    if sent_on > on or (found.adopted_on and sent_on < found.adopted_on):
        raise CannotMove(_("It was sent between its adoption and today."))
    move(found, "sent")
    found.sent_on, found.sent_how, found.sent_number = sent_on, how.strip(), number.strip()
    found.save()
    return found


@transaction.atomic
def record_answer(
    *,
    position: Position,
    answered_on: date,
    answer: str,
    by: User,
    on: date,
    upload: UploadedFile[bytes] | None = None,
) -> Position:
    """
    Record what the addressee answered.

    :raises CannotMove: no right to, not sent, a day that cannot be, or nothing is said
    :raises FileRefused: the file is not taken
    """
    found = led(position, by, on)
    if answered_on > on or (found.sent_on and answered_on < found.sent_on):
        raise CannotMove(_("The answer came between the sending and today."))
    if not answer.strip():
        raise CannotMove(_("Say in short what was answered."))
    move(found, "answered")
    found.answered_on, found.answer = answered_on, answer.strip()
    if upload is not None:
        found.answer_file = keep_file(upload=upload, name=upload.name or "")
    found.save()
    return found


@transaction.atomic
def close_position(*, position: Position, result: str, by: User, on: date) -> Position:
    """
    Say what came of it.

    :raises CannotMove: no right to, not sent, or nothing is said
    """
    found = led(position, by, on)
    if not result.strip():
        raise CannotMove(_("Say what came of it."))
    move(found, "closed")
    found.result = result.strip()
    found.save()
    return found


@transaction.atomic
def withdraw_position(*, position: Position, because: str, by: User, on: date) -> Position:
    """
    Give a position up before it is voted on.

    :raises CannotMove: no right to, too late, or without a reason
    """
    found = led(position, by, on)
    if not because.strip():
        raise CannotMove(_("Say why."))
    move(found, "withdrawn")
    found.withdrawn_because = because.strip()[:400]
    found.save()
    return found


def _checked(draft: Draft) -> Sequence[str]:
    if not draft.title.strip():
        raise CannotMove(_("Give it a title."))
    paragraphs = paragraphs_of(draft.text)
    if not paragraphs:
        raise CannotMove(_("Write the text."))
    is_long = max(len(paragraph) for paragraph in paragraphs) > LONGEST_PARAGRAPH
    if is_long or len(paragraphs) > MOST_PARAGRAPHS:
        words = _("At most %(number)s paragraphs of %(letters)s letters.")
        facts = {"number": MOST_PARAGRAPHS, "letters": LONGEST_PARAGRAPH}
        raise CannotMove(words % facts)
    return paragraphs


def _sent_twice(position: Position, paragraphs: Sequence[str]) -> Position | None:
    """The same form sent twice: a draft of the same words, not touched since."""
    names = ("kind", "title", "title_en", "subject", "addressee", "group", "made_by")
    drafts = Position.objects.filter(state="draft", revision=1, versions__paragraphs=paragraphs)
    return saying_exactly(drafts, **{name: getattr(position, name) for name in names}).first()


def _take_over(position: Position, draft: Draft) -> None:
    position.kind = draft.kind
    position.title, position.title_en = draft.title.strip(), draft.title_en.strip()
    position.subject, position.addressee = draft.subject.strip(), draft.addressee.strip()
    position.group = draft.group
