"""Solutions judged: a call is written and announced, juries are named, cities enter their cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.accounts.models import User
from novator.cities.romanise import slug_of
from novator.core.holding import hold
from novator.practices.models import Practice
from novator.reviews.letters import tell
from novator.reviews.models import Contest, Entry, Juror, Nomination
from novator.reviews.permissions import may_enter, may_run_contests
from novator.reviews.reviewing import version_to_judge
from novator.reviews.scales import Category, Criterion, contest_rules

# Words that stand in addresses where a slug could stand.
_NO_SLUGS = ("new",)


class CannotRun(Exception):
    """The contest cannot be changed so; the message is fit to show."""


class CannotEnter(Exception):
    """The card cannot be entered, or not be withdrawn any more; the message is fit to show."""


@dataclass(frozen=True)
class Call:
    """Everything the office writes of a contest; pairs are words in Russian and in English."""

    title: tuple[str, str]
    text: tuple[str, str]
    opens_on: date
    closes_on: date
    scores_by: date
    nominations: tuple[tuple[str, str], ...]
    criteria: tuple[Criterion, ...]
    categories: tuple[Category, ...]
    least_scores: int


@transaction.atomic
def prepare_contest(*, call: Call, by: User, on: date) -> Contest:
    """
    Store a new call; nobody but the office sees it until it is announced.

    :raises CannotRun: no right to, or the rules do not hold together
    """
    _check_call(call, by, on=on)
    rules = contest_rules()
    contest = Contest(
        slug=_free_slug(call.title[1] or call.title[0]),
        least_points=rules.least,
        most_points=rules.most,
        tie_rule=list(rules.tie_rule),
        rules_version=rules.version,
        made_by=by,
    )
    return _write(contest, call)


@transaction.atomic
def change_contest(*, contest: Contest, call: Call, by: User, on: date) -> Contest:
    """
    Change a call before entries are taken; afterwards only its last days can be moved.

    :raises CannotRun: no right to, the rules do not hold together, or it is too late
    """
    _check_call(call, by, on=on)
    found = Contest.objects.select_for_update().get(pk=contest.pk)
    stage = found.stage(on)
    if stage in {"prepared", "announced"}:
        return _write(found, call)
    if stage not in {"open", "scoring"}:
        raise CannotRun(_("The scores are closed; nothing of the call can be changed."))
    if stage == "scoring" and call.closes_on != found.closes_on:
        raise CannotRun(_("Entries are no longer taken; this day cannot be moved."))
    if stage == "open" and call.closes_on < on:
        raise CannotRun(_("The last day for entries cannot be moved into the past."))
    if call.scores_by < on:
        raise CannotRun(_("The last day for scores cannot be moved into the past."))
    found.closes_on, found.scores_by = call.closes_on, call.scores_by
    found.save()
    return found


@transaction.atomic
def announce_contest(*, contest: Contest, by: User, on: date) -> Contest:
    """
    Show the call to everybody.

    :raises CannotRun: no right to, announced already, or it would close in the past
    """
    found = _locked(contest, by, on=on)
    if found.announced_at is not None:
        raise CannotRun(_("The contest is announced already."))
    if found.closes_on < on:
        raise CannotRun(_("The last day for entries has passed; move it first."))
    found.announced_at = timezone.now()
    found.save()
    return found


@transaction.atomic
def name_juror(*, contest: Contest, user: User, by: User, on: date) -> Juror:
    """
    Give a person a seat in the jury, with the next code.

    :raises CannotRun: no right to, scores are closed, the person has a seat or no open account
    """
    found = _locked(contest, by, on=on)
    if found.closed_at is not None:
        raise CannotRun(_("The scores are closed; the jury cannot be changed."))
    if not user.is_active or user.erased_at:
        raise CannotRun(_("This account is closed."))
    known = found.jurors.filter(user=user).first()
    if known is not None and known.ended_at is None:
        raise CannotRun(_("This person is in the jury already."))
    if known is None:
        code = f"J{found.jurors.count() + 1}"
        known = Juror(contest=found, user=user, code=code, named_by=by)
    known.named_at, known.ended_at = timezone.now(), None
    known.save()
    tell(
        [user],
        kind="contest",
        subject=gettext_lazy("You are in the jury: %(title)s"),
        body=gettext_lazy(
            "The association asks you to judge the entries of the contest “%(title)s”. "
            "Scores are taken until %(day)s; nobody sees yours before they are closed."
        ),
        facts={"title": found.title_ru, "day": found.scores_by.isoformat()},
        address=lambda: reverse("jury", args=[found.slug]),
        key=f"juror-{known.pk}-{known.named_at:%Y%m%d%H%M}",
    )
    return known


@transaction.atomic
def end_juror(*, juror: Juror, by: User, on: date) -> Juror:
    """
    Take a seat in the jury away; scores that were given no longer count.

    :raises CannotRun: no right to, or scores are closed
    """
    contest = _locked(juror.contest, by, on=on)
    if contest.closed_at is not None:
        raise CannotRun(_("The scores are closed; the jury cannot be changed."))
    juror.ended_at = timezone.now()
    juror.save()
    return juror


@transaction.atomic
def enter_card(*, nomination: Nomination, practice: Practice, by: User, on: date) -> Entry:
    """
    Enter a city's published card into a nomination, as it is now.

    :raises CannotEnter: no right to, not the days for it, the card is not in the catalogue, its
        municipality is of no category, or it is entered already
    """
    contest = Contest.objects.select_for_update().get(pk=nomination.contest_id)
    _check_open(contest, on)
    card = hold(Practice.objects.select_related("municipality"), practice.pk)
    if not may_enter(by, card.municipality, on=on):
        raise CannotEnter(_("Only the head of the municipality or an approver enters its cards."))
    if card.withdrawn_at is not None or not card.is_by_its_city:
        raise CannotEnter(_("Only a card that the city itself has published can be entered."))
    category = contest.category_for(card.municipality.kind)
    if category is None:
        raise CannotEnter(_("Municipalities of this kind do not take part in this contest."))
    try:
        with transaction.atomic():
            return Entry.objects.create(
                nomination=nomination,
                practice=card,
                version=version_to_judge(card),
                category=category,
                entered_by=by,
                entered_at=timezone.now(),
            )
    except IntegrityError:
        raise CannotEnter(_("This card is entered into this nomination already.")) from None


@transaction.atomic
def withdraw_entry(*, entry: Entry, by: User, on: date) -> Entry:
    """
    Take an entry back while entries are taken.

    :raises CannotEnter: no right to, the days have passed, or it is withdrawn
    """
    rows = Entry.objects.select_related("nomination__contest", "practice__municipality")
    found = hold(rows, entry.pk)
    _check_open(found.nomination.contest, on)
    if not may_enter(by, found.practice.municipality, on=on):
        raise CannotEnter(_("Only the head of the municipality or an approver enters its cards."))
    if found.withdrawn_at is not None:
        raise CannotEnter(_("This entry is withdrawn already."))
    found.withdrawn_by, found.withdrawn_at = by, timezone.now()
    found.save()
    return found


def _check_open(contest: Contest, on: date) -> None:
    if contest.stage(on) != "open":
        raise CannotEnter(_("This contest takes no entries now."))


def _locked(contest: Contest, by: User, *, on: date) -> Contest:
    if not may_run_contests(by, on=on):
        raise CannotRun(_("Only the association's office runs contests."))
    return Contest.objects.select_for_update().get(pk=contest.pk)


def _check_call(call: Call, by: User, *, on: date) -> None:
    if not may_run_contests(by, on=on):
        raise CannotRun(_("Only the association's office runs contests."))
    if not call.title[0].strip() or not call.text[0].strip():
        raise CannotRun(_("The call needs a title and a text in Russian."))
    if not call.opens_on <= call.closes_on < call.scores_by:
        raise CannotRun(_("The days are out of order: opens, last entries, last scores."))
    if not call.nominations:
        raise CannotRun(_("Name at least one nomination."))
    _check_criteria(call.criteria)
    kinds = [kind for category in call.categories for kind in category.kinds]
    if len(kinds) != len(set(kinds)):
        raise CannotRun(_("A kind of municipality belongs to one category only."))
    if call.least_scores < 1:
        raise CannotRun(_("An entry needs at least one score."))


def _check_criteria(criteria: Sequence[Criterion]) -> None:
    codes = [criterion.code for criterion in criteria]
    if not codes or len(codes) != len(set(codes)):
        raise CannotRun(_("Name at least one criterion, each once."))
    if any(criterion.weight < 1 for criterion in criteria):
        raise CannotRun(_("The weight of a criterion is a whole number above zero."))


def _write(contest: Contest, call: Call) -> Contest:
    contest.title_ru, contest.title_en = call.title
    contest.text_ru, contest.text_en = call.text
    contest.opens_on, contest.closes_on = call.opens_on, call.closes_on
    contest.scores_by, contest.least_scores = call.scores_by, call.least_scores
    contest.criteria = [_criterion_values(one) for one in call.criteria]
    contest.categories = [one.__dict__ | {"kinds": list(one.kinds)} for one in call.categories]
    contest.save()
    contest.nominations.all().delete()
    Nomination.objects.bulk_create(
        [
            Nomination(contest=contest, position=place, title_ru=ru, title_en=en)
            for place, (ru, en) in enumerate(call.nominations, start=1)
        ]
    )
    return contest


def _criterion_values(criterion: Criterion) -> dict[str, Any]:
    names = ("code", "name_ru", "name_en", "weight")
    return {name: getattr(criterion, name) for name in names}


def _free_slug(title: str) -> str:
    base = slug_of(title)[:60].rstrip("-") or "contest"
    known = Contest.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    taken = {*known, *_NO_SLUGS}
    number, found = 2, base
    while found in taken:
        found = f"{base}-{number}"
        number += 1
    return found
