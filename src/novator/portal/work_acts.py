"""Reports worked on: everything an officer does on the page of one report, one form for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from novator.accounts.models import User
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.work_guard import ACTS_AN_HOUR, Desk, desk_of, officers_of, report_at
from novator.portal.work_report import report_page
from novator.reports import dates, duplicates, moderating, working
from novator.reports.blurring import BlurRefused, areas_in
from novator.reports.contacts import ContactUnreadable
from novator.reports.exchange import sending
from novator.reports.holding import ChangedMeanwhile
from novator.reports.joining import join_pair
from novator.reports.life import StepRefused
from novator.reports.looking import look_at_contact
from novator.reports.models import (
    Category,
    Department,
    DuplicateSuggestion,
    Forwarding,
    Report,
    ReportPhoto,
)
from novator.reports.models.report import LONGEST_TEXT
from novator.reports.permissions import may_see_contact
from novator.reports.personal_facts import personal_facts_in

Row = TypeVar("Row", bound=Model)
Act = Callable[[Desk, Report, QueryDict], str]
"""Carries out what a form asks for and returns what to say."""
_TOLD_TO_ALL = frozenset({"step", "reply", "give", "pause", "resume", "extend"})
_REFUSALS = (StepRefused, duplicates.CannotDecide, BlurRefused, sending.ForwardingRefused)


@require_POST
@sign_in_needed
@limited("work_act", per_hour=ACTS_AN_HOUR)
def work_act(request: HttpRequest, slug: str, number: str, act: str) -> HttpResponse:
    """Do one thing; what is refused is said on the page, with everything that was typed kept."""
    desk = desk_of(request, slug)
    report = report_at(desk, number)
    if act not in ACTS:
        raise Http404
    try:
        sent = _plain(request.POST)
        _look_through(act, report, sent)
        said = ACTS[act](desk, report, sent)
    except _REFUSALS as refusal:
        report = report_at(desk, number)
        return report_page(
            request,
            desk,
            report,
            refusal=str(refusal),
            refused_act=act,
            is_conflict=isinstance(refusal, ChangedMeanwhile),
            asks_sure=isinstance(refusal, PersonalFacts),
            typed=request.POST,
        )
    messages.success(request, said)
    return redirect(_next(request, slug, number))


@require_POST
@sign_in_needed
@limited("work_contact", per_hour=120)
def work_contact(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show the sender's contact once; the history says who looked."""
    desk = desk_of(request, slug)
    report = report_at(desk, number)
    if not may_see_contact(desk.officer, report, on=desk.on):
        raise Http404
    try:
        contact = look_at_contact(report=report, by=desk.officer, now=desk.now)
    except ContactUnreadable as fault:
        return report_page(request, desk, report, refusal=str(fault), refused_act="contact")
    response = report_page(request, desk, report, contact=contact)
    response.headers["Cache-Control"] = "no-store"
    return response


class PersonalFacts(StepRefused):
    """Words to everybody may tell of a person; sent once more with a tick they are taken."""


def _look_through(act: str, report: Report, sent: QueryDict) -> None:
    """
    Let words that everybody will read be checked first where they may tell of a person.

    :raises PersonalFacts: they do, and nobody ticked that they were checked
    """
    if act not in _TOLD_TO_ALL or sent.get("sure") == "1":
        return
    if act == "give" and not _is_outside(report, sent.get("department", "")):
        return
    facts = personal_facts_in(sent.get("text", ""), report)
    if facts:
        raise PersonalFacts(
            _(
                "Everybody can read these words, and they seem to tell of a person: %(facts)s. "
                "Take it out, or tick that you have checked it."
            )
            % {"facts": ", ".join(f"“{fact}”" for fact in facts[:5])}
        )


def _is_outside(report: Report, key: str) -> bool:
    """Whether the words go to an outside body and so to everybody, not as a note within."""
    outside = Department.objects.filter(municipality=report.municipality_id, kind="outside")
    return key in {str(pk) for pk in outside.values_list("pk", flat=True)}


def _plain(sent: QueryDict) -> QueryDict:
    """What was sent without signs that the database cannot hold; nothing of it is endless."""
    plain = QueryDict(mutable=True)
    for name, values in sent.lists():
        plain.setlist(name, [value.replace("\0", "") for value in values])
        if any(len(value) > LONGEST_TEXT for value in values):
            raise StepRefused(_("The text is too long."))
    return plain


