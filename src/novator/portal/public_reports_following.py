"""A citizen's report: "me too", letters about reports, and what of it is one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.languages import reader_language
from novator.portal.limits import limited
from novator.portal.paging import page_of as page_of_list
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.public_reports import page_of, report_called
from novator.portal.public_reports_forms import WishForm
from novator.reports.by_sender import ActRefused, add_words
from novator.reports.models import Category, Channel, Report, Subscription, Support
from novator.reports.subscribing import (
    RADII,
    CannotSubscribe,
    Wish,
    confirm_subscription,
    end_subscription,
    name_of,
    subscribe,
    subscription_of,
)
from novator.reports.supporting import CannotSupport, ask_for_support, confirm_support, support

EACH = 20


@require_POST
@limited("report_wish", per_hour=30)
def wish(request: HttpRequest, number: str) -> HttpResponse:
    """Say "me too", or follow one report: at once with an account, else by a letter."""
    found = report_called(number)
    is_support = request.POST.get("wish") == "support"
    if isinstance(request.user, User):
        return _wish_of_person(request, request.user, found, is_support=is_support)
    form = WishForm(request.POST, prefix="wish")
    if form.is_valid():
        try:
            _ask(form.cleaned_data["email"], found, is_support=is_support)
        except (CannotSupport, CannotSubscribe) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("A letter is on its way. Open the link in it: then it counts.")
            )
            return redirect(found)
    return page_of(request, found, is_sender=False, status=422, wish_form=form)


def _ask(email: str, found: Report, *, is_support: bool) -> None:
    now, language = timezone.now(), reader_language()
    if is_support:
        ask_for_support(report=found, email=email, language=language, now=now)
        return
    subscribe(
        municipality=found.municipality,
        wish=Wish(kind="report", report=found),
        email=email,
        language=language,
        now=now,
    )


def _wish_of_person(
    request: HttpRequest, user: User, found: Report, *, is_support: bool
) -> HttpResponse:
    now = timezone.now()
    asked = request.POST.get("wish", "")
    try:
        if is_support:
            is_new = support(report=found, user=user, now=now)
            said = _("You are counted.") if is_new else _("You were counted already.")
        elif asked == "end":
            for own in Subscription.objects.filter(user=user, report=found, ended_at=None):
                end_subscription(subscription=own, now=now)
            said = _("You do not follow this any more.")
        elif asked == "words":
            text = request.POST.get("text", "")
            add_words(report=found, text=text, now=now, by=user, is_supporter=True)
            said = _("Your words are with the city now.")
        else:
            about = Wish(kind="report", report=found)
            subscribe(municipality=found.municipality, wish=about, user=user, now=now)
            said = _("You follow this now; news comes by letter.")
    except (CannotSupport, CannotSubscribe, ActRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("report_follow", per_hour=30)
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a street, a circle around a pin or a category of a city."""
    city = _city(slug)
    asked = request.POST if request.method == "POST" else request.GET
    faults: dict[str, str] = {}
    form = WishForm(request.POST if request.method == "POST" else None, prefix="wish")
    if request.method == "POST":
        user = request.user if isinstance(request.user, User) else None
        if user or form.is_valid():
            email = "" if user else form.cleaned_data["email"]
            try:
                subscribe(
                    municipality=city,
                    wish=_wish_in(asked, city),
                    user=user,
                    email=email,
                    language=reader_language(),
                    now=timezone.now(),
                )
            except CannotSubscribe as refusal:
                faults["wish"] = str(refusal)
            else:
                messages.success(
                    request,
                    _("You follow this now; news comes by letter.")
                    if user
                    else _("A letter is on its way. Open the link in it: then it counts."),
                )
                return redirect("city_reports", city.slug)
    context = {
        "city": city,
        "form": form,
        "faults": faults,
        "asked": asked,
        "kind": asked.get("kind", "category"),
        "categories": Category.objects.filter(municipality=city, is_active=True),
        "radii": RADII,
        "crumbs": [
            (city.name, city.get_absolute_url()),
            (_("Reports"), reverse("city_reports", args=[city.slug])),
            (_("Follow by letter"), ""),
        ],
    }
    is_faulty = request.method == "POST"
    return render(request, "portal/reports/follow.html", context, status=422 if is_faulty else 200)


def _wish_in(asked: Any, city: Municipality) -> Wish:
    code = asked.get("category", "")[:60].replace("\0", "")
    return Wish(
        kind=asked.get("kind", ""),
        street=asked.get("street", "")[:200].replace("\0", ""),
        latitude=_degrees(asked.get("latitude", "")),
        longitude=_degrees(asked.get("longitude", "")),
        radius=next((radius for radius in RADII if str(radius) == asked.get("radius", "")), None),
        category=Category.objects.filter(municipality=city, code=code).first(),
    )


def _degrees(text: str) -> float | None:
    try:
        return float(text[:30].replace(",", "."))
    except ValueError:
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("report_wish_confirm", per_hour=120)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by a button what the letter asked; opening the page confirms nothing."""
    known = subscription_of(token)
    if known is None:
        raise Http404(_("This link is too old, or it was ended."))
    own, is_support = known
    if request.method == "POST":
        now = timezone.now()
        try:
            if is_support:
                wants_news = request.POST.get("news") == "yes"
                is_new = confirm_support(subscription=own, wants_news=wants_news, now=now)
                said = _("You are counted.") if is_new else _("You were counted already.")
            else:
                confirm_subscription(subscription=own, now=now)
                said = _("You follow this now; news comes by letter.")
        except CannotSupport as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said)
        return redirect(own.report or reverse("city_reports", args=[own.municipality.slug]))
    context = {"own": own, "name": name_of(own), "is_support": is_support}
    return render(request, "portal/reports/confirm_wish.html", context)


# Mail programs post here by themselves (RFC 8058) and have no session; the number of the
# subscription, known to its owner alone, is the proof.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited("report_wish_stop", per_hour=1200)
def stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End letters about one thing by one button."""
    known = Subscription.objects.select_related("municipality", "report", "category")
    own = get_object_or_404(known, public_id=public_id)
    name = name_of(own)
    if request.method == "POST":
        end_subscription(subscription=own, now=timezone.now())
    return render(request, "portal/reports/stop.html", {"own": own, "name": name})


@require_safe
@sign_in_needed
def my_reports(request: HttpRequest) -> HttpResponse:
    """Show what the reader sent, supports and follows."""
    user = reader(request)
    sent = Report.objects.filter(author=user).select_related("municipality", "category")
    page = page_of_list(list(sent.order_by("-id")[:1000]), request.GET.get("page", ""), each=EACH)
    supported = Support.objects.filter(user=user).select_related(
        "report__municipality", "report__category"
    )
    standing = Subscription.objects.filter(
        user=user, ended_at=None, confirmed_at__isnull=False
    ).select_related("municipality", "report", "category")
    context = {
        "reports": page.rows,
        "today": today(),
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "supported": [one.report for one in supported.order_by("-id")[:100]],
        "subscriptions": [(one, name_of(one)) for one in standing.order_by("-id")],
    }
    return render(request, "portal/reports/mine.html", context)


def _city(slug: str) -> Municipality:
    channel = get_object_or_404(
        Channel.objects.select_related("municipality"), municipality__slug=slug
    )
    city: Municipality = channel.municipality
    return city
