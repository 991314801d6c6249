"""Whoever follows a council, a decision or an item is told of sessions and steps, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from novator.accounts.testing import make_user
from novator.cities.testing import make_city
from novator.council.testing import make_council, make_decision, make_item, make_session
from novator.notices.changes import Changes, news_of
from novator.notices.models import Follow
from novator.notices.naming import names_of, path_of
from novator.notices.operations import follow

pytestmark = pytest.mark.django_db


def test_tells_steps_and_sessions_of_what_is_followed_and_nothing_else():
    session = make_session(name="Заседание 1")
    item = make_item(session, title="О вступлении")
    decision = make_decision(session.council, item=item, state="published", title="О вступлении")
    make_decision(make_council(make_city("Stary Bor")), state="published")
    make_decision(session.council, state="draft")
    user = make_user()
    for kind, key in (
        ("council", "zarechny"),
        ("decision", str(decision.pk)),
        ("item", str(item.pk)),
    ):
        follow(user=user, kind=kind, key=key)
    hour = timedelta(hours=1)
    Follow.objects.update(last_told_at=timezone.now() - hour)

    changes = Changes(since=timezone.now() - hour, until=timezone.now() + hour)
    told = {each.kind: news_of(each, changes, language="ru") for each in Follow.objects.all()}

    assert [news.what for news in told["decision"]] == ["decision", "decision"]
    assert {news.what for news in told["item"]} == {"session", "decision"}
    assert {news.path for news in told["council"]} == {
        session.get_absolute_url(),
        decision.get_absolute_url(),
    }
    assert set(names_of(list(Follow.objects.all())).values()) == {
        "Городская Дума города Заречный",
        "О вступлении",
    }
    assert all(path_of(each) for each in Follow.objects.all())