def _step(desk: Desk, report: Report, sent: QueryDict) -> str:
    working.take_step(
        report=report,
        to=sent.get("to", ""),
        by=desk.officer,
        now=desk.now,
        text=sent.get("text", ""),
        seen=sent.get("seen", ""),
    )
    return _("The report is now: %(state)s.") % {"state": report.get_status_display()}


def _category(desk: Desk, report: Report, sent: QueryDict) -> str:
    own = Category.objects.filter(municipality=desk.city, is_active=True)
    category = _chosen(own, sent.get("category", ""), _("Choose a category."))
    working.choose_category(
        report=report, category=category, by=desk.officer, now=desk.now, seen=sent.get("seen", "")
    )
    body = report.department.name if report.department else _("nobody yet")
    return _("Category: %(category)s. Works on it: %(body)s.") % {
        "category": category.name,
        "body": body,
    }


def _assign(desk: Desk, report: Report, sent: QueryDict) -> str:
    key = sent.get("assignee", "")
    colleague = _colleague(desk, key) if key else None
    working.assign(
        report=report,
        to=colleague,
        by=desk.officer,
        on=desk.on,
        now=desk.now,
        seen=sent.get("seen", ""),
    )
    if colleague is None:
        return _("Nobody is named any more.")
    return _("Assigned to %(name)s.") % {"name": colleague}


def _give(desk: Desk, report: Report, sent: QueryDict) -> str:
    own = Department.objects.filter(municipality=desk.city, is_active=True)
    body = _chosen(own, sent.get("department", ""), _("Choose a body."))
    working.give_to(
        report=report,
        department=body,
        by=desk.officer,
        now=desk.now,
        text=sent.get("text", ""),
        seen=sent.get("seen", ""),
    )
    return _("Given to %(body)s.") % {"body": body}


def _reply(desk: Desk, report: Report, sent: QueryDict) -> str:
    working.reply(
        report=report,
        text=sent.get("text", ""),
        by=desk.officer,
        now=desk.now,
        seen=sent.get("seen", ""),
    )
    return _("Your words go to the sender and stand on the page of the report.")


def _note(desk: Desk, report: Report, sent: QueryDict) -> str:
    working.note(report=report, text=sent.get("text", ""), by=desk.officer, now=desk.now)
    return _("The note is kept; only officers read it.")


def _hand_over(desk: Desk, report: Report, sent: QueryDict) -> str:
    colleague = _colleague(desk, sent.get("assignee", ""))
    working.hand_over(
        report=report,
        to=colleague,
        text=sent.get("text", ""),
        by=desk.officer,
        on=desk.on,
        now=desk.now,
        seen=sent.get("seen", ""),
    )
    return _("Handed over to %(name)s, with your note.") % {"name": colleague}


def _pause(desk: Desk, report: Report, sent: QueryDict) -> str:
    dates.pause(
        report=report,
        text=sent.get("text", ""),
        by=desk.officer,
        now=desk.now,
        seen=sent.get("seen", ""),
    )
    return _("The count of days is paused; the sender is told why.")


def _resume(desk: Desk, report: Report, sent: QueryDict) -> str:
    update = dates.resume(
        report=report,
        text=sent.get("text", ""),
        by=desk.officer,
        now=desk.now,
        seen=sent.get("seen", ""),
    )
    return _("The count goes on; working days added: %(days)s.") % {"days": update.details["days"]}


def _extend(desk: Desk, report: Report, sent: QueryDict) -> str:
    try:
        until = date.fromisoformat(sent.get("until", ""))
    except ValueError as fault:
        raise StepRefused(_("Say until which day.")) from fault
    dates.extend(
        report=report,
        until=until,
        notice=sent.get("text", ""),
        by=desk.officer,
        now=desk.now,
        seen=sent.get("seen", ""),
    )
    return _("The date is extended; the notice is kept and goes to the sender.")


def _text(desk: Desk, report: Report, sent: QueryDict) -> str:
    is_shown = sent.get("show") == "1"
    moderating.moderate_text(
        report=report,
        shown_text=sent.get("shown_text", ""),
        is_shown=is_shown,
        by=desk.officer,
        now=desk.now,
        seen=sent.get("seen", ""),
    )
    return _("Everybody reads the text now.") if is_shown else _("The text stays unseen.")


