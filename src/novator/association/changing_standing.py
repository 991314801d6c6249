"""The association: members are suspended and resumed, they leave, they are excluded."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.letters import tell_of_standing
from novator.association.models import STANDINGS, Member, MemberStep
from novator.association.standing import steps_in_order
from novator.core.holding import hold
from novator.council.models import Decision

STEPS: dict[str, frozenset[str]] = {
    "admitted": frozenset({"suspended", "left", "excluded"}),
    "suspended": frozenset({"admitted", "left", "excluded"}),
    "left": frozenset(),
    "excluded": frozenset(),
}
"""Who left or was excluded comes back by a new application only."""
LEAVING = "leave_association"


class CannotChange(Exception):
    """The standing of this member cannot be changed so; the message is fit to show."""


@transaction.atomic
def change_standing(
    *,
    member: Member,
    standing: str,
    step_on: date,
    reason: str,
    by: User,
    on: date,
    decision: Decision | None = None,
) -> MemberStep:
    """
    Add the next step of a membership; earlier ones are never rewritten.

    A member leaves by a decision of its council: one kept here, or a paper named in the reason.

    :raises CannotChange: the step does not follow, its day is wrong, its reason is missing
    """
    held = hold(Member.objects.select_related("municipality"), member.pk)
    if standing not in STEPS[held.standing]:
        raise CannotChange(
            _("After “%(last)s” cannot come “%(next)s”.")
            % {"last": STANDINGS[held.standing], "next": STANDINGS.get(standing, standing)}
        )
    _refuse_wrong_day(held, step_on, on)
    _refuse_without_ground(held, standing, reason, decision)
    held.standing = standing
    held.ended_on = step_on if standing in {"left", "excluded"} else None
    held.save()
    step = MemberStep.objects.create(
        member=held,
        standing=standing,
        on=step_on,
        reason=reason.strip(),
        decision=decision,
        made_by=by,
    )
    tell_of_standing(step, held, on=on)
    return step


def _refuse_wrong_day(member: Member, step_on: date, today: date) -> None:
    if step_on > today:
        raise CannotChange(_("The day lies ahead: record the step when it is there."))
    last = steps_in_order(member)
    if last and last[-1].on is not None and last[-1].on > step_on:
        raise CannotChange(
            _("The last step was taken on %(day)s: the next cannot be earlier.")
            % {"day": f"{last[-1].on:%d.%m.%Y}"}
        )


def _refuse_without_ground(
    member: Member, standing: str, reason: str, decision: Decision | None
) -> None:
    if not reason.strip() and decision is None:
        raise CannotChange(
            _("Name the decision by which the city leaves.")
            if standing == "left"
            else _("Say the reason.")
        )
    if decision is None:
        return
    if decision.council.municipality_id != member.municipality_id or not decision.is_carried:
        raise CannotChange(_("This is no carried decision of the city's own council."))
    if standing == "left" and not decision.effects.filter(kind=LEAVING).exists():
        raise CannotChange(_("This decision does not say that the city leaves."))
