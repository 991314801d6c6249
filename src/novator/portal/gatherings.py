"""The association: its events, registration for them, and their calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.models import User
from novator.association.common_permissions import may_keep_groups
from novator.association.common_work import (
    CannotArrange,
    CannotRegister,
    EventFacts,
    cancel_event,
    change_event,
    make_event,
    publish_event,
    register,
    unregister,
)
from novator.association.event_calendar import calendar_of_events
from novator.association.models import Gathering, Registration, WorkingGroup
from novator.council.seen import ChangedMeanwhile, mark_of_row
from novator.portal.association_crumbs import association_crumbs
from novator.portal.feeds import MOST, Entry, answer
from novator.portal.form_fields import long_text, moment_field
from novator.portal.keyset import stretch_of
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.seen_form import SeenForm, tell_stored
from novator.portal.tables import csv_answer
from novator.portal.unprintable import typed
from novator.portal.zone_words import zone_choices, zone_in_words

EACH = 20
MOST_IN_CALENDAR = 300
ACTS_AN_HOUR = 120


class EventForm(SeenForm):
    """What is said of an event; its times are those of its place."""

    name = forms.CharField(label=gettext_lazy("Name in Russian"), max_length=300)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=300, required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time of which place"), choices=zone_choices)
    starts_at = moment_field(gettext_lazy("Begins"))
    ends_at = moment_field(gettext_lazy("Ends"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=300, required=False)
    online = forms.URLField(
        label=gettext_lazy("Address for taking part online"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Only those who are registered see it."),
    )
    description = long_text(
        gettext_lazy("What it is about, in Russian"), 8000, rows=6, required=False
    )
    description_en = long_text(
        gettext_lazy("What it is about, in English"), 8000, rows=6, required=False
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"), min_value=1, max_value=100_000, required=False
    )
    register_until = moment_field(gettext_lazy("Registration until"), required=False)
    is_for_members = forms.BooleanField(label=gettext_lazy("Only for members"), required=False)
    group = forms.ModelChoiceField(
        label=gettext_lazy("Working group"), queryset=WorkingGroup.objects.all(), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Read the times as those of the chosen place."""
        told = super().clean() or {}
        zone = ZoneInfo(told.get("time_zone") or "Europe/Moscow")
        for name in ("starts_at", "ends_at", "register_until"):
            if told.get(name) is not None:
                told[name] = timezone.localtime(told[name]).replace(tzinfo=zone)
        return told

    def facts(self) -> EventFacts:
        """What was typed, as the operations take it."""
        names = EventFacts.__dataclass_fields__
        return EventFacts(**{name: self.cleaned_data[name] for name in names})


@require_safe
def gatherings(request: HttpRequest) -> HttpResponse:
    """Events to come, the next first; past ones on demand; drafts for the office."""
    now, may_keep = timezone.now(), may_keep_groups(request.user, on=today())
    is_past = request.GET.get("past") == "1"
    rows = Gathering.objects.filter(is_published=True)
    rows = rows.filter(ends_at__lt=now) if is_past else rows.filter(ends_at__gte=now)
    stretch = stretch_of(
        rows,
        request.GET.get("after", ""),
        key="public_id",
        order=("-starts_at", "-pk") if is_past else ("starts_at", "pk"),
        each=EACH,
    )
    context = {
        "stretch": stretch,
        "is_past": is_past,
        "drafts": list(Gathering.objects.filter(is_published=False)[:50]) if may_keep else [],
        "may_keep": may_keep,
        "crumbs": _crumbs(),
    }
    return render(request, "portal/events/events.html", context)


