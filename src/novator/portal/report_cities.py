"""A citizen's report: to which city it goes."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.cities.models import Municipality
from novator.cities.queries import find_city, suggest_cities
from novator.core.languages import reads_russian
from novator.portal.paging import page_of
from novator.reports.kept_setup import channel_of
from novator.reports.models import Channel

EACH = 60


def channel_called(slug: str) -> Channel:
    """
    The channel of a city, open or not, kept for seconds: the row is shared, never change it.

    :raises Http404: no such city, or it has never taken reports here
    """
    found = channel_of(slug)
    if found is None:
        raise Http404(_("This city takes no reports here."))
    return found


def open_channels() -> QuerySet[Channel]:
    """Cities that take reports now, by the name in the reader's language."""
    is_russian = reads_russian()
    name = "municipality__short_name_ru" if is_russian else "municipality__short_name_en"
    rows = Channel.objects.filter(is_open=True).select_related("municipality__region")
    return rows.order_by(name, "municipality__slug")


@require_safe
def report_begin(request: HttpRequest) -> HttpResponse:
    """Choose the city: by its name, or from the list; the only one there is needs no choice."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = list(open_channels())
    if len(rows) == 1 and not asked and "list" not in request.GET:
        return redirect("report_new", rows[0].municipality.slug)
    found, elsewhere = _looked_for(rows, asked) if asked else (rows, [])
    page = page_of(found, request.GET.get("page", ""), each=EACH)
    context = {
        "asked": asked,
        "channels": page.rows,
        "found": page.total,
        "page": page.number,
        "pages": page.pages,
        "elsewhere": elsewhere,
        "is_empty": not rows,
    }
    return render(request, "portal/report/begin.html", context)


def _looked_for(rows: list[Channel], asked: str) -> tuple[list[Channel], list[Municipality]]:
    """Cities that take reports by their names; else those meant that take none."""
    meant = find_city(asked) or list(_begins(asked))
    order = {city.pk: place for place, city in enumerate(meant)}
    taken = [row for row in rows if row.municipality_id in order]
    if taken:
        return sorted(taken, key=lambda row: order[row.municipality_id]), []
    likely = {city.pk for city in suggest_cities(asked)}
    guessed = [row for row in rows if row.municipality_id in likely]
    return guessed, [] if guessed else meant[:3]


def _begins(asked: str) -> QuerySet[Municipality]:
    rows = Municipality.objects.filter(
        Q(short_name_ru__istartswith=asked) | Q(short_name_en__istartswith=asked)
    )
    return rows.select_related("region").order_by("-population", "slug")[:EACH]
