"""Who decides: people are added; offices begin, end and are corrected; words and life lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from novator.cities.models import Municipality
from novator.council.bodies import (
    add_life_event,
    add_person,
    begin_membership,
    correct_membership,
    correct_person,
    end_membership,
    record_statement,
    remove_line,
    remove_membership,
)
from novator.council.body_permissions import is_of
from novator.council.models import LifeEvent, Membership, Person, Statement
from novator.council.people import search_people
from novator.council.refusals import CannotRecord
from novator.council.seen import ChangedMeanwhile, mark_of_row
from novator.portal.bodies_forms import (
    LifeForm,
    MembershipChangeForm,
    MembershipEndForm,
    MembershipForm,
    PersonChangeForm,
    PersonForm,
    StatementForm,
    WhyForm,
    dates_of,
)
from novator.portal.bodies_guard import (
    bodies_to_enter,
    city_called,
    entry_crumbs,
    own_membership,
    own_person,
    parties,
)
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.person_account import account_part
from novator.portal.seen_form import tell_stored

ENTRIES_AN_HOUR = 600


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("person_new", per_hour=ENTRIES_AN_HOUR)
def person_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Find somebody who is known already, or add somebody new."""
    city = city_called(request, slug)
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    form = PersonForm(request.POST or None, initial={"name": asked})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                person = add_person(name=said["name"], name_en=said["name_en"], source=form.cited())
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Added. Record the office next."))
            return redirect("person_entry", slug, person.slug)
    context = {
        "city": city,
        "form": form,
        "asked": asked,
        "found": search_people(asked) if asked else [],
        "crumbs": entry_crumbs(city, (_("A person"), "")),
    }
    return render(request, "portal/council/bodies/person_new.html", context)


