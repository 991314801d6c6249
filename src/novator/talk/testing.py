"""Solutions discussed: builders of questions, requests and bookings for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from novator.accounts.models import Role
from novator.accounts.testing import make_role
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.practices.models import Practice
from novator.practices.testing import make_practice
from novator.talk.models import Booking, Question, Reply, Request
from novator.talk.voices import Voice

ON = date(2026, 11, 22)


def voice_of(role: Role) -> Voice:
    """The voice of somebody who holds a role."""
    return Voice(role.user, role.municipality, role.kind)


def make_speaker(kind: str, city: Municipality | None) -> Role:
    """The one holder of a role there, made when first wanted."""
    known = Role.objects.filter(kind=kind, municipality=city).select_related("user").first()
    return known or make_role(kind, city=city)


def make_question(
    *,
    practice: Practice | None = None,
    city: Municipality | None = None,
    is_public: bool = True,
    text: str = "Сколько стоит тепло в месяц?",
    written_at: datetime | None = None,
    **facts: Any,
) -> Question:
    """A question of Zarechny's editor to Glazov about its warm stops."""
    role = make_speaker("editor", city or make_city("Zarechny"))
    at = written_at or timezone.now()
    return Question.objects.create(
        **{
            "practice": practice or Practice.objects.first() or make_practice(),
            "text": text,
            "public_since": at if is_public else None,
            "written_by": role.user,
            "written_for": role.municipality,
            "written_as": role.kind,
            "written_at": at,
        }
        | facts
    )


def make_reply(question: Question, *, text: str = "Четыре тысячи рублей.", **facts: Any) -> Reply:
    """A public answer of Glazov's editor."""
    role = make_speaker("editor", question.practice.municipality)
    return Reply.objects.create(
        **{
            "question": question,
            "side": "author",
            "text": text,
            "may_be_shown": True,
            "written_by": role.user,
            "written_for": role.municipality,
            "written_as": role.kind,
        }
        | facts
    )


def make_request(
    *, city: Municipality | None = None, title: str = "Кто убирает снег ночью?", **facts: Any
) -> Request:
    """A request of Zarechny to all cities."""
    role = make_speaker("editor", city or make_city("Zarechny"))
    return Request.objects.create(
        **{
            "title": title,
            "text": "Днём техника стоит в пробках.",
            "topic": "transport",
            "open_until": ON + timedelta(days=30),
            "written_by": role.user,
            "written_for": role.municipality,
            "written_as": role.kind,
        }
        | facts
    )


def make_booking(
    *, practice: Practice | None = None, city: Municipality | None = None, **facts: Any
) -> Booking:
    """Zarechny wants a call with Glazov about a card that offers it."""
    role = make_speaker("editor", city or make_city("Zarechny"))
    card = practice or make_practice(help_offered=["call", "visit"])
    make_speaker("editor", card.municipality)
    return Booking.objects.create(
        **{
            "practice": card,
            "kind": "call",
            "wished": "в любой вторник",
            "message": "Хотим понять, как вы считали тепло.",
            "written_by": role.user,
            "written_for": role.municipality,
            "written_as": role.kind,
            "moved_by": role.user,
            "token": uuid4(),
        }
        | facts
    )
