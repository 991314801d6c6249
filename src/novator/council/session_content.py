"""Who decides: a session as one value that fits JSON: agenda, speeches, votes, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from novator.core.partial_dates import write_partial
from novator.council.models import (
    AgendaItem,
    Attendance,
    Decision,
    FactionCount,
    Motion,
    Organization,
    Paper,
    Person,
    Session,
    Speech,
    Vote,
    VoteEvent,
)

FORMAT = 1
Content = dict[str, Any]
_COUNTS = ("yes", "no", "abstain", "not_voting", "recused", "present", "elected", "established")


def content_of(session: Session) -> Content:
    """
    Write down a session whole, read anew; about twelve queries, however long its agenda is.

    Names stand as they are today; a signed protocol keeps what this gave when it was signed.
    """
    return written(sessions_whole().get(pk=session.pk))


def written(row: Session, *, with_voices: bool = True) -> Content:
    """
    Write down a session that `sessions_whole` gave; about eleven queries.

    `with_voices` false leaves out who voted how, which a page does not need.
    """
    attendance = Attendance.objects.filter(session=row).select_related("person")
    items = [_item(item, with_voices=with_voices) for item in _items(row, with_voices)]
    return {
        "format": FORMAT,
        "session": _head(row),
        "attendance": [
            {"person": _person(one.person), "presence": one.presence, "note": one.note}
            for one in attendance.order_by("person__family_name", "person__name", "person_id")
        ],
        "items": items,
    }


def public_part(content: Mapping[str, Any], *, session: Session | None = None) -> Content:
    """
    What everybody may read: of what is closed only that it is, its decisions and results.

    Papers that are not public are left out everywhere. With `session` what was closed since
    counts as closed too (an earlier version of a protocol): one query.
    """
    head = dict(content["session"])
    is_closed = bool(head["is_closed"]) or (session is not None and session.is_closed)
    head["is_closed"] = is_closed
    closed = _closed_items(session)
    if is_closed:
        head |= {"place": "", "chair": None, "secretary": None, "is_hidden": True}
    items = [
        _open_part(item, is_closed=is_closed or item["is_closed"] or item["id"] in closed)
        for item in content["items"]
    ]
    attendance = [] if is_closed else content["attendance"]
    return dict(content) | {"session": head, "items": items, "attendance": attendance}


def _closed_items(session: Session | None) -> frozenset[str]:
    if session is None:
        return frozenset()
    rows = session.items.filter(is_closed=True).values_list("public_id", flat=True)
    return frozenset(str(public_id) for public_id in rows)


def _open_part(item: Mapping[str, Any], *, is_closed: bool) -> Content:
    if not is_closed:
        return dict(item) | {"papers": [one for one in item["papers"] if one["is_public"]]}
    motions = [
        {"id": motion["id"], "kind": motion["kind"], "text": "", "text_en": "", "moved_by": None}
        | {"votes": [vote | {"voices": [], "factions": []} for vote in motion["votes"]]}
        for motion in item["motions"]
    ]
    return dict(item) | {
        "is_closed": True,
        "is_hidden": True,
        "title": "",
        "title_en": "",
        "initiated_by": None,
        "initiated_as": "",
        "initiated_as_en": "",
        "outcome": "",
        "outcome_en": "",
        "papers": [],
        "speeches": [],
        "motions": motions,
    }


def sessions_whole() -> QuerySet[Session]:
    """Sessions with what `written` tells of themselves."""
    return Session.objects.select_related(
        "council__municipality__region", "convocation", "chair", "secretary", "source"
    )


def _items(session: Session, with_voices: bool) -> Iterable[AgendaItem]:
    votes = Vote.objects.select_related("voter", "faction").order_by(
        "voter__family_name", "voter__name", "id"
    )
    factions = FactionCount.objects.select_related("faction")
    within: list[Prefetch[Any]] = [Prefetch("by_faction", factions)]
    if with_voices:
        within.append(Prefetch("votes", votes))
    events = VoteEvent.objects.order_by("position", "id").prefetch_related(*within)
    motions = Motion.objects.select_related("moved_by").order_by("position", "id")
    papers = Paper.objects.select_related("file").defer("text")
    decisions = Decision.objects.shown().defer("text", "summary", "summary_en")
    return (
        session.items.select_related("initiated_by")
        .order_by("position")
        .prefetch_related(
            Prefetch("papers", papers.order_by("id")),
            Prefetch("speeches", Speech.objects.select_related("person", "source")),
            Prefetch("motions", motions.prefetch_related(Prefetch("votes_taken", events))),
            Prefetch("decisions", decisions.order_by("number", "id")),
        )
    )


def _head(session: Session) -> Content:
    municipality = session.council.municipality
    return {
        "id": str(session.public_id),
        "council": _body(session.council),
        "municipality": municipality.slug if municipality else "",
        "convocation": _body(session.convocation),
        "number": session.number,
        "name": session.name,
        "name_en": session.name_en,
        "is_extraordinary": session.is_extraordinary,
        "held": write_partial(session.held_from, session.held_to),
        "starts_at": _moment(session.starts_at),
        "ends_at": _moment(session.ends_at),
        "place": session.place,
        "form": session.form,
        "is_closed": session.is_closed,
        "closed_because": session.closed_because,
        "established": session.established,
        "elected": session.elected,
        "present": session.present,
        "quorum": _rule(
            session.quorum_numerator,
            session.quorum_denominator,
            session.quorum_base,
            session.quorum_is_over,
        ),
        "chair": _person(session.chair),
        "secretary": _person(session.secretary),
    }


def _item(item: AgendaItem, *, with_voices: bool) -> Content:
    return {
        "id": str(item.public_id),
        "pk": item.pk,
        "position": item.position,
        "number": item.number,
        "title": item.title,
        "title_en": item.title_en,
        "is_closed": item.is_closed,
        "initiated_by": _person(item.initiated_by),
        "initiated_as": item.initiated_as,
        "initiated_as_en": item.initiated_as_en,
        "outcome": item.outcome,
        "outcome_en": item.outcome_en,
        "papers": [_paper(paper) for paper in item.papers.all()],
        "speeches": [_speech(speech) for speech in item.speeches.all()],
        "motions": [_motion(motion, with_voices=with_voices) for motion in item.motions.all()],
        "decisions": [_decision(decision) for decision in item.decisions.all()],
    }


def _paper(paper: Paper) -> Content:
    return {
        "id": str(paper.public_id),
        "kind": paper.kind,
        "number": paper.number,
        "title": paper.title,
        "dated": write_partial(paper.dated_from, paper.dated_to),
        "is_public": paper.is_public,
        "url": paper.url,
        "file": {"id": str(paper.file.public_id), "name": paper.file.name} if paper.file else None,
    }


def _speech(speech: Speech) -> Content:
    return {
        "id": str(speech.public_id),
        "person": _person(speech.person),
        "speaker": speech.speaker,
        "capacity": speech.capacity,
        "capacity_en": speech.capacity_en,
        "stance": speech.stance,
        "text": speech.text,
        "text_en": speech.text_en,
        "is_in_session": speech.is_in_session,
        "source": speech.source.title if speech.source else "",
    }


def _motion(motion: Motion, *, with_voices: bool) -> Content:
    return {
        "id": str(motion.public_id),
        "kind": motion.kind,
        "text": motion.text,
        "text_en": motion.text_en,
        "moved_by": _person(motion.moved_by),
        "votes": [_vote(event, with_voices=with_voices) for event in motion.votes_taken.all()],
    }


def _vote(event: VoteEvent, *, with_voices: bool) -> Content:
    return {
        "id": str(event.public_id),
        "pk": event.pk,
        "method": event.method,
        "is_absentee": event.is_absentee,
        "taken_at": _moment(event.taken_at),
        **{name: getattr(event, name) for name in _COUNTS},
        "majority": event.majority,
        "rule": _rule(event.numerator, event.denominator, event.base, event.is_over),
        "result": event.result,
        "is_result_stated": event.is_result_stated,
        "voices": [
            {
                "person": _person(vote.voter),
                "option": vote.option,
                "faction": _body(vote.faction),
                "is_remote": vote.is_remote,
                "reason": vote.reason,
            }
            for vote in (event.votes.all() if with_voices else ())
        ],
        "factions": [
            {
                "faction": _body(count.faction),
                "yes": count.yes,
                "no": count.no,
                "abstain": count.abstain,
                "not_voting": count.not_voting,
            }
            for count in event.by_faction.all()
        ],
    }


def _decision(decision: Decision) -> Content:
    return {
        "id": str(decision.public_id),
        "pk": decision.pk,
        "number": decision.number,
        "adopted": write_partial(decision.adopted_from, decision.adopted_to),
        "title": decision.title,
        "title_en": decision.title_en,
        "state": decision.state,
    }


def _person(person: Person | None) -> Content | None:
    if person is None:
        return None
    return {"slug": person.slug, "name": person.name, "name_en": person.name_en}


def _body(body: Organization | None) -> Content | None:
    if body is None:
        return None
    return {
        "id": str(body.public_id),
        "name": body.name,
        "name_en": body.name_en,
        "short_name": body.short_name,
        "short_name_en": body.short_name_en,
    }


def _rule(
    numerator: int | None, denominator: int | None, base: str, is_over: bool
) -> Content | None:
    if numerator is None or denominator is None:
        return None
    return {"numerator": numerator, "denominator": denominator, "base": base, "is_over": is_over}


def _moment(moment: datetime | date | None) -> str | None:
    return moment.isoformat() if moment else None
