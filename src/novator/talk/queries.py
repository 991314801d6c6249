"""Solutions discussed: threads, requests and bookings as pages, letters and feeds read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Avg,
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.db.models.functions import Greatest

from novator.cities.models import Municipality
from novator.practices.models import Practice
from novator.talk.models import Booking, Question, Rating, Reply, Request, RequestAnswer
from novator.talk.voices import cities_here

DAYS_UNTIL_RATINGS_OPEN = 14
_SPOKEN = ("written_for", "written_by")


@dataclass(frozen=True)
class Thread:
    """A question with those replies that the reader may see."""

    question: Question
    replies: list[Reply]


@dataclass(frozen=True)
class HelpFigures:
    """How cities that were helped rate the help of a card; without ratings the mean is None."""

    count: int
    mean: float | None
    ratings: list[Rating]


@dataclass(frozen=True)
class News:
    """
    Something new that everybody may read, as a digest or a feed tells it.

    `kind` is "question", "reply", "request" or "answer"; `at` the moment from which all may read
    it; `city` says it, `about_city` is the city of the card. `path()` is its page in the language
    now spoken.
    """

    kind: str
    key: str
    at: datetime
    topic: str
    title: str
    text: str
    city: Municipality | None
    role: str
    practice: Practice | None
    about_city: Municipality | None
    thing: Question | Request

    def path(self) -> str:
        """Its page, in the language now spoken, without the host."""
        return self.thing.get_absolute_url()


def thread_of(question: Question, *, with_private: bool) -> Thread:
    """The thread as an outsider or an insider reads it; hidden replies stay, to show the reason."""
    replies = question.replies.select_related(*_SPOKEN).order_by("written_at", "id")
    if not with_private:
        replies = replies.filter(may_be_shown=True)
    return Thread(question, list(replies))


def public_threads(card: str, *, limit: int | None = None) -> list[Thread]:
    """
    Public questions on the card of this slug and on twins merged into it, newest first.

    With their public replies; two queries.
    """
    shown = Reply.objects.filter(may_be_shown=True, hidden_at=None)
    shown = shown.select_related("written_for").order_by("written_at", "id")
    is_of_card = Q(practice__slug=card) | Q(practice__merged_into__slug=card)
    questions = Question.objects.public().filter(is_of_card).select_related("written_for")
    found = questions.prefetch_related(Prefetch("replies", shown)).order_by("-written_at", "-id")
    rows = found if limit is None else found[:limit]
    return [Thread(question, list(question.replies.all())) for question in rows]


def question_of(public_id: UUID) -> Question | None:
    """A question with its card and both cities, or None; titles of the card come with it."""
    rows = Question.objects.select_related(
        "practice__municipality", "written_for", "written_by", "hidden_by"
    ).prefetch_related("practice__texts")
    return rows.filter(public_id=public_id).first()


def questions_to(cities: Collection[Municipality]) -> QuerySet[Question]:
    """Questions about cards of these cities: those that wait first, the oldest of them first."""
    rows = Question.objects.filter(practice__municipality__in=cities, hidden_at=None)
    rows = rows.select_related("practice__municipality", "written_for")
    is_answered = F("answered_at").desc(nulls_first=True)
    return rows.prefetch_related("practice__texts").order_by(is_answered, "written_at", "id")


def questions_from(user_id: int, cities: Collection[Municipality]) -> QuerySet[Question]:
    """Questions that a person asked, or that were asked for these cities; newest first."""
    rows = Question.objects.filter(Q(written_by=user_id) | Q(written_for__in=cities))
    rows = rows.select_related("practice__municipality", "written_for")
    return rows.prefetch_related("practice__texts").order_by("-written_at", "-id")


def requests_with_counts(*, topic: str = "") -> QuerySet[Any]:
    """Requests that all may read, newest first, each with `answers_count` and `helped_count`."""
    rows = Request.objects.shown().select_related("written_for__region")
    rows = rows.filter(topic=topic) if topic else rows
    shown = Q(answers__hidden_at=None)
    return rows.annotate(
        answers_count=Count("answers", filter=shown),
        helped_count=Count("answers", filter=shown & Q(answers__helped_at__isnull=False)),
    ).order_by("-written_at", "-id")


def open_requests(*, on: date) -> QuerySet[Any]:
    """Those of which answers are still taken."""
    return requests_with_counts().filter(closed_at=None, open_until__gte=on)


def answers_to(request: Request) -> list[RequestAnswer]:
    """Answers to a request in the order they came, those that helped first; hidden ones stay."""
    rows = request.answers.select_related("written_for", "practice__municipality")
    return list(rows.order_by(F("helped_at").asc(nulls_last=True), "written_at", "id"))


def bookings_of(cities: Collection[Municipality]) -> QuerySet[Booking]:
    """Bookings in which one of these cities takes part, open ones first, newest first."""
    rows = Booking.objects.filter(
        Q(practice__municipality__in=cities) | Q(written_for__in=cities)
    ).select_related("practice__municipality", "written_for")
    is_over = Q(state__in=["declined", "cancelled", "done"])
    rows = rows.annotate(
        is_over=ExpressionWrapper(is_over, output_field=BooleanField())
    ).prefetch_related("practice__texts")
    return rows.order_by("is_over", "-moved_at", "-id")


def booking_of(public_id: UUID) -> Booking | None:
    """A booking with its card and both cities, or None."""
    rows = Booking.objects.select_related("practice__municipality", "written_for", "written_by")
    return rows.prefetch_related("practice__texts").filter(public_id=public_id).first()


def ratings_open(*, on: date) -> QuerySet[Rating]:
    """Ratings that others may see: both sides rated, or fourteen days went by since the help."""
    other = Rating.objects.filter(booking=OuterRef("booking")).exclude(side=OuterRef("side"))
    old = on - timedelta(days=DAYS_UNTIL_RATINGS_OPEN)
    return Rating.objects.filter(Exists(other) | Q(booking__done_at__date__lt=old))


def help_figures(card: str, *, on: date, limit: int = 5) -> HelpFigures:
    """Ratings by the cities that were helped with the card of this slug; two queries."""
    rows = ratings_open(on=on).filter(booking__practice__slug=card, side="received", hidden_at=None)
    told = rows.aggregate(count=Count("pk"), mean=Avg("score"))
    if not told["count"]:
        return HelpFigures(0, None, [])
    latest = rows.select_related("booking__written_for").order_by("-rated_at", "-id")
    return HelpFigures(told["count"], told["mean"], list(latest[:limit]))


def questions_for_office(*, on: date) -> list[Question]:
    """Waiting questions that are the office's: the city is not here, or was reminded in vain."""
    rows = Question.objects.waiting().filter(
        Q(reminded_at__isnull=False) | ~Q(practice__municipality__in=cities_here(on=on))
    )
    rows = rows.select_related("practice__municipality", "written_for")
    return list(rows.prefetch_related("practice__texts").order_by("written_at", "id")[:200])


