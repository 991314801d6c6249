"""Moderators hear of new drafts, once a day, and not of those they may not decide on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.drafts.models import Draft
from novator.drafts.testing import make_draft
from novator.mail.models import Letter
from novator.reviews.telling import tell_moderators

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 11, 2, 12))


@pytest.fixture
def glazov() -> Municipality:
    make_role("moderator")
    return make_city("Glazov")


def submitted(city: Municipality, at: datetime) -> Draft:
    author = User.objects.filter(email="editor@glazov.example").first()
    return make_draft(city=city, by=author, state="submitted", submitted_at=at)


def test_tells_of_the_first_draft_of_a_day_at_once_and_of_the_others_together(
    glazov: Municipality,
) -> None:
    first = submitted(glazov, NOON)
    assert tell_moderators(now=NOON) == 1
    for minutes in (10, 20):
        submitted(glazov, NOON + timedelta(minutes=minutes))
        assert tell_moderators(now=NOON + timedelta(minutes=minutes)) == 0
    Letter.objects.update(created_at=NOON)

    assert tell_moderators(now=NOON + timedelta(days=1)) == 1
    assert tell_moderators(now=NOON + timedelta(days=1, minutes=10)) == 0

    letter, later = Letter.objects.filter(kind="moderation").order_by("id")
    assert first.title in letter.subject
    assert f"/office/moderation/{first.public_id}/" in letter.body
    assert str(first.public_id) not in later.body
    assert "2" in later.subject


def test_says_nothing_while_nothing_new_came(glazov: Municipality) -> None:
    submitted(glazov, NOON)
    tell_moderators(now=NOON)
    Letter.objects.update(created_at=NOON)

    assert tell_moderators(now=NOON + timedelta(days=3)) == 0


def test_whose_own_city_wrote_it_is_not_asked(glazov: Municipality) -> None:
    moderator = make_role("moderator", user=make_user("own@a.example")).user
    make_role("secretary", user=moderator, city=glazov)
    submitted(glazov, NOON)

    tell_moderators(now=NOON)

    assert not Letter.objects.filter(to_email=moderator.email).exists()
