"""Solutions discussed: a city asks all others; they answer; the city says what helped."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.models import User
from novator.core.topics import TOPIC_BY_CODE, TOPICS
from novator.matching.judgements import keep_judgement
from novator.matching.queries import current_index
from novator.matching.search import find
from novator.portal.exchange import exchange_crumb
from novator.portal.limits import limited
from novator.portal.paging import page_of
from novator.portal.people import sign_in_needed, today
from novator.portal.questions import without_role
from novator.portal.shown import ShownCard, shown_cards
from novator.portal.talk_forms import CloseForm, RequestAnswerForm, RequestForm
from novator.practices.models import Practice, PracticeText
from novator.talk import permissions
from novator.talk.models import Request, RequestAnswer
from novator.talk.queries import answers_to, requests_with_counts
from novator.talk.requests import (
    CannotAnswerAll,
    CannotAskAll,
    CannotSettle,
    answer_request,
    ask_all,
    close_request,
    mark_answer,
)
from novator.talk.voices import Voice
from novator.text.index import IndexDamaged, IndexMissing

EACH = 20
DAYS_OPEN = 30
CARDS_SHOWN = 4
MOST_OWN_CARDS = 300


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """All requests of cities, newest first, of one topic if it is chosen."""
    topic = request.GET.get("topic", "")
    topic = topic if topic in TOPIC_BY_CODE else ""
    rows = requests_with_counts(topic=topic)
    on = today()
    only_open = request.GET.get("open") == "1"
    if only_open:
        rows = rows.filter(closed_at=None, open_until__gte=on)
    numbers = list(rows.values_list("pk", flat=True))
    page = page_of(numbers, request.GET.get("page", ""), each=EACH)
    context = {
        "rows": [(row, row.is_open(on)) for row in rows.filter(pk__in=page.rows)],
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "topics": TOPICS,
        "topic": topic,
        "only_open": only_open,
        "crumbs": [exchange_crumb(), (_("Cities ask"), "")],
    }
    return render(request, "portal/talk/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("request", per_hour=10)
def request_new(request: HttpRequest) -> HttpResponse:
    """Ask all cities; before that, the cards that may answer already are shown once."""
    on = today()
    voices = permissions.voices_to_ask_all(request.user, on=on)
    if not voices:
        return without_role(request)
    initial = {
        "title": request.GET.get("q", "").replace("\0", "")[:200],
        "open_until": on + timedelta(days=DAYS_OPEN),
    }
    form = RequestForm(request.POST or None, voices=voices, initial=initial)
    answering: list[ShownCard] = []
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        if not asked["has_seen"]:
            answering = _cards_that_may_answer(asked["title"], asked["text"], asked["voice"])
        if not answering and (made := _published(form)) is not None:
            messages.success(request, _("Your request is published. Cities it fits get a letter."))
            return redirect(made)
    context = {
        "form": form,
        "answering": answering,
        "crumbs": [
            exchange_crumb(),
            (_("Cities ask"), reverse("requests")),
            (_("A new request"), ""),
        ],
    }
    return render(request, "portal/talk/request_new.html", context)


def _published(form: RequestForm) -> Request | None:
    asked = form.cleaned_data
    try:
        return ask_all(
            voice=asked["voice"],
            title=asked["title"],
            text=asked["text"],
            topic=asked["topic"],
            open_until=asked["open_until"],
            token=asked["token"],
            at=timezone.now(),
            on=today(),
        )
    except CannotAskAll as refusal:
        form.add_error("open_until", str(refusal))
        return None


def _cards_that_may_answer(title: str, text: str, voice: Voice) -> list[ShownCard]:
    """What the catalogue holds on it; nothing where nothing fits or there is no index."""
    try:
        findings = find(f"{title}. {text}", index=current_index(), city=voice.city, limit=20)
    except (IndexMissing, IndexDamaged):
        return []
    if findings.nothing_fits:
        return []
    return shown_cards([found.practice_slug for found in findings.worth_showing[:CARDS_SHOWN]])


def _request_or_404(request: HttpRequest, number: int) -> Request:
    found = get_object_or_404(
        Request.objects.select_related("written_for__region", "written_by"), pk=number
    )
    if not permissions.may_read_request(request.user, found, on=today()):
        raise Http404(_("A moderator has hidden this request."))
    return found


@require_safe
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    """A request with its answers."""
    return _page(request, _request_or_404(request, number))


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("answer", per_hour=30)
def request_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a request in the name of another city."""
    asked = _request_or_404(request, number)
    on = today()
    if not asked.is_open(on):
        messages.warning(request, _("This request is closed: no more answers are taken."))
        return redirect(asked) if request.method != "POST" else _page(request, asked)
    voices = permissions.voices_to_answer_all(request.user, asked, on=on)
    if not voices:
        return without_role(request)
    form = RequestAnswerForm(request.POST or None, voices=voices, own=_own_cards(voices))
    if request.method == "POST" and form.is_valid():
        try:
            answer_request(
                request=asked,
                voice=form.cleaned_data["voice"],
                text=form.cleaned_data["text"],
                practice=form.cleaned_data["practice"],
                token=form.cleaned_data["token"],
                at=timezone.now(),
                on=on,
            )
        except CannotAnswerAll as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. Your answer is published."))
            return redirect(f"{asked.get_absolute_url()}#answers")
    context = {
        "request_row": asked,
        "form": form,
        "crumbs": _crumbs(asked, _("An answer")),
    }
    return render(request, "portal/talk/request_answer.html", context)


