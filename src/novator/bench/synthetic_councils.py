"""Every figure of the councils: invented councils, people, sessions and votes in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

SINCE = date(2020, 9, 20)
FACTIONS = ("Сад", "Поле", "Река", "Луг")
ITEMS = 10
_FAMILIES = ("Берёзкин", "Кленов", "Липов", "Осинин", "Рябинин", "Соснин", "Тополев", "Ясенев",
             "Вязов", "Дубов", "Елин", "Ивушкин")  # fmt: skip
_NAMES = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл")
_OPTIONS = ("yes", "yes", "yes", "no", "yes", "abstain", "yes", "yes", "not_voting", "yes")
_SPACE = UUID("7a1f3f43-6a0d-5a8c-8a2b-4f6d2b7c9e10")
_COUNCILS_AT_ONCE = 50

Progress = Callable[[int, int], None]


def fill_councils(
    *, councils: int, people: int, ballots: int, progress: Progress | None = None
) -> dict[str, int]:
    """
    Put so many councils with people, sessions, named votes and decisions into an empty database.

    `people` and `ballots` are those of all councils together; returns how many there are.
    """
    from novator.cities.models import Municipality
    from novator.cities.operations import load_gazetteer

    load_gazetteer()
    places = list(Municipality.objects.order_by("pk")[:councils])
    each = max(5, people // councils)
    events = max(1, -(-ballots // (councils * each)))
    counts = {"councils": 0, "people": 0, "ballots": 0}
    for start in range(0, len(places), _COUNCILS_AT_ONCE):
        part = places[start : start + _COUNCILS_AT_ONCE]
        counts["ballots"] += _fill(part, start, each, events)
        counts["councils"] += len(part)
        counts["people"] += len(part) * each
        if progress:
            progress(counts["councils"], len(places))
    return counts


def _fill(places: list[Any], first: int, each: int, events: int) -> int:
    from django.db import transaction

    with transaction.atomic():
        seats = [_Chamber(place, first + number, each) for number, place in enumerate(places)]
        _bodies(seats)
        _people(seats)
        return _votes(seats, events)


class _Chamber:
    """One council while it is made."""

    def __init__(self, place: Any, number: int, each: int) -> None:
        self.place, self.number, self.each = place, number, each
        self.council: Any = None
        self.convocation: Any = None
        self.factions: list[Any] = []
        self.people: list[Any] = []
        self.post: Any = None

    def faction_of(self, person: int) -> Any:
        """The faction of the deputy at a place."""
        return self.factions[person % len(self.factions)]


def _bodies(chambers: list[_Chamber]) -> None:
    from novator.council.models import Organization, Post, Quorum

    def body(kind: str, chamber: _Chamber, name: str, **facts: Any) -> Any:
        return Organization(kind=kind, municipality=chamber.place, name=name, **facts)

    for chamber in chambers:
        name = f"Дума: {chamber.place.short_name_ru}"
        chamber.council = body("council", chamber, name, seats=chamber.each)
    Organization.objects.bulk_create([chamber.council for chamber in chambers])
    for chamber in chambers:
        chamber.convocation = body(
            "convocation", chamber, "Созыв 7", parent=chamber.council, number="7",
            founded_from=SINCE, founded_to=SINCE, seats=chamber.each,
        )  # fmt: skip
    Organization.objects.bulk_create([chamber.convocation for chamber in chambers])
    for chamber in chambers:
        chamber.factions = [
            body("faction", chamber, name, parent=chamber.convocation, position=place)
            for place, name in enumerate(FACTIONS, start=1)
        ]
        chamber.post = Post(organization=chamber.council, label="Глава города", role="head")
    Organization.objects.bulk_create([body for chamber in chambers for body in chamber.factions])
    Post.objects.bulk_create([chamber.post for chamber in chambers])
    Quorum.objects.bulk_create(
        [
            Quorum(council=chamber.council, code=code, name=code, numerator=1, denominator=2,
                   base="elected", is_over=code == "simple")
            for chamber in chambers
            for code in ("quorum", "simple")
        ]
    )  # fmt: skip


def _people(chambers: list[_Chamber]) -> None:
    from novator.council.models import Membership, Person

    for chamber in chambers:
        for place in range(chamber.each):
            number = chamber.number * chamber.each + place
            family = _FAMILIES[number % len(_FAMILIES)]
            given = _NAMES[number // 7 % len(_NAMES)]
            chamber.people.append(
                Person(
                    slug=f"person-{number}", name=f"{given} {family} {number}",
                    family_name=family, given_name=given, keys=f"{family} {given} {number}".lower(),
                )
            )  # fmt: skip
    Person.objects.bulk_create(
        [person for chamber in chambers for person in chamber.people], batch_size=2000
    )
    dates = {"starts_from": SINCE, "starts_to": SINCE}
    rows = []
    for chamber in chambers:
        head = {"post": chamber.post, "role": "head", "label": "Глава города"}
        rows.append(
            Membership(person=chamber.people[0], organization=chamber.council, **dates, **head)
        )
        for place, person in enumerate(chamber.people):
            rows.append(
                Membership(person=person, organization=chamber.convocation, role="deputy", **dates)
            )
            rows.append(Membership(person=person, organization=chamber.faction_of(place), **dates))
    Membership.objects.bulk_create(rows, batch_size=2000)


def _votes(chambers: list[_Chamber], events: int) -> int:
    """Sessions of ten questions, a named vote and a decision on each; voices by COPY."""
    from django.db import connection

    from novator.council.models import (
        AgendaItem,
        Attendance,
        Decision,
        DecisionStep,
        Motion,
        Session,
        VoteEvent,
    )

    numbers = range(-(-events // ITEMS))
    sessions = [_session(chamber, number) for chamber in chambers for number in numbers]
    Session.objects.bulk_create(sessions)
    by_council = {chamber.council.pk: chamber for chamber in chambers}
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, person=person, presence="present")
            for session in sessions
            for person in by_council[session.council_id].people
        ],
        batch_size=5000,
    )
    items = []
    for session in sessions:
        left = events - int(session.number) * ITEMS
        items += [
            AgendaItem(session=session, position=place, number=str(place),
                       title=f"О вопросе {place} заседания {session.number}")
            for place in range(1, min(ITEMS, left) + 1)
        ]  # fmt: skip
    AgendaItem.objects.bulk_create(items, batch_size=2000)
    motions = [Motion(item=item, text="Принять решение") for item in items]
    Motion.objects.bulk_create(motions, batch_size=2000)
    voted = [_event(motion, by_council[motion.item.session.council_id]) for motion in motions]
    VoteEvent.objects.bulk_create(voted, batch_size=2000)
    decisions = [_decision(event, number) for number, event in enumerate(voted)]
    Decision.objects.bulk_create(decisions, batch_size=2000)
    DecisionStep.objects.bulk_create(
        [
            DecisionStep(decision=row, state="adopted", on_from=row.adopted_from,
                         on_to=row.adopted_to)
            for row in decisions
        ],
        batch_size=2000,
    )  # fmt: skip
    count = 0
    columns = "event_id, voter_id, option, faction_id, is_remote, reason"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY council_vote ({columns}) FROM STDIN") as copy,
    ):
        for row in _voices(voted, by_council):
            copy.write_row(row)
            count += 1
    return count


def _session(chamber: _Chamber, number: int) -> Any:
    from novator.council.models import Session

    day = SINCE + timedelta(days=30 * (number + 1))
    return Session(
        council=chamber.council, convocation=chamber.convocation, number=str(number),
        name=f"Заседание {number}", held_from=day, held_to=day,
        starts_at=datetime(day.year, day.month, day.day, 10, tzinfo=UTC), state="held",
        established=chamber.each, elected=chamber.each, present=chamber.each,
        quorum_numerator=1, quorum_denominator=2, quorum_base="elected",
    )  # fmt: skip


def _event(motion: Any, chamber: _Chamber) -> Any:
    from novator.council.models import VoteEvent

    said = [option_of(motion.item.position, place) for place in range(chamber.each)]
    counts = {name: said.count(name) for name in ("yes", "no", "abstain", "not_voting")}
    is_carried = 2 * counts["yes"] > chamber.each
    return VoteEvent(
        motion=motion, method="by_name", **counts, recused=0, present=chamber.each,
        elected=chamber.each, established=chamber.each, numerator=1, denominator=2,
        base="elected", is_over=True, result="carried" if is_carried else "lost",
    )  # fmt: skip


def _decision(event: Any, number: int) -> Any:
    from novator.council.models import Decision

    session = event.motion.item.session
    return Decision(
        council=session.council, item=event.motion.item, event=event, number=f"{number}-р",
        title=event.motion.item.title, adopted_from=session.held_from,
        adopted_to=session.held_to, state="adopted" if event.result == "carried" else "lost",
    )  # fmt: skip


def _voices(voted: list[Any], chambers: dict[int, _Chamber]) -> Iterator[tuple[Any, ...]]:
    for event in voted:
        item = event.motion.item
        chamber = chambers[item.session.council_id]
        for place, person in enumerate(chamber.people):
            option = option_of(item.position, place)
            yield event.pk, person.pk, option, chamber.faction_of(place).pk, False, ""


def option_of(item: int, place: int) -> str:
    """What the deputy at a place said on a question."""
    return _OPTIONS[(item * 7 + place * 3 + item * place) % len(_OPTIONS)]


def popolo_of_votes(*, ballots: int, people: int = 35) -> dict[str, Any]:
    """One invented council with so many named voices, as a document of the standard."""
    own = "novator:"
    key = {"council": _key("council"), "term": _key("term")}
    factions = [_key("faction", name) for name in FACTIONS]
    voters = [_key("person", str(place)) for place in range(people)]
    events = -(-ballots // people)
    where = {"organization_id": key["council"]}
    document: dict[str, Any] = {
        "meta": {own + "format": 1},
        "areas": [{"id": "bench-town", "name": "Замерск", own + "region": "Удмуртия"}],
        "organizations": [
            {"id": key["council"], "name": "Дума", "classification": "council",
             "area_id": "bench-town"},
            {"id": key["term"], "name": "Созыв 7", "classification": "convocation",
             "parent_id": key["council"], "area_id": "bench-town",
             "founding_date": SINCE.isoformat()},
            *({"id": faction, "name": name, "classification": "faction", "parent_id": key["term"]}
              for faction, name in zip(factions, FACTIONS, strict=True)),
        ],
        "persons": [{"id": voter, "name": f"Анна Кленова {place}"}
                    for place, voter in enumerate(voters)],
        "memberships": [], "events": [], "motions": [], "vote_events": [],
    }  # fmt: skip
    for place, voter in enumerate(voters):
        start = {"person_id": voter, "start_date": SINCE.isoformat()}
        document["memberships"] += [
            {"id": _key("seat", voter), "organization_id": key["term"], "role": "deputy", **start},
            {"id": _key("member", voter), "organization_id": factions[place % 4],
             "role": "member", **start},
        ]  # fmt: skip
    for number in range(events):
        session, place = _key("session", str(number // 20)), number % 20 + 1
        if place == 1:
            day = SINCE + timedelta(days=1 + number // 20)
            document["events"].append(
                {"id": session, "classification": "session", "name": f"Заседание {number // 20}",
                 "start_date": day.isoformat(), "status": "held", **where}
            )  # fmt: skip
        document["events"].append(
            {"id": _key("item", str(number)), "classification": "agenda item",
             "name": f"Вопрос {number}", "parent_id": session, own + "position": place}
        )  # fmt: skip
        document["motions"].append(
            {"id": _key("motion", str(number)), "text": "Принять решение",
             own + "item_id": _key("item", str(number))}
        )  # fmt: skip
        document["vote_events"].append(_vote(number, voters, factions))
    return document


def _vote(number: int, voters: list[str], factions: list[str]) -> dict[str, Any]:
    said = [option_of(number, place) for place in range(len(voters))]
    is_carried = 2 * said.count("yes") > len(voters)
    own = "novator:"
    words = {"not_voting": "not voting"}
    return {
        "id": _key("vote", str(number)),
        "motion_id": _key("motion", str(number)),
        "classification": "by_name",
        "result": "pass" if is_carried else "fail",
        "counts": [
            {"option": words.get(name, name), "value": said.count(name)}
            for name in ("yes", "no", "abstain", "not_voting")
        ],
        "votes": [
            {"voter_id": voter, "option": words.get(said[place], said[place]),
             "group_id": factions[place % 4]}
            for place, voter in enumerate(voters)
        ],
        own + "present": len(voters), own + "elected": len(voters), own + "numerator": 1,
        own + "denominator": 2, own + "base": "elected", own + "is_over": True,
    }  # fmt: skip


def _key(*parts: str) -> str:
    return str(uuid5(_SPACE, "\n".join(parts)))