@require_safe
@sign_in_needed
def person_entry(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """What is recorded of somebody, each with what can be done to it."""
    city = city_called(request, slug)
    row = get_object_or_404(Person.objects.select_related("user"), slug=person)
    own = is_of(row, city)
    memberships = row.memberships.select_related("organization__municipality", "post")
    context = {
        "city": city,
        "person": row,
        "is_own": own,
        "memberships": [
            (one, one.organization.municipality_id in ({city.pk, None} if own else {city.pk}))
            for one in memberships
        ],
        "statements": list(row.statements.all()),
        "life": list(row.life.all()),
        "crumbs": entry_crumbs(city, (str(row), "")),
        **(account_part(row) if own else {}),
    }
    return render(request, "portal/council/bodies/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("membership_new", per_hour=ENTRIES_AN_HOUR)
def membership_new(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """Record an office, a seat or a membership of somebody."""
    city = city_called(request, slug)
    row = get_object_or_404(Person, slug=person)
    form = MembershipForm(request.POST or None, bodies=bodies_to_enter(city), parties=parties())
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            if facts["organization"].municipality_id is None and not is_of(row, city):
                raise PermissionDenied(_("Another city answers for this person."))
            with transaction.atomic():
                begin_membership(person=row, source=form.cited(), **facts)
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Recorded."))
            return redirect("person_entry", slug, person)
    return _page(request, city, form, _("New office or membership"), row)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("membership_end", per_hour=ENTRIES_AN_HOUR)
def membership_end(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Record that an office ended, when and why; all others of the person stay (K2)."""
    city = city_called(request, slug)
    row = own_membership(request, city, public_id)
    form = MembershipEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                end_membership(
                    membership=row,
                    ends=said["ends"],
                    reason=said["reason"],
                    reason_en=said["reason_en"],
                    source=form.cited(),
                )
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Recorded. The other offices of this person stay."))
            return redirect("person_entry", slug, row.person.slug)
    heading = _("End: %(office)s, %(body)s") % {
        "office": row.shown_label,
        "body": row.organization.shown_name,
    }
    return _page(request, city, form, heading, row.person)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("membership_correct", per_hour=ENTRIES_AN_HOUR)
def membership_correct(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Put right what was entered wrongly, or take out what never was; the trail keeps it."""
    city = city_called(request, slug)
    row = own_membership(request, city, public_id)
    form = MembershipChangeForm(
        request.POST or None,
        bodies=bodies_to_enter(city),
        parties=parties(),
        initial=_stored_membership(row),
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                source = form.cited()
                facts = form.facts() | ({"source": source} if source else {})
                said = form.cleaned_data
                correct_membership(membership=row, why=said["why"], seen=said["seen"], **facts)
        except ChangedMeanwhile as refusal:
            tell_stored(form, refusal, _stored_membership(own_membership(request, city, public_id)))
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Kept."))
            return redirect("person_entry", slug, row.person.slug)
    return _page(request, city, form, _("Correct: %(office)s") % {"office": row}, row.person)


def _stored_membership(row: Membership) -> dict[str, Any]:
    fields = ("organization", "post", "role", "label", "label_en", "on_behalf_of", "election")
    known = {name: getattr(row, name) for name in (*fields, "end_reason", "end_reason_en")}
    return {**known, **dates_of(row, "starts", "ends"), "seen": mark_of_row(row)}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("membership_remove", per_hour=ENTRIES_AN_HOUR)
def membership_remove(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Take out a membership that never was; the trail keeps it with the reason."""
    city = city_called(request, slug)
    row = own_membership(request, city, public_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_membership(membership=row, why=form.cleaned_data["why"])
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken out; the trail keeps it."))
            return redirect("person_entry", slug, row.person.slug)
    return _page(request, city, form, _("Take out: %(office)s") % {"office": row}, row.person)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("statement_new", per_hour=ENTRIES_AN_HOUR)
def statement_new(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """Record what somebody said in public."""
    city = city_called(request, slug)
    row = own_person(city, person)
    memberships = Membership.objects.filter(person=row).select_related("person", "organization")
    form = StatementForm(request.POST or None, memberships=memberships)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        fields = ("made", "text", "text_en", "membership")
        try:
            with transaction.atomic():
                facts = {name: said[name] for name in fields}
                record_statement(person=row, source=form.cited(), **facts)
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Recorded."))
            return redirect("person_entry", slug, person)
    return _page(request, city, form, _("New statement"), row)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("life_new", per_hour=ENTRIES_AN_HOUR)
def life_new(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """Add a line of life and career."""
    city = city_called(request, slug)
    row = own_person(city, person)
    form = LifeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        fields = ("kind", "text", "text_en", "starts", "ends")
        try:
            with transaction.atomic():
                facts = {name: said[name] for name in fields}
                add_life_event(person=row, source=form.cited(), **facts)
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Recorded."))
            return redirect("person_entry", slug, person)
    return _page(request, city, form, _("New line of life"), row)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("person_change", per_hour=ENTRIES_AN_HOUR)
def person_change(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """Put right how somebody is called."""
    city = city_called(request, slug)
    row = own_person(city, person)
    form = PersonChangeForm(request.POST or None, initial=_stored_names(row))
    if request.method == "POST" and form.is_valid():
        try:
            correct_person(person=row, **form.cleaned_data)
        except ChangedMeanwhile as refusal:
            tell_stored(form, refusal, _stored_names(own_person(city, person)))
        except CannotRecord as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("person_entry", slug, person)
    return _page(request, city, form, _("Correct the name"), row)


def _stored_names(row: Person) -> dict[str, Any]:
    fields = ("name", "name_en", "family_name", "given_name", "patronymic")
    return {**{name: getattr(row, name) for name in fields}, "seen": mark_of_row(row)}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("line_remove", per_hour=ENTRIES_AN_HOUR)
def line_remove(request: HttpRequest, slug: str, person: str, what: str, pk: int) -> HttpResponse:
    """Take out a line of life or a statement that was entered wrongly."""
    city = city_called(request, slug)
    row = own_person(city, person)
    if what not in {"life", "statements"}:
        raise Http404
    line: LifeEvent | Statement = (
        get_object_or_404(LifeEvent, person=row, pk=pk)
        if what == "life"
        else get_object_or_404(Statement, person=row, pk=pk)
    )
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_line(row=line, why=form.cleaned_data["why"])
        except CannotRecord as refusal:
            form.add_error("why", str(refusal))
        else:
            messages.success(request, _("Taken out; the trail keeps it."))
            return redirect("person_entry", slug, person)
    return _page(request, city, form, _("Take out: %(line)s") % {"line": str(line)[:80]}, row)


def _page(
    request: HttpRequest, city: Municipality, form: Any, heading: str, person: Person
) -> HttpResponse:
    """A page with one form about somebody."""
    back = reverse("person_entry", args=[city.slug, person.slug])
    context = {
        "city": city,
        "form": form,
        "heading": heading,
        "back": back,
        "crumbs": entry_crumbs(city, (str(person), back), (heading, "")),
    }
    return render(request, "portal/council/bodies/form.html", context)
