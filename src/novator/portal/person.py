"""Who decides: the page of a person in office – the reference, with what it rests on."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.council.models import (
    AgendaItem,
    Decision,
    Mandate,
    Membership,
    Person,
    Speech,
    Vote,
)
from novator.council.permissions import may_keep_council
from novator.council.told import item_title
from novator.portal.council_composition import surely_lasts
from novator.portal.council_reading import one_of
from novator.portal.keyset import stretch_of
from novator.portal.people import today
from novator.portal.person_line import line_of, offices_on

VOTES = 10
VOTES_A_PAGE = 50
_VOTED = ("event__motion__item__session", "faction")
_OPEN = {
    "event__motion__item__is_closed": False,
    "event__motion__item__session__is_closed": False,
}
_CLOSED_DECISION = Q(item__is_closed=True) | Q(item__session__is_closed=True)
INITIATED = 20


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Life and career, offices, what was said, voted, initiated; mandates; sources."""
    people = Person.objects.select_related("source")
    row = one_of(people.filter(slug=slug), _("Nobody of this name is recorded here."))
    memberships = list(
        Membership.objects.filter(person=row)
        .select_related(
            "organization__municipality",
            "organization__parent",
            "on_behalf_of",
            "post",
            "source",
            "decision",
            "end_decision",
        )
        .order_by(F("starts_from").asc(nulls_last=True), "id")
    )
    line = line_of(
        list(row.life.select_related("source")),
        memberships,
        list(row.statements.select_related("source")),
        person_source=row.source,
    )
    now = offices_on(memberships, today())
    context: dict[str, Any] = {
        "person": row,
        "line": line,
        "now": [one for one in now if surely_lasts(one, today())],
        "last_known": [one for one in now if not surely_lasts(one, today())],
        "votes": _votes(row),
        "mandates": _mandates(row, memberships),
        "decisions": list(
            Decision.objects.shown()
            .filter(initiated_by=row)
            .exclude(_CLOSED_DECISION)
            .select_related("council__municipality")
            .defer("text")[:INITIATED]
        ),
        "items": _items(row),
        "speeches": _speeches(row),
        "keeps": _keeps(request, memberships),
        "crumbs": [(_("Councils"), reverse("councils")), (str(row), "")],
    }
    council = next(
        (one.organization.municipality for one in reversed(memberships) if _is_seat(one)), None
    )
    if council is not None:
        context["crumbs"].insert(1, (council.name, reverse("council", args=[council.slug])))
    return render(request, "portal/council/person.html", context)


@require_safe
def person_votes(request: HttpRequest, slug: str) -> HttpResponse:
    """Every vote by name on open questions, latest first. Three queries, four behind a row."""
    row = get_object_or_404(Person, slug=slug)
    stretch = stretch_of(
        Vote.objects.filter(voter=row, **_OPEN).select_related(*_VOTED),
        request.GET.get("after", ""),
        key="pk",
        order=("-event_id", "-pk"),
        each=VOTES_A_PAGE,
    )
    context = {
        "person": row,
        "stretch": stretch,
        "votes": [(vote, item_title(vote.event.motion.item)) for vote in stretch.rows],
        "crumbs": [
            (_("Councils"), reverse("councils")),
            (str(row), row.get_absolute_url()),
            (_("Votes"), ""),
        ],
    }
    return render(request, "portal/council/votes_of.html", context)


def _is_seat(row: Membership) -> bool:
    return row.organization.kind in {"convocation", "council"}


def _votes(person: Person) -> list[tuple[Vote, str]]:
    """The latest votes by name on open questions with what they were about. One query."""
    rows = Vote.objects.filter(voter=person, **_OPEN).select_related(*_VOTED)
    found = rows.order_by("-event_id")[:VOTES]
    return [(vote, item_title(vote.event.motion.item)) for vote in found]


def _mandates(person: Person, memberships: list[Membership]) -> list[Mandate]:
    """Mandates of the person and of the posts that the person holds or held. One query."""
    posts = [row.post_id for row in memberships if row.post_id]
    rows = Mandate.objects.filter(holder=person) | Mandate.objects.filter(holder_post__in=posts)
    return list(
        rows.exclude(decision__state="draft")
        .select_related("decision", "holder_post", "municipality", "withdrawn_by")
        .order_by("-starts_on", "-id")
        .distinct()
    )


def _items(person: Person) -> list[AgendaItem]:
    """Open questions without a decision that the person brought. One query."""
    rows = AgendaItem.objects.filter(
        initiated_by=person, is_closed=False, session__is_closed=False, decisions__isnull=True
    ).exclude(session__state__in=["planned", "cancelled"])
    return list(rows.select_related("session__council").order_by("-session_id", "id")[:INITIATED])


def _speeches(person: Person) -> list[Speech]:
    """What the person argued on open questions. One query."""
    rows = Speech.objects.filter(
        person=person, item__is_closed=False, item__session__is_closed=False
    )
    return list(
        rows.select_related("item__session", "source").order_by("-item__session_id", "-id")[:VOTES]
    )


def _keeps(request: HttpRequest, memberships: list[Membership]) -> str:
    """The city for which the reader may enter something about this person; "" for none."""
    if not request.user.is_authenticated:
        return ""
    cities = {
        row.organization.municipality
        for row in memberships
        if row.organization.municipality is not None
    }
    for city in sorted(cities, key=lambda one: one.slug):
        if may_keep_council(request.user, city, on=today()):
            return city.slug
    return ""
