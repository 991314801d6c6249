"""Who works for a city and for the association: give a role, invite, end a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from novator.accounts.granting import give_role_to_address
from novator.accounts.models import ROLES, Invitation, Role, User
from novator.accounts.operations import CannotEnd, CannotGrant, end_role, withdraw_invitation
from novator.accounts.permissions import is_office, may_end, may_grant, may_see_team, roles_to_grant
from novator.accounts.queries import open_invitations
from novator.cities.models import Municipality
from novator.cities.queries import find_city, suggest_cities
from novator.core.languages import reader_language
from novator.portal.form_fields import day_input
from novator.portal.limits import limited
from novator.portal.paging import page_of
from novator.portal.people import reader, sign_in_needed, today

EACH = 50


class GrantForm(forms.Form):
    """To whom which role is given, until when."""

    examples = {"email": "ivanova@glazov.example"}

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person"),
        help_text=gettext_lazy("The person gets a letter. Whoever has no account yet opens one."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label=gettext_lazy("First day (today if empty)"),
        required=False,
        widget=day_input(),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day (open if empty)"),
        required=False,
        widget=day_input(),
    )

    def __init__(self, *args: Any, kinds: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, str(ROLES[kind]).capitalize()) for kind in kinds]


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("team", per_hour=60)
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """People of a city; its head and the office give roles here."""
    city = get_object_or_404(Municipality.objects.select_related("region"), slug=slug)
    if not may_see_team(reader(request), city, on=today()):
        raise PermissionDenied(_("Only people of this city and the office see who works here."))
    return _team_page(request, city)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("team", per_hour=60)
def office_people(request: HttpRequest) -> HttpResponse:
    """People of the association, and everybody else by name or address; for the office."""
    if not is_office(reader(request), on=today()):
        raise PermissionDenied(_("This page is for the office of the association."))
    asked = request.GET.get("city", "").strip()
    found = find_city(asked)
    if len(found) == 1:
        return redirect("team", slug=found[0].slug)
    return _team_page(request, None, city_asked=asked, meant=found or suggest_cities(asked))


def _team_page(
    request: HttpRequest,
    city: Municipality | None,
    *,
    city_asked: str = "",
    meant: Sequence[Municipality] = (),
) -> HttpResponse:
    user, on = reader(request), today()
    kinds = roles_to_grant(user, municipality=city, on=on)
    form = GrantForm(request.POST or None, kinds=kinds) if kinds else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(_("Only the head of the city and the office give roles."))
        if form.is_valid() and _grant(request, form, city):
            return redirect("team", slug=city.slug) if city else redirect("office_people")
    held = Role.objects.filter(municipality=city).select_related("user", "granted_by")
    now = [role for role in held if role.counts_on(on)]
    later = [role for role in held if role.starts_on > on and role.ended_at is None]
    past = [role for role in held if role not in now and role not in later]
    context = {
        "city": city,
        "form": form,
        "now": now,
        "later": later,
        "past": past[-EACH:],
        "endable": set(kinds),
        "invitations": open_invitations().filter(municipality=city) if kinds else [],
        "city_asked": city_asked,
        "meant": meant,
        **(_people_found(request) if city is None else {}),
    }
    return render(request, "portal/team/team.html", context)


def _grant(request: HttpRequest, form: GrantForm, city: Municipality | None) -> bool:
    try:
        done = give_role_to_address(
            email=form.cleaned_data["email"],
            kind=form.cleaned_data["kind"],
            municipality=city,
            on=today(),
            site=settings.SITE_ADDRESS,
            language=reader_language(),
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            granted_by=reader(request),
        )
    except CannotGrant as refusal:
        form.add_error(None, str(refusal))
        return False
    if isinstance(done, Role):
        messages.success(request, _("The role is given; a letter tells of it."))
    else:
        messages.success(request, _("The invitation is on its way."))
    return True


def _people_found(request: HttpRequest) -> dict[str, Any]:
    """People by name or address, with the roles they hold; four queries."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    people = User.objects.filter(erased_at=None).order_by("name", "pk")
    if asked:
        people = people.filter(Q(name__icontains=asked) | Q(email__icontains=asked))
    page = page_of(range(people.count()), request.GET.get("page", ""), each=EACH)
    start = (page.number - 1) * EACH
    return {
        "asked": asked,
        "people": people.prefetch_related("roles__municipality")[start : start + EACH],
        "page": page.number,
        "pages": page.pages,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("team", per_hour=60)
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then end a role."""
    role = get_object_or_404(Role.objects.select_related("user", "municipality"), pk=pk)
    if not may_end(reader(request), role, on=today()):
        raise PermissionDenied(_("Only the head of the city and the office end this role."))
    refusal = ""
    if request.method == "POST":
        try:
            end_role(role=role, ended_by=reader(request), at=timezone.now())
        except CannotEnd as fault:
            refusal = str(fault)
        else:
            messages.success(request, _("The role has ended."))
            return _after(request, role.municipality)
    return render(request, "portal/team/role_end.html", {"role": role, "refusal": refusal})


def _after(request: HttpRequest, city: Municipality | None) -> HttpResponse:
    """Back to the team, if the reader may still see it."""
    if city is None:
        return redirect("office_people" if is_office(reader(request), on=today()) else "my_account")
    if may_see_team(reader(request), city, on=today()):
        return redirect("team", slug=city.slug)
    return redirect("my_account")


@require_POST
@sign_in_needed
@limited("team", per_hour=60)
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation.objects.select_related("municipality"), pk=pk)
    city = invitation.municipality
    if not may_grant(reader(request), invitation.kind, municipality=city, on=today()):
        raise PermissionDenied(_("Only the head of the city and the office do this."))
    try:
        withdraw_invitation(invitation=invitation, at=timezone.now())
    except CannotEnd as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is taken back."))
    return _after(request, city)
