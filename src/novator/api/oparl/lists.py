"""Who decides, told to other systems: which rows stand behind each object and list of OParl."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from novator.api.oparl.moments import between, deleted, deletions_between
from novator.api.oparl.objects import Teller, Told, is_open
from novator.cities.models import Municipality
from novator.council.models import (
    AgendaItem,
    Decision,
    DecisionFile,
    Membership,
    Organization,
    Paper,
    Person,
    Protocol,
    Session,
)

Bounds = dict[str, datetime]
Through = Paper.items.through


@dataclass(frozen=True)
class Source:
    """Rows of one table within a list; `by` names the row whose moments count, `most` a page."""

    rows: QuerySet[Any]
    tell: Callable[[Teller, list[Any]], list[Told]]
    by: str = "pk"
    most: int = 100

    def after(self, pk: int, most: int, bounds: Bounds) -> list[Any]:
        """The next rows by key."""
        found = between(self.rows.filter(pk__gt=pk), bounds, by=self.by)
        return list(found.order_by("pk")[:most])


@dataclass(frozen=True)
class Deleted:
    """What was taken out of a list, told to those who ask what has changed since a moment."""

    model: type[Any]
    kind: str
    of: Q
    most: int = 100

    def after(self, pk: int, most: int, bounds: Bounds) -> list[Any]:
        """The next deletions by the key of their step in the trail."""
        steps = deleted(self.model).filter(self.of, pk__gt=pk)
        return list(deletions_between(steps, bounds).order_by("pk")[:most])

    def tell(self, teller: Teller, rows: list[Any]) -> list[Told]:
        """Only that it was, and since when it is no more."""
        return [
            teller.tombstone(self.kind, row.public_id, row.told_created, row.told_modified)
            for row in rows
        ]


Sources = Sequence[Source | Deleted]


def councils() -> QuerySet[Organization]:
    """Councils that sit, each with its municipality."""
    rows = Organization.objects.filter(kind="council", dissolved_to__isnull=True)
    return rows.select_related("municipality")


def bodies() -> Source:
    """Municipalities with a council."""
    return Source(councils(), tell_bodies)


def sources_of(council: Organization, name: str) -> Sources | None:
    """What stands in a list of a body; None: there is no such list."""
    place = council.municipality
    assert place is not None
    found = _LISTS.get(name)
    return found(council, place) if found else None


def meetings_of(council: Organization) -> Source:
    """Sessions of a council."""
    return Source(Session.objects.filter(council=council), tell_meetings, most=10)


def tell_bodies(teller: Teller, rows: list[Organization]) -> list[Told]:
    """Municipalities by their councils. Three queries."""
    terms: dict[int, list[Organization]] = {row.pk: [] for row in rows}
    for term in Organization.objects.filter(kind="convocation", parent__in=rows).select_related(
        "municipality"
    ):
        terms[term.parent_id or 0].append(term)
    teller.know(Organization, [row.pk for row in rows])
    teller.know(Organization, [term.pk for every in terms.values() for term in every])
    told = []
    for row in rows:
        assert row.municipality is not None
        row.municipality.told_council = row  # type: ignore[attr-defined]
        told.append(teller.body(row.municipality, row, terms[row.pk]))
    return told


def tell_terms(teller: Teller, rows: list[Organization]) -> list[Told]:
    """Convocations."""
    teller.know(Organization, [row.pk for row in rows])
    return [teller.term(row) for row in rows]


def tell_organizations(teller: Teller, rows: list[Organization]) -> list[Told]:
    """Bodies with the addresses of their memberships (a council's: of its convocations)."""
    teller.know(Organization, [row.pk for row in rows])
    by_key = {row.pk: row for row in rows}
    for row in rows:
        row.told_members = []  # type: ignore[attr-defined]
    within = Q(organization__in=by_key) | Q(
        organization__kind="convocation", organization__parent__in=by_key
    )
    found = Membership.objects.filter(within).order_by("id")
    for public_id, key, parent, kind in found.values_list(
        "public_id", "organization_id", "organization__parent_id", "organization__kind"
    ):
        owner = parent if kind == "convocation" else key
        by_key[owner or 0].told_members.append(public_id)  # type: ignore[attr-defined]
    return [teller.organization(row) for row in rows]


def tell_people(teller: Teller, rows: list[Person]) -> list[Told]:
    """People with their memberships."""
    teller.know(Person, [row.pk for row in rows])
    teller.know(Membership, [one.pk for row in rows for one in row.memberships.all()])
    return [teller.person(row) for row in rows]


def tell_memberships(teller: Teller, rows: list[Membership]) -> list[Told]:
    """Memberships by themselves."""
    teller.know(Membership, [row.pk for row in rows])
    return [teller.membership(row) for row in rows]


def tell_meetings(teller: Teller, rows: list[Session]) -> list[Told]:
    """Sessions with agenda, votes and decisions; a fixed number of queries."""
    sessions = with_agenda(Session.objects.filter(pk__in=[row.pk for row in rows]))
    found = list(sessions.order_by("pk"))
    teller.know(Session, [row.pk for row in found])
    items = [item for row in found for item in row.items.all()]
    _know_items(teller, items)
    teller.know(Protocol, [one.pk for row in found for one in row.protocols.all()])
    return [teller.meeting(row) for row in found]


def tell_items(teller: Teller, rows: list[AgendaItem]) -> list[Told]:
    """Questions by themselves."""
    found = list(_with_votes(AgendaItem.objects.filter(pk__in=[row.pk for row in rows])))
    found.sort(key=lambda row: row.pk)
    _know_items(teller, found)
    return [teller.item(row, row.session) for row in found]


def tell_papers(teller: Teller, rows: list[Paper]) -> list[Told]:
    """Public papers with their consultations."""
    teller.know(Paper, [row.pk for row in rows])
    return [teller.paper(row, list(row.items.all())) for row in rows]


def tell_consultations(teller: Teller, rows: list[Any]) -> list[Told]:
    """Papers on questions."""
    teller.know(Paper, [row.paper_id for row in rows])
    return [teller.consultation(row.paper, row.agendaitem) for row in rows]


def tell_paper_files(teller: Teller, rows: list[Paper]) -> list[Told]:
    """Files of papers."""
    teller.know(Paper, [row.pk for row in rows])
    return [teller.paper_file(row) for row in rows]


def tell_decision_files(teller: Teller, rows: list[DecisionFile]) -> list[Told]:
    """Files of decisions."""
    teller.know(DecisionFile, [row.pk for row in rows])
    return [teller.decision_file(row) for row in rows]


def tell_protocols(teller: Teller, rows: list[Protocol]) -> list[Told]:
    """Minutes of open sessions, the last version of each."""
    teller.know(Protocol, [row.pk for row in rows])
    return [teller.protocol(row, row.session) for row in rows if is_open(row.session)]


def tell_places(teller: Teller, rows: list[Organization]) -> list[Told]:
    """The places of municipalities."""
    teller.know(Organization, [row.pk for row in rows])
    told = []
    for row in rows:
        if row.municipality is not None and row.municipality.has_point:
            row.municipality.told_council = row  # type: ignore[attr-defined]
            told.append(teller.place(row.municipality))
    return told


def tell_rooms(teller: Teller, rows: list[Session]) -> list[Told]:
    """The places of sessions."""
    teller.know(Session, [row.pk for row in rows])
    return [teller.room(row) for row in rows]


def open_papers() -> QuerySet[Paper]:
    """Papers that are public and belong to no closed question."""
    closed = Q(items__is_closed=True) | Q(items__session__is_closed=True)
    hidden = Paper.objects.filter(closed).values("pk")
    near = Paper.objects.filter(is_public=True).exclude(pk__in=hidden)
    items = AgendaItem.objects.select_related("session__council")
    return near.select_related("council__municipality", "file").prefetch_related(
        Prefetch("items", items)
    )


def organizations() -> QuerySet[Organization]:
    """Bodies that are no convocations."""
    rows = Organization.objects.exclude(kind="convocation")
    return rows.select_related("municipality", "parent__parent").prefetch_related("posts")


def people() -> QuerySet[Person]:
    """People with what is told of them."""
    return Person.objects.select_related("source").prefetch_related(
        Prefetch("memberships", memberships().order_by("starts_from", "id")), "life"
    )


def memberships() -> QuerySet[Membership]:
    """Memberships with what is told of them."""
    return Membership.objects.select_related(
        "person", "organization__municipality", "organization__parent", "on_behalf_of"
    )


def with_agenda(rows: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with all that is told of them."""
    return rows.select_related("council__municipality").prefetch_related(
        "attendance__person",
        "protocols",
        Prefetch("items", _with_votes(AgendaItem.objects.order_by("position", "id"))),
    )


def protocols() -> QuerySet[Protocol]:
    """Last versions of the minutes of signed sessions."""
    last = Protocol.objects.order_by("session_id", "-number").distinct("session_id").values("pk")
    rows = Protocol.objects.filter(pk__in=last, session__is_closed=False)
    return rows.select_related("session").prefetch_related("session__items")


def rooms() -> QuerySet[Session]:
    """Open sessions whose place is known."""
    return Session.objects.filter(is_closed=False).exclude(place="")


def consultations() -> QuerySet[Any]:
    """Public papers on questions."""
    rows = Through.objects.filter(paper__in=open_papers().values("pk"))
    return rows.select_related("paper", "agendaitem__session__council")


def decision_files() -> QuerySet[DecisionFile]:
    """Files of decisions on open questions."""
    rows = DecisionFile.objects.exclude(decision__state="draft").exclude(
        Q(decision__item__is_closed=True) | Q(decision__item__session__is_closed=True)
    )
    return rows.filter(decision__item__isnull=False).select_related("file")


def is_uuid(text: str) -> bool:
    """Whether it can be the identifier of a row."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _with_votes(rows: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    decided = Decision.objects.select_related("initiated_by").order_by("id")
    return rows.select_related("session__council").prefetch_related(
        "papers",
        "motions__votes_taken__motion",
        "motions__votes_taken__by_faction__faction",
        Prefetch("decisions", decided.prefetch_related("effects", "files__file")),
    )


def _know_items(teller: Teller, items: list[AgendaItem]) -> None:
    teller.know(AgendaItem, [item.pk for item in items])
    files = [
        file.pk
        for item in items
        for decision in item.decisions.all()
        for file in decision.files.all()
    ]
    teller.know(DecisionFile, files)
    teller.know_voices(items)


def _of_place(place: Municipality) -> Q:
    return Q(memberships__organization__municipality=place)


def _bodies_of(place: Municipality) -> QuerySet[Any]:
    return Organization.objects.filter(municipality=place).values("pk")


def _sessions_of(council: Organization) -> QuerySet[Any]:
    return Session.objects.filter(council=council).values("pk")


def _left_people(place: Municipality) -> QuerySet[Any]:
    """People who ever had a membership in a body of this municipality, as its trail tells."""
    steps: Any = Membership.pgh_event_model  # type: ignore[attr-defined]
    rows: QuerySet[Any] = steps.objects.filter(organization__in=_bodies_of(place))
    return rows.values("person")


_LISTS: dict[str, Callable[[Organization, Municipality], Sources]] = {
    "organization": lambda council, place: [
        Source(organizations().filter(municipality=place), tell_organizations),
        Deleted(Organization, "organization", Q(municipality=place.pk) & ~Q(kind="convocation")),
    ],
    "person": lambda council, place: [
        Source(people().filter(pk__in=Person.objects.filter(_of_place(place)).values("pk")),
               tell_people),
        Deleted(Person, "person", Q(pgh_obj__in=_left_people(place))),
    ],
    "meeting": lambda council, place: [
        meetings_of(council), Deleted(Session, "meeting", Q(council=council.pk))
    ],
    "paper": lambda council, place: [
        Source(open_papers().filter(council=council), tell_papers),
        Deleted(Paper, "paper", Q(council=council.pk, is_public=True)),
    ],
    "agendaItem": lambda council, place: [
        Source(AgendaItem.objects.filter(session__council=council), tell_items, most=25),
        Deleted(AgendaItem, "agendaItem", Q(session__in=_sessions_of(council))),
    ],
    "consultation": lambda council, place: [
        Source(consultations().filter(paper__council=council), tell_consultations, by="paper")
    ],
    "file": lambda council, place: [
        Source(
            open_papers().filter(council=council).filter(Q(file__isnull=False) | ~Q(url="")),
            tell_paper_files,
        ),
        Source(decision_files().filter(decision__council=council), tell_decision_files),
        Source(protocols().filter(session__council=council), tell_protocols),
    ],
    "membership": lambda council, place: [
        Source(memberships().filter(organization__municipality=place), tell_memberships),
        Deleted(Membership, "membership", Q(organization__in=_bodies_of(place))),
    ],
    "locationList": lambda council, place: [
        Source(councils().filter(pk=council.pk), tell_places),
        Source(rooms().filter(council=council), tell_rooms),
    ],
    "legislativeTermList": lambda council, place: [
        Source(
            Organization.objects.filter(kind="convocation", parent=council).select_related(
                "municipality"
            ),
            tell_terms,
        ),
        Deleted(Organization, "legislativeTerm", Q(parent=council.pk, kind="convocation")),
    ],
}  # fmt: skip
