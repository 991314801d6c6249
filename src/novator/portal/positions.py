"""The association: positions and joint letters for everybody who may read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.association.common_permissions import (
    groups_led_by,
    may_lead_position,
    may_see_position,
    may_write_position,
)
from novator.association.joint_letters import is_open_for_signing
from novator.association.mandates import Acting, acting_for, allows
from novator.association.models import (
    POSITION_KINDS,
    POSITION_STATES,
    POSITION_TRANSITIONS,
    Position,
    PositionVersion,
    Remark,
)
from novator.association.permissions import is_association_office
from novator.association.position_documents import no_duty_words, position_paper
from novator.association.positions import (
    is_open_for_remarks,
    latest_version,
    takes_answers,
)
from novator.core.languages import reads_russian
from novator.portal.association_crumbs import association_crumbs
from novator.portal.feeds import MOST, Entry, answer
from novator.portal.keyset import stretch_of
from novator.portal.people import today
from novator.portal.protocol_pages import file_of
from novator.portal.tables import csv_answer
from novator.portal.word_differences import Part, differing_parts

EACH = 20
HIDDEN = ("draft", "withdrawn")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text with its number and what members remarked on it."""

    number: int
    text: str
    remarks: list[Remark]


@dataclass(frozen=True)
class VersionChange:
    """A version; the one that is asked for with how it differs from the one before."""

    version: PositionVersion
    is_shown: bool
    parts: list[Part]


@require_safe
def positions(request: HttpRequest) -> HttpResponse:
    """Positions and letters, latest first, by kind or state; drafts for the office."""
    on = today()
    is_office = is_association_office(request.user, on=on)
    led = groups_led_by(request.user, on=on)
    rows = Position.objects.select_related("group")
    if not is_office:
        rows = rows.exclude(state__in=HIDDEN)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    if kind in POSITION_KINDS:
        rows = rows.filter(kind=kind)
    if state in POSITION_STATES:
        rows = rows.filter(state=state)
    stretch = stretch_of(
        rows,
        request.GET.get("after", ""),
        key="public_id",
        order=("-made_at", "pk"),
        each=EACH,
    )
    context = {
        "stretch": stretch,
        "kinds": POSITION_KINDS,
        "states": {code: name for code, name in POSITION_STATES.items() if code not in HIDDEN},
        "kind": kind,
        "state": state,
        "may_begin": is_office or bool(led),
        "crumbs": association_crumbs((_("Positions"), "")),
    }
    return render(request, "portal/positions/positions.html", context)


@require_safe
def position(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One position: its text by paragraphs with remarks, how it came about, what came of it."""
    found = position_or_404(request, public_id)
    return position_page(request, found)


def position_or_404(request: HttpRequest, public_id: UUID) -> Position:
    """The position, if the reader may see it."""
    rows = Position.objects.select_related("group", "answer_file")
    found = get_object_or_404(rows, public_id=public_id)
    if not may_see_position(request.user, found, on=today()):
        raise Http404(_("There is no such position."))
    return found


def position_page(request: HttpRequest, found: Position, **more: Any) -> HttpResponse:
    """The page of a position, with whatever an act on it has to say."""
    now, on = timezone.now(), today()
    version = latest_version(found)
    leads = may_lead_position(request.user, found.group, on=on)
    mine = acting_for(request.user, on=on)
    signatures = list(
        found.signatures.filter(withdrawn_at=None).select_related(
            "member__municipality", "mandate__decision", "mandate__holder", "mandate__holder_post"
        )
    )
    signed = {row.member_id for row in signatures}
    context: dict[str, Any] = {
        "position": found,
        "kept": {},
        "version": version,
        "paragraphs": paragraphs_with_remarks(version),
        "on_whole": list(_remarks(version).filter(paragraph=0)),
        "changes": _changes(found, request.GET.get("version", "")),
        "signatures": signatures,
        "polls": list(found.polls.exclude(state="draft")),
        "leads": leads,
        "may_write": may_write_position(request.user, found, on=on) and found.state == "draft",
        "next_states": POSITION_TRANSITIONS[found.state],
        "takes_answers": takes_answers(found),
        "takes_remarks": is_open_for_remarks(found, now),
        "takes_signatures": is_open_for_signing(found, now),
        "speakers": _each_member(mine),
        "signers": [
            one
            for one in _each_member(mine)
            if allows(one.mandate, "sign") and one.member.pk not in signed
        ],
        "my_signatures": [one for one in _each_member(mine) if one.member.pk in signed],
        "no_duty": no_duty_words(),
        "english": not reads_russian() and version.paragraphs_en,
        "crumbs": association_crumbs(
            (_("Positions"), reverse("positions")),
            (str(found), ""),
        ),
    }
    return render(request, "portal/positions/position.html", context | more)


def _each_member(actings: list[Acting]) -> list[Acting]:
    return list({one.member.pk: one for one in reversed(actings)}.values())


def _remarks(version: PositionVersion) -> Any:
    rows = Remark.objects.filter(version=version)
    return rows.select_related("member__municipality").order_by("paragraph", "id")


def paragraphs_with_remarks(version: PositionVersion) -> list[Paragraph]:
    """The paragraphs of a version, each with its remarks; one query."""
    by_number: dict[int, list[Remark]] = defaultdict(list)
    for one in _remarks(version):
        by_number[one.paragraph].append(one)
    return [
        Paragraph(number, text, by_number[number])
        for number, text in enumerate(version.paragraphs, start=1)
    ]


def _changes(found: Position, asked: str) -> list[VersionChange]:
    """Every version, latest first; the one asked for with its difference to the one before."""
    texts = ("paragraphs", "paragraphs_en")
    rows = found.versions.defer(*texts).order_by("-number")
    return [
        VersionChange(one, is_shown, _difference(found, one.number) if is_shown else [])
        for one in rows
        for is_shown in [str(one.number) == asked]
    ]


def _difference(found: Position, number: int) -> list[Part]:
    """How a version differs from the one before: nothing for the first."""
    rows = found.versions.filter(number__in=[number - 1, number]).order_by("number")
    texts = ["\n\n".join(one.paragraphs) for one in rows]
    return differing_parts(*texts) if len(texts) == 2 else []


@require_safe
def position_paper_file(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """The document as tagged PDF or as Word."""
    found = position_or_404(request, public_id)
    paper = position_paper(found, language="ru" if reads_russian() else "en")
    return file_of(request, paper, kind, name=f"position-{public_id}", made_at=found.changed_at)


@require_safe
def positions_csv(request: HttpRequest) -> HttpResponse:
    """All public positions as CSV."""
    texts = ("title", "title_en", "subject", "addressee")
    days = ("adopted_on", "sent_on", "answered_on")
    names = ("public_id", "kind", "state", *texts, *days)
    found = Position.objects.exclude(state__in=HIDDEN).order_by("-made_at", "pk")
    rows = ([getattr(one, name) for name in names] for one in found.iterator())
    return csv_answer(chain([["id", *names[1:]]], rows), "positions.csv")


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Public positions as an Atom feed, the last changed first."""
    rows = Position.objects.exclude(state__in=HIDDEN).order_by("-changed_at", "-pk")[:MOST]
    entries = [
        Entry(
            key=f"positions/{one.public_id}",
            title=str(one),
            words=f"{one.get_kind_display()}. {one.state_name}.",
            author="",
            path=one.get_absolute_url(),
            updated=one.changed_at,
            published=one.made_at,
        )
        for one in rows
    ]
    return answer(request, _("Positions of the association"), reverse("positions"), entries)
