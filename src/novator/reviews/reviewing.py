"""Solutions judged: experts score cards, change their minds, and say where they cannot judge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.practices.models import Practice, Version
from novator.practices.publishing import latest_version
from novator.practices.versions import keep_versions
from novator.reviews.models import Conflict, Review
from novator.reviews.permissions import conflict_of, may_review, same_place
from novator.reviews.scales import review_scale

_BEFORE_REVIEWS = "as the first expert read it"


class CannotReview(Exception):
    """The review cannot be taken; the message is fit to show."""


@transaction.atomic
def give_review(
    *,
    practice: Practice,
    version_number: int,
    expert: User,
    scores: Mapping[str, int],
    comments: Mapping[str, str],
    has_declared: bool,
    on: date,
    summary: str = "",
) -> Review:
    """
    Keep what an expert thinks of a card; his earlier review of the card is kept and ends.

    The card's grade is not touched: a review is an opinion, not evidence.

    :raises CannotReview: no expert, a conflict, no declaration, a score is missing or outside the
        scale, the card is not in the catalogue or changed since it was read
    """
    locked = Practice.objects.select_for_update().get(pk=practice.pk)
    _check_expert(locked, expert, has_declared, on=on)
    _check_scores(scores)
    version = version_to_judge(locked)
    if version.number != version_number:
        raise CannotReview(
            _("The card has changed since you opened it. Read it again, then send your review.")
        )
    scale = review_scale()
    now = timezone.now()
    standing = Review.objects.filter(practice=locked, expert=expert, ended_at=None)
    for earlier in standing.select_for_update():
        _end(earlier, "replaced")
    return Review.objects.create(
        practice=locked,
        version=version,
        expert=expert,
        criteria_version=scale.version,
        weights=scale.weights,
        scores={code: scores[code] for code in scale.weights},
        comments={
            code: comments[code].strip() for code in scale.weights if comments.get(code, "").strip()
        },
        summary=summary.strip(),
        has_declared=has_declared,
        made_at=now,
    )


@transaction.atomic
def withdraw_review(*, review: Review, by: User) -> Review:
    """
    Take the own review back; it stays in the history and no longer counts.

    :raises CannotReview: it is somebody else's, or has ended
    """
    found = Review.objects.select_for_update().get(pk=review.pk)
    if found.expert_id != by.pk or found.ended_at is not None:
        raise CannotReview(_("This is no standing review of yours."))
    return _end(found, "withdrawn")


@transaction.atomic
def declare_conflict(*, expert: User, municipality: Municipality, reason: str = "") -> Conflict:
    """Say that one cannot judge a municipality; standing reviews of its cards stop to count."""
    conflict, _is_new = Conflict.objects.get_or_create(
        expert=expert,
        municipality=municipality,
        ended_at=None,
        defaults={"reason": reason.strip()[:300], "declared_at": timezone.now()},
    )
    places = same_place(municipality)
    standing = Review.objects.filter(
        expert=expert, practice__municipality__in=places, ended_at=None
    )
    for review in standing.select_for_update():
        _end(review, "conflict")
    return conflict


@transaction.atomic
def end_conflict(*, conflict: Conflict, by: User) -> Conflict:
    """
    Say that a declared conflict is over.

    :raises CannotReview: it is somebody else's, or has ended
    """
    found = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if found.expert_id != by.pk or found.ended_at is not None:
        raise CannotReview(_("This is no standing declaration of yours."))
    found.ended_at = timezone.now()
    found.save()
    return found


def version_to_judge(practice: Practice) -> Version:
    """The version that the card shows now; one is kept where none was."""
    known = latest_version(practice)
    if known is not None:
        return known
    keep_versions([practice], note=_BEFORE_REVIEWS, made_at=practice.changed_at)
    made = latest_version(practice)
    assert made is not None
    return made


def _check_expert(practice: Practice, expert: User, has_declared: bool, *, on: date) -> None:
    if not may_review(expert, on=on):
        raise CannotReview(_("Only experts of the association score practices."))
    if practice.withdrawn_at is not None:
        raise CannotReview(_("This card was taken out of the catalogue."))
    if conflict_of(expert, practice.municipality, on=on):
        raise CannotReview(_("You have a conflict of interest with this municipality."))
    if not has_declared:
        raise CannotReview(_("Without your declaration the review cannot be taken."))


def _check_scores(scores: Mapping[str, int]) -> None:
    scale = review_scale()
    for criterion in scale.criteria:
        score = scores.get(criterion.code)
        if score is None or not scale.least <= score <= scale.most:
            words = _("No score from %(least)s to %(most)s: “%(criterion)s”.")
            facts = {"least": scale.least, "most": scale.most, "criterion": criterion.name}
            raise CannotReview(words % facts)


def _end(review: Review, because: str) -> Review:
    review.ended_at = timezone.now()
    review.ended_because = because
    review.save()
    return review
