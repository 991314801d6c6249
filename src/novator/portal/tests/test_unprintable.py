"""Signs that no document can hold: left out of forms, harmless in feeds."""

from __future__ import annotations

from uuid import uuid4

import pytest
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from django.test import Client

from novator.accounts.testing import make_role, make_user, signed_in
from novator.briefings.models import Collection
from novator.cities.testing import make_city
from novator.practices.testing import make_practice
from novator.talk.models import Question
from novator.talk.testing import make_question

pytestmark = pytest.mark.django_db


def test_they_are_left_out_of_what_people_type() -> None:
    client = signed_in(make_user("anna@glazov.example"))

    client.post(
        "/en/collections/", {"title": "Li\x01gh\u202ets\u2069\uffff", "purpose": "one\r\ntwo\x0c"}
    )

    made = Collection.objects.get()
    assert made.title == "Lights"
    assert made.purpose.split() == ["one", "two"]


def test_a_question_with_one_does_not_break_the_feed(client: Client) -> None:
    practice = make_practice()
    asks = signed_in(make_role("editor", city=make_city("Zarechny")).user)
    typed = {"text": "How much \x01 is it?", "openness": "public", "token": str(uuid4())}

    asks.post(f"/en/practices/{practice.slug}/ask/", typed)
    assert Question.objects.get().text == "How much  is it?"
    make_question(practice=practice, text="came in \x02 otherwise \ufffe")

    answer = client.get("/en/feeds/questions.atom")
    assert answer.status_code == 200
    assert "came in  otherwise" in "".join(fromstring(answer.content).itertext())
