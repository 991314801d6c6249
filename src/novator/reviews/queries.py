"""Solutions judged: drafts that wait, what experts think, contests with their entries, twins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from novator.accounts.models import User
from novator.drafts.models import Draft
from novator.drafts.queries import awaiting_moderation
from novator.practices.models import Practice, Version
from novator.reviews.models import (
    Contest,
    Entry,
    Juror,
    MergeProposal,
    Moderation,
    Recusal,
    Review,
    Score,
)
from novator.reviews.permissions import conflicted_places
from novator.reviews.scales import review_scale
from novator.reviews.scoring import Opinion, Scored, opinion


@dataclass(frozen=True)
class CardOpinion:
    """What experts say of a card: together, and each review; some may judge earlier versions."""

    together: Opinion
    reviews: tuple[Review, ...]
    latest_number: int

    @property
    def number_of_earlier(self) -> int:
        """How many reviews judge an earlier version than the card's latest."""
        return sum(1 for review in self.reviews if review.version.number < self.latest_number)


def moderation_queue() -> QuerySet[Draft]:
    """Drafts that wait for a moderator, oldest first; `open_rounds` tells who has taken them."""
    rounds = Moderation.objects.filter(outcome="").select_related("moderator")
    return awaiting_moderation().prefetch_related(
        Prefetch("moderations", queryset=rounds, to_attr="open_rounds")
    )


def decided_moderations() -> QuerySet[Moderation]:
    """Decisions of moderators, newest first."""
    rows = Moderation.objects.exclude(outcome="").select_related(
        "draft__municipality", "draft__practice", "moderator"
    )
    return rows.order_by("-decided_at", "-id")


def opinion_of(practice: Practice) -> CardOpinion | None:
    """What experts think of a card now, each expert once; None without reviews; two queries."""
    standing = Review.objects.filter(practice=practice, ended_at=None)
    reviews = tuple(standing.select_related("expert", "version").order_by("-made_at", "-id"))
    together = opinion(
        [Scored(review.scores, review.weights) for review in reviews],
        [criterion.code for criterion in review_scale().criteria],
    )
    if together is None:
        return None
    latest = Version.objects.filter(practice=practice).aggregate(last=Max("number"))["last"]
    return CardOpinion(together, reviews, latest or 0)


def reviews_of(expert: User) -> QuerySet[Review]:
    """Everything an expert has written, newest first, what no longer counts included."""
    rows = Review.objects.filter(expert=expert).select_related("practice", "version")
    return rows.order_by("-made_at", "-id")


def cards_to_review(expert: User, *, places: set[int]) -> list[tuple[str, int]]:
    """
    Cards that cities published and this expert has not scored: (slug, number of reviews).

    Those with the fewest reviews first; municipalities in `places` are left out. One query.
    """
    own = Review.objects.filter(expert=expert, ended_at=None).values("practice")
    rows = Practice.objects.published().filter(is_by_its_city=True)
    return list(
        rows.exclude(municipality__in=places)
        .exclude(pk__in=own)
        .annotate(reviews_given=Count("reviews", filter=Q(reviews__ended_at=None)))
        .order_by("reviews_given", "-changed_at", "slug")
        .values_list("slug", "reviews_given")
    )


def open_proposals() -> QuerySet[MergeProposal]:
    """Proposals to merge that wait for a moderator, oldest first."""
    return MergeProposal.objects.filter(outcome="").select_related(
        "twin__municipality", "into__municipality", "proposed_by"
    )


def contests(*, with_prepared: bool) -> list[Contest]:
    """Calls, latest first; those that are being prepared only for the office."""
    rows = Contest.objects.all() if with_prepared else Contest.objects.announced()
    return list(rows.prefetch_related("nominations"))


def contests_changed_first(limit: int) -> list[Contest]:
    """Announced contests for a feed: by the moment of result or announcement, newest first."""
    rows = list(Contest.objects.announced())
    rows.sort(key=lambda one: one.protocol_at or one.announced_at or one.made_at, reverse=True)
    return rows[:limit]


def standing_entries(contest: Contest) -> list[Entry]:
    """Entries that compete, by nomination and category, in the order they came."""
    rows = Entry.objects.filter(nomination__contest=contest, withdrawn_at=None)
    return list(
        rows.select_related(
            "nomination__contest", "practice__municipality__region", "version", "entered_by"
        ).order_by("nomination__position", "category", "entered_at", "id")
    )


def entries_of_cities(contest: Contest, places: Sequence[int]) -> list[Entry]:
    """What these municipalities have entered."""
    return [one for one in standing_entries(contest) if one.practice.municipality_id in places]


def contests_entered_by(practice: Practice) -> list[Entry]:
    """Contests in which a card competes or competed, once they are announced."""
    rows = Entry.objects.filter(practice=practice, withdrawn_at=None)
    announced = rows.filter(nomination__contest__announced_at__isnull=False)
    return list(announced.select_related("nomination__contest"))


def scores_of(juror: Juror) -> dict[int, Score]:
    """A juror's own points by entry; nobody else's."""
    return {score.entry_id: score for score in juror.given.all()}


def work_left(contest: Contest, *, on: date) -> dict[Juror, int]:
    """
    How many entries each juror may score and has neither scored nor recused himself from.

    Four queries, and those of the conflicts of each juror who has not done with all.
    """
    place_of = {entry.pk: entry.practice.municipality_id for entry in standing_entries(contest)}
    jurors = list(contest.jurors.filter(ended_at=None).select_related("user"))
    done: dict[int, set[int]] = defaultdict(set)
    for rows in (Score.objects.all(), Recusal.objects.all()):
        own = rows.filter(juror__in=jurors, entry__in=place_of)
        for juror_id, entry_id in own.values_list("juror_id", "entry_id"):
            done[juror_id].add(entry_id)
    left = {}
    for juror in jurors:
        open_places = [place for pk, place in place_of.items() if pk not in done[juror.pk]]
        barred = conflicted_places(juror.user, on=on) if open_places else set()
        left[juror] = sum(place not in barred for place in open_places)
    return left


def contests_to_judge(user: User, *, on: date) -> list[Contest]:
    """Contests in whose jury the person sits, while scores are taken."""
    rows = Contest.objects.filter(jurors__user=user, jurors__ended_at=None)
    return [contest for contest in rows.distinct() if contest.stage(on) == "scoring"]


def scores_due(user: User, *, on: date) -> list[tuple[Contest, list[int]]]:
    """
    For each contest that the person judges: the municipality of every entry still to be scored.

    Two queries, and one for each such contest. Conflicts of interest are not taken off here.
    """
    found = []
    for contest in contests_to_judge(user, on=on):
        rows = Entry.objects.filter(nomination__contest=contest, withdrawn_at=None)
        rows = rows.exclude(scores__juror__user=user).exclude(recusals__juror__user=user)
        places = rows.order_by("pk").values_list("practice__municipality_id", flat=True)
        found.append((contest, list(places)))
    return found
