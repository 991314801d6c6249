"""Solutions judged: a moderator takes a draft, checks it, and publishes it or gives it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.core.holding import hold
from novator.drafts.models import Draft
from novator.drafts.operations import publish_draft, return_draft
from novator.practices.models import Practice
from novator.reviews.models import ANSWERS, Moderation
from novator.reviews.permissions import may_decide
from novator.reviews.scales import checklist


class CannotDecide(Exception):
    """The decision cannot be made so; the message is fit to show."""


@dataclass(frozen=True)
class Checked:
    """A moderator's answer to one item of the checklist: yes, no or na, with a note."""

    answer: str
    note: str = ""


Checks = Mapping[str, Checked]


@transaction.atomic
def take_draft(
    *, draft: Draft, moderator: User, on: date, from_colleague: bool = False
) -> Moderation:
    """
    Begin to moderate a draft; with `from_colleague` also one that another moderator has taken.

    :raises CannotDecide: it waits for nobody, is of an own municipality, or a colleague has it
    """
    found = _locked(draft)
    _check_may(found, moderator, on=on)
    current = open_moderation(found)
    if current is None:
        last = found.moderations.aggregate(last=Max("round"))["last"] or 0
        return Moderation.objects.create(
            draft=found, round=last + 1, moderator=moderator, taken_at=timezone.now()
        )
    if current.moderator_id != moderator.pk:
        if not from_colleague:
            raise CannotDecide(_taken_by(current))
        current.moderator, current.taken_at = moderator, timezone.now()
        current.save()
    return current


@transaction.atomic
def publish_moderated(
    *, draft: Draft, moderator: User, checks: Checks, revision: int, on: date, note: str = ""
) -> Practice:
    """
    Publish a draft after every item of the checklist was answered; the decision is stored.

    :raises CannotDecide: an item is open or a compulsory one is "no"; the draft changed since it
        was read; a colleague has it or has decided; it is of an own municipality
    :raises CannotMove: the draft itself cannot be published
    """
    moderation = _to_decide(draft, moderator, revision, on=on)
    _check_answers(checks)
    practice = publish_draft(draft=draft, moderator=moderator, on=on)
    _keep(moderation, "published", checks, revision, note)
    return practice


@transaction.atomic
def return_moderated(
    *,
    draft: Draft,
    moderator: User,
    checks: Checks,
    remarks: Sequence[tuple[str, str]],
    revision: int,
    on: date,
    note: str = "",
) -> Draft:
    """
    Give a draft back with remarks, each (column of the schema or "" for the whole, words).

    :raises CannotDecide: nothing is said; the draft changed since it was read; a colleague has it
        or has decided; it is of an own municipality
    """
    moderation = _to_decide(draft, moderator, revision, on=on)
    said = [(field, words.strip()) for field, words in remarks if words.strip()]
    if not said:
        raise CannotDecide(_("Say in a remark what should be changed."))
    returned = return_draft(draft=draft, remarks=said, by=moderator, on=on)
    _keep(moderation, "returned", checks, revision, note)
    return returned


def open_moderation(draft: Draft) -> Moderation | None:
    """The round of moderation that is going on, if somebody has taken the draft."""
    return draft.moderations.filter(outcome="").select_related("moderator").first()


def _to_decide(draft: Draft, moderator: User, revision: int, *, on: date) -> Moderation:
    found = _locked(draft)
    _check_may(found, moderator, on=on)
    if found.revision != revision:
        raise CannotDecide(
            _("The city has changed the draft since you opened it. Read it again, then decide.")
        )
    current = open_moderation(found)
    if current is None:
        return take_draft(draft=found, moderator=moderator, on=on)
    if current.moderator_id != moderator.pk:
        raise CannotDecide(_taken_by(current))
    return current


def _locked(draft: Draft) -> Draft:
    return hold(Draft.objects.select_related("municipality"), draft.pk)


def _check_may(draft: Draft, moderator: User, *, on: date) -> None:
    if not may_decide(moderator, draft, on=on):
        raise CannotDecide(
            _(
                "You hold or lately held a role in this municipality, or wrote part of the "
                "draft: a colleague has to decide."
            )
        )
    if draft.state != "submitted":
        raise CannotDecide(_already_decided(draft))


def _already_decided(draft: Draft) -> str:
    last = draft.moderations.exclude(outcome="").select_related("moderator").last()
    if last is None or draft.state == "writing":
        return _("The city has taken the draft back; there is nothing to decide now.")
    words = _("%(who)s has decided already: %(outcome)s. Nothing of yours was stored.")
    return words % {"who": last.moderator, "outcome": last.get_outcome_display()}


def _taken_by(moderation: Moderation) -> str:
    words = _("%(who)s has taken this draft. Take it over before you decide.")
    return words % {"who": moderation.moderator}


def _check_answers(checks: Checks) -> None:
    for item in checklist().items:
        answer = checks[item.code].answer if item.code in checks else ""
        if answer not in ANSWERS:
            raise CannotDecide(_("Not answered: “%(item)s”.") % {"item": item.words})
        if answer == "no" and item.is_must:
            words = _("A card is not published while this is “no”: “%(item)s”.")
            raise CannotDecide(words % {"item": item.words})


def _keep(moderation: Moderation, outcome: str, checks: Checks, revision: int, note: str) -> None:
    moderation.outcome = outcome
    moderation.decided_at = timezone.now()
    moderation.revision = revision
    moderation.note = note.strip()
    moderation.checklist_version = checklist().version
    moderation.checks = {
        code: {"answer": checked.answer, "note": checked.note.strip()}
        for code, checked in checks.items()
        if checked.answer in ANSWERS
    }
    moderation.save()