def _photo(desk: Desk, report: Report, sent: QueryDict) -> str:
    photo = _chosen(report.photos.all(), sent.get("photo", ""), _("There is no such photo."))
    assert isinstance(photo, ReportPhoto)
    photo.report = report
    if sent.get("do") == "blur":
        areas = areas_in(sent.get("areas", ""))
        moderating.blur_parts(
            photo=photo, areas=areas, by=desk.officer, now=desk.now, seen=sent.get("seen", "")
        )
        return _("The copy with blurred parts is made; the original stays with the officers.")
    is_shown = sent.get("do") == "show"
    moderating.show_photo(
        photo=photo, is_shown=is_shown, by=desk.officer, now=desk.now, seen=sent.get("seen", "")
    )
    return _("Everybody sees the photo now.") if is_shown else _("The photo is hidden.")


def _facts(desk: Desk, report: Report, sent: QueryDict) -> str:
    told = {name: sent[name] == "1" for name in ("is_danger", "is_hidden") if name in sent}
    asset = sent.get("asset_number")
    working.set_facts(
        report=report,
        by=desk.officer,
        now=desk.now,
        asset_number=None if asset is None else asset.strip()[:60],
        seen=sent.get("seen", ""),
        **told,
    )
    return _("Kept.")


def _pair(desk: Desk, report: Report, sent: QueryDict) -> str:
    own = DuplicateSuggestion.objects.select_related("report", "other")
    known = own.filter(report=report) | own.filter(other=report)
    pair = _chosen(known, sent.get("pair", ""), _("There is no such pair."))
    assert isinstance(pair, DuplicateSuggestion)
    if sent.get("do") == "refuse":
        duplicates.refuse_duplicate(suggestion=pair, by=desk.officer, now=desk.now)
        return _("Noted: these are two different troubles.")
    kept = join_pair(
        suggestion=pair,
        by=desk.officer,
        now=desk.now,
        text=sent.get("text", ""),
        keep_the_later=sent.get("do") == "keep_later",
        seen=sent.get("seen", ""),
        seen_of=report,
    )
    return _("Closed as a repeat; work goes on with %(number)s.") % {"number": kept.number}


def _forwarding(desk: Desk, report: Report, sent: QueryDict) -> str:
    """Settle what was sent to another system without a known outcome."""
    own = report.forwardings.select_related("connection")
    row = _chosen(own, sent.get("forwarding", ""), _("There is no such forwarding."))
    assert isinstance(row, Forwarding)
    if sent.get("do") == "again":
        sending.send_again(forwarding=row, now=desk.now)
        return _("It is sent once more.")
    sending.found_there(forwarding=row, number=sent.get("there", ""), now=desk.now)
    return _("Noted: the other system has it as %(number)s.") % {"number": sent.get("there", "")}


ACTS: dict[str, Act] = {
    "forwarding": _forwarding,
    "step": _step,
    "category": _category,
    "assign": _assign,
    "give": _give,
    "reply": _reply,
    "note": _note,
    "handover": _hand_over,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "text": _text,
    "photo": _photo,
    "facts": _facts,
    "pair": _pair,
}


def _chosen(rows: QuerySet[Row], key: str, otherwise: str) -> Row:
    is_key = key.isascii() and key.isdecimal() and len(key) <= 18
    found = rows.filter(pk=int(key)).first() if is_key else None
    if found is None:
        raise StepRefused(otherwise)
    return found


def _colleague(desk: Desk, key: str) -> User:
    for officer in officers_of(desk.city, on=desk.on):
        if str(officer.pk) == key:
            return officer
    raise StepRefused(_("Choose a colleague who works on reports of this city."))


def _next(request: HttpRequest, slug: str, number: str) -> str:
    """Back to the row of the list where the form stood there, else to the page of the report."""
    asked = request.POST.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    back = request.POST.get("back", "")
    page = reverse("work_report", args=[slug, number])
    query = QueryDict(mutable=True)
    if back:
        query["back"] = back[:800]
    return f"{page}?{query.urlencode()}" if back else page