def bookings_for_office() -> list[Booking]:
    """Bookings of which the author city was reminded in vain."""
    rows = Booking.objects.filter(state="asked", reminded_at__isnull=False)
    rows = rows.select_related("practice__municipality", "written_for")
    return list(rows.prefetch_related("practice__texts").order_by("written_at", "id")[:200])


def hidden_things() -> list[tuple[str, Question | Reply | Request | RequestAnswer | Rating]]:
    """What moderators have hidden, with its kind, the latest first."""
    found: list[tuple[str, Question | Reply | Request | RequestAnswer | Rating]] = []
    for kind, rows in (
        ("question", Question.objects.select_related("hidden_by", "written_for")),
        ("reply", Reply.objects.select_related("hidden_by", "written_for", "question")),
        ("request", Request.objects.select_related("hidden_by", "written_for")),
        ("answer", RequestAnswer.objects.select_related("hidden_by", "written_for", "request")),
        ("rating", Rating.objects.select_related("hidden_by", "booking__written_for")),
    ):
        found += [(kind, row) for row in rows.exclude(hidden_at=None).order_by("-hidden_at")[:50]]
    return sorted(found, key=lambda one: str(one[1].hidden_at), reverse=True)


def waiting_counts(
    cities: Iterable[Municipality], *, guests: Iterable[Municipality] = ()
) -> dict[str, int]:
    """
    How many questions and bookings wait for these cities; three queries.

    `guests` are cities that booked help: how many dates that were proposed to them wait for a word.
    """
    own = list(cities)
    proposed = Booking.objects.filter(state="proposed", written_for__in=list(guests))
    return {
        "questions": Question.objects.waiting().filter(practice__municipality__in=own).count(),
        "bookings": Booking.objects.filter(state="asked", practice__municipality__in=own).count(),
        "proposals": proposed.count(),
    }


