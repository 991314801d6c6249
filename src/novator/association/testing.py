"""The association: builders of members, representatives and applications for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user
from novator.association.models import Application, Member, MemberStep, Poll, Representative
from novator.association.polls import Option, Plan, open_poll, prepare_poll
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.council.models import (
    Decision,
    DecisionEffect,
    DecisionStep,
    Mandate,
    Organization,
    Person,
)

JOINED_ON = date(2020, 3, 1)


def make_joining_decision(
    city: Municipality, *, state: str = "in_force", adopted_on: date = JOINED_ON, **facts: Any
) -> Decision:
    """A decision of the city's council to join the association."""
    council = Organization.objects.get_or_create(
        kind="council",
        municipality=city,
        defaults={"name": f"{city.short_name_ru}: городская Дума"},
    )[0]
    decision = Decision.objects.create(
        **{
            "council": council,
            "number": f"{Decision.objects.count() + 1}/1",
            "title": "О вступлении в Ассоциацию новаторских городов",
            "text": "Вступить в Ассоциацию новаторских городов.",
            "adopted_from": adopted_on,
            "adopted_to": adopted_on,
            "initiated_as": "Глава города",
            "state": state,
        }
        | facts
    )
    DecisionEffect.objects.create(decision=decision, kind="join_association", key="association")
    for step in dict.fromkeys(["adopted", state]) if state != "draft" else ():
        DecisionStep.objects.create(
            decision=decision, state=step, on_from=adopted_on, on_to=adopted_on
        )
    return decision


def make_mandate_to(person: Person, decision: Decision, **facts: Any) -> Mandate:
    """A mandate towards the association that this decision gives to a person."""
    return Mandate.objects.create(
        **{
            "municipality": decision.council.municipality,
            "decision": decision,
            "holder": person,
            "subject": "Представлять город в Ассоциации новаторских городов",
            "is_towards_association": True,
            "starts_on": decision.adopted_to,
        }
        | facts
    )


def make_representing_person(
    city: Municipality, *, user: User | None = None, name: str = ""
) -> Person:
    """Somebody of this city with an office; `user` is the account of that person."""
    number = Person.objects.count() + 1
    return Person.objects.create(
        slug=f"{city.slug}-{number}", name=name or f"Представитель {number}", user=user
    )


def make_member(
    city: Municipality | str = "Glazov",
    *,
    is_active: bool = True,
    standing: str = "admitted",
    admitted_on: date = JOINED_ON,
    decision: Decision | None = None,
    user: User | None = None,
    **mandate: Any,
) -> Member:
    """
    A member whose council decided to join; active by a mandate to a person with account `user`.

    Further facts are those of the mandate (`ends_on=…, may_substitute=True`); a standing other
    than "admitted" is a second step on 2024-01-01.
    """
    place = city if isinstance(city, Municipality) else make_city(city)
    joined = decision or make_joining_decision(place, adopted_on=admitted_on)
    member = Member.objects.create(
        municipality=place, decision=joined, standing=standing, admitted_on=admitted_on
    )
    MemberStep.objects.create(member=member, standing="admitted", on=admitted_on, decision=joined)
    if standing != "admitted":
        MemberStep.objects.create(member=member, standing=standing, on=date(2024, 1, 1))
    if is_active:
        make_mandate_to(make_representing_person(place, user=user), joined, **mandate)
    return member


def make_representative(
    member: Member,
    user: User | None = None,
    *,
    mandate: Mandate | None = None,
    substitute_of: Representative | None = None,
    **facts: Any,
) -> Representative:
    """
    Somebody named to act for the member, with an account, on its newest mandate.

    Without `substitute_of` the account is tied to the mandate's holder.
    """
    given = mandate or Mandate.objects.filter(municipality=member.municipality_id).last()
    if given is None:
        person = make_representing_person(member.municipality)
        assert member.decision is not None
        given = make_mandate_to(person, member.decision)
    address = f"representative-{Representative.objects.count()}@{member.municipality.slug}.example"
    return Representative.objects.create(
        **{
            "member": member,
            "mandate": given,
            "person": None if substitute_of else given.holder,
            "user": user or make_user(address),
            "substitute_of": substitute_of,
            "starts_on": given.starts_on,
        }
        | facts
    )


def make_application(
    city: Municipality | str = "Zarechny",
    *,
    state: str = "submitted",
    decision: Decision | None = None,
    made_by: User | None = None,
    **facts: Any,
) -> Application:
    """A city asks to join, with its council's decision."""
    place = city if isinstance(city, Municipality) else make_city(city)
    return Application.objects.create(
        **{
            "municipality": place,
            "state": state,
            "decision": decision or make_joining_decision(place),
            "made_by": made_by or make_user(f"secretary@{place.slug}.example"),
            "representative_name": "Представитель города",
            "representative_position": "Глава города",
        }
        | facts
    )


def make_poll(
    *,
    is_open: bool = True,
    office: User | None = None,
    now: datetime | None = None,
    codes: Sequence[str] = ("for", "against", "abstain"),
    **plan: Any,
) -> Poll:
    """
    A vote of the members for a week, opened at `now` (this moment); "abstain" is an abstention.

    Further facts are those of `Plan` (`is_secret=True, quorum=Fraction(1, 3)`).
    """
    moment = now or timezone.now()
    by = office or User.objects.filter(email="office@association.example").first()
    by = by or make_role("office").user
    options = [Option(one, one.capitalize(), one, one == "abstain") for one in codes]
    facts: dict[str, Any] = {
        "title": "О ежегодной встрече",
        "title_en": "On the yearly meeting",
        "closes_at": moment + timedelta(days=7),
        "options": options,
    }
    poll = prepare_poll(plan=Plan(**(facts | plan)), by=by, now=moment)
    return open_poll(poll=poll, by=by, now=moment) if is_open else poll
