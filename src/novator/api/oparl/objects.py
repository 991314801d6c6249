"""Who decides, told to other systems: one object of each type of OParl, from our rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from novator.api.oparl.moments import LONG_AGO, times_of
from novator.api.oparl.schema import SCHEMA
from novator.api.oparl.votes import decision_of, vote_of
from novator.api.v1.paging import absolute
from novator.cities.models import Municipality
from novator.core.partial_dates import write_partial
from novator.council.composition import SEATED
from novator.council.models import (
    AgendaItem,
    DecisionFile,
    Membership,
    Organization,
    Paper,
    Person,
    Protocol,
    Session,
    Vote,
    VoteEvent,
)

Told = dict[str, Any]
PREFIX = "novator:"
_STATES = {"planned": "terminiert", "invited": "eingeladen", "held": "eingeladen",
           "signed": "durchgeführt", "cancelled": "terminiert"}  # fmt: skip
_TYPES = {"council": "Gremium", "committee": "Gremium", "faction": "Fraktion", "party": "Partei",
          "party_branch": "Partei", "administration": "Verwaltungsbereich",
          "union": "Institution", "other": "Sonstiges"}  # fmt: skip
_CLASSES = {"council": "Parlament", "faction": "Fraktion", "party": "Partei",
            "committee": "Ausschuss"}  # fmt: skip


class Teller:
    """Writes rows as objects; knows addresses and the moments of the rows of one answer."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._base = absolute(request, reverse("oparl", args=[""]))
        self._times: dict[type[Any], dict[int, tuple[datetime, datetime]]] = {}
        self._voices: dict[int, list[Told]] = {}

    def url(self, *parts: object) -> str:
        """Address of an object or a list of this interface."""
        return self._base + "/".join(map(str, parts))

    def web(self, name: str, *args: object, **kwargs: object) -> str:
        """Address of the page for people; empty where there is none."""
        with translation.override("ru"):
            try:
                return absolute(self.request, reverse(name, args=args, kwargs=kwargs))
            except NoReverseMatch:
                return ""

    def know(self, model: type[Any], pks: Iterable[int]) -> None:
        """Look up when these rows were made and changed. One query."""
        wanted = set(pks) - set(self._times.get(model, ()))
        if wanted:
            self._times.setdefault(model, {}).update(times_of(model, wanted))

    def know_voices(self, items: Iterable[AgendaItem]) -> None:
        """Look up who voted how on these questions, without a row of ours for each. One query."""
        rows = Vote.objects.filter(event__motion__item__in=items).order_by("id")
        facts = ("event", "voter__public_id", "option", "faction__public_id")
        for event, voter, option, faction in rows.values_list(*facts):
            voice = {
                "person": self.url("person", voter),
                "option": option,
                "organization": self.url("organization", faction) if faction else None,
            }
            self._voices.setdefault(event, []).append(voice)

    def voices_of(self, event: VoteEvent) -> list[Told]:
        """Each voice of a vote, as far as `know_voices` looked it up."""
        return self._voices.get(event.pk, [])

    def head(self, kind: str, url: str, row: Any) -> Told:
        """What every object begins with; `row` is the one whose moments count."""
        first, last = self._times.get(type(row), {}).get(row.pk, (LONG_AGO, LONG_AGO))
        return {
            "id": url,
            "type": SCHEMA + kind,
            "created": _moment(first),
            "modified": _moment(last),
        }

    def tombstone(self, kind: str, key: object, made: datetime, gone: datetime) -> Told:
        """What is left of an object that was taken out."""
        return {
            "id": self.url(kind, key),
            "type": SCHEMA + kind[:1].upper() + kind[1:],
            "created": made.isoformat(),
            "modified": gone.isoformat(),
            "deleted": True,
        }

    # ---- one function for each type

    def body(self, row: Municipality, council: Organization, terms: list[Organization]) -> Told:
        """A municipality that has a council here."""
        lists = {
            name: self.url("body", row.slug, name)
            for name in (
                "organization", "person", "meeting", "paper", "agendaItem", "consultation",
                "file", "membership", "locationList", "legislativeTermList",
            )
        }  # fmt: skip
        found = self.head("Body", self.url("body", row.slug), council) | {
            "system": self.url("system"),
            "name": row.name_ru,
            "shortName": row.short_name_ru,
            "classification": row.kind,
            "website": council.website,
            "legislativeTerm": [self.term(term) for term in terms],
            "location": self.place(row) if row.has_point else None,
            PREFIX + "oktmo": row.oktmo,
            "web": self.web("council", row.slug),
        }
        return _said(found | lists, keep=("legislativeTerm",))

    def term(self, row: Organization) -> Told:
        """A convocation."""
        found = self.head("LegislativeTerm", self.url("legislativeTerm", row.public_id), row)
        found |= {"body": self._body_of(row.municipality), "name": row.name}
        found |= _span(row, "founded", "dissolved")
        return _said(found)

    def organization(self, row: Organization) -> Told:
        """A council, a faction, a committee, a party; convocations are terms."""
        parent = row.parent
        if parent is not None and parent.kind == "convocation":
            parent = parent.parent
        found = self.head("Organization", self.url("organization", row.public_id), row) | {
            "body": self._body_of(row.municipality),
            "name": row.name,
            "shortName": row.short_name,
            "organizationType": _TYPES.get(row.kind, "Sonstiges"),
            "classification": _CLASSES.get(row.kind, row.kind),
            "subOrganizationOf": self.url("organization", parent.public_id) if parent else None,
            "membership": [
                self.url("membership", public_id) for public_id in getattr(row, "told_members", ())
            ],
            "post": [post.label for post in row.posts.all()],
            "website": row.website,
            "web": self.web("organization", row.public_id),
        }
        if row.kind == "council":
            found["meeting"] = self.url("organization", row.public_id, "meeting")
        return _said(found | _span(row, "founded", "dissolved"))

    def person(self, row: Person) -> Told:
        """Somebody in office, with all memberships, past ones too (and nothing private)."""
        members = list(row.memberships.all())
        place = next((one.organization.municipality for one in members
                      if one.organization.municipality_id), None)  # fmt: skip
        lines = "; ".join(line.text for line in row.life.all())
        found = self.head("Person", self.url("person", row.public_id), row) | {
            "body": self._body_of(place),
            "name": row.name,
            "familyName": row.family_name,
            "givenName": row.given_name,
            PREFIX + "patronymic": row.patronymic,
            "membership": [self.membership(one, is_inside=True) for one in members],
            "life": lines if len(lines) < 300 else lines[:299] + "…",
            "lifeSource": str(row.source) if lines and row.source else "",
            "web": self.web("person", row.slug),
        }
        return _said(found)

    def membership(self, row: Membership, *, is_inside: bool = False) -> Told:
        """A role in a body; a seat in a convocation is one in the council."""
        body = row.organization
        is_seat = body.kind == "convocation"
        of = body.parent if is_seat and body.parent is not None else body
        behalf = row.on_behalf_of
        found = self.head("Membership", self.url("membership", row.public_id), row) | {
            "person": None if is_inside else self.url("person", row.person.public_id),
            "organization": self.url("organization", of.public_id),
            "role": row.label or row.role,
            "onBehalfOf": self.url("organization", behalf.public_id) if behalf else None,
            PREFIX + "endReason": row.end_reason,
        }
        if is_seat:
            found["votingRight"] = row.role in SEATED
            found[PREFIX + "legislativeTerm"] = self.url("legislativeTerm", body.public_id)
        return _said(found | _span(row, "starts", "ends"))

    def meeting(self, row: Session) -> Told:
        """A session with its agenda; of a closed one neither its place nor who was there."""
        heard = [] if row.is_closed else row.attendance.all()
        there = [one for one in heard if one.presence in {"present", "remote"}]
        found = self.head("Meeting", self.url("meeting", row.public_id), row) | {
            "name": row.name,
            "meetingState": _STATES[row.state],
            "cancelled": row.state == "cancelled" or None,
            "start": _moment(row.starts_at),
            "end": _moment(row.ends_at),
            "location": self.room(row) if row.place and not row.is_closed else None,
            "organization": [self.url("organization", row.council.public_id)],
            "participant": [self.url("person", one.person.public_id) for one in there],
            "agendaItem": [self.item(item, row, is_inside=True) for item in row.items.all()],
            "web": self.web("council_session", row.pk),
            PREFIX + "held": write_partial(row.held_from, row.held_to),
            PREFIX + "isClosed": row.is_closed or None,
        }
        protocols = list(row.protocols.all())
        if protocols and is_open(row):
            found["resultsProtocol"] = self.protocol(protocols[-1], row)
        return _said(found)

    def item(self, row: AgendaItem, session: Session, *, is_inside: bool = False) -> Told:
        """A question; of a closed one only that it was, and what came of it."""
        is_public = not row.is_behind_doors
        papers = [paper for paper in row.papers.all() if paper.is_public] if is_public else []
        decisions = [one for one in row.decisions.all() if one.state != "draft"]
        shown = decisions[0] if decisions else None
        found = self.head("AgendaItem", self.url("agendaItem", row.public_id), row) | {
            "meeting": None if is_inside else self.url("meeting", session.public_id),
            "number": row.number,
            "order": row.position,
            "name": row.title if is_public else "",
            "public": is_public,
            "consultation": self._consultation_url(papers[0], row) if papers else None,
            "result": row.outcome if is_public else "",
            "resolutionText": (shown.text or shown.title) if shown and is_public else "",
            "auxiliaryFile": [
                self.decision_file(one)
                for one in (shown.files.all() if shown and is_public else ())
            ],
            "web": self.web("agenda_item", row.pk),
            PREFIX + "vote": [
                vote_of(event, self, is_public=is_public)
                for motion in row.motions.all()
                for event in motion.votes_taken.all()
            ],
            PREFIX + "decision": [decision_of(one, self, is_public=is_public) for one in decisions],
        }
        return _said(found)

    def paper(self, row: Paper, items: list[AgendaItem]) -> Told:
        """A public paper and where it was consulted."""
        found = self.head("Paper", self.url("paper", row.public_id), row) | {
            "body": self._body_of(row.council.municipality),
            "name": row.title,
            "reference": row.number,
            "date": _exact(row.dated_from, row.dated_to),
            "paperType": str(row.get_kind_display()),
            "mainFile": self.paper_file(row) if row.file or row.url else None,
            "consultation": [self.consultation(row, item, is_inside=True) for item in items],
        }
        return _said(found)

    def consultation(self, paper: Paper, item: AgendaItem, *, is_inside: bool = False) -> Told:
        """That a paper belongs to a question of a session."""
        found = self.head("Consultation", self._consultation_url(paper, item), paper) | {
            "paper": None if is_inside else self.url("paper", paper.public_id),
            "agendaItem": self.url("agendaItem", item.public_id),
            "meeting": self.url("meeting", item.session.public_id),
            "organization": [self.url("organization", item.session.council.public_id)],
        }
        return _said(found)

    def paper_file(self, row: Paper) -> Told:
        """The file of a paper, or the address at which it lies elsewhere."""
        found = self.head("File", self.url("file", f"paper-{row.public_id}"), row)
        found |= {"name": row.title, "paper": [self.url("paper", row.public_id)]}
        return _said(found | (self._stored(row.file) if row.file else {"accessUrl": row.url}))

    def decision_file(self, row: DecisionFile) -> Told:
        """A file of a decision."""
        found = self.head("File", self.url("file", f"decision-{row.pk}"), row)
        return _said(found | {"name": row.title} | self._stored(row.file))

    def protocol(self, row: Protocol, session: Session) -> Told:
        """The signed minutes of an open session."""
        found = self.head("File", self.url("file", f"protocol-{row.public_id}"), row) | {
            "name": session.name,
            "fileName": f"protocol-{session.pk}.pdf",
            "mimeType": "application/pdf",
            "date": row.signed_on.isoformat(),
            "accessUrl": self.web("session_minutes", pk=session.pk, kind="pdf"),
            "meeting": [self.url("meeting", session.public_id)],
        }
        return _said(found)

    def place(self, row: Municipality) -> Told:
        """Where a municipality lies."""
        council = getattr(row, "told_council", row)
        found = self.head("Location", self.url("location", f"body-{row.slug}"), council) | {
            "description": row.name_ru,
            "locality": row.short_name_ru,
            "bodies": [self.url("body", row.slug)],
        }
        if row.has_point:
            point = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
            found["geojson"] = {"type": "Feature", "geometry": point, "properties": {}}
        return found

    def room(self, row: Session) -> Told:
        """Where a session is held."""
        found = self.head("Location", self.url("location", f"meeting-{row.public_id}"), row)
        meetings = [self.url("meeting", row.public_id)]
        return found | {"description": row.place, "meetings": meetings}

    def _stored(self, file: Any) -> Told:
        url = absolute(self.request, file.get_absolute_url())
        return {"fileName": file.name, "mimeType": file.content_type, "size": file.size,
                "accessUrl": url}  # fmt: skip

    def _body_of(self, place: Municipality | None) -> str | None:
        return self.url("body", place.slug) if place is not None else None

    def _consultation_url(self, paper: Paper, item: AgendaItem) -> str:
        return self.url("consultation", f"{paper.public_id}.{item.public_id}")


def is_open(session: Session) -> bool:
    """Whether nothing of a session was closed; its items must have been read."""
    return not session.is_closed and not any(item.is_closed for item in session.items.all())


def _span(row: Any, first: str, last: str) -> Told:
    found: Told = {}
    for name, prefix in (("startDate", first), ("endDate", last)):
        earliest, latest = getattr(row, f"{prefix}_from"), getattr(row, f"{prefix}_to")
        if day := _exact(earliest, latest):
            found[name] = day
        elif earliest or latest:
            found[PREFIX + name] = write_partial(earliest, latest)
    return found


def _exact(earliest: date | None, latest: date | None) -> str:
    """A day where it is known to the day; the standard has no other dates."""
    return earliest.isoformat() if earliest is not None and earliest == latest else ""


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return timezone.localtime(moment).isoformat(timespec="microseconds")


def _said(found: Told, keep: tuple[str, ...] = ()) -> Told:
    """Without what is not known: the standard leaves such properties out."""
    return {
        name: value
        for name, value in found.items()
        if name in keep or not (value is None or value in ("", []))
    }