def answered_lately(limit: int) -> list[Question]:
    """Public questions with an answer that all may read, the latest answered first; two queries."""
    told = Reply.objects.filter(
        question=OuterRef("pk"), side__in=["author", "office"], may_be_shown=True, hidden_at=None
    )
    rows = Question.objects.public().filter(Exists(told), practice__withdrawn_at=None)
    rows = rows.filter(answered_at__isnull=False)
    rows = rows.select_related("practice__municipality", "written_for")
    rows = rows.prefetch_related("practice__texts").order_by("-answered_at", "-id")
    return list(rows[:limit])


def new_public_questions_since(moment: datetime) -> list[News]:
    """Questions that all may read since after a moment, oldest first; two queries."""
    rows = Question.objects.public().filter(public_since__gt=moment, practice__withdrawn_at=None)
    rows = rows.select_related("practice__municipality", "written_for")
    rows = rows.prefetch_related("practice__texts")
    return [
        _of_thread(question, "question", question, question.public_since or question.written_at)
        for question in rows.order_by("public_since", "id")
    ]


def new_replies_since(moment: datetime) -> list[News]:
    """Replies and answers to requests that all may read since after a moment, oldest first."""
    replies = Reply.objects.filter(
        may_be_shown=True,
        hidden_at=None,
        question__hidden_at=None,
        question__public_since__isnull=False,
        question__practice__withdrawn_at=None,
    ).annotate(shown_at=Greatest("written_at", "question__public_since"))
    replies = replies.filter(shown_at__gt=moment).select_related(
        "question__practice__municipality", "written_for"
    )
    found = [
        _of_thread(reply, "reply", reply.question, reply.shown_at)
        for reply in replies.prefetch_related("question__practice__texts")
    ]
    answers = RequestAnswer.objects.filter(
        hidden_at=None, request__hidden_at=None, written_at__gt=moment
    ).select_related("request__written_for", "written_for", "practice__municipality")
    found += [_of_answer(answer) for answer in answers.prefetch_related("practice__texts")]
    return sorted(found, key=lambda one: (one.at, one.key))


def new_requests_since(moment: datetime) -> list[News]:
    """Requests to all cities since after a moment, oldest first; one query."""
    rows = Request.objects.shown().filter(written_at__gt=moment).select_related("written_for")
    return [
        News(
            kind="request",
            key=f"request:{request.public_id}",
            at=request.written_at,
            topic=request.topic,
            title=request.title,
            text=request.text,
            city=request.written_for,
            role=request.role_name,
            practice=None,
            about_city=None,
            thing=request,
        )
        for request in rows.order_by("written_at", "id")
    ]


def _of_thread(said: Question | Reply, kind: str, question: Question, at: datetime) -> News:
    from novator.talk.letters import title_of

    return News(
        kind=kind,
        key=f"{kind}:{said.public_id}",
        at=at,
        topic=question.practice.topic,
        title=title_of(question.practice),
        text=said.text,
        city=said.written_for,
        role=said.role_name,
        practice=question.practice,
        about_city=question.practice.municipality,
        thing=question,
    )


def _of_answer(answer: RequestAnswer) -> News:
    card = answer.practice
    return News(
        kind="answer",
        key=f"answer:{answer.public_id}",
        at=answer.written_at,
        topic=answer.request.topic,
        title=answer.request.title,
        text=answer.text,
        city=answer.written_for,
        role=answer.role_name,
        practice=card,
        about_city=card.municipality if card else None,
        thing=answer.request,
    )
