"""Who decides: the page of a body – party, faction, committee, administration, union."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.council.models import Membership, Organization
from novator.council.permissions import may_keep_council
from novator.portal.keyset import stretch_of
from novator.portal.people import today

EACH = 100
PARTS = 200


@require_safe
def organization(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who was in it, when and as what; its parts, and the factions of a party."""
    rows = Organization.objects.select_related(
        "municipality__region", "parent__municipality", "party", "source"
    )
    body = get_object_or_404(rows, public_id=public_id)
    if _is_sitting(body):
        assert body.municipality is not None
        return redirect("council", body.municipality.slug)
    members = Membership.objects.filter(organization=body).select_related(
        "person", "post", "on_behalf_of"
    )
    stretch = stretch_of(
        members,
        request.GET.get("after", ""),
        key="public_id",
        order=("person__family_name", "person_id", "id"),
        each=EACH,
    )
    parts = Organization.objects.filter(Q(parent=body) | Q(party=body))
    context = {
        "body": body,
        "stretch": stretch,
        "parts": list(
            parts.select_related("municipality").order_by("kind", "position", "name", "id")[:PARTS]
        ),
        "posts": list(body.posts.all()),
        "may_keep": _may_keep(request, body),
        "crumbs": _crumbs(body),
    }
    return render(request, "portal/council/organization.html", context)


def _is_sitting(body: Organization) -> bool:
    """Whether the page of a council tells all of it."""
    return body.kind == "council" and body.dissolved_to is None and body.municipality is not None


def _may_keep(request: HttpRequest, body: Organization) -> bool:
    city = body.municipality
    if city is None or not request.user.is_authenticated:
        return False
    return may_keep_council(request.user, city, on=today())


def _crumbs(body: Organization) -> list[tuple[str, str]]:
    crumbs = [(_("Councils"), reverse("councils"))]
    if body.municipality is not None:
        city = body.municipality
        crumbs.append((city.name, reverse("council", args=[city.slug])))
    if body.parent is not None and body.parent.kind != "council":
        crumbs.append((body.parent.shown_name, body.parent.get_absolute_url()))
    return [*crumbs, (body.shown_name, "")]
