"""Who decides: builders of councils, people and bodies for tests; everybody is invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.core.partial_dates import Partial, read_partial
from novator.council.bodies import (
    add_person,
    begin_membership,
    found_council,
    found_organization,
    found_post,
)
from novator.council.majorities import Counts, Rule
from novator.council.models import (
    AgendaItem,
    Decision,
    DecisionStep,
    Mandate,
    Membership,
    Motion,
    Organization,
    Person,
    Post,
    Session,
    VoteEvent,
)
from novator.council.recording import (
    Entered,
    Presence,
    SessionFacts,
    Spoken,
    plan_session,
    record_attendance,
    record_vote,
)
from novator.council.room import room_of

SITS_SINCE = date(2020, 9, 20)
"""The first day of every convocation that is not said otherwise."""
PEOPLE = (
    "Анна Берёзкина",
    "Борис Кленов",
    "Вера Липова",
    "Глеб Осинин",
    "Дарья Рябинина",
    "Егор Соснин",
    "Жанна Тополева",
    "Захар Ясенев",
    "Инна Вязова",
)
"""Invented deputies."""


def partial(text: str) -> Partial:
    """A partial date as it is written: "2016-05", "../2016-05-05"."""
    return read_partial(text)


def make_council(
    city: Municipality | None = None, *, seats: int | None = 9, **facts: Any
) -> Organization:
    """The council of a city (Zarechny), once, with the usual rules and one sitting convocation."""
    where = city or make_city()
    known = Organization.objects.filter(kind="council", municipality=where).first()
    if known is not None:
        return known
    usual: dict[str, Any] = {
        "municipality": where,
        "name": f"Городская Дума города {where.short_name_ru}",
        "name_en": f"City Duma of {where.short_name_en}" if where.short_name_en else "",
        "seats": seats,
    }
    council = found_council(**usual | facts)
    make_convocation(council)
    return council


def make_convocation(
    council: Organization | None = None, *, starts: str = SITS_SINCE.isoformat(), **facts: Any
) -> Organization:
    """A convocation of the council, once per beginning."""
    whole = council or make_council()
    founded = partial(starts)
    known = whole.parts.filter(kind="convocation", founded_to=founded.latest).first()
    if known is not None:
        return known
    number = str(facts.pop("number", whole.parts.filter(kind="convocation").count() + 1))
    usual: dict[str, Any] = {
        "kind": "convocation",
        "parent": whole,
        "name": f"Созыв {number}",
        "name_en": f"Convocation {number}",
        "number": number,
        "seats": whole.seats,
        "founded": founded,
    }
    return found_organization(**usual | facts)


def make_person(name: str = PEOPLE[0], **facts: Any) -> Person:
    """Somebody invented, once per name."""
    return Person.objects.filter(name=name).first() or add_person(name=name, **facts)


def make_faction(
    council: Organization | None = None, name: str = "Сад", **facts: Any
) -> Organization:
    """A faction of the last convocation, once per name."""
    convocation = _last_convocation(council or make_council())
    known = convocation.parts.filter(kind="faction", name=name).first()
    place = convocation.parts.filter(kind="faction").count() + 1
    usual: dict[str, Any] = {"kind": "faction", "parent": convocation, "name": name}
    return known or found_organization(**usual | {"position": place} | facts)


def make_post(
    organization: Organization | None = None, label: str = "Глава города", **facts: Any
) -> Post:
    """A post of a body, once per name: head of the city in the council if nothing is said."""
    body = organization or make_council()
    known = body.posts.filter(label=label).first()
    usual: dict[str, Any] = {"organization": body, "label": label, "role": "head"}
    return known or found_post(**usual | facts)


def make_membership(
    person: Person | str = PEOPLE[0],
    organization: Organization | None = None,
    *,
    starts: str = SITS_SINCE.isoformat(),
    ends: str = "",
    **facts: Any,
) -> Membership:
    """Somebody in a body: a deputy if it is a council or a convocation, a member otherwise."""
    body = organization or make_council()
    if body.kind == "council" and "post" not in facts and "role" not in facts:
        body = _last_convocation(body)
    role = "deputy" if body.kind == "convocation" else "member"
    usual: dict[str, Any] = {
        "person": make_person(person) if isinstance(person, str) else person,
        "organization": body,
        "role": role,
        "starts": partial(starts),
        "ends": partial(ends),
    }
    return begin_membership(**usual | facts)


def make_deputies(
    council: Organization | None = None, *, factions: dict[str, int] | None = None
) -> list[Person]:
    """
    Deputies of the last convocation in factions ("" is none), in the order of `PEOPLE`.

    Without factions: five of «Сад», three of «Поле», one of none. Their memberships are stored
    unchecked in one query, where `make_membership` asks and checks for each.
    """
    whole = council or make_council()
    convocation = _last_convocation(whole)
    made: list[Person] = []
    seats: list[Membership] = []
    since = partial(SITS_SINCE.isoformat())
    sit = {"starts_from": since.earliest, "starts_to": since.latest}
    for name, count in (factions or {"Сад": 5, "Поле": 3, "": 1}).items():
        faction = make_faction(whole, name) if name else None
        for _each in range(count):
            number, place = divmod(len(made), len(PEOPLE))
            person = make_person(PEOPLE[place] + (f" {number + 1}" if number else ""))
            seats.append(Membership(person=person, organization=convocation, role="deputy", **sit))
            if faction is not None:
                seats.append(Membership(person=person, organization=faction, role="member", **sit))
            made.append(person)
    Membership.objects.bulk_create(seats)
    return made


def _last_convocation(council: Organization) -> Organization:
    found = council.parts.filter(kind="convocation").order_by("-founded_to", "-id").first()
    assert found is not None
    return found


def make_decision(
    council: Organization | None = None, *, state: str = "adopted", **facts: Any
) -> Decision:
    """A decision of Zarechny's council with its steps up to `state`; carried unless told."""
    council = council or make_council()
    day = facts.pop("on", date(2026, 3, 4))
    values: dict[str, Any] = {
        "council": council,
        "title": "О вступлении в Ассоциацию новаторских городов",
        "title_en": "On joining the Association of Innovator Cities",
        "number": f"{Decision.objects.filter(council=council).count() + 1}-р",
        "adopted_from": day,
        "adopted_to": day,
        "state": state,
    }
    decision = Decision.objects.create(**(values | facts))
    path = {"lost": ["lost"], "draft": [], "repealed": ["adopted", "signed", "repealed"]}
    for step in path.get(state, ["adopted"] if state == "adopted" else ["adopted", state]):
        DecisionStep.objects.create(
            decision=decision,
            state=step,
            on_from=decision.adopted_from,
            on_to=decision.adopted_to,
        )
    return decision


