"""Solutions discussed: a question on a card and its thread."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.models import User
from novator.core.topics import TOPIC_BY_CODE
from novator.portal.limits import limited
from novator.portal.paging import page_of
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.talk_forms import QuestionForm, ReplyForm
from novator.practices.models import Practice
from novator.talk import permissions
from novator.talk.letters import title_of
from novator.talk.models import Question
from novator.talk.queries import public_threads, question_of, thread_of
from novator.talk.questions import (
    CannotAsk,
    CannotReply,
    ask_question,
    open_question,
    write_reply,
)
from novator.talk.voices import ANYBODY, is_here, voices_of

THREADS_A_PAGE = 20


def card_or_404(slug: str) -> Practice:
    """A card of the catalogue with its city and titles."""
    rows = Practice.objects.published().select_related("municipality")
    found = rows.prefetch_related("texts").filter(slug=slug).first()
    if found is None:
        raise Http404(_("There is no such practice. It may have been taken out of the catalogue."))
    return found


def card_crumbs(practice: Practice, here: str) -> list[tuple[str, str]]:
    """The way from the catalogue over the card to this page."""
    topic = TOPIC_BY_CODE[practice.topic]
    return [
        (_("Catalogue"), reverse("catalogue")),
        (str(topic.name), reverse("topic", args=[topic.code])),
        (title_of(practice), practice.get_absolute_url()),
        (here, ""),
    ]


def without_role(request: HttpRequest, *, own_city: bool = False) -> HttpResponse:
    """The page that says how to get a role, or that the own city cannot be asked."""
    context = {"is_own_city": own_city}
    return render(request, "portal/talk/no_role.html", context, status=403)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("question", per_hour=20)
def ask_question_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the author city of a card."""
    practice = card_or_404(slug)
    on = today()
    voices = permissions.voices_to_ask(request.user, practice.municipality_id, on=on)
    if not voices:
        return without_role(request, own_city=bool(voices_of(request.user, ANYBODY, on=on)))
    form = QuestionForm(request.POST or None, voices=voices)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_question(
                practice=practice,
                voice=form.cleaned_data["voice"],
                text=form.cleaned_data["text"],
                is_public=form.cleaned_data["openness"] == "public",
                token=form.cleaned_data["token"],
                at=timezone.now(),
                on=on,
            )
        except CannotAsk as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your question was sent."))
            return redirect(asked)
    context = {
        "form": form,
        "practice": practice,
        "title": title_of(practice),
        "city_is_here": is_here(practice.municipality.slug, on=on),
        "threads": public_threads(practice.slug, limit=3),
        "crumbs": card_crumbs(practice, _("A question")),
    }
    return render(request, "portal/talk/ask.html", context)


@require_safe
def practice_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """All public questions on a card with their answers."""
    practice = card_or_404(slug)
    page = page_of(public_threads(practice.slug), request.GET.get("page", ""), each=THREADS_A_PAGE)
    context = {
        "practice": practice,
        "title": title_of(practice),
        "threads": page.rows,
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "city_is_here": is_here(practice.municipality.slug, on=today()),
        "crumbs": card_crumbs(practice, _("Questions and answers")),
    }
    return render(request, "portal/talk/practice_questions.html", context)


@require_safe
def question(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The thread of a question: all of it for the two cities, the public part for others."""
    asked = question_of(public_id)
    on = today()
    if asked is None or not (asked.is_public or permissions.may_read(request.user, asked, on=on)):
        if asked is not None and not request.user.is_authenticated:
            return sign_in_needed(_nothing)(request)
        raise Http404(_("There is no such question, or it is not public."))
    return _thread_page(request, asked, _reply_form(request, asked))


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404(_("There is no such question, or it is not public."))


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("reply", per_hour=60)
def question_reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a reply to a thread."""
    asked = question_of(public_id)
    on = today()
    if asked is None or not (asked.is_public or permissions.may_read(request.user, asked, on=on)):
        raise Http404(_("There is no such question, or it is not public."))
    if request.method != "POST":
        return redirect(asked)
    form = _reply_form(request, asked)
    if form is None:
        raise PermissionDenied(_("Only the two cities of a question write in its thread."))
    if form.is_valid():
        side = form.cleaned_data["side"]
        try:
            write_reply(
                question=asked,
                side=side,
                voice=form.sides[side],
                text=form.cleaned_data["text"],
                may_be_shown=form.cleaned_data["may_be_shown"],
                source=form.cleaned_data.get("source", ""),
                token=form.cleaned_data["token"],
                at=timezone.now(),
                on=on,
            )
        except CannotReply as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your reply was sent."))
            return redirect(asked)
    return _thread_page(request, asked, form)


@require_POST
@sign_in_needed
@limited("openness", per_hour=60)
def question_openness(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who asked lets everybody read the question, or no longer."""
    asked = question_of(public_id)
    on = today()
    if asked is None or not (asked.is_public or permissions.may_read(request.user, asked, on=on)):
        raise Http404(_("There is no such question, or it is not public."))
    if not permissions.may_open(request.user, asked, on=on):
        raise PermissionDenied(_("Only who asked decides who may read the question."))
    is_public = request.POST.get("openness") == "public"
    open_question(question=asked, is_public=is_public, at=timezone.now())
    said = _("Everybody may read it now.") if is_public else _("Only the two cities read it now.")
    messages.success(request, said)
    return redirect(asked)


def _reply_form(request: HttpRequest, asked: Question) -> ReplyForm | None:
    """The form of a reply for whoever may write one."""
    if asked.is_hidden or not isinstance(request.user, User):
        return None
    sides = permissions.voices_to_reply(reader(request), asked, on=today())
    if not sides:
        return None
    return ReplyForm(
        request.POST if request.method == "POST" else None, sides=sides, is_public=asked.is_public
    )


def _thread_page(request: HttpRequest, asked: Question, form: ReplyForm | None) -> HttpResponse:
    on = today()
    is_inside = permissions.may_read_private(request.user, asked, on=on)
    context = {
        "question": asked,
        "thread": thread_of(asked, with_private=is_inside),
        "practice": asked.practice,
        "title": title_of(asked.practice),
        "form": form,
        "is_inside": is_inside,
        "sees_hidden": permissions.may_read(request.user, asked, on=on)
        and (is_inside or permissions.may_look_after(request.user, on=on)),
        "may_open": permissions.may_open(request.user, asked, on=on),
        "may_hide": asked.is_public and permissions.may_hide(request.user, on=on),
        "city_is_here": is_here(asked.practice.municipality.slug, on=on),
        "answers_for_city": form is not None and "author" in form.sides,
        "passes_on": form is not None and "office" in form.sides,
        "crumbs": card_crumbs(asked.practice, _("A question")),
    }
    return render(request, "portal/talk/question.html", context)
