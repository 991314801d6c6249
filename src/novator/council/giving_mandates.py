"""Who decides: a decision gives a mandate, a later one withdraws it (rule K6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.council.deciding import CannotDecide
from novator.council.models import (
    Decision,
    DecisionEffect,
    Mandate,
    Person,
    Post,
    Source,
)


@dataclass(frozen=True)
class Powers:
    """What a mandate is for: towards whom, from when until when, and what it lets one do."""

    subject: str
    subject_en: str = ""
    towards: str = ""
    towards_en: str = ""
    is_towards_association: bool = False
    may_vote: bool = True
    may_sign: bool = True
    may_substitute: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def give_mandate(
    *,
    decision: Decision,
    powers: Powers,
    holder: Person | None = None,
    holder_post: Post | None = None,
    source: Source | None = None,
) -> Mandate:
    """
    Let a person, or whoever holds a post, act for the city; the decision is told that it does so.

    It counts from the decision's day on, however it is written. It may outlive the convocation.

    :raises CannotDecide: the dates are wrong, or nobody or somebody of another city would hold it
    """
    held = hold(Decision.objects.select_related("council__municipality"), decision.pk)
    city = held.council.municipality
    assert city is not None
    if held.state in {"lost", "repealed"}:
        raise CannotDecide("K6.decision", _("A decision that does not stand gives no mandate."))
    _refuse_wrong_holder(city, holder, holder_post)
    _refuse_wrong_powers(held, powers)
    facts: dict[str, Any] = {name: getattr(powers, name) for name in Powers.__dataclass_fields__}
    facts |= {"municipality": city, "holder": holder, "holder_post": holder_post}
    if (known := held.mandates.filter(**facts).first()) is not None:
        return known  # the same form sent twice
    mandate = Mandate.objects.create(decision=held, source=source, **facts)
    DecisionEffect.objects.create(
        decision=held,
        kind="give_mandate",
        key=str(mandate.public_id),
        text=powers.subject,
        text_en=powers.subject_en,
    )
    return mandate


@transaction.atomic
def withdraw_mandate(
    *, mandate: Mandate, decision: Decision, on: date, because: str = ""
) -> Mandate:
    """
    End a mandate by a later decision of the same city's council, from a day on.

    :raises CannotDecide: it is withdrawn already, or the decision is another city's or not carried
    """
    held = hold(Mandate.objects.select_related("municipality"), mandate.pk)
    ending = hold(Decision.objects.select_related("council"), decision.pk)
    if held.withdrawn_on is not None:
        raise CannotDecide("K6.withdrawn", _("This mandate is withdrawn already."))
    if ending.council.municipality_id != held.municipality_id:
        raise CannotDecide("K6.city", _("A council withdraws only mandates of its own city."))
    if not ending.is_carried:
        raise CannotDecide("K6.decision", _("The council did not carry this decision."))
    if ending.adopted_from is not None and on < ending.adopted_from:
        raise CannotDecide("K6.dates", _("It cannot end before the decision that withdraws it."))
    held.withdrawn_on, held.withdrawn_by, held.withdrawn_because = on, ending, because
    held.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_because"])
    DecisionEffect.objects.create(
        decision=ending,
        kind="withdraw_mandate",
        key=str(held.public_id),
        text=held.subject,
        text_en=held.subject_en,
    )
    return held


def _refuse_wrong_holder(
    city: Municipality, holder: Person | None, holder_post: Post | None
) -> None:
    if (holder is None) == (holder_post is None):
        raise CannotDecide("K6.holder", _("A mandate is of one person or of one post."))
    if holder_post is not None and holder_post.organization.municipality_id != city.pk:
        raise CannotDecide("K6.holder", _("This post is of another city."))


def _refuse_wrong_powers(decision: Decision, powers: Powers) -> None:
    if not powers.subject.strip():
        raise CannotDecide("K6.subject", _("Say what the mandate is for."))
    starts, ends = powers.starts_on, powers.ends_on
    if starts is not None and ends is not None and ends < starts:
        raise CannotDecide("K6.dates", _("The mandate ends before it begins."))
    if starts and decision.adopted_from and starts < decision.adopted_from:
        raise CannotDecide("K6.dates", _("The mandate begins before the decision that gives it."))