def make_mandate(
    decision: Decision | None = None, *, holder: Person | Post | None = None, **facts: Any
) -> Mandate:
    """A mandate towards the association, to a person or a post, by a carried decision."""
    decision = decision or make_decision()
    holder = holder or make_person()
    city = decision.council.municipality
    assert city is not None
    values: dict[str, Any] = {
        "municipality": city,
        "decision": decision,
        "holder": holder if isinstance(holder, Person) else None,
        "holder_post": holder if isinstance(holder, Post) else None,
        "subject": "выступать от имени города в ассоциации",
        "subject_en": "to act for the city in the association",
        "is_towards_association": True,
        "starts_on": decision.adopted_to,
    }
    return Mandate.objects.create(**(values | facts))


def make_session(
    council: Organization | None = None,
    *,
    on: date = date(2026, 3, 4),
    state: str = "held",
    are_present: bool = True,
    **facts: Any,
) -> Session:
    """
    A session of Zarechny's council at ten o'clock; unless told, held with everybody present.

    `facts` are fields of the session, such as `name` or `is_closed`.
    """
    whole = council or make_council()
    begins = timezone.make_aware(datetime.combine(on, time(10)))
    told = SessionFacts(name=facts.pop("name", f"Заседание {on:%d.%m.%Y}"), starts_at=begins)
    session = plan_session(council=whole, facts=told)
    if are_present and state != "planned":
        seats = room_of(session).seats
        people = {seat.person.pk: Presence("present") for seat in seats}
        session = record_attendance(session=session, people=people)
    Session.objects.filter(pk=session.pk).update(state=state, **facts)
    session.refresh_from_db()
    return session


def make_item(
    session: Session | None = None, title: str = "О бюджете города", **facts: Any
) -> AgendaItem:
    """A question at the end of the agenda."""
    whole = session or make_session()
    place = whole.items.count() + 1
    usual: dict[str, Any] = {"position": place, "number": str(place), "title": title}
    return AgendaItem.objects.create(session=whole, **usual | facts)


def make_motion(item: AgendaItem | None = None, text: str = "Принять решение") -> Motion:
    """What is put to the vote on a question."""
    about = item or make_item()
    return about.motions.create(text=text, position=about.motions.count() + 1)


def make_vote_event(
    item: AgendaItem | None = None,
    *,
    motion: Motion | None = None,
    voices: Mapping[Person, str] | None = None,
    counts: Counts | None = None,
    rest: str = "yes",
    **facts: Any,
) -> VoteEvent:
    """
    A vote, recorded as the pages record it: by name, all deputies in favour, unless told.

    `voices` names the exceptions and `rest` what all others said; `counts` makes it a vote of
    which only counts are known. `facts` are fields of `Entered`.
    """
    about = item or (motion.item if motion else make_item())
    said: dict[int, Spoken] = {}
    if counts is None and facts.get("method", "by_name") == "by_name":
        room = room_of(about.session)
        said = {seat.person.pk: Spoken(rest) for seat in room.seats}
        for person, option in (voices or {}).items():
            said[person.pk] = Spoken(option, "конфликт интересов" if option == "recused" else "")
    usual: dict[str, Any] = {
        "method": "counts" if counts else "by_name",
        "text": motion.text if motion else "Принять решение",
        "rule": Rule(1, 2, "present"),
        "majority": "больше половины присутствующих",
        "voices": said,
        "counts": counts,
    }
    return record_vote(item=about, motion=motion, entered=Entered(**usual | facts))
