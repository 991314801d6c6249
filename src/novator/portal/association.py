"""The association: what it is, its register and map of members, the page of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from novator.association.mandates import Acting, people_holding, what_stops, what_stops_naming
from novator.association.mandates import mandates_of as all_mandates_of
from novator.association.models import STANDINGS, Member, MemberStep, Representative
from novator.association.permissions import (
    cities_to_apply_for,
    is_association_office,
    may_see_representatives,
)
from novator.association.queries import (
    LISTS,
    members_of,
    numbers_by_standing,
    part_of_register,
    representatives_of,
    with_practices,
)
from novator.core.languages import reader_language
from novator.council.decision_words import decided_on, number_of, term_in_words
from novator.council.models import Mandate, Person
from novator.portal.association_chain import address_of, chain_of
from novator.portal.association_crumbs import association_crumbs
from novator.portal.atlas import KEPT_SECONDS, CityRow, Drawing, city_row, drawing_of
from novator.portal.feeds import MOST, Entry, answer
from novator.portal.people import today
from novator.portal.projection import RUSSIA
from novator.portal.shown import shown_cards
from novator.practices.models import Practice

EACH = 40
LATEST = 5
CARDS = 12
NOTHING = "portal/association/parts/nothing.html"
FRONT_PARTS = ("positions", "polls", "events", "news")
"""What stands on the front page where its template part exists: parts/latest_….html."""
LIST_NAMES = {
    "in": gettext_lazy("members"),
    "suspended": gettext_lazy("membership suspended"),
    "former": gettext_lazy("former members"),
}


@dataclass(frozen=True)
class MemberRow:
    """A member as the register shows it."""

    member: Any
    city: CityRow
    standing: str
    is_active: bool
    since: str
    decision: str
    decision_address: str
    representatives: Sequence[str]


@dataclass(frozen=True)
class NamingRow:
    """Who represented a member, on which mandate, from when until when, and what stops it."""

    name: str
    address: str
    office: str
    mandate: Mandate
    term: str
    stopped: str
    is_substitute: bool
    account: str


@require_safe
def association(request: HttpRequest) -> HttpResponse:
    """The front page: what the association is, its figures, what is new in it."""
    on = today()
    numbers = numbers_by_standing()
    steps = MemberStep.objects.exclude(on=None).select_related("member__municipality__region")
    latest = list(steps.order_by("-on", "-pk")[:LATEST])
    slots = [(f"portal/association/parts/latest_{name}.html", NOTHING) for name in FRONT_PARTS]
    context = {
        "numbers": numbers,
        "total": numbers.get("admitted", 0) + numbers.get("suspended", 0),
        "practices": sum(row.practices for row in _spots_of_members()),
        "latest": latest,
        "slots": slots,
        "drawing": _drawing(),
        "sheet": RUSSIA,
        "is_office": is_association_office(request.user, on=on),
        "may_apply": bool(cities_to_apply_for(request.user, on=on)),
        "crumbs": [(_("Association"), "")],
    }
    return render(request, "portal/association/association.html", context)


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """The register with its map."""
    kind = request.GET.get("list", "in")
    kind = kind if kind in LISTS else "in"
    part = part_of_register(kind, after=request.GET.get("after", "")[:80], each=EACH)
    numbers = numbers_by_standing()
    context = {
        "rows": member_rows(part.rows, on=today()),
        "after": part.after,
        "is_further": bool(request.GET.get("after")),
        "kind": kind,
        "lists": [
            (code, name, number)
            for code, name in LIST_NAMES.items()
            if (number := sum(numbers.get(one, 0) for one in LISTS[code])) or code in ("in", kind)
        ],
        "total": sum(numbers.get(standing, 0) for standing in LISTS["in"]),
        "drawing": _drawing(),
        "sheet": RUSSIA,
        "crumbs": association_crumbs((_("Members"), "")),
    }
    return render(request, "portal/association/members.html", context)


def member_rows(rows: Sequence[Any], *, on: date) -> list[MemberRow]:
    """Members as lists show them; a fixed number of queries."""
    acting = representatives_of(rows, on=on)
    return [
        MemberRow(
            member=row,
            city=city_row(row.municipality, row.number),
            standing=str(STANDINGS[row.standing]),
            is_active=bool(acting.get(row.pk)),
            since=date_format(row.admitted_on, "DATE_FORMAT") if row.admitted_on else "",
            decision=_decision_words(row),
            decision_address=address_of(row.decision) if row.decision else "",
            representatives=list(dict.fromkeys(_office_of(one) for one in acting.get(row.pk, ()))),
        )
        for row in rows
    ]


def _version_of_spots(request: HttpRequest) -> str:
    return f'"{_last_step()}-{get_language()}-{today()}"'


@require_safe
@cache_control(public=True, max_age=300)
@condition(etag_func=_version_of_spots)
def spots(request: HttpRequest) -> HttpResponse:
    """Give the members to the script of the map."""
    found = [
        [*row.spot, row.name, row.region, row.slug, row.practices]
        for row in _spots_of_members()
        if row.spot
    ]
    body = {"base": reverse("members"), "cities": found}
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(written, content_type="application/json; charset=utf-8")


@require_safe
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a member: its standing, how it was decided, who represents it, what it has done."""
    found = member_called(slug)
    on = today()
    mandates = all_mandates_of(found)
    acting = representatives_of([found], on=on).get(found.pk, [])
    sees_accounts = may_see_representatives(request.user, found, on=on)
    own = Practice.objects.published().filter(municipality=found.municipality)
    slugs = list(own.order_by("-is_by_its_city", "slug").values_list("slug", flat=True)[:CARDS])
    context = {
        "member": found,
        "city": found.municipality,
        "standing": str(STANDINGS[found.standing]),
        "is_active": bool(acting),
        "chain": chain_of(found, mandates, on=on),
        "representatives": naming_rows(found, mandates, on=on, with_accounts=sees_accounts),
        "sees_accounts": sees_accounts,
        "is_office": is_association_office(request.user, on=on),
        "cards": shown_cards(slugs),
        "has_more_cards": len(slugs) == CARDS,
        "slots": [("portal/association/parts/positions_of_member.html", NOTHING)],
        "crumbs": association_crumbs(
            (_("Members"), reverse("members")),
            (found.municipality.name, ""),
        ),
    }
    return render(request, "portal/association/member.html", context)