@require_safe
def gathering(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One event, with whether the reader is registered."""
    return _page(request, _gathering(request, public_id))


def _page(request: HttpRequest, found: Gathering, fault: str = "") -> HttpResponse:
    now, may_keep = timezone.now(), may_keep_groups(request.user, on=today())
    mine = None
    if isinstance(request.user, User):
        mine = found.registrations.filter(user=request.user, ended_at=None).first()
    taken = found.registrations.filter(ended_at=None, is_waiting=False).count()
    until = found.register_until or found.starts_at
    zone = ZoneInfo(found.time_zone)
    starts_at, ends_at = found.starts_at.astimezone(zone), found.ends_at.astimezone(zone)
    context = {
        "event": found,
        "zone": zone_in_words(found.time_zone, at=starts_at),
        "is_one_day": starts_at.date() == ends_at.date(),
        "mine": mine,
        "taken": taken,
        "free": max(0, found.seats - taken) if found.seats is not None else None,
        "until": until,
        "is_open": found.is_published and not found.cancelled_because and until > now,
        "shows_online": may_keep or (mine is not None and not mine.is_waiting),
        "may_keep": may_keep,
        "fault": fault,
        "crumbs": _crumbs((str(found), "")),
    }
    return render(request, "portal/events/event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("gathering", per_hour=ACTS_AN_HOUR)
def gathering_new(request: HttpRequest) -> HttpResponse:
    """Write an event down."""
    _only_office(request)
    form = EventForm(request.POST or None, initial={"time_zone": "Europe/Moscow"})
    if request.method == "POST" and form.is_valid():
        try:
            made = make_event(facts=form.facts(), by=reader(request), now=timezone.now())
        except CannotArrange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Stored. Publish it when it is ready."))
            return redirect(made)
    context = {"form": form, "crumbs": _crumbs((_("A new event"), ""))}
    return render(request, "portal/events/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("gathering", per_hour=ACTS_AN_HOUR)
def gathering_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change an event."""
    _only_office(request)
    found = _gathering(request, public_id)
    form = EventForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_event(
                gathering=found,
                facts=form.facts(),
                by=reader(request),
                now=timezone.now(),
                seen=form.cleaned_data["seen"],
            )
        except ChangedMeanwhile as refusal:
            tell_stored(form, refusal, _initial(_gathering(request, public_id)))
        except CannotArrange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {
        "form": form,
        "event": found,
        "crumbs": _crumbs((str(found), found.get_absolute_url()), (_("Change"), "")),
    }
    return render(request, "portal/events/edit.html", context)


def _initial(found: Gathering) -> dict[str, Any]:
    zone = ZoneInfo(found.time_zone)
    values = {name: getattr(found, name) for name in EventFacts.__dataclass_fields__}
    for name in ("starts_at", "ends_at", "register_until"):
        if values[name] is not None:
            values[name] = values[name].astimezone(zone).replace(tzinfo=None)
    return values | {"seen": mark_of_row(found)}


@require_POST
@sign_in_needed
@limited("gathering_act", per_hour=ACTS_AN_HOUR)
def gathering_act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Register or give the place up; publish or cancel as the office."""
    found, now, by = _gathering(request, public_id), timezone.now(), reader(request)
    act = request.POST.get("act", "")
    try:
        if act == "register":
            made = register(gathering=found, user=by, municipality=_city_of(by), now=now)
            messages.success(request, _registered(made))
        elif act == "unregister":
            unregister(gathering=found, user=by, now=now)
            messages.success(request, _("You are not registered any more."))
        elif act == "publish":
            publish_event(gathering=found, by=by, now=now)
        elif act == "cancel":
            because = typed(request, "because", 300)
            cancel_event(gathering=found, because=because, by=by, now=now)
        else:
            raise Http404(_("There is no such act."))
    except (CannotRegister, CannotArrange) as refusal:
        return _page(request, found, str(refusal))
    return redirect(found)


def _registered(made: Registration) -> str:
    if made.is_waiting:
        return _("All seats are taken: you wait, and move up when somebody leaves.")
    return _("You are registered.")


def _city_of(user: User) -> Any:
    on = today()
    rows = user.roles.exclude(municipality=None).select_related("municipality")
    return next((role.municipality for role in rows if role.counts_on(on)), None)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All published events as a calendar to subscribe to."""
    rows = Gathering.objects.filter(is_published=True).order_by("-starts_at", "pk")
    return _calendar(list(rows[:MOST_IN_CALENDAR]), "events")


@require_safe
def one_calendar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One event as a calendar file."""
    return _calendar([_gathering(request, public_id)], "event")


def _calendar(rows: list[Gathering], name: str) -> HttpResponse:
    written = calendar_of_events(
        rows,
        name=_("Events of the association"),
        address=lambda one: f"{settings.SITE_ADDRESS}{one.get_absolute_url()}",
    )
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


@require_safe
@sign_in_needed
def people_csv(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who is registered, for the office."""
    _only_office(request)
    found = _gathering(request, public_id)
    rows = [["name", "position", "city", "waiting", "registered_at"]]
    standing = found.registrations.filter(ended_at=None).select_related("user", "municipality")
    for one in standing:
        city = str(one.municipality) if one.municipality else ""
        is_waiting = "yes" if one.is_waiting else ""
        user = one.user
        rows.append([user.name, user.position, city, is_waiting, one.made_at.isoformat()])
    return csv_answer(rows, "people.csv")


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Published events as an Atom feed, the last changed first."""
    rows = Gathering.objects.filter(is_published=True).order_by("-changed_at", "-pk")[:MOST]
    entries = [
        Entry(
            key=f"events/{one.public_id}",
            title=str(one),
            words=one.cancelled_because or one.description[:600],
            author="",
            path=one.get_absolute_url(),
            updated=one.changed_at,
            published=one.changed_at,
        )
        for one in rows
    ]
    return answer(request, _("Events of the association"), reverse("gatherings"), entries)


def _gathering(request: HttpRequest, public_id: UUID) -> Gathering:
    found = get_object_or_404(Gathering.objects.select_related("group"), public_id=public_id)
    if not found.is_published and not may_keep_groups(request.user, on=today()):
        raise Http404(_("There is no such event."))
    return found


def _only_office(request: HttpRequest) -> None:
    if not may_keep_groups(request.user, on=today()):
        raise PermissionDenied(_("This is arranged by the office of the association."))


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    events = (_("Events"), reverse("gatherings") if more else "")
    return association_crumbs(events, *more)
