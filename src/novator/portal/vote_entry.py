"""Who decides: a vote entered: by name from the keyboard, by faction, by counts, from a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from novator.core.languages import reads_russian
from novator.council.models import OPTIONS, AgendaItem, Motion, VoteEvent
from novator.council.recording import record_vote, remove_vote
from novator.council.refusals import CannotRecord
from novator.council.room import Majority, Room, room_of
from novator.council.vote_taking import (
    Checked,
    VoteRefused,
    check_vote,
    is_as_entered,
    mark_of_vote,
    mark_of_votes,
)
from novator.council.voting import Fault
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.session_guard import (
    ENTRIES_AN_HOUR,
    Desk,
    address_of,
    desk_of,
    event_of,
    item_of,
    session_of,
)
from novator.portal.session_shown import items_of, next_to_vote
from novator.portal.vote_sheet import (
    KEYS,
    OF_ONE,
    RECORDED,
    REST,
    Sheet,
    VoteForm,
    entered_of,
    factions_of,
    faults_of_sheet,
    filled,
    fresh_sheet,
    groups_of,
    recorded_majority,
    stored_form,
    stored_sheet,
    typed_sheet,
)

STALE = "changed_meanwhile"


@dataclass(frozen=True)
class Page:
    """The page of one vote: new, of a motion voted on again, or recorded already."""

    desk: Desk
    item: AgendaItem
    room: Room
    form: VoteForm
    sheet: Sheet
    event: VoteEvent | None = None
    motion: Motion | None = None


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def vote_new(request: HttpRequest, slug: str, pk: int, item_pk: int) -> HttpResponse:
    """Enter a vote on a question; `motion` in the address: that motion was voted on again."""
    return _vote(request, _page(request, slug, pk, item_pk))


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def vote_change(
    request: HttpRequest, slug: str, pk: int, item_pk: int, event_pk: int
) -> HttpResponse:
    """Change a recorded vote."""
    return _vote(request, _page(request, slug, pk, item_pk, event_pk))


@require_POST
@sign_in_needed
def vote_check(request: HttpRequest, slug: str, pk: int, item_pk: int) -> HttpResponse:
    """What the typed vote comes to, for the line under the sheet; nothing is written."""
    page = _page(request, slug, pk, item_pk)
    checked, faults = _checked(page)
    context = {
        "checked": checked,
        "faults": faults,
        "form": page.form,
        "is_whole": _is_whole(faults),
    }
    return render(request, "portal/council/desk/tally.html", context)


@require_POST
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def vote_remove(
    request: HttpRequest, slug: str, pk: int, item_pk: int, event_pk: int
) -> HttpResponse:
    """Take a vote out that was entered by mistake."""
    desk = desk_of(request, slug)
    item = item_of(session_of(desk, pk), item_pk)
    try:
        remove_vote(event=event_of(item, event_pk), seen=request.POST.get("seen"))
    except CannotRecord as refusal:
        messages.error(request, str(refusal))
        return redirect("vote_change", slug, pk, item_pk, event_pk)
    messages.success(request, _("The vote is taken out."))
    return redirect(address_of(desk, item.session))


def _page(
    request: HttpRequest, slug: str, pk: int, item_pk: int, event_pk: int | None = None
) -> Page:
    desk = desk_of(request, slug)
    item = item_of(session_of(desk, pk), item_pk)
    try:
        room = room_of(item.session)
    except CannotRecord as refusal:
        raise Http404(str(refusal)) from refusal
    event = event_of(item, event_pk) if event_pk else None
    motion = event.motion if event else _motion(request, item)
    recorded = recorded_majority(event) if event else None
    if request.method == "POST":
        form = VoteForm(request.POST, room=room, recorded=recorded)
        sheet = typed_sheet(request.POST, room)
    else:
        given = _given(event, motion, item, room)
        form = VoteForm(initial=given, room=room, recorded=recorded)
        sheet = stored_sheet(event) if event else fresh_sheet(room)
    return Page(desk, item, room, form, sheet, event, motion)


def _motion(request: HttpRequest, item: AgendaItem) -> Motion | None:
    key = request.GET.get("motion", "")
    return item.motions.filter(pk=key).first() if key.isdecimal() else None


def _vote(request: HttpRequest, page: Page) -> HttpResponse:
    if request.method != "POST":
        return _show(request, page)
    act = request.POST.get("act", "")
    checked, faults = _checked(page)
    if act == "paste" or act == "check" or faults or checked is None:
        return _show(request, page, faults=[] if act == "paste" else faults, checked=checked)
    try:
        record_vote(
            item=page.item,
            entered=entered_of(page.form, filled(page.sheet, page.room)),
            event=page.event,
            motion=page.motion,
            seen=request.POST.get("seen"),
        )
    except VoteRefused as refusal:
        return _show(request, page, faults=refusal.faults, checked=checked)
    except CannotRecord as refusal:
        if refusal.rule == STALE and _is_sent_twice(page):
            return _onwards(request, page, act)
        fault = Fault(refusal.rule, refusal.message, refusal.mend)
        return _show(request, page, faults=[fault], checked=checked)
    return _onwards(request, page, act)


def _is_sent_twice(page: Page) -> bool:
    """Whether the last vote on the question is this very one: the button was pressed twice."""
    if page.event is not None:
        return False
    votes = VoteEvent.objects.filter(motion__item=page.item).select_related("motion")
    last = votes.order_by("-pk").first()
    entered = entered_of(page.form, filled(page.sheet, page.room))
    return last is not None and is_as_entered(last, entered)


def _onwards(request: HttpRequest, page: Page, act: str) -> HttpResponse:
    desk, item = page.desk, page.item
    place = (desk.city.slug, item.session.pk)
    messages.success(request, _("Kept: %(number)s. %(title)s") % _told(item))
    if act == "another":
        return redirect("vote_new", *place, item.pk)
    left = next_to_vote(items_of(item.session), after=item.position)
    if act == "next" and left is not None:
        return redirect("vote_new", *place, left.pk)
    return redirect(address_of(desk, item.session))


def _told(item: AgendaItem) -> dict[str, str]:
    title = str(item)
    return {"number": item.number, "title": title if len(title) < 90 else f"{title[:88]}…"}


def _checked(page: Page) -> tuple[Checked | None, list[Fault]]:
    """What the vote comes to, and every fault of it; None: the form itself is faulty."""
    if not page.form.is_valid():
        return None, []
    sheet = filled(page.sheet, page.room)
    method = page.form.cleaned_data["method"]
    left = faults_of_sheet(sheet, page.room, method)
    checked = check_vote(page.room, entered_of(page.form, sheet))
    return checked, [*left, *checked.faults]


def _is_whole(faults: list[Fault]) -> bool:
    """Whether every voice is marked, so that a result can be told."""
    return not any(fault.rule == "K3.voices" for fault in faults)


def _given(
    event: VoteEvent | None, motion: Motion | None, item: AgendaItem, room: Room
) -> dict[str, Any]:
    """
    What the form starts with: as it is stored, else taken as the last vote of the session was.

    The majority is the usual one each time: two thirds for one question are not for the next.
    """
    if event is not None:
        given = stored_form(event)
        given["majority"] = _code_of(recorded_majority(event), room)
        return given
    votes = VoteEvent.objects.filter(motion__item__session=item.session)
    last = votes.select_related("motion").order_by("-id").first()
    present = room.session.present
    given = {
        "text": motion.text if motion else f"Принять решение «{item.title}»",
        "text_en": motion.text_en if motion else "",
        "kind": motion.kind if motion else "adopt",
        "method": last.method if last and last.method != "secret" else "by_name",
        "present": present,
    }
    given["majority"] = room.majorities[0].code if room.majorities else ""
    return given


def _code_of(majority: Majority | None, room: Room) -> str:
    if majority is None:
        return ""
    same = (
        one.code
        for one in room.majorities
        if one.rule == majority.rule and one.name in ("", majority.name)
    )
    return next(same, RECORDED)


def _show(
    request: HttpRequest,
    page: Page,
    *,
    faults: list[Fault] | None = None,
    checked: Checked | None = None,
) -> HttpResponse:
    item = page.item
    shown = items_of(item.session)
    is_faulty = bool(faults or page.form.errors)
    stored = mark_of_vote(page.event) if page.event else mark_of_votes(item)
    is_stale = any(fault.rule == STALE for fault in faults or ())
    at = [one.row.pk for one in shown].index(item.pk)
    context = {
        **_told_of(page),
        "items": shown,
        "before": shown[at - 1].row if at else None,
        "after": shown[at + 1].row if at + 1 < len(shown) else None,
        "faults": faults or [],
        "checked": checked,
        "is_whole": _is_whole(_checked(page)[1]) if checked else False,
        "seen": stored if is_stale else request.POST.get("seen") or stored,
        "stored": shown[at].votes if is_stale else [],
    }
    status = 422 if is_faulty and request.POST.get("act") not in ("check", "paste") else 200
    return render(request, "portal/council/desk/vote.html", context, status=status)


def _told_of(page: Page) -> dict[str, Any]:
    """What the page shows besides its faults."""
    latin = not reads_russian()
    crumb = _("Vote on question %(number)s") % {"number": page.item.number}
    return {
        "desk": page.desk,
        "session": page.item.session,
        "item": page.item,
        "room": page.room,
        "form": page.form,
        "sheet": page.sheet,
        "event": page.event,
        "motion": page.motion,
        "groups": groups_of(page.sheet, page.room),
        "factions": factions_of(page.sheet, page.room),
        "options": [(code, str(name), KEYS[code][latin]) for code, name in OF_ONE.items()],
        "rest": [(code, str(OPTIONS[code])) for code in REST],
        "crumbs": [*page.desk.crumbs_of(page.item.session), (crumb, "")],
    }