def member_called(slug: str) -> Member:
    """
    A member by the slug of its municipality.

    :raises Http404: there is no such member
    """
    rows = Member.objects.select_related(
        "municipality__region", "decision__council", "application__document"
    ).prefetch_related("steps")
    return get_object_or_404(rows, municipality__slug=slug)


def naming_rows(
    member: Member, mandates: Sequence[Mandate], *, on: date, with_accounts: bool
) -> list[NamingRow]:
    """Everybody who represents or represented the member; accounts for those who may see them."""
    found = []
    for mandate in mandates:
        stopped = what_stops(mandate, on=on)
        named = list(mandate.representatives.all())
        shown = {row.person_id for row in named}
        for person in people_holding(mandate, on=on):
            if person.pk not in shown:
                found.append(_holder_row(person, mandate, stopped))
        for row in named:
            found.append(_named_row(row, mandate, stopped, on, with_accounts=with_accounts))
    return sorted(found, key=lambda row: bool(row.stopped))


def _holder_row(person: Person, mandate: Mandate, stopped: str) -> NamingRow:
    return NamingRow(
        name=str(person),
        address=address_of(person),
        office=str(mandate.holder_post or ""),
        mandate=mandate,
        term=_held_in_words(person, mandate) or term_in_words(mandate),
        stopped=stopped,
        is_substitute=False,
        account="",
    )


def _held_in_words(person: Person, mandate: Mandate) -> str:
    """When somebody is known to have held the post, where no end of it is stated."""
    rows = mandate.holder_post.memberships.all() if mandate.holder_post else ()
    held = next((row for row in rows if row.person_id == person.pk), None)
    if held is None or held.ends_from is None or held.ends_to is not None:
        return ""
    day = {"day": date_format(held.ends_from, "DATE_FORMAT")}
    return _("known to hold the post on %(day)s; an end is not stated") % day


def _named_row(
    row: Representative, mandate: Mandate, stopped: str, on: date, *, with_accounts: bool
) -> NamingRow:
    return NamingRow(
        name=str(row.person) if row.person else _("a substitute"),
        address=address_of(row.person) if row.person else "",
        office=str(mandate.holder_post or "") if row.substitute_of_id is None else "",
        mandate=mandate,
        term=_term(row),
        stopped=stopped or what_stops_naming(row, mandate, on=on),
        is_substitute=row.substitute_of_id is not None,
        account=str(row.user or "") if with_accounts else "",
    )


def _term(row: Representative) -> str:
    first = date_format(row.starts_on, "DATE_FORMAT") if row.starts_on else ""
    if row.ends_on is None:
        return _("from %(first)s, without an end") % {"first": first} if first else ""
    return _("from %(first)s until %(last)s") % {
        "first": first,
        "last": date_format(row.ends_on, "DATE_FORMAT"),
    }


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Atom: changes of membership, the latest first."""
    steps = MemberStep.objects.select_related("member__municipality__region")
    entries = [_entry(step) for step in steps.order_by("-pk")[:MOST]]
    return answer(request, _("Members of the association"), reverse("members"), entries)


def _entry(step: MemberStep) -> Entry:
    city = step.member.municipality
    moment = step.made_at
    if step.on is not None:
        moment = min(moment, timezone.make_aware(datetime.combine(step.on, time(12))))
    return Entry(
        key=f"association/steps/{step.pk}",
        title=f"{city.name}: {STANDINGS[step.standing]}",
        words=step.reason,
        author=city.name,
        path=reverse("member", args=[city.slug]),
        updated=step.made_at,
        published=moment,
        category=step.standing,
    )


def _spots_of_members() -> tuple[CityRow, ...]:
    """Members as rows of the map; kept in memory until one changes, at most for five minutes."""
    return _kept(*_key())[0]


def _drawing() -> Drawing:
    return _kept(*_key())[1]


def _key() -> tuple[int, int, str]:
    return _last_step(), int(monotonic() // KEPT_SECONDS), reader_language()


def _last_step() -> int:
    return MemberStep.objects.aggregate(last=Max("pk"))["last"] or 0


@lru_cache(maxsize=4)
def _kept(_last: int, _period: int, _language: str) -> tuple[tuple[CityRow, ...], Drawing]:
    found = with_practices(members_of("in"))
    rows = tuple(city_row(row.municipality, row.number, RUSSIA) for row in found)
    return rows, drawing_of(rows, RUSSIA)


def _decision_words(row: Member) -> str:
    if row.decision is None:
        return ""
    return f"{number_of(row.decision)}, {decided_on(row.decision)}"


def _office_of(acting: Acting) -> str:
    post = acting.mandate.holder_post
    name = str(acting.person) if acting.person else _("a substitute")
    return f"{name}, {post}" if post and not acting.is_substitute else name
