"""The association: working groups, their people and what they write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.granting import person_with
from novator.association.common_permissions import may_keep_groups
from novator.association.common_work import (
    CannotArrange,
    GroupFacts,
    change_group,
    join_group,
    leave_group,
    make_group,
)
from novator.association.models import GroupMember, Member, WorkingGroup
from novator.council.seen import ChangedMeanwhile, mark_of_row
from novator.portal.association_crumbs import association_crumbs
from novator.portal.form_fields import day_field, long_text
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.positions import HIDDEN
from novator.portal.seen_form import SeenForm, tell_stored

ACTS_AN_HOUR = 120


class GroupForm(SeenForm):
    """What is said of a working group."""

    name = forms.CharField(label=gettext_lazy("Name in Russian"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    purpose = long_text(gettext_lazy("What it works on, in Russian"), 4000, rows=5, required=False)
    purpose_en = long_text(
        gettext_lazy("What it works on, in English"), 4000, rows=5, required=False
    )
    starts_on = day_field(gettext_lazy("First day"))
    ends_on = day_field(gettext_lazy("Last day"), required=False)

    def facts(self) -> GroupFacts:
        """What was typed, as the operations take it."""
        names = GroupFacts.__dataclass_fields__
        return GroupFacts(**{name: self.cleaned_data[name] for name in names})


class NewGroupForm(GroupForm):
    """The same with its address."""

    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=80,
        help_text=gettext_lazy("Small Latin letters, digits, hyphens; it never changes."),
    )
    field_order = ["name", "name_en", "slug"]


class PlaceForm(forms.Form):
    """Who joins a group."""

    email = forms.EmailField(label=gettext_lazy("E-mail of the person's account"))
    member = forms.ModelChoiceField(
        label=gettext_lazy("For which member"),
        queryset=Member.objects.filter(standing="admitted").select_related("municipality"),
        required=False,
        empty_label=gettext_lazy("for none (office, expert)"),
    )
    is_chair = forms.BooleanField(label=gettext_lazy("Chairs the group"), required=False)


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """All working groups, those at work first."""
    on = today()
    rows = list(WorkingGroup.objects.order_by("name", "id")[:200])
    context = {
        "standing": [one for one in rows if one.ends_on is None or one.ends_on >= on],
        "ended": [one for one in rows if one.ends_on is not None and one.ends_on < on],
        "may_keep": may_keep_groups(request.user, on=on),
        "crumbs": _crumbs(),
    }
    return render(request, "portal/groups/groups.html", context)


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group: what it works on, for which members people sit in it, what it has written."""
    return _page(request, get_object_or_404(WorkingGroup, slug=slug), PlaceForm())


def _page(request: HttpRequest, found: WorkingGroup, form: PlaceForm) -> HttpResponse:
    on = today()
    places = found.people.filter(ends_on=None).select_related("user", "member__municipality")
    may_keep = may_keep_groups(request.user, on=on)
    rows = found.positions.all() if may_keep else found.positions.exclude(state__in=HIDDEN)
    context = {
        "group": found,
        "places": list(places),
        "members": sorted({str(row.member) for row in places if row.member}),
        "positions": list(rows[:50]),
        "gatherings": list(found.gatherings.filter(is_published=True)[:10]),
        "may_keep": may_keep,
        "mine": [row.pk for row in places if row.user_id == request.user.pk],
        "form": form,
        "crumbs": _crumbs((str(found), "")),
    }
    return render(request, "portal/groups/group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("working_group", per_hour=ACTS_AN_HOUR)
def group_new(request: HttpRequest) -> HttpResponse:
    """Make a working group."""
    _only_office(request)
    form = NewGroupForm(request.POST or None, initial={"starts_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = make_group(
                slug=form.cleaned_data["slug"].lower(),
                facts=form.facts(),
                by=reader(request),
                on=today(),
            )
        except CannotArrange as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    context = {"form": form, "crumbs": _crumbs((_("A new working group"), ""))}
    return render(request, "portal/groups/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("working_group", per_hour=ACTS_AN_HOUR)
def group_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is said of a group, or end it by its last day."""
    _only_office(request)
    found = get_object_or_404(WorkingGroup, slug=slug)
    form = GroupForm(request.POST or None, initial=_stored(found))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            change_group(group=found, facts=form.facts(), by=reader(request), on=today(), seen=seen)
        except ChangedMeanwhile as refusal:
            tell_stored(form, refusal, _stored(WorkingGroup.objects.get(pk=found.pk)))
        except CannotArrange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {
        "form": form,
        "group": found,
        "crumbs": _crumbs((str(found), found.get_absolute_url()), (_("Change"), "")),
    }
    return render(request, "portal/groups/edit.html", context)


def _stored(found: WorkingGroup) -> dict[str, Any]:
    facts = {name: getattr(found, name) for name in GroupFacts.__dataclass_fields__}
    return {**facts, "seen": mark_of_row(found)}


@require_POST
@sign_in_needed
@limited("working_group", per_hour=ACTS_AN_HOUR)
def group_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Name somebody to a group, or end a place; whoever has one may lay it down."""
    found = get_object_or_404(WorkingGroup, slug=slug)
    if (number := request.POST.get("leave", "")).isdecimal():
        place = get_object_or_404(GroupMember, pk=int(number[:12]), group=found)
        try:
            leave_group(place=place, by=reader(request), on=today())
        except CannotArrange as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        return redirect(found)
    _only_office(request)
    form = PlaceForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        user = person_with(told["email"])
        if user is None:
            form.add_error("email", _("Nobody here has confirmed this address."))
            return _page(request, found, form)
        try:
            join_group(
                group=found,
                user=user,
                member=told["member"],
                is_chair=told["is_chair"],
                by=reader(request),
                on=today(),
            )
        except CannotArrange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Named."))
            return redirect(found)
    return _page(request, found, form)


def _only_office(request: HttpRequest) -> None:
    if not may_keep_groups(request.user, on=today()):
        raise PermissionDenied(_("This is arranged by the office of the association."))


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    groups_crumb = (_("Working groups"), reverse("working_groups") if more else "")
    return association_crumbs(groups_crumb, *more)
