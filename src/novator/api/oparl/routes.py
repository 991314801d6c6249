"""Who decides, told to other systems: the addresses of OParl 1.1, which only read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import re_path
from django.utils.dateparse import parse_datetime

from novator.api.oparl import lists
from novator.api.oparl.lists import Bounds
from novator.api.oparl.moments import LONG_AGO, tombstone_of
from novator.api.oparl.objects import Teller, Told
from novator.api.oparl.schema import SCHEMA
from novator.api.v1.paging import absolute
from novator.council.models import (
    AgendaItem,
    Membership,
    Organization,
    Paper,
    Person,
    Session,
)

PER_PAGE = 100
_BOUNDS = ("created_since", "created_until", "modified_since", "modified_until")
_REMEMBERED: dict[str, type[Model]] = {
    "organization": Organization,
    "legislativeTerm": Organization,
    "person": Person,
    "membership": Membership,
    "meeting": Session,
    "agendaItem": AgendaItem,
    "paper": Paper,
}
"""Kinds that are told as deleted, by themselves and in lists, once they are taken out."""


class Refusal(Exception):
    """The question cannot be answered; the message is fit to show."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def oparl(request: HttpRequest, resource: str) -> HttpResponse:
    """Answer at any address below /oparl/v1/, known or not."""
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"}))
    if request.method not in {"GET", "HEAD"}:
        refused = _refused(Refusal(405, "This interface only reads."))
        refused.headers["Allow"] = "GET, HEAD, OPTIONS"
        return refused
    try:
        told = _told(request, [part for part in resource.split("/") if part])
    except Refusal as refusal:
        return _refused(refusal)
    return _open(JsonResponse(told, json_dumps_params={"ensure_ascii": False}))


def _told(request: HttpRequest, parts: list[str]) -> Told:
    teller = Teller(request)
    if any("\0" in part for part in parts):
        raise Refusal(404, "There is nothing at this address.")
    match parts:
        case [] | ["system"]:
            return _system(teller)
        case ["bodies"]:
            return _page(request, teller, [lists.bodies()])
        case ["body", slug]:
            return lists.tell_bodies(teller, [_council(slug)])[0]
        case ["body", slug, name]:
            sources = lists.sources_of(_council(slug), name)
            if sources is not None:
                return _page(request, teller, sources)
        case ["organization", key, "meeting"] if lists.is_uuid(key):
            council = Organization.objects.filter(public_id=key, kind="council").first()
            if council is not None:
                return _page(request, teller, [lists.meetings_of(council)])
        case [kind, key]:
            return _object(teller, kind, key)
    raise Refusal(404, "There is nothing at this address.")


def _system(teller: Teller) -> Told:
    moment = LONG_AGO.isoformat()
    return {
        "id": teller.url("system"),
        "type": SCHEMA + "System",
        "oparlVersion": SCHEMA,
        "body": teller.url("bodies"),
        "name": "Novator",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "website": absolute(teller.request, "/"),
        "web": teller.web("councils") or absolute(teller.request, "/"),
        "created": moment,
        "modified": moment,
    }


def _council(slug: str) -> Organization:
    found = lists.councils().filter(municipality__slug=slug).first()
    if found is None:
        raise Refusal(404, "This municipality has no council here.")
    return found


def _object(teller: Teller, kind: str, key: str) -> Told:
    row, tell = _found(kind, key)
    told: Sequence[Told] = tell(teller, [row]) if row is not None else []
    if told:
        return told[0]
    remembered = _REMEMBERED.get(kind)
    if row is None and remembered and lists.is_uuid(key) and not _is_there(remembered, key):
        times = tombstone_of(remembered, key)
        if times is not None:
            return teller.tombstone(kind, key, *times)
    raise Refusal(404, "There is no such object.")


def _is_there(model: type[Model], key: str) -> bool:
    """A row that is there and not public was never told, so it is not deleted either."""
    return model._default_manager.filter(public_id=key).exists()


