"""Reports worked on: the work list, its map, its saved views, and what is done to many at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.work_batch import BatchForm, act_of
from novator.portal.work_filters import LONGEST_QUERY, Lists, WorkFilterForm, kept_query
from novator.portal.work_guard import Desk, desk_of, sections_of, work_crumbs
from novator.portal.work_rows import shown_rows
from novator.reports.batch import act_on_each
from novator.reports.life import StepRefused
from novator.reports.models import Report, SavedFilter
from novator.reports.permissions import may_change_filter
from novator.reports.worklist import (
    MOST_COUNTED,
    TAB_BY_CODE,
    TABS,
    Rows,
    Tab,
    counted,
    dangers,
    rows_of_tab,
    tab_counts,
)
from novator.reports.worklist_filters import narrowed
from novator.reports.worklist_pages import ordered, page_after, place_from, place_of

EACH = 30
MOST_POINTS = 1000


@require_safe
@sign_in_needed
def work_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of one tab, narrowed; a fixed number of queries however many reports there are."""
    desk = desk_of(request, slug)
    counts = tab_counts(desk.city, user=desk.officer, on=desk.on)
    tab = _tab(request, counts)
    lists = Lists(desk)
    form = WorkFilterForm(request.GET, lists=lists)
    asked = form.asked(desk.channel.time_zone)
    rows = narrowed(rows_of_tab(tab.code, desk.city, user=desk.officer, on=desk.on), asked)
    after = place_from(request.GET.get("after", ""))
    page = page_after(rows, tab, after, each=EACH)
    context = {
        **sections_of(request, desk.city, "list"),
        "tabs": [(one, _told(counts.get(one.code))) for one in TABS],
        "tab": tab,
        "form": form,
        "is_narrowed": not asked.is_empty,
        "found": f"{EACH}+" if len(page) > EACH or after else str(len(page)),
        "rows": shown_rows(page[:EACH], city=desk.city, on=desk.on),
        "next": str(place_of(page[EACH - 1])) if len(page) > EACH else "",
        "is_first": after is None,
        "batch": BatchForm(lists=lists),
        "dangers": counted(dangers(desk.city)),
        "views": _views(desk),
        "query": kept_query(request.GET),
        "crumbs": [*work_crumbs(desk.city)[:1], (_("Reports"), "")],
        "ground": reverse("report_ground", args=[slug]),
    }
    name = "rows" if request.headers.get("HX-Target") == "work-rows" else "list"
    return render(request, f"portal/work/{name}.html", context)


@require_safe
@sign_in_needed
def work_points(request: HttpRequest, slug: str) -> JsonResponse:
    """Places of the narrowed list for its map, at most a thousand of them."""
    desk = desk_of(request, slug)
    tab, rows = _narrowed(request, desk)
    placed = ordered(rows.exclude(latitude=None), tab)
    columns = ("pk", "latitude", "longitude", "is_danger", "status", "address", "due_on")
    found = list(placed.values_list(*columns)[: MOST_POINTS + 1])
    base = reverse("work_list", args=[slug])
    points = [
        {
            "number": (number := Report(pk=key).number),
            "place": [latitude, longitude],
            "is_danger": is_danger,
            "is_late": due is not None and due < desk.on,
            "words": f"{number} · {address}" if address else number,
            "url": f"{base}{number}/",
        }
        for key, latitude, longitude, is_danger, _state, address, due in found[:MOST_POINTS]
    ]
    return JsonResponse({"points": points, "is_cut": len(found) > MOST_POINTS})


@require_POST
@sign_in_needed
@limited("work_batch", per_hour=120)
def work_batch(request: HttpRequest, slug: str) -> HttpResponse:
    """Do one thing to all selected reports and say of each what became of it."""
    desk = desk_of(request, slug)
    form = BatchForm(request.POST, lists=Lists(desk))
    back = f"{reverse('work_list', args=[slug])}?{request.POST.get('query', '')[:LONGEST_QUERY]}"
    keys = [key for sent in request.POST.getlist("report") if (key := _number(sent))]
    if not keys:
        messages.error(request, _("Tick at least one report first."))
        return redirect(back)
    if not form.is_valid():
        messages.error(request, _("Choose what to do with the selected reports."))
        return redirect(back)
    try:
        outcomes = act_on_each(
            municipality=desk.city, keys=keys, act=act_of(form, desk, now=desk.now)
        )
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    context = {
        **sections_of(request, desk.city, "list"),
        "done": [one for one in outcomes if one.is_done],
        "refused": [one for one in outcomes if not one.is_done],
        "what": form.said(),
        "back": back,
        "crumbs": work_crumbs(desk.city, (_("What became of it"), "")),
    }
    return render(request, "portal/work/batch.html", context)


@require_POST
@sign_in_needed
@limited("work_filter", per_hour=60)
def work_filter(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the present view under a name, for oneself or for all colleagues; or delete one."""
    desk = desk_of(request, slug)
    query = request.POST.get("query", "").replace("\0", "")
    if "delete" in request.POST:
        view = SavedFilter.objects.filter(
            municipality=desk.city, pk=_number(request.POST["delete"])
        ).first()
        if view is None or not may_change_filter(desk.officer, view, on=desk.on):
            raise Http404(_("There is no such view of yours."))
        view.delete()
        messages.success(request, _("The view was deleted."))
        return redirect("work_list", slug)
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:80]
    if not name or not query or len(query) > LONGEST_QUERY:
        messages.error(request, _("Narrow the list and give the view a name."))
        return redirect(f"{reverse('work_list', args=[slug])}?{query[:LONGEST_QUERY]}")
    try:
        with transaction.atomic():
            SavedFilter.objects.create(
                municipality=desk.city,
                user=desk.officer,
                name=name,
                query=query,
                is_shared="is_shared" in request.POST,
            )
    except IntegrityError:
        messages.error(request, _("You have a view of this name already."))
    else:
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": name})
    return redirect(f"{reverse('work_list', args=[slug])}?{query}")


def _narrowed(request: HttpRequest, desk: Desk) -> tuple[Tab, Rows]:
    tab = TAB_BY_CODE.get(request.GET.get("tab", ""), TABS[-1])
    asked = WorkFilterForm(request.GET, lists=Lists(desk)).asked(desk.channel.time_zone)
    rows = rows_of_tab(tab.code, desk.city, user=desk.officer, on=desk.on)
    return tab, narrowed(rows, asked)


def _tab(request: HttpRequest, counts: dict[str, int]) -> Tab:
    """The tab asked for; else the first in which something waits; a search looks in all."""
    asked = TAB_BY_CODE.get(request.GET.get("tab", ""))
    if asked is not None:
        return asked
    if kept_query(request.GET):
        return TAB_BY_CODE["all"]
    first = next((code for code in ("check", "route", "overdue", "soon") if counts[code]), "work")
    return TAB_BY_CODE[first]


def _told(count: int | None) -> str:
    """A count as the tabs show it; nobody needs to know more exactly."""
    if count is None:
        return ""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def _views(desk: Desk) -> list[Any]:
    own = SavedFilter.objects.filter(municipality=desk.city)
    rows = own.filter(user=desk.officer) | own.filter(is_shared=True)
    return list(rows.select_related("user").distinct()[:60])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
