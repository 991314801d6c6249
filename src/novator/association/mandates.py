"""
The association: who may act for a member on a day, reckoned from its council's mandates.

Rules K6 and L3: a mandate counts while it is in force, its decision stands and is not older than
the decision of joining, and the person is its holder, holds the post that it names that day, or
was named by such a person as a substitute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.models import Member, Representative
from novator.association.standing import standing_on
from novator.council.mandates import stands_on
from novator.council.models import Decision, Mandate, Membership, Person

Act = Literal["vote", "sign", "speak"]


class CannotAct(Exception):
    """This person may not act for this member now; the message is fit to show."""


@dataclass(frozen=True)
class Acting:
    """That somebody acts for a member, on which mandate, by which naming (None: as its holder)."""

    member: Member
    mandate: Mandate
    representative: Representative | None
    person: Person | None

    @property
    def is_substitute(self) -> bool:
        """Whether the holder of the mandate named this person in his place."""
        return self.representative is not None and self.representative.substitute_of_id is not None

    @property
    def account(self) -> User | None:
        """With which account this person acts; None: with none yet."""
        named = self.representative.user if self.representative else None
        return named or (self.person.user if self.person else None)


def acting_for(user: User | AnonymousUser, *, on: date) -> list[Acting]:
    """For which members the person may act that day, one for each mandate; a few queries."""
    if not isinstance(user, User) or not user.is_active:
        return []
    found = [
        acting
        for mandate in known_mandates().filter(_concerning(user)).distinct()
        for acting in actings_of(mandate, on=on)
        if _is_of(acting, user)
    ]
    once = {(acting.member.pk, acting.mandate.pk): acting for acting in reversed(found)}
    return sorted(once.values(), key=lambda acting: (str(acting.member), acting.mandate.pk))


def acting_as(user: User | AnonymousUser, member: Member, *, on: date, act: Act) -> Acting:
    """
    The mandate on which the person does this for the member; every act stores it.

    :raises CannotAct: nothing lets the person do it that day; says what stopped it
    """
    mine = [acting for acting in acting_for(user, on=on) if acting.member.pk == member.pk]
    allowed = [acting for acting in mine if allows(acting.mandate, act)]
    if allowed:
        return allowed[0]
    if mine:
        raise CannotAct(_not_given_for(act))
    raise CannotAct(why_not(user, member, on=on))


def allows(mandate: Mandate, act: Act) -> bool:
    """Whether the mandate is given for acts of this kind."""
    return {"vote": mandate.may_vote, "sign": mandate.may_sign, "speak": True}[act]


def is_active(member: Member, *, on: date) -> bool:
    """Whether it is a member in good standing that somebody may represent that day (rule L3)."""
    return bool(representatives_on(member, on=on))


def active_members(*, on: date) -> list[Member]:
    """All members that somebody may represent that day, by name; a few queries for all."""
    found = {
        acting.member.pk: acting.member
        for mandate in known_mandates()
        for acting in actings_of(mandate, on=on)
    }
    return sorted(found.values(), key=lambda member: (str(member), member.pk))


def representatives_on(member: Member, *, on: date) -> list[Acting]:
    """Who may act for the member that day, holders of mandates first; a few queries."""
    found = [
        acting
        for mandate in known_mandates().filter(municipality=member.municipality_id)
        for acting in actings_of(mandate, on=on)
    ]
    return sorted(found, key=lambda acting: acting.is_substitute)


def accounts_acting(members: Iterable[Member], act: Act, *, on: date) -> dict[User, list[Member]]:
    """Accounts that may do this that day, each with the members for which it may."""
    found: dict[User, list[Member]] = {}
    for member in members:
        for acting in representatives_on(member, on=on):
            user = acting.account
            if user and allows(acting.mandate, act) and member not in found.get(user, []):
                found.setdefault(user, []).append(member)
    return found


def mandates_of(member: Member) -> list[Mandate]:
    """Every mandate towards the association that its councils ever gave, with what it rests on."""
    return list(known_mandates().filter(municipality=member.municipality_id))


def actings_of(mandate: Mandate, *, on: date) -> list[Acting]:
    """Everybody who acts on this mandate that day; none where anything stops it. No query."""
    member = mandate.municipality.member
    if standing_on(member, on) != "admitted" or what_stops(mandate, on=on):
        return []
    holders = people_holding(mandate, on=on)
    found = [Acting(member, mandate, None, person) for person in holders]
    return found + [
        Acting(member, mandate, row, row.person)
        for row in mandate.representatives.all()
        if not what_stops_naming(row, mandate, on=on)
    ]


def what_stops(mandate: Mandate, *, on: date) -> str:
    """Why the mandate itself is not in force that day; empty where it is. No query."""
    if mandate.withdrawn_on is not None and mandate.withdrawn_on <= on:
        return _("The mandate was withdrawn on %(day)s.") % {"day": _said(mandate.withdrawn_on)}
    if mandate.ends_on is not None and mandate.ends_on < on:
        return _("The mandate expired on %(day)s.") % {"day": _said(mandate.ends_on)}
    if mandate.starts_on is not None and mandate.starts_on > on:
        return _("The mandate holds only from %(day)s.") % {"day": _said(mandate.starts_on)}
    stopped = _what_stops_decision(mandate.decision, on) if mandate.decision else ""
    return stopped or _is_too_old(mandate)


def people_holding(mandate: Mandate, *, on: date) -> list[Person]:
    """Its holder, or whoever holds the post that it names that day, of two the later. No query."""
    if mandate.holder is not None:
        return [mandate.holder]
    if mandate.holder_post is None:
        return []
    held = [row.person for row in mandate.holder_post.memberships.all() if _may_count(row, on)]
    return held[-1:]


def why_not(user: User | AnonymousUser, member: Member, *, on: date) -> str:
    """What stops the person from acting for this member, in words."""
    standing = standing_on(member, on)
    if standing == "suspended":
        return _("The membership of this city is suspended.")
    if standing != "admitted":
        return _("This city is not a member of the association on this day.")
    if not isinstance(user, User):
        return _no_mandate()
    mine = (
        known_mandates().filter(_concerning(user), municipality=member.municipality_id).distinct()
    )
    reasons = [reason for row in mine if (reason := what_stops_person(row, user, on=on))]
    return reasons[-1] if reasons else _no_mandate()


def what_stops_person(mandate: Mandate, user: User, *, on: date) -> str:
    """Why this person does not act on this mandate that day; empty where he does."""
    stopped = what_stops(mandate, on=on)
    if stopped or any(_is_of(acting, user) for acting in actings_of(mandate, on=on)):
        return stopped
    for row in mandate.representatives.all():
        if _owner_of(row) == user.pk and (reason := what_stops_naming(row, mandate, on=on)):
            return reason
    return _("You do not hold the post to which the mandate is given.")


def what_stops_naming(row: Representative, mandate: Mandate, *, on: date) -> str:
    """Why somebody named on this mandate does not act that day, the mandate apart."""
    if row.starts_on is not None and row.starts_on > on:
        return _("The naming holds only from %(day)s.") % {"day": _said(row.starts_on)}
    if row.ends_on is not None and not row.counts_on(on):
        return _("The naming ended on %(day)s.") % {"day": _said(row.ends_on)}
    if row.user is not None and not row.user.is_active:
        return _("The account of this person is closed.")
    if row.substitute_of is not None:
        return _what_stops_substitute(row.substitute_of, mandate, on)
    if row.person is not None and row.person not in people_holding(mandate, on=on):
        return _("This person does not hold the post to which the mandate is given.")
    return ""


def _what_stops_substitute(principal: Representative, mandate: Mandate, on: date) -> str:
    if not mandate.may_substitute:
        return _("The mandate does not allow a substitute.")
    if principal.substitute_of_id is not None:
        return _("A substitute cannot name another one.")
    if what_stops_naming(principal, mandate, on=on):
        return _("Whoever named this substitute does not represent the city any more.")
    return ""


def _what_stops_decision(decision: Decision, on: date) -> str:
    if stands_on(decision, on):
        return ""
    if decision.state == "repealed":
        return _("The decision that gives the mandate was repealed.")
    if decision.is_carried:
        return _("The decision that gives the mandate had not been adopted by this day.")
    return _("The decision that gives the mandate is not carried.")


def _is_too_old(mandate: Mandate) -> str:
    member, given = mandate.municipality.member, mandate.decision
    if member.decision is not None:
        joined_on = member.decision.adopted_from
    else:  # a council outside: its papers tell the days
        joined_on = member.application.document_on if member.application else None
    given_on = given.adopted_to if given is not None else mandate.starts_on
    if given is not None and given == member.decision:
        return ""
    if given_on is None or joined_on is None or given_on >= joined_on:
        return ""
    return _("The mandate is older than the decision to join the association.")


def _may_count(row: Membership, on: date) -> bool:
    has_begun = row.starts_from is None or row.starts_from <= on
    return has_begun and (row.ends_to is None or row.ends_to >= on)


def _owner_of(row: Representative) -> int | None:
    return row.user_id or (row.person.user_id if row.person else None)


def _is_of(acting: Acting, user: User) -> bool:
    if acting.representative is not None:
        return _owner_of(acting.representative) == user.pk
    return acting.person is not None and acting.person.user_id == user.pk


def _concerning(user: User) -> Q:
    return (
        Q(holder__user=user)
        | Q(holder_post__memberships__person__user=user)
        | Q(representatives__user=user)
        | Q(representatives__person__user=user)
    )


def known_mandates() -> QuerySet[Mandate]:
    """Mandates of members towards the association with all that says whether they count."""
    named = Representative.objects.select_related("person", "user", "substitute_of__person")
    return (
        Mandate.objects.filter(is_towards_association=True, municipality__member__isnull=False)
        .select_related(
            "municipality__member__municipality",
            "municipality__member__decision",
            "municipality__member__application",
            "decision",
            "holder",
            "holder_post",
        )
        .prefetch_related(
            "decision__steps",
            "municipality__member__steps",
            Prefetch(
                "holder_post__memberships",
                Membership.objects.select_related("person").order_by(
                    F("starts_from").asc(nulls_first=True), "pk"
                ),
            ),
            Prefetch("representatives", named.order_by("starts_on", "pk")),
        )
        .order_by("municipality", "starts_on", "pk")
    )


def people_of(actings: Iterable[Acting]) -> list[Person]:
    """The people among them, each once."""
    return list({a.person.pk: a.person for a in actings if a.person is not None}.values())


def _said(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _no_mandate() -> str:
    return _("You have no mandate of this city.")


def _not_given_for(act: Act) -> str:
    return {
        "vote": _("Your mandate does not give the right to vote."),
        "sign": _("Your mandate does not give the right to sign."),
        "speak": _no_mandate(),
    }[act]