def _found(kind: str, key: str) -> tuple[Any, Any]:
    if kind == "location":
        return _place(key)
    if kind == "file":
        return _file(key)
    if kind == "consultation":
        paper, _, item = key.partition(".")
        if lists.is_uuid(paper) and lists.is_uuid(item):
            rows = lists.consultations().filter(paper__public_id=paper, agendaitem__public_id=item)
            return rows.first(), lists.tell_consultations
        return None, None
    asked: dict[str, Any] = {
        "legislativeTerm": (
            Organization.objects.filter(kind="convocation").select_related("municipality"),
            lists.tell_terms,
        ),
        "organization": (lists.organizations(), lists.tell_organizations),
        "person": (lists.people(), lists.tell_people),
        "membership": (lists.memberships(), lists.tell_memberships),
        "meeting": (Session.objects.all(), lists.tell_meetings),
        "agendaItem": (AgendaItem.objects.all(), lists.tell_items),
        "paper": (lists.open_papers(), lists.tell_papers),
    }
    if kind not in asked or not lists.is_uuid(key):
        return None, None
    rows, tell = asked[kind]
    return rows.filter(public_id=key).first(), tell


def _place(key: str) -> tuple[Any, Any]:
    kind, _, rest = key.partition("-")
    if kind == "body":
        return lists.councils().filter(municipality__slug=rest).first(), lists.tell_places
    if kind == "meeting" and lists.is_uuid(rest):
        return lists.rooms().filter(public_id=rest).first(), lists.tell_rooms
    return None, None


def _file(key: str) -> tuple[Any, Any]:
    kind, _, rest = key.partition("-")
    if kind == "paper" and lists.is_uuid(rest):
        return lists.open_papers().filter(public_id=rest).first(), lists.tell_paper_files
    if kind == "protocol" and lists.is_uuid(rest):
        return lists.protocols().filter(public_id=rest).first(), lists.tell_protocols
    if kind == "decision" and rest.isdecimal() and len(rest) < 16:
        return lists.decision_files().filter(pk=rest).first(), lists.tell_decision_files
    return None, None


def _page(request: HttpRequest, teller: Teller, sources: lists.Sources) -> Told:
    """One page by key: where it ended is in the address of the next one."""
    bounds = _bounds(request)
    most = min(_most(request), *(source.most for source in sources))
    place, after = _cursor(request, len(sources))
    told: list[Told] = []
    following = ""
    while place < len(sources):
        rows = sources[place].after(after, most - len(told) + 1, bounds)
        fitting = rows[: most - len(told)]
        told += sources[place].tell(teller, fitting)
        if len(rows) > len(fitting):
            last = fitting[-1].pk if fitting else after
            following = f"{place}.{last}"
            break
        place, after = place + 1, 0
    links = {"first": _address(request, ""), "self": _address(request, request.GET.get("page", ""))}
    if following:
        links["next"] = _address(request, following)
    return {"data": told, "pagination": {"elementsPerPage": most}, "links": links}


def _address(request: HttpRequest, page: str) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    if page:
        kept["page"] = page
    query = kept.urlencode()
    return absolute(request, request.path + (f"?{query}" if query else ""))


def _cursor(request: HttpRequest, sources: int) -> tuple[int, int]:
    said = request.GET.get("page", "")
    if not said:
        return 0, 0
    place, _, after = said.partition(".")
    if not (place.isdecimal() and after.isdecimal() and len(said) < 24 and int(place) < sources):
        raise Refusal(400, "There is no such page: follow the links of the list.")
    return int(place), int(after)


def _most(request: HttpRequest) -> int:
    said = request.GET.get("elementsPerPage", "")
    if not (said.isascii() and said.isdecimal() and len(said) < 6):
        return PER_PAGE
    return min(max(int(said), 1), PER_PAGE)


def _bounds(request: HttpRequest) -> Bounds:
    found: dict[str, datetime] = {}
    for name in _BOUNDS:
        said = request.GET.get(name, "").replace(" ", "+")
        if not said:
            continue
        try:
            moment = parse_datetime(said)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise Refusal(400, f"{name} must be a moment with its zone: 2014-01-01T00:00:00+01:00.")
        found[name] = moment
    return found


def _refused(refusal: Refusal) -> HttpResponse:
    body = {"type": SCHEMA + "Error", "message": str(refusal)}
    return _open(JsonResponse(body, status=refusal.status))


def _open(response: HttpResponse) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    return response


oparl.csrf_exempt = True  # type: ignore[attr-defined]
oparl.cleans_itself = True  # type: ignore[attr-defined]

urlpatterns = [re_path(r"^(?P<resource>[\s\S]*)\Z", oparl, name="oparl")]