def _own_cards(voices: list[Voice]) -> list[tuple[str, str]]:
    """Cards of the cities for which the person speaks, by Russian title."""
    cities = [voice.city for voice in voices if voice.city]
    rows = PracticeText.objects.filter(
        language="ru",
        practice__municipality__in=cities,
        practice__in=Practice.objects.published(),
    ).order_by("title", "pk")
    return list(rows.values_list("practice__slug", "title")[:MOST_OWN_CARDS])


@require_POST
@sign_in_needed
@limited("mark", per_hour=120)
def request_mark(request: HttpRequest, number: int, public_id: UUID) -> HttpResponse:
    """The asking city says whether an answer helped; a card that did teaches the search."""
    asked = _request_or_404(request, number)
    if not permissions.may_settle_request(request.user, asked, on=today()):
        raise PermissionDenied(_("Only the city that asked says what helped."))
    answer = get_object_or_404(RequestAnswer, request=asked, public_id=public_id, hidden_at=None)
    with transaction.atomic():
        has_helped = request.POST.get("helped") == "yes"
        if mark_answer(answer=answer, has_helped=has_helped, at=timezone.now()):
            assert answer.practice is not None
            query = f"{asked.title}. {asked.text}"
            keep_judgement(practice=answer.practice, is_helpful=True, query=query, made_on=today())
    return redirect(f"{asked.get_absolute_url()}#a-{answer.public_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("close", per_hour=60)
def request_close(request: HttpRequest, number: int) -> HttpResponse:
    """The asking city ends its request and says what came of it."""
    asked = _request_or_404(request, number)
    if not permissions.may_settle_request(request.user, asked, on=today()):
        raise PermissionDenied(_("Only the city that asked closes its request."))
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_request(
                request=asked,
                outcome=form.cleaned_data["outcome"],
                words=form.cleaned_data["words"],
                at=timezone.now(),
            )
        except CannotSettle as refusal:
            form.add_error("outcome", str(refusal))
        else:
            messages.success(request, _("The request is closed. Thank you for saying what helped."))
            return redirect(asked)
    context = {"request_row": asked, "form": form, "crumbs": _crumbs(asked, _("Close it"))}
    return render(request, "portal/talk/request_close.html", context)


def _crumbs(asked: Request, here: str = "") -> list[tuple[str, str]]:
    last = [(here, "")] if here else []
    address = asked.get_absolute_url() if here else ""
    requests_crumb = (_("Cities ask"), reverse("requests"))
    return [exchange_crumb(), requests_crumb, (asked.title, address), *last]


def _page(request: HttpRequest, asked: Request) -> HttpResponse:
    on = today()
    found = answers_to(asked)
    slugs = [answer.practice.slug for answer in found if answer.practice]
    cards = {card.slug: card for card in shown_cards(slugs)}
    is_open = asked.is_open(on)
    is_signed_in = isinstance(request.user, User)
    context = {
        "request_row": asked,
        "is_open": is_open,
        "answers": [
            (answer, cards.get(answer.practice.slug) if answer.practice else None)
            for answer in found
        ],
        "may_settle": permissions.may_settle_request(request.user, asked, on=on),
        "may_answer": is_open
        and (
            not is_signed_in or bool(permissions.voices_to_answer_all(request.user, asked, on=on))
        ),
        "may_hide": permissions.may_hide(request.user, on=on),
        "sees_hidden": permissions.may_look_after(request.user, on=on),
        "crumbs": _crumbs(asked),
    }
    return render(request, "portal/talk/request.html", context)
