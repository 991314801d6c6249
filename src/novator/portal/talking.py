"""Solutions discussed: what waits for a person's city, hiding, and the office's list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from novator.mail.models import Letter
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.talk_forms import ObjectionForm, ReasonForm
from novator.talk import permissions
from novator.talk.keeping import (
    HIDEABLE,
    CannotHide,
    Hideable,
    hide,
    object_to_hiding,
    show_again,
    writer_of,
)
from novator.talk.models import Question, Rating, Reply, Request, RequestAnswer
from novator.talk.queries import (
    bookings_for_office,
    bookings_of,
    hidden_things,
    questions_for_office,
    questions_from,
    questions_to,
    requests_with_counts,
)
from novator.talk.voices import ANSWERING, ANYBODY, ASKING, cities_here, voices_of

MOST_SHOWN = 100


@require_safe
@sign_in_needed
def my_talk(request: HttpRequest) -> HttpResponse:
    """Questions, bookings and requests of the cities for which a person speaks."""
    on = today()
    answering = [voice.city for voice in voices_of(request.user, ANSWERING, on=on) if voice.city]
    asking = [voice.city for voice in voices_of(request.user, ASKING, on=on) if voice.city]
    requests = requests_with_counts().filter(written_for__in=asking)
    context = {
        "has_role": bool(voices_of(request.user, ANYBODY, on=on)),
        "answers_for": answering,
        "to_us": list(questions_to(answering)[:MOST_SHOWN]),
        "from_us": list(questions_from(reader(request).pk, answering)[:MOST_SHOWN]),
        "bookings": list(bookings_of(asking)[:MOST_SHOWN]),
        "requests": [(row, row.is_open(on)) for row in requests[:MOST_SHOWN]],
        "looks_after": permissions.may_look_after(request.user, on=on),
        "own": {city.pk for city in asking},
        "crumbs": [(_("My account"), reverse("my_account")), (_("Talk of my city"), "")],
    }
    return render(request, "portal/talk/my_talk.html", context)


def talk_waiting() -> int:
    """How many questions and wishes for help wait for the office."""
    return len(questions_for_office(on=today())) + len(bookings_for_office())


@require_safe
@sign_in_needed
def office_talk(request: HttpRequest) -> HttpResponse:
    """What the office passes on or reminds of, what is hidden, letters that need a decision."""
    on = today()
    if not permissions.may_look_after(request.user, on=on):
        raise PermissionDenied(_("This page is for the office and the moderators."))
    here = cities_here(on=on)
    passing_on = voices_of(request.user, permissions.OFFICE, on=on)
    context = {
        "questions": [
            (question, question.practice.municipality_id in here)
            for question in questions_for_office(on=on)
        ],
        "bookings": bookings_for_office(),
        "hidden": [(kind, row, _page_of(row)) for kind, row in hidden_things()],
        "letters": Letter.objects.for_the_office().count(),
        "passes_on": bool(passing_on),
        "may_hide": permissions.may_hide(request.user, on=on),
        "crumbs": [
            (_("Office of the association"), reverse("office")),
            (_("Talk between cities"), ""),
        ],
    }
    return render(request, "portal/talk/office.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("hide", per_hour=120)
def hide_thing(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """A moderator hides something public with a reason, or shows it again."""
    if not permissions.may_hide(request.user, on=today()):
        raise PermissionDenied(_("Only moderators hide what others wrote."))
    if kind not in HIDEABLE:
        raise Http404
    thing = get_object_or_404(HIDEABLE[kind]._default_manager.all(), public_id=public_id)
    if not _is_public(thing):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and request.POST.get("act") == "show":
        show_again(thing=thing, at=timezone.now())
        messages.success(request, _("It is shown again."))
        return redirect(_page_of(thing))
    if request.method == "POST" and form.is_valid():
        try:
            hide(
                thing=thing,
                by=reader(request),
                because=form.cleaned_data["because"],
                at=timezone.now(),
            )
        except CannotHide as refusal:
            form.add_error("because", str(refusal))
        else:
            messages.success(request, _("It is hidden. Readers see the reason."))
            return redirect("office_talk")
    context = {"form": form, "thing": thing, "words": _words_of(thing), "back": _page_of(thing)}
    return render(request, "portal/talk/hide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("objection", per_hour=20)
def objection(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """The writer of hidden words reads why, and objects once; to anybody else there is no page."""
    if kind not in HIDEABLE:
        raise Http404
    thing = get_object_or_404(HIDEABLE[kind]._default_manager.all(), public_id=public_id)
    if writer_of(thing) != request.user:
        raise Http404
    form = ObjectionForm(request.POST or None)
    if form.is_valid():
        try:
            object_to_hiding(
                thing=thing, by=reader(request), words=form.cleaned_data["words"], on=today()
            )
        except CannotHide as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The moderators read your objection."))
            return redirect("objection", kind, public_id)
    context = {
        "form": form,
        "thing": thing,
        "words": _words_of(thing),
        "back": _page_of(thing),
        "crumbs": [
            (_("My account"), reverse("my_account")),
            (_("Talk of my city"), reverse("my_talk")),
            (_("Hidden by a moderator"), ""),
        ],
    }
    return render(request, "portal/talk/objection.html", context)


def _is_public(thing: Hideable) -> bool:
    if isinstance(thing, Question):
        return thing.is_public
    if isinstance(thing, Reply):
        return thing.may_be_shown and thing.question.is_public
    return True


def _words_of(thing: Hideable) -> str:
    if isinstance(thing, Request):
        return f"{thing.title}\n\n{thing.text}"
    return thing.comment if isinstance(thing, Rating) else thing.text


def _page_of(thing: Hideable) -> str:
    if isinstance(thing, Reply):
        return thing.question.get_absolute_url()
    if isinstance(thing, RequestAnswer):
        return thing.request.get_absolute_url()
    if isinstance(thing, Rating):
        return reverse("help_page", args=[thing.booking.practice.slug])
    return thing.get_absolute_url()
