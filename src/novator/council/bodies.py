"""Who decides: councils are opened, with convocations, factions, committees, posts and rules."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.core.partial_dates import UNKNOWN, Partial, write_partial
from novator.council.memberships import (
    begin_membership,
    correct_membership,
    end_membership,
    remove_membership,
)
from novator.council.models import (
    BASES,
    BODIES,
    ROLES,
    Membership,
    Organization,
    Post,
    Quorum,
    Source,
)
from novator.council.people import (
    add_life_event,
    add_person,
    cite_source,
    correct_person,
    record_statement,
    remove_line,
)
from novator.council.refusals import CannotRecord, must_say
from novator.council.seen import mark_of_row, must_be_as_seen

__all__ = [
    "CannotRecord",
    "add_life_event",
    "add_person",
    "begin_membership",
    "cite_source",
    "correct_membership",
    "correct_organization",
    "correct_person",
    "dissolve_organization",
    "end_membership",
    "end_post",
    "found_council",
    "found_organization",
    "found_post",
    "record_statement",
    "remove_line",
    "remove_membership",
    "set_rule",
]
_PARENTS = {
    "council": frozenset[str](),
    "convocation": frozenset({"council"}),
    "faction": frozenset({"convocation", "council"}),
    "committee": frozenset({"convocation", "council"}),
    "party_branch": frozenset({"party"}),
}
"""Of what a body can be a part; a kind that is not here may be of anything or of nothing."""


@transaction.atomic
def found_council(
    *,
    municipality: Municipality,
    name: str,
    name_en: str = "",
    short_name: str = "",
    short_name_en: str = "",
    seats: int | None = None,
    founded: Partial = UNKNOWN,
    dissolved: Partial = UNKNOWN,
    website: str = "",
    source: Source | None = None,
) -> Organization:
    """
    Open the council of a municipality, with the usual rules of quorum and majority.

    :raises CannotRecord: it has a sitting council, no name
    """
    council = found_organization(
        kind="council",
        municipality=municipality,
        name=name,
        name_en=name_en,
        short_name=short_name,
        short_name_en=short_name_en,
        seats=seats,
        founded=founded,
        dissolved=dissolved,
        website=website,
        source=source,
    )
    give_usual_rules(council)
    return council


@transaction.atomic
def found_organization(
    *,
    kind: str,
    name: str,
    municipality: Municipality | None = None,
    parent: Organization | None = None,
    party: Organization | None = None,
    number: str = "",
    name_en: str = "",
    short_name: str = "",
    short_name_en: str = "",
    position: int = 0,
    seats: int | None = None,
    founded: Partial = UNKNOWN,
    dissolved: Partial = UNKNOWN,
    website: str = "",
    source: Source | None = None,
) -> Organization:
    """
    Record a body: a convocation, a faction, a committee, a party, an administration, a union.

    The municipality of a part is that of its whole unless another is said.

    :raises CannotRecord: against the rules of bodies, with the rule's name
    """
    if kind not in BODIES:
        raise CannotRecord("kind", _("There is no such kind of body."))
    whole = hold(Organization.objects.select_related("municipality"), parent.pk) if parent else None
    row = Organization(
        kind=kind,
        municipality=municipality or (whole.municipality if whole else None),
        parent=whole,
        party=party,
        number=number.strip()[:20],
        name=must_say(name, most=300, what=_("The name")),
        name_en=name_en.strip()[:300],
        short_name=short_name.strip()[:80],
        short_name_en=short_name_en.strip()[:80],
        position=position,
        seats=seats,
        founded_from=founded.earliest,
        founded_to=founded.latest,
        dissolved_from=dissolved.earliest,
        dissolved_to=dissolved.latest,
        website=website.strip(),
        source=source,
    )
    check_organization(row)
    row.save()
    return row


@transaction.atomic
def correct_organization(
    *, organization: Organization, why: str, seen: str | None = None, **facts: object
) -> Organization:
    """
    Put right what was entered wrongly (`founded`, `dissolved` as partial dates among it).

    `seen` is the mark of the row that the page showed.

    :raises ChangedMeanwhile: somebody else changed it after that
    :raises CannotRecord: no reason, or against the rules of a new body
    """
    reason = must_say(why, most=300, what=_("The reason of the correction"))
    held = hold(Organization.objects.select_related("parent", "municipality"), organization.pk)
    must_be_as_seen(mark_of_row(held), seen)
    for name in ("founded", "dissolved"):
        partial = facts.pop(name, None)
        if isinstance(partial, Partial):
            setattr(held, f"{name}_from", partial.earliest)
            setattr(held, f"{name}_to", partial.latest)
    for name, value in facts.items():
        setattr(held, name, value)
    held.name = must_say(held.name, most=300, what=_("The name"))
    check_organization(held)
    with pghistory.context(reason=reason):
        held.save()
    return held


@transaction.atomic
def dissolve_organization(
    *, organization: Organization, dissolved: Partial, reason: str = ""
) -> Organization:
    """
    Record that a body ended; with a reason, whoever was in it and its parts left it with that.

    Posts and mandates outlive a convocation (rule K6): only memberships of the body and of its
    factions and committees end.

    :raises CannotRecord: it ended already, no day
    """
    held = hold(Organization.objects.select_related("parent"), organization.pk)
    if held.dissolved_to is not None:
        raise CannotRecord("K2.ended_already", _("This body has ended already."))
    if dissolved.latest is None:
        raise CannotRecord("K2.no_end", _("The day of the end is missing."))
    parts = list(held.parts.filter(dissolved_to__isnull=True, kind__in=["faction", "committee"]))
    for body in (*parts, held):
        body.dissolved_from, body.dissolved_to = dissolved
        check_organization(body)
        body.save()
    if reason.strip():
        rows = Membership.objects.filter(
            organization__in=[*parts, held], ends_from__isnull=True, ends_to__isnull=True
        )
        for row in rows.order_by("id"):
            end_membership(membership=row, ends=dissolved, reason=reason)
    return held


def check_organization(row: Organization) -> None:
    """
    Check a body before it is stored.

    :raises CannotRecord: with the name of the rule and what to mend
    """
    allowed = _PARENTS.get(row.kind)
    if row.kind == "council" and row.municipality is None:
        raise CannotRecord("K1.no_municipality", _("A council is of a municipality."))
    if row.kind in {"convocation", "faction"} and row.parent is None:
        raise CannotRecord(
            "K1.no_parent",
            _("A convocation is of a council, a faction of a convocation."),
            _("Say of which."),
        )
    if allowed is not None and row.parent is not None and row.parent.kind not in allowed:
        raise CannotRecord(
            "K1.wrong_parent",
            _("“%(part)s” cannot be a part of “%(whole)s”.")
            % {"part": row.name, "whole": row.parent},
        )
    if row.party is not None and row.party.kind not in {"party", "party_branch", "union"}:
        raise CannotRecord("K1.no_party", _("“%(body)s” is no party.") % {"body": row.party})
    if row.founded_from and row.dissolved_to and row.founded_from > row.dissolved_to:
        raise CannotRecord("K2.ends_before_it_starts", _("It ends before it starts."))
    _check_same_name(row)
    if row.kind == "council":
        _check_one_council(row)
    if row.kind == "convocation":
        _check_convocation(row)


def found_post(
    *,
    organization: Organization,
    label: str,
    role: str = "other",
    label_en: str = "",
    starts: Partial = UNKNOWN,
    ends: Partial = UNKNOWN,
) -> Post:
    """
    Record a position that one person at a time holds.

    :raises CannotRecord: no name, an unknown role, or the body has a post of that name
    """
    said = must_say(label, most=200, what=_("The name of the post"))
    if role not in ROLES:
        raise CannotRecord("role", _("There is no such role."))
    if organization.posts.filter(label=said).exists():
        raise CannotRecord(
            "K2.same_post", _("“%(body)s” has this post already.") % {"body": organization}
        )
    return Post.objects.create(
        organization=organization,
        role=role,
        label=said,
        label_en=label_en.strip()[:200],
        starts_from=starts.earliest,
        starts_to=starts.latest,
        ends_from=ends.earliest,
        ends_to=ends.latest,
    )


@transaction.atomic
def end_post(*, post: Post, ends: Partial) -> Post:
    """
    Record that a post exists no more.

    :raises CannotRecord: somebody holds it without an end, or no day
    """
    held = hold(Post.objects.all(), post.pk)
    if ends.latest is None:
        raise CannotRecord("K2.no_end", _("The day of the end is missing."))
    if held.memberships.filter(ends_to__isnull=True).exists():
        raise CannotRecord(
            "K2.in_use", _("Somebody holds this post."), _("End that membership first.")
        )
    held.ends_from, held.ends_to = ends
    held.save()
    return held


@transaction.atomic
def set_rule(
    *,
    council: Organization,
    code: str,
    name: str,
    numerator: int,
    denominator: int,
    base: str,
    is_over: bool,
    name_en: str = "",
    legal_basis: str = "",
    seen: str | None = None,
) -> Quorum:
    """
    Set a rule of a council, by its code; votes already taken keep the rule they were taken by.

    `seen` is the mark of the rule that the page showed, empty for a new one.

    :raises ChangedMeanwhile: somebody else set it after that
    :raises CannotRecord: no fraction, an unknown base, no name
    """
    if council.kind != "council":
        raise CannotRecord("K1.no_council", _("Rules are a council's."))
    if base not in BASES:
        raise CannotRecord("K3.base", _("Say of whom the fraction is taken."))
    if not 0 < numerator <= denominator <= 1000:
        raise CannotRecord(
            "K3.fraction",
            _("“%(numerator)s/%(denominator)s” is no fraction of a whole.")
            % {"numerator": numerator, "denominator": denominator},
            _("Write two numbers, such as 2 and 3."),
        )
    facts = {
        "name": must_say(name, most=160, what=_("The name")),
        "name_en": name_en.strip()[:160],
        "numerator": numerator,
        "denominator": denominator,
        "base": base,
        "is_over": is_over,
        "legal_basis": legal_basis.strip()[:300],
    }
    if seen is not None:
        hold(Organization.objects.all(), council.pk)
        must_be_as_seen(mark_of_row(council.rules.filter(code=code).first()), seen)
    return Quorum.objects.update_or_create(council=council, code=code, defaults=facts)[0]


def give_usual_rules(council: Organization) -> None:
    """Give a new council the rules of quorum and majority that most have, with their basis."""
    text = files("novator.council").joinpath("data/usual_rules.json").read_text(encoding="utf-8")
    for rule in json.loads(text)["rules"]:
        set_rule(council=council, **rule)


def _check_same_name(row: Organization) -> None:
    same = Organization.objects.filter(parent=row.parent, kind=row.kind, name=row.name)
    if row.parent is None:
        same = same.filter(municipality=row.municipality)
        same = same.filter(founded_from=row.founded_from, founded_to=row.founded_to)
    if same.exclude(pk=row.pk).exists():
        raise CannotRecord(
            "K1.same_name",
            _("There is “%(name)s” already.") % {"name": row.name},
            _("Choose another name, or correct that one."),
        )


def _check_one_council(row: Organization) -> None:
    hold(Municipality.objects.all(), row.municipality_id)
    sitting = Organization.objects.filter(
        kind="council", municipality=row.municipality, dissolved_to__isnull=True
    )
    if row.dissolved_to is None and sitting.exclude(pk=row.pk).exists():
        raise CannotRecord(
            "K1.one_council",
            _("This municipality has a sitting council already."),
            _("Open a new convocation of it, or record the end of that council first."),
        )


def _check_convocation(row: Organization) -> None:
    """One convocation at a time; the one that sits needs no end (rule K6)."""
    if row.founded_to is None:
        raise CannotRecord(
            "K6.no_start",
            _("The day on which the convocation began is missing."),
            _("The year is enough, or “../2016-05-05” for “not later”."),
        )
    others = Organization.objects.filter(parent=row.parent, kind="convocation")
    for other in others.exclude(pk=row.pk):
        start, end = _sure_life(other)
        own_start, own_end = _sure_life(row)
        if max(start, own_start) < min(end, own_end):
            raise CannotRecord(
                "K6.convocations_overlap",
                _("“%(name)s” sits at that time (%(life)s).")
                % {"name": other, "life": _life(other)},
                _("Record its end first, or correct the dates."),
            )


def _sure_life(body: Organization) -> tuple[date, date]:
    """From the day on which a convocation certainly sat to the day it may have ended."""
    assert body.founded_to is not None
    return body.founded_to, max(body.dissolved_from or date.max, body.founded_to)


def _life(body: Organization) -> str:
    start = write_partial(body.founded_from, body.founded_to) or "…"
    return f"{start} – {write_partial(body.dissolved_from, body.dissolved_to) or '…'}"
