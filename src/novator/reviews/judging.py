"""Solutions judged: the jury scores blind, scores are closed, the result is drawn up and frozen."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.accounts.models import User
from novator.reviews.letters import tell
from novator.reviews.models import Contest, Entry, Juror, Recusal, Score
from novator.reviews.permissions import conflict_of, may_run_contests
from novator.reviews.protocol import protocol_of
from novator.reviews.queries import standing_entries, work_left

DAYS_BEFORE_THE_END = 3


class CannotScore(Exception):
    """The score cannot be taken; the message is fit to show."""


class CannotClose(Exception):
    """The scores cannot be closed, or the protocol not be drawn up; the message is fit to show."""


@transaction.atomic
def give_score(
    *, juror: Juror, entry: Entry, points: Mapping[str, int], on: date, comment: str = ""
) -> Score:
    """
    Keep or change a juror's points for an entry while scores are taken.

    :raises CannotScore: not the days for it, a point is missing or outside the range, or the
        juror has a conflict of interest, which is then stored as a recusal by rule
    """
    contest = _locked_for_scoring(juror, entry, on=on)
    for criterion in contest.all_criteria:
        given = points.get(criterion.code)
        if given is None or not contest.least_points <= given <= contest.most_points:
            words = _("No points from %(least)s to %(most)s: “%(criterion)s”.")
            facts = {"least": contest.least_points, "most": contest.most_points}
            raise CannotScore(words % (facts | {"criterion": criterion.name}))
    if Recusal.objects.filter(juror=juror, entry=entry).exists():
        raise CannotScore(_("You have recused yourself from this entry."))
    score, _is_new = Score.objects.update_or_create(
        juror=juror,
        entry=entry,
        defaults={
            "points": {code: points[code] for code in contest.weights},
            "comment": comment.strip(),
            "given_at": timezone.now(),
        },
    )
    return score


@transaction.atomic
def recuse(*, juror: Juror, entry: Entry, reason: str, on: date) -> Recusal:
    """
    Record that a juror does not judge an entry; points that were given are taken out.

    :raises CannotScore: not the days for it, or no reason is given
    """
    _locked_for_scoring(juror, entry, on=on, may_conflict=True)
    if not reason.strip():
        raise CannotScore(_("Say why you do not judge this entry."))
    Score.objects.filter(juror=juror, entry=entry).delete()
    recusal, _is_new = Recusal.objects.get_or_create(
        juror=juror,
        entry=entry,
        defaults={"reason": reason.strip()[:300], "made_at": timezone.now()},
    )
    return recusal


@transaction.atomic
def keep_recusals_by_rule(*, juror: Juror, on: date) -> int:
    """Record every entry that a juror cannot judge by the rule; returns how many are new."""
    made = 0
    for entry in standing_entries(juror.contest):
        if conflict_of(juror.user, entry.practice.municipality, on=on):
            Score.objects.filter(juror=juror, entry=entry).delete()
            made += _recuse_by_rule(juror, entry)
    return made


@transaction.atomic
def close_scores(*, contest: Contest, by: User, on: date) -> Contest:
    """
    End the scoring: from now on no points change.

    :raises CannotClose: no right to, entries are still taken, or scores are missing before the
        last day for them
    """
    found = _locked(contest, by, on=on)
    if found.stage(on) != "scoring":
        raise CannotClose(_("Scores are not being taken now."))
    for juror in found.jurors.filter(ended_at=None).select_related("user"):
        keep_recusals_by_rule(juror=juror, on=on)
    left = sum(work_left(found, on=on).values())
    if left and on <= found.scores_by:
        words = _("%(count)s scores are still missing; they may be given until %(day)s.")
        raise CannotClose(words % {"count": left, "day": found.scores_by.isoformat()})
    found.closed_at, found.closed_by = timezone.now(), by
    found.save()
    return found


@transaction.atomic
def draw_up_protocol(*, contest: Contest, by: User, on: date) -> Contest:
    """
    Rank the entries, freeze the result with everything it rests on, and tell the cities.

    :raises CannotClose: no right to, scores are not closed, or it was drawn up already
    """
    found = _locked(contest, by, on=on)
    if found.stage(on) != "closed":
        raise CannotClose(_("The protocol is drawn up once, after the scores are closed."))
    found.protocol = protocol_of(found, on=on)
    found.protocol_at = timezone.now()
    found.save()
    entries = standing_entries(found)
    tell(
        [entry.entered_by for entry in entries],
        kind="contest",
        subject=gettext_lazy("The result is out: %(title)s"),
        body=gettext_lazy(
            "The jury of the contest “%(title)s” has decided. Places, scores and protocol:"
        ),
        facts={"title": found.title_ru},
        address=lambda: reverse("contest_results", args=[found.slug]),
        key=f"contest-{found.pk}-result",
    )
    return found


@transaction.atomic
def remind_juries(*, on: date) -> int:
    """
    Write to jurors with work left: once when scoring begins, once shortly before its last day.

    Returns to how many; running it again on the same day writes to nobody twice.
    """
    told = 0
    for contest in Contest.objects.announced().filter(closed_at=None, scores_by__gte=on):
        if contest.stage(on) != "scoring":
            continue
        is_late = (contest.scores_by - on).days <= DAYS_BEFORE_THE_END
        people = [juror.user for juror, left in work_left(contest, on=on).items() if left]
        tell(
            people,
            kind="contest",
            subject=gettext_lazy("The jury's turn: %(title)s"),
            body=gettext_lazy(
                "Entries of the contest “%(title)s” wait for your points until %(day)s."
            ),
            facts={"title": contest.title_ru, "day": contest.scores_by.isoformat()},
            address=functools.partial(reverse, "jury", args=[contest.slug]),
            key=f"jury-{contest.pk}-{'late' if is_late else 'begins'}",
        )
        told += len(people)
    return told


def _locked(contest: Contest, by: User, *, on: date) -> Contest:
    if not may_run_contests(by, on=on):
        raise CannotClose(_("Only the association's office runs contests."))
    return Contest.objects.select_for_update().get(pk=contest.pk)


def _locked_for_scoring(
    juror: Juror, entry: Entry, *, on: date, may_conflict: bool = False
) -> Contest:
    contest = Contest.objects.select_for_update().get(pk=juror.contest_id)
    if juror.ended_at is not None or entry.nomination.contest_id != contest.pk:
        raise CannotScore(_("You are not in the jury of this contest."))
    if contest.stage(on) != "scoring" or on > contest.scores_by:
        raise CannotScore(_("Scores are not being taken now."))
    if entry.withdrawn_at is not None:
        raise CannotScore(_("This entry was withdrawn."))
    if not may_conflict and conflict_of(juror.user, entry.practice.municipality, on=on):
        raise CannotScore(_("You have a conflict of interest with this municipality."))
    return contest


def _recuse_by_rule(juror: Juror, entry: Entry) -> bool:
    _recusal, is_new = Recusal.objects.get_or_create(
        juror=juror, entry=entry, defaults={"is_by_rule": True, "made_at": timezone.now()}
    )
    return is_new
