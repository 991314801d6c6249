"""Who decides: an Atom feed of who came into a council and its bodies, and who left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.core.languages import in_language
from novator.council.models import Membership, Organization
from novator.portal.council_reading import council_called
from novator.portal.council_words import day_words
from novator.portal.feeds import MOST, Entry, answer


@require_safe
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Memberships of a council, its convocations, factions and committees: begun and ended."""
    council = council_called(slug)
    within = Q(pk=council.pk) | Q(parent=council) | Q(parent__parent=council)
    bodies = list(Organization.objects.filter(within).values_list("pk", flat=True))
    rows = Membership.objects.filter(organization__in=bodies)
    rows = rows.select_related("person", "organization")
    begun = list(rows.order_by("-recorded_at", "-id")[:MOST])
    ended = list(
        rows.filter(Q(ends_to__isnull=False) | Q(ends_from__isnull=False)).order_by(
            "-ends_to", "-id"
        )[: 4 * MOST]
    )
    recorded = _ends_recorded(ended)
    entries = [_entry(row, "begun", row.recorded_at) for row in begun]
    entries += [_entry(row, "ended", recorded.get(row.pk, row.recorded_at)) for row in ended]
    title = _("%(council)s: who came and who left") % {"council": council}
    return answer(request, title, reverse("council", args=[slug]), entries)


def _ends_recorded(rows: list[Membership]) -> dict[int, datetime]:
    """When the end of each was first written down, by the trail. One query."""
    trail: Any = Membership.pgh_event_model  # type: ignore[attr-defined]
    known = trail.objects.filter(pgh_obj__in=[row.pk for row in rows]).filter(
        Q(ends_to__isnull=False) | Q(ends_from__isnull=False)
    )
    found: dict[int, datetime] = {}
    for key, moment in known.order_by("-pgh_id").values_list("pgh_obj_id", "pgh_created_at"):
        found[key] = moment
    return found


def _entry(row: Membership, what: str, at: datetime) -> Entry:
    facts = {
        "person": row.person,
        "office": row.shown_label,
        "body": row.organization.shown_name,
    }
    if what == "ended":
        title = _("%(person)s is no longer %(office)s (%(body)s)") % facts
        when = day_words(row.ends_from, row.ends_to)
        words = ". ".join(filter(None, [when, in_language(row.end_reason, row.end_reason_en)]))
    else:
        title = _("%(person)s: %(office)s (%(body)s)") % facts
        words = day_words(row.starts_from, row.starts_to)
    return Entry(
        key=f"councils/memberships/{row.public_id}/{what}",
        title=title,
        words=words,
        author=row.organization.shown_name,
        path=row.person.get_absolute_url(),
        updated=at,
        published=at,
    )
