"""Solutions judged: who may moderate, review, enter, judge, merge; one function for each rule."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from novator.accounts.models import MUNICIPAL_ROLES, Role, User
from novator.accounts.queries import AnyUser, holds, municipalities_of
from novator.cities.models import Municipality
from novator.drafts.models import Draft
from novator.practices.models import Practice
from novator.reviews.models import Conflict, Contest, Entry, Juror
from novator.reviews.scales import review_scale

ENTERERS = frozenset({"approver", "head"})
PROPOSERS = frozenset({"editor", "approver", "head"})


def may_moderate(user: AnyUser, *, on: date) -> bool:
    """See what waits for a moderator: the association's moderators."""
    return holds(user, {"moderator"}, municipality=None, on=on)


def may_decide(user: AnyUser, draft: Draft, *, on: date) -> bool:
    """
    Decide on a draft: a moderator without a role in its municipality, now or in the last years.

    Whoever laid a role down yesterday to decide today, or had a part in the draft, does not.
    """
    if not isinstance(user, User) or not may_moderate(user, on=on):
        return False
    if user.pk in {draft.author_id, draft.holder_id, draft.released_by_id, draft.consent_by_id}:
        return False
    own = _roles_within_years(user, on=on)
    return not own.filter(municipality__in=same_place(draft.municipality)).exists()


def may_review(user: AnyUser, *, on: date) -> bool:
    """Score cards at all: the association's experts."""
    return holds(user, {"expert"}, municipality=None, on=on)


def conflict_of(user: User, municipality: Municipality, *, on: date) -> str:
    """
    Why a person cannot judge this municipality's work: "role", "declared", or "" for no conflict.

    A role counts while it is held or still to come, and for the years that the criteria name
    after it ended; the municipality counts with those it came from and the one it became.
    """
    places = same_place(municipality)
    if _roles_within_years(user, on=on).filter(municipality__in=places).exists():
        return "role"
    declared = Conflict.objects.filter(expert=user, municipality__in=places, ended_at=None)
    return "declared" if declared.exists() else ""


def may_score_card(user: AnyUser, practice: Practice, *, on: date) -> bool:
    """Score this card: an expert without a conflict, while the card is in the catalogue."""
    return (
        isinstance(user, User)
        and practice.withdrawn_at is None
        and may_review(user, on=on)
        and not conflict_of(user, practice.municipality, on=on)
    )


def may_run_contests(user: AnyUser, *, on: date) -> bool:
    """Write calls, name juries, close scores, draw up protocols: the association's office."""
    return holds(user, {"office"}, municipality=None, on=on)


def may_enter(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Enter a city's card into a contest, or withdraw it: its head and its approvers."""
    return holds(user, ENTERERS, municipality=municipality, on=on)


def cities_to_enter(user: AnyUser, *, on: date) -> list[Municipality]:
    """Municipalities in whose name the person may enter cards."""
    return municipalities_of(user, ENTERERS, on=on)


def juror_of(user: AnyUser, contest: Contest) -> Juror | None:
    """The person's seat in the jury of this contest, if there is one."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return Juror.objects.filter(contest=contest, user=user, ended_at=None).first()


def may_score_entry(juror: Juror, entry: Entry, *, on: date) -> bool:
    """Score an entry: a juror of its contest, unless it is of a city he has a conflict with."""
    return juror.contest_id == entry.nomination.contest_id and not conflict_of(
        juror.user, entry.practice.municipality, on=on
    )


def may_see_contest(user: AnyUser, contest: Contest, *, on: date) -> bool:
    """See a call: everybody once it is announced, before that the office."""
    return contest.announced_at is not None or may_run_contests(user, on=on)


def may_propose_merge(user: AnyUser, *, on: date) -> bool:
    """Say that two cards tell of the same work: editors and heads of any city, moderators."""
    return may_moderate(user, on=on) or bool(municipalities_of(user, PROPOSERS, on=on))


def may_decide_merge(user: AnyUser, twin: Practice, into: Practice, *, on: date) -> bool:
    """Merge two cards: a moderator without a role in either, now or in the last years."""
    if not isinstance(user, User) or not may_moderate(user, on=on):
        return False
    places = same_place(twin.municipality) | same_place(into.municipality)
    return not _roles_within_years(user, on=on).filter(municipality__in=places).exists()


def may_see_makers(user: AnyUser, *, on: date) -> bool:
    """See the names of those who wrote, released and published a version: office and moderators."""
    return holds(user, {"office", "moderator"}, municipality=None, on=on)


def same_place(municipality: Municipality) -> set[int]:
    """Keys of a municipality, of those it came from and of the one it became."""
    places = {municipality.pk}
    if municipality.successor_id:
        places.add(municipality.successor_id)
    rows = Municipality.objects.filter(successor__in=places).values_list("pk", flat=True)
    return places | set(rows)


def conflicted_places(user: User, *, on: date) -> set[int]:
    """Keys of every municipality whose work this person cannot judge; three queries."""
    held = _roles_within_years(user, on=on).values_list("municipality_id", flat=True)
    declared = Conflict.objects.filter(expert=user, ended_at=None)
    own = {place for place in held if place} | set(
        declared.values_list("municipality_id", flat=True)
    )
    pairs = Municipality.objects.filter(
        Q(pk__in=own, successor__isnull=False) | Q(successor__in=own)
    ).values_list("pk", "successor_id")
    successors = {successor for _pk, successor in pairs if successor}
    siblings = Municipality.objects.filter(successor__in=successors)
    return (
        own
        | {pk for pair in pairs for pk in pair if pk}
        | set(siblings.values_list("pk", flat=True))
    )


def _roles_within_years(user: User, *, on: date) -> QuerySet[Role]:
    since = _years_before(on, review_scale().conflict_years)
    return (
        Role.objects.filter(user=user, kind__in=list(MUNICIPAL_ROLES))
        .filter(Q(ends_on=None) | Q(ends_on__gte=since))
        .filter(Q(ended_at=None) | Q(ended_at__date__gte=since))
    )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
