"""Who decides: somebody takes an office or a seat, and lays it down; history is only added (K2)."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.core.holding import hold
from novator.core.partial_dates import UNKNOWN, Partial, write_partial
from novator.council.models import (
    Decision,
    Membership,
    Organization,
    Person,
    Post,
    Source,
)
from novator.council.refusals import CannotRecord, must_say
from novator.council.seen import mark_of_row, must_be_as_seen

_ENDLESS = date.max


@transaction.atomic
def begin_membership(
    *,
    person: Person,
    organization: Organization,
    role: str = "member",
    post: Post | None = None,
    starts: Partial = UNKNOWN,
    ends: Partial = UNKNOWN,
    end_reason: str = "",
    end_reason_en: str = "",
    label: str = "",
    label_en: str = "",
    on_behalf_of: Organization | None = None,
    election: str = "",
    decision: Decision | None = None,
    source: Source | None = None,
) -> Membership:
    """
    Record that a person is in a body from a day on, in a role or a post.

    A past membership is recorded with its end at once. Without a label of its own it is called as
    its post is.

    :raises CannotRecord: against the rules of one body, post or seat (K1, K2)
    """
    hold(Person.objects.all(), person.pk)
    row = Membership(
        person=person,
        organization=organization,
        post=post,
        role=role,
        label=label.strip() or (post.label if post else ""),
        label_en=label_en.strip() or (post.label_en if post and not label.strip() else ""),
        on_behalf_of=on_behalf_of,
        election=election.strip(),
        starts_from=starts.earliest,
        starts_to=starts.latest,
        ends_from=ends.earliest,
        ends_to=ends.latest,
        end_reason=end_reason.strip(),
        end_reason_en=end_reason_en.strip(),
        decision=decision,
        source=source,
    )
    check_membership(row)
    _save(row)
    return row


@transaction.atomic
def end_membership(
    *,
    membership: Membership,
    ends: Partial,
    reason: str,
    reason_en: str = "",
    decision: Decision | None = None,
    source: Source | None = None,
) -> Membership:
    """
    Record that a membership ended, when and why; every other one of the person stays (K2).

    :raises CannotRecord: it ended already, no day, no reason, or an end before the beginning
    """
    held = hold(Membership.objects.select_related("organization", "post", "person"), membership.pk)
    if held.ends_to is not None or held.ends_from is not None:
        raise CannotRecord(
            "K2.ended_already",
            _("This membership ended on %(day)s already.")
            % {"day": write_partial(held.ends_from, held.ends_to)},
            _("A mistake in it is corrected with a reason."),
        )
    if ends.latest is None:
        raise CannotRecord(
            "K2.no_end",
            _("The day of the end is missing."),
            _("Where it is not known exactly, write the year, or “../2016-05-05” for “not later”."),
        )
    held.ends_from, held.ends_to = ends
    held.end_reason = must_say(reason, most=300, what=_("The reason of the end"))
    held.end_reason_en = reason_en.strip()[:300]
    held.end_decision = decision
    held.source = held.source or source
    check_membership(held)
    _save(held)
    return held


@transaction.atomic
def correct_membership(
    *, membership: Membership, why: str, seen: str | None = None, **facts: object
) -> Membership:
    """
    Put right what was entered wrongly; the trail keeps what it was, by whom and why.

    `facts` are fields of the row (`starts`, `ends` as partial dates among them), `seen` the mark
    of the row that the page showed.

    :raises ChangedMeanwhile: somebody else changed it after that
    :raises CannotRecord: no reason, or against the rules of a new membership
    """
    reason = must_say(why, most=300, what=_("The reason of the correction"))
    held = hold(Membership.objects.select_related("organization", "post", "person"), membership.pk)
    must_be_as_seen(mark_of_row(held), seen)
    for name in ("starts", "ends"):
        partial = facts.pop(name, None)
        if isinstance(partial, Partial):
            setattr(held, f"{name}_from", partial.earliest)
            setattr(held, f"{name}_to", partial.latest)
    for name, value in facts.items():
        setattr(held, name, value)
    check_membership(held)
    with pghistory.context(reason=reason):
        _save(held)
    return held


@transaction.atomic
def remove_membership(*, membership: Membership, why: str) -> None:
    """
    Take out a membership that never was; the trail keeps it with the reason.

    :raises CannotRecord: no reason, or statements stand on it
    """
    reason = must_say(why, most=300, what=_("The reason of the correction"))
    if membership.statements.exists():
        raise CannotRecord(
            "K2.in_use",
            _("A statement of this person belongs to this membership."),
            _("Correct the statement first."),
        )
    with pghistory.context(reason=reason):
        membership.delete()


def check_membership(row: Membership) -> None:
    """
    Check a membership before it is stored, against the bodies and the person's other ones.

    :raises CannotRecord: with the name of the rule and what to mend
    """
    if row.starts_from and row.ends_to and row.starts_from > row.ends_to:
        raise CannotRecord(
            "K2.ends_before_it_starts",
            _("The membership ends before it starts."),
            _("Check both dates."),
        )
    if row.post is not None and row.post.organization_id != row.organization_id:
        raise CannotRecord(
            "K1.post_elsewhere",
            _("“%(post)s” is no post of “%(body)s”.")
            % {"post": row.post, "body": row.organization},
            _("Choose a post of this body."),
        )
    _check_life(row)
    _check_post(row)
    _check_seat(row)
    others = _others_of(row)
    if row.organization.kind == "faction":
        _check_faction(row, others)
    _check_twice(row, others)


def _others_of(row: Membership) -> list[Membership]:
    rows = Membership.objects.filter(person=row.person).exclude(pk=row.pk)
    return list(rows.select_related("organization__parent"))


def _check_life(row: Membership) -> None:
    """A membership lies within the life of its body; what nobody knows is no fault."""
    body = row.organization
    is_early = row.starts_to and body.founded_from and row.starts_to < body.founded_from
    is_late = body.dissolved_to and (
        (row.starts_from and row.starts_from > body.dissolved_to)
        or (row.ends_from and row.ends_from > body.dissolved_to)
    )
    if is_early or is_late:
        life = _life(body)
        raise CannotRecord(
            "K2.outside_the_body",
            _("The membership lies outside the life of “%(body)s” (%(life)s).")
            % {"body": body, "life": life},
            _("Check the dates, or choose the body that existed then."),
        )


def _check_post(row: Membership) -> None:
    """One person at a time holds a post."""
    if row.post is None:
        return
    hold(Post.objects.all(), row.post.pk)
    rows = Membership.objects.filter(post=row.post).exclude(pk=row.pk).select_related("person")
    for other in rows:
        if overlaps_surely(row, other):
            raise CannotRecord(
                "K2.two_in_a_post",
                _("“%(post)s” is held by %(person)s at that time (%(when)s).")
                % {"post": row.post, "person": other.person, "when": _span(other)},
                _("End that membership first, or correct the dates."),
            )


def _check_seat(row: Membership) -> None:
    """A deputy is one of a convocation."""
    if row.role == "deputy" and row.organization.kind not in {"convocation", "union", "other"}:
        raise CannotRecord(
            "K2.no_convocation",
            _("A deputy belongs to a convocation; “%(body)s” is none.")
            % {"body": row.organization},
            _("Record the seat in the convocation, and the faction or committee as a member."),
        )


def _check_faction(row: Membership, others: list[Membership]) -> None:
    """Members of a faction are deputies of its council, and of no other faction of it."""
    faction = row.organization
    council = _council(faction)
    seats = [other for other in others if other.organization.kind == "convocation"]
    is_deputy = any(
        other.organization_id == faction.parent_id or other.organization.parent_id == council
        for other in seats
        if not _surely_apart(row, other)
    )
    if not is_deputy:
        raise CannotRecord(
            "K1.faction_of_deputies",
            _("%(person)s is no deputy of this council at that time.") % {"person": row.person},
            _("Record the seat in the convocation first."),
        )
    for other in others:
        is_other = other.organization.kind == "faction" and other.organization_id != faction.pk
        if is_other and _council(other.organization) == council and overlaps_surely(row, other):
            raise CannotRecord(
                "K1.two_factions",
                _("%(person)s is in the faction “%(faction)s” at that time (%(when)s).")
                % {
                    "person": row.person,
                    "faction": other.organization,
                    "when": _span(other),
                },
                _("End that membership first, or correct the dates."),
            )


def _check_twice(row: Membership, others: list[Membership]) -> None:
    """One role in one body once at a time."""
    for other in others:
        is_same = (
            other.organization_id == row.organization_id
            and other.role == row.role
            and other.post_id == row.post_id
            and (other.label == row.label or row.organization.kind in {"faction", "convocation"})
        )
        if is_same and (overlaps_surely(row, other) or _dates(row) == _dates(other)):
            raise CannotRecord(
                "K2.same_twice",
                _("%(person)s is recorded in “%(body)s” already (%(when)s).")
                % {"person": row.person, "body": row.organization, "when": _span(other)},
                _("End that membership first, or correct it."),
            )


def overlaps_surely(one: Membership, other: Membership) -> bool:
    """
    Whether both certainly lasted on some day; the day of a change counts for the later one.

    Without a known start nothing is certain.
    """
    spans = [_sure_span(row) for row in (one, other)]
    if spans[0] is None or spans[1] is None:
        return False
    (first_start, first_end), (second_start, second_end) = spans[0], spans[1]
    return max(first_start, second_start) < min(first_end, second_end)


def _sure_span(row: Membership) -> tuple[date, date] | None:
    if row.starts_to is None:
        return None
    return row.starts_to, max(row.ends_from or row.ends_to or _ENDLESS, row.starts_to)


def _surely_apart(one: Membership, other: Membership) -> bool:
    """Whether no day can lie in both."""
    for first, second in ((one, other), (other, one)):
        if first.ends_to and second.starts_from and first.ends_to < second.starts_from:
            return True
    return False


def _council(faction: Organization) -> int | None:
    """Key of the council of a faction."""
    parent = faction.parent
    if parent is None:
        return None
    return parent.parent_id if parent.kind == "convocation" else parent.pk


def _dates(row: Membership) -> tuple[date | None, ...]:
    return (row.starts_from, row.starts_to, row.ends_from, row.ends_to)


def _span(row: Membership) -> str:
    start = write_partial(row.starts_from, row.starts_to) or "…"
    return f"{start} – {write_partial(row.ends_from, row.ends_to) or '…'}"


def _life(body: Organization) -> str:
    start = write_partial(body.founded_from, body.founded_to) or "…"
    return f"{start} – {write_partial(body.dissolved_from, body.dissolved_to) or '…'}"


def _save(row: Membership) -> None:
    """Store it; what the database still finds against the rules is refused in words."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "one_person_in_a_post_on_a_day" not in str(error):
            raise
        raise CannotRecord(
            "K2.two_in_a_post",
            _("Somebody else holds this post at that time."),
            _("End that membership first, or correct the dates."),
        ) from error
