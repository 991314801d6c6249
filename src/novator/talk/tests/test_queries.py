"""What digests and feeds read, what the office sees, what is exported and erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone, translation

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.practices.testing import make_practice
from novator.talk.erasure import forget_private_words, words_of
from novator.talk.keeping import hide
from novator.talk.models import Question, Rating, RequestAnswer
from novator.talk.queries import (
    hidden_things,
    new_public_questions_since,
    new_replies_since,
    new_requests_since,
    open_requests,
    public_threads,
    questions_to,
)
from novator.talk.questions import open_question
from novator.talk.testing import (
    ON,
    make_booking,
    make_question,
    make_reply,
    make_request,
    make_speaker,
)

pytestmark = pytest.mark.django_db


def test_news_are_what_all_may_read_since_a_moment():
    before = timezone.now() - timedelta(hours=1)
    public = make_question()
    private = make_question(is_public=False)
    shown = make_reply(public)
    make_reply(public, may_be_shown=False)
    make_reply(private)
    request = make_request()

    (asked,) = new_public_questions_since(before)
    (replied,) = new_replies_since(before)
    (wanted,) = new_requests_since(before)

    assert (asked.thing, asked.topic, asked.title) == (public, "transport", "Тёплые остановки")
    assert asked.city == public.written_for
    assert asked.about_city == public.practice.municipality
    assert (replied.key, replied.path()) == (
        f"reply:{shown.public_id}",
        f"/ru/questions/{public.public_id}/",
    )
    assert (wanted.thing, wanted.text) == (request, request.text)
    with translation.override("en"):
        assert new_public_questions_since(before)[0].title == "Warm bus stops"
    assert new_public_questions_since(timezone.now()) == []


def test_what_becomes_public_later_is_new_then():
    long_ago = timezone.now() - timedelta(days=30)
    question = make_question(is_public=False, written_at=long_ago)
    reply = make_reply(question, written_at=long_ago)
    yesterday = timezone.now() - timedelta(days=1)
    assert new_replies_since(yesterday) == []

    open_question(question=question, is_public=True, at=timezone.now())

    assert [one.thing for one in new_public_questions_since(yesterday)] == [question]
    assert [one.key for one in new_replies_since(yesterday)] == [f"reply:{reply.public_id}"]


def test_what_is_hidden_is_no_news_and_is_listed_for_the_office():
    before = timezone.now() - timedelta(hours=1)
    question = make_question()
    reply = make_reply(question)
    request = make_request()
    moderator = make_role("moderator").user
    for thing in (reply, request):
        hide(thing=thing, by=moderator, because="реклама", at=timezone.now())

    assert new_replies_since(before) == []
    assert new_requests_since(before) == []
    assert [kind for kind, _row in hidden_things()] == ["request", "reply"]


def test_lists_cost_a_fixed_number_of_queries(django_assert_num_queries):
    practice = make_practice()
    for _number in range(20):
        make_reply(make_question(practice=practice))
        make_request()

    with django_assert_num_queries(2):
        assert len(public_threads(practice.slug)) == 20
    with django_assert_num_queries(2):
        rows = list(questions_to([practice.municipality]))
        assert {row.practice.municipality.slug for row in rows} == {"glazov"}
    with django_assert_num_queries(1):
        rows_open = open_requests(on=timezone.localdate())
        assert list(rows_open.values_list("answers_count", flat=True)) == [0] * 20
    with django_assert_num_queries(3):
        new_replies_since(timezone.now() - timedelta(hours=1))


def test_a_person_gets_the_own_words_and_private_ones_can_be_erased():
    public = make_question(text="Открытый вопрос")
    private = make_question(is_public=False, text="Частный вопрос")
    user = public.written_by
    make_reply(private, text="Чужой ответ")

    assert [one["text"] for one in words_of(user)] == ["Открытый вопрос", "Частный вопрос"]
    forget_private_words(user)

    texts = set(Question.objects.values_list("text", flat=True))
    assert texts == {"Открытый вопрос", ""}
    private.refresh_from_db()
    assert private.replies.get().text == "Чужой ответ"


def test_an_answer_to_a_request_is_news_with_its_card():
    request = make_request()
    role = make_speaker("editor", make_city("Glazov"))
    RequestAnswer.objects.create(
        request=request,
        practice=make_practice(),
        written_by=role.user,
        written_for=role.municipality,
        written_as="editor",
    )

    (one,) = new_replies_since(timezone.now() - timedelta(hours=1))

    assert (one.kind, one.thing, one.title) == ("answer", request, request.title)
    assert one.practice == RequestAnswer.objects.get().practice


def test_the_trail_forgets_the_words_of_the_city_that_helped():
    booking = make_booking(state="done", meeting_on=ON, done_at=timezone.now())
    author = make_speaker("editor", booking.practice.municipality).user
    rating = Rating.objects.create(
        booking=booking, side="gave", score=2, comment="they came late", rated_by=author
    )

    forget_private_words(author)

    events = apps.get_model("talk", "RatingEvent").objects.filter(pgh_obj_id=rating.pk)
    assert set(events.values_list("comment", flat=True)) == {""}
