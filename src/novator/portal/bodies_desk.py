"""Who decides: a council is opened; its bodies, posts and rules are entered and corrected."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from novator.cities.models import Municipality
from novator.core.partial_dates import Partial
from novator.council.bodies import (
    correct_organization,
    dissolve_organization,
    end_post,
    found_council,
    found_organization,
    found_post,
    set_rule,
)
from novator.council.composition import convocation_on, council_of
from novator.council.models import BODIES, Membership, Organization, Quorum
from novator.council.refusals import CannotRecord
from novator.council.rosters import RosterRefused, enter_roster
from novator.council.seen import ChangedMeanwhile, mark_of_row
from novator.portal.bodies_forms import (
    BodyChangeForm,
    BodyEndForm,
    BodyForm,
    CouncilForm,
    PostEndForm,
    PostForm,
    RosterForm,
    RuleForm,
    dates_of,
)
from novator.portal.bodies_guard import city_called, entry_crumbs, own_body
from novator.portal.keyset import stretch_of
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed, today
from novator.portal.seen_form import tell_stored

ENTRIES_AN_HOUR = 600
MOST_BODIES = 300
ENDED_AT_ONCE = 40
NEW_KINDS = (
    "convocation",
    "faction",
    "committee",
    "administration",
    "party_branch",
    "party",
    "union",
    "other",
)
_OF_CONVOCATION = {"faction", "committee"}
_USUAL_ROLES = {"administration": "head", "council": "chair", "union": "chair"}


@require_safe
@sign_in_needed
def council_bodies(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that can be entered about people and bodies of a city."""
    city = city_called(request, slug)
    council = council_of(city)
    bodies = Organization.objects.filter(municipality=city).exclude(kind="council")
    bodies = bodies.select_related("parent")
    after = request.GET.get("after", "")
    ended = bodies.filter(dissolved_to__isnull=False)
    context = {
        "city": city,
        "council": council,
        "convocation": convocation_on(council, today()) if council else None,
        "bodies": list(
            bodies.filter(dissolved_to=None).order_by("kind", "-founded_to", "name")[:MOST_BODIES]
        ),
        "stretch": stretch_of(
            ended, after, key="public_id", order=("-dissolved_to", "pk"), each=ENDED_AT_ONCE
        ),
        "kinds": [(kind, BODIES[kind]) for kind in NEW_KINDS],
        "rules": list(council.rules.all()) if council else [],
        "crumbs": entry_crumbs(city),
    }
    return render(request, "portal/council/bodies/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("council_open", per_hour=30)
def council_open(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the council of a city with its sitting convocation and the usual rules."""
    city = city_called(request, slug)
    form = CouncilForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _open(city, form)
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The council is open. Enter its deputies next."))
            return redirect("council_bodies", slug)
    return _page(request, city, form, _("Open the council"))


def _open(city: Municipality, form: CouncilForm) -> None:
    said = form.cleaned_data
    source = form.cited()
    council = found_council(
        municipality=city,
        seats=said["seats"],
        website=said["website"],
        source=source,
        **form.names(),
    )
    number = said["convocation"]
    found_organization(
        kind="convocation",
        parent=council,
        name=_named(number),
        name_en=f"Convocation {number}" if number else "Convocation",
        number=number,
        seats=said["seats"],
        founded=said["convocation_from"],
        source=source,
    )


def _named(number: str) -> str:
    return f"{number} созыв" if number else "Действующий созыв"


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("body_new", per_hour=ENTRIES_AN_HOUR)
def body_new(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Found a convocation, a faction, a committee, a party, an administration, a union."""
    city = city_called(request, slug)
    council = council_of(city)
    if kind not in NEW_KINDS:
        raise Http404
    if council is None:
        return redirect("council_open", slug)
    form = BodyForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                body = found_organization(
                    kind=kind,
                    source=form.cited(),
                    **_place(city, council, kind, form),
                    **form.names(),
                )
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Recorded: %(name)s.") % {"name": body})
            if body.municipality_id is None:
                return redirect("council_bodies", slug)
            return redirect("body_entry", slug, body.public_id)
    return _page(request, city, form, _("New: %(kind)s") % {"kind": BODIES[kind]})


def _place(city: Municipality, council: Organization, kind: str, form: BodyForm) -> dict[str, Any]:
    """Of what the new body is a part, and of which city."""
    facts = form.facts()
    if kind == "convocation":
        return {**facts, "parent": council}
    if kind in _OF_CONVOCATION:
        return {**facts, "parent": convocation_on(council, today()) or council}
    if kind == "party_branch":
        return {**facts, "parent": facts["party"], "party": None, "municipality": city}
    if kind in {"party", "union"}:
        return facts
    return {**facts, "municipality": city}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("body_entry", per_hour=ENTRIES_AN_HOUR)
def body_entry(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """People enter a body from a list; whoever is in it can be ended or corrected."""
    city = city_called(request, slug)
    body = own_body(request, city, public_id)
    form = RosterForm(request.POST or None, kind=body.kind, initial={"starts": _usual_start(body)})
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                made = enter_roster(
                    body=body,
                    text=said["people"],
                    starts=said["starts"],
                    is_founding=said.get("is_founding", False),
                    source=form.cited(),
                )
        except RosterRefused as refusal:
            faults = list(refusal.faults)
            form.add_error("people", _("Nothing was recorded: see the lines below."))
        except CannotRecord as refused:
            form.refuse(refused)
        else:
            people = len({row.person_id for row in made})
            words = ngettext(
                "%(count)s person is recorded.", "%(count)s people are recorded.", people
            )
            messages.success(request, words % {"count": people})
            return redirect("body_entry", slug, public_id)
    members = Membership.objects.filter(organization=body).select_related("person", "post")
    context = {
        "city": city,
        "body": body,
        "form": form,
        "faults": faults,
        "members": list(
            members.order_by(F("ends_to").desc(nulls_first=True), "person__family_name", "id")[:500]
        ),
        "posts": list(body.posts.all()),
        "crumbs": entry_crumbs(city, (body.shown_name, "")),
    }
    return render(request, "portal/council/bodies/body.html", context)


def _usual_start(body: Organization) -> Partial | None:
    """Whoever enters first usually enters with the body itself; later ones say their own day."""
    if Membership.objects.filter(organization=body).exists():
        return None
    first = body if body.founded_to or not body.parent else body.parent
    if first.kind not in {"convocation", "faction", "committee"}:
        return None
    return Partial(first.founded_from, first.founded_to)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("body_change", per_hour=ENTRIES_AN_HOUR)
def body_change(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Put right what was entered wrongly of a body."""
    city = city_called(request, slug)
    body = own_body(request, city, public_id)
    form = BodyChangeForm(request.POST or None, kind=body.kind, initial=_stored_body(body))
    if body.kind == "party_branch":
        del form.fields["party"]
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                source = form.cited()
                correct_organization(
                    organization=body,
                    why=form.cleaned_data["why"],
                    seen=form.cleaned_data["seen"],
                    **form.names(),
                    **form.facts(),
                    **({"source": source} if source else {}),
                )
        except ChangedMeanwhile as refusal:
            tell_stored(form, refusal, _stored_body(own_body(request, city, public_id)))
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Kept."))
            return redirect("body_entry", slug, public_id)
    return _page(request, city, form, _("Correct: %(name)s") % {"name": body}, body)


def _stored_body(body: Organization) -> dict[str, Any]:
    fields = ("name", "name_en", "short_name", "short_name_en", "number", "seats", "position")
    known = {name: getattr(body, name) for name in (*fields, "party")}
    return {**known, **dates_of(body, "founded", "dissolved"), "seen": mark_of_row(body)}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("body_end", per_hour=ENTRIES_AN_HOUR)
def body_end(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Record that a body ended, and with a reason that everybody in it left."""
    city = city_called(request, slug)
    body = own_body(request, city, public_id)
    form = BodyEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            dissolve_organization(
                organization=body, dissolved=said["dissolved"], reason=said["reason"]
            )
        except CannotRecord as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Recorded."))
            return redirect("council_bodies", slug)
    return _page(request, city, form, _("End: %(name)s") % {"name": body}, body)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("post_new", per_hour=ENTRIES_AN_HOUR)
def post_new(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Record a post of a body."""
    city = city_called(request, slug)
    body = own_body(request, city, public_id)
    form = PostForm(request.POST or None, initial={"role": _USUAL_ROLES.get(body.kind, "member")})
    if request.method == "POST" and form.is_valid():
        try:
            found_post(organization=body, **form.cleaned_data)
        except CannotRecord as refusal:
            form.add_error("label", str(refusal))
        else:
            messages.success(request, _("Recorded."))
            return redirect("body_entry", slug, public_id)
    return _page(request, city, form, _("New post: %(name)s") % {"name": body}, body)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("post_end", per_hour=ENTRIES_AN_HOUR)
def post_end(request: HttpRequest, slug: str, public_id: UUID, pk: int) -> HttpResponse:
    """Record that a post exists no more."""
    city = city_called(request, slug)
    body = own_body(request, city, public_id)
    post = get_object_or_404(body.posts, pk=pk)
    form = PostEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_post(post=post, ends=form.cleaned_data["ends"])
        except CannotRecord as refusal:
            form.add_error("ends", str(refusal))
        else:
            messages.success(request, _("Recorded."))
            return redirect("body_entry", slug, public_id)
    return _page(request, city, form, _("End: %(name)s") % {"name": post}, body)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("council_rule", per_hour=ENTRIES_AN_HOUR)
def council_rule(request: HttpRequest, slug: str, code: str = "") -> HttpResponse:
    """Set a rule of quorum or majority; votes already taken keep theirs."""
    city = city_called(request, slug)
    council = council_of(city)
    if council is None:
        return redirect("council_open", slug)
    rule = get_object_or_404(council.rules, code=code) if code else None
    form = RuleForm(request.POST or None, is_new=rule is None, initial=_stored_rule(rule))
    if request.method == "POST" and form.is_valid():
        try:
            taken = set(council.rules.values_list("code", flat=True))
            set_rule(council=council, **({"code": code} | form.facts(taken)))
        except ChangedMeanwhile as refusal:
            if rule is None:
                form.add_error("code", _("There is a rule of this code already: correct that one."))
            else:
                tell_stored(form, refusal, _stored_rule(council.rules.filter(code=code).first()))
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("council_bodies", slug)
    name = str(rule) if rule else _("New rule")
    return _page(request, city, form, name)


def _stored_rule(rule: Quorum | None) -> dict[str, Any]:
    fields = ("name", "name_en", "numerator", "denominator", "base", "legal_basis")
    known = {name: getattr(rule, name) for name in fields} if rule else {}
    is_over = "1" if rule is None or rule.is_over else "0"
    return {**known, "is_over": is_over, "seen": mark_of_row(rule)}


def _page(
    request: HttpRequest,
    city: Municipality,
    form: Any,
    heading: str,
    body: Organization | None = None,
) -> HttpResponse:
    """A page with one form."""
    more = (
        [(body.shown_name, reverse("body_entry", args=[city.slug, body.public_id]))] if body else []
    )
    context = {
        "city": city,
        "form": form,
        "heading": heading,
        "crumbs": entry_crumbs(city, *more, (heading, "")),
        "back": more[0][1] if more else reverse("council_bodies", args=[city.slug]),
    }
    return render(request, "portal/council/bodies/form.html", context)
