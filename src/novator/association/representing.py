"""The association: accounts are tied to mandates; substitutes are named where one allows it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.letters import tell_of_naming
from novator.association.mandates import (
    actings_of,
    known_mandates,
    people_holding,
    what_stops,
    what_stops_naming,
)
from novator.association.models import Member, Representative
from novator.core.holding import hold
from novator.council.models import Mandate, Person


class CannotName(Exception):
    """This person cannot be named so; the message is fit to show."""


@transaction.atomic
def name_representative(
    *, member: Member, mandate: Mandate, user: User, by: User, on: date
) -> Representative:
    """
    Tie an account to the mandate's holder of that day: it acts from now on.

    :raises CannotName: the mandate is not in force, nobody holds it, or the account is tied to it
    """
    hold(Member.objects.all(), member.pk)
    known = _mandate_in_force(member, mandate, on)
    holders = people_holding(known, on=on)
    if not holders:
        raise CannotName(_("Nobody holds the post to which the mandate is given."))
    _refuse_twice(known, user, on)
    row = Representative.objects.create(
        member=member, mandate=known, person=holders[0], user=user, starts_on=on, named_by=by
    )
    tell_of_naming(row, is_ended=False)
    return row


@transaction.atomic
def name_substitute(
    *,
    principal: Representative,
    user: User,
    by: User,
    on: date,
    person: Person | None = None,
    ends_on: date | None = None,
) -> Representative:
    """
    Let somebody act in the place of a representative, on the same mandate.

    :raises CannotName: the mandate allows none, or whoever names does not act himself
    """
    hold(Representative.objects.all(), principal.pk)
    known = _mandate_in_force(principal.member, principal.mandate, on)
    if not known.may_substitute:
        raise CannotName(_("The mandate does not allow a substitute."))
    if principal.substitute_of_id is not None:
        raise CannotName(_("A substitute cannot name another one."))
    if stopped := what_stops_naming(principal, known, on=on):
        raise CannotName(stopped)
    if ends_on is not None and ends_on < on:
        raise CannotName(_("The last day lies in the past."))
    _refuse_twice(known, user, on)
    row = Representative.objects.create(
        member=principal.member,
        mandate=known,
        person=person,
        user=user,
        substitute_of=principal,
        starts_on=on,
        ends_on=ends_on,
        named_by=by,
    )
    tell_of_naming(row, is_ended=False)
    return row


@transaction.atomic
def end_representative(*, row: Representative, because: str, on: date) -> Representative:
    """
    End a naming at once; its substitutes stop with it, and the row stays as history.

    :raises CannotName: no reason, or it has ended already
    """
    held = hold(Representative.objects.select_related("member__municipality", "user"), row.pk)
    if not because.strip():
        raise CannotName(_("Say the reason."))
    if held.ended_because or (held.ends_on is not None and held.ends_on < on):
        raise CannotName(_("This naming has ended already."))
    held.ends_on = max(on, held.starts_on) if held.starts_on else on
    held.ended_because = because.strip()
    held.save()
    tell_of_naming(held, is_ended=True)
    return held


def _mandate_in_force(member: Member, mandate: Mandate, on: date) -> Mandate:
    known = known_mandates().filter(pk=mandate.pk, municipality=member.municipality_id).first()
    if known is None:
        raise CannotName(_("This mandate is not one of this city towards the association."))
    if stopped := what_stops(known, on=on):
        raise CannotName(stopped)
    return known


def _refuse_twice(mandate: Mandate, user: User, on: date) -> None:
    for acting in actings_of(mandate, on=on):
        row = acting.representative
        if row is not None and row.user_id == user.pk:
            raise CannotName(_("This account acts on this mandate already."))
