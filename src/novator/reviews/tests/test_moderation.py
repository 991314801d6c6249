"""A moderator takes a draft, checks it, publishes it or gives it back; two at once are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.drafts.models import Draft
from novator.drafts.testing import make_draft
from novator.mail.models import Letter
from novator.practices.models import Practice
from novator.reviews.models import Moderation
from novator.reviews.moderation import (
    CannotDecide,
    Checked,
    publish_moderated,
    return_moderated,
    take_draft,
)
from novator.reviews.permissions import may_decide, may_moderate
from novator.reviews.queries import decided_moderations, moderation_queue
from novator.reviews.testing import TODAY, all_yes

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Draft:
    return make_draft(state="submitted", submitted_at=timezone.now())


@pytest.fixture
def moderator():
    return make_role("moderator").user


def colleague():
    return make_role("moderator", user=make_user("second@association.example", name="Вера")).user


def test_publishing_stores_every_answer(draft, moderator):
    take_draft(draft=draft, moderator=moderator, on=TODAY)

    practice = publish_moderated(
        draft=draft,
        moderator=moderator,
        checks=all_yes() | {"failed_side": Checked("no", " Сказано вскользь. ")},
        revision=draft.revision,
        on=TODAY,
        note="Хорошо написано",
    )

    kept = Moderation.objects.get()
    assert Practice.objects.published().get() == practice
    assert (kept.outcome, kept.round, kept.moderator) == ("published", 1, moderator)
    assert kept.checks["failed_side"] == {"answer": "no", "note": "Сказано вскользь."}
    assert kept.checklist_version == "2026-11"
    assert practice.versions.get().published_by == moderator


def test_returning_makes_remarks_by_field_and_tells_the_holder(draft, moderator):
    return_moderated(
        draft=draft,
        moderator=moderator,
        checks={},
        remarks=[("effects", "Откуда число?"), ("", "Коротко."), ("topic", "  ")],
        revision=draft.revision,
        on=TODAY,
    )

    draft.refresh_from_db()
    assert draft.state == "returned"
    assert [(remark.field, remark.text) for remark in draft.remarks.all()] == [
        ("effects", "Откуда число?"),
        ("", "Коротко."),
    ]
    assert Moderation.objects.get().outcome == "returned"
    assert Letter.objects.filter(kind="review", to_email=draft.holder.email).count() == 1


def test_a_return_without_words_is_refused(draft, moderator):
    with pytest.raises(CannotDecide):
        return_moderated(
            draft=draft,
            moderator=moderator,
            checks={},
            remarks=[("topic", " ")],
            revision=draft.revision,
            on=TODAY,
        )

    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert not Moderation.objects.exists()


@pytest.mark.parametrize("answer", ["", "no", "perhaps"])
def test_a_card_is_not_published_while_a_must_is_open(draft, moderator, answer):
    with pytest.raises(CannotDecide):
        publish_moderated(
            draft=draft,
            moderator=moderator,
            checks=all_yes(no_personal_data=answer),
            revision=draft.revision,
            on=TODAY,
        )

    assert not Practice.objects.exists()


def test_the_second_moderator_is_told(draft, moderator):
    second = colleague()
    take_draft(draft=draft, moderator=second, on=TODAY)

    with pytest.raises(CannotDecide, match="Вера"):
        take_draft(draft=draft, moderator=moderator, on=TODAY)
    with pytest.raises(CannotDecide, match="Вера"):
        publish_moderated(draft=draft, moderator=moderator, checks=all_yes(), revision=1, on=TODAY)

    assert take_draft(draft=draft, moderator=moderator, on=TODAY, from_colleague=True)
    assert Moderation.objects.get().moderator == moderator


def test_a_decision_is_made_once(draft, moderator):
    second = colleague()
    publish_moderated(draft=draft, moderator=second, checks=all_yes(), revision=1, on=TODAY)

    with pytest.raises(CannotDecide, match="Вера"):
        return_moderated(
            draft=draft,
            moderator=moderator,
            checks={},
            remarks=[("", "Нет")],
            revision=1,
            on=TODAY,
        )

    assert Moderation.objects.count() == 1


def test_a_draft_that_changed_since_it_was_read_is_read_again(draft, moderator):
    Draft.objects.update(revision=7)

    with pytest.raises(CannotDecide):
        publish_moderated(draft=draft, moderator=moderator, checks=all_yes(), revision=1, on=TODAY)

    assert not Practice.objects.exists()


def test_nobody_decides_on_his_own_city(draft, moderator):
    make_role("secretary", user=moderator, city=draft.municipality)

    assert may_moderate(moderator, on=TODAY)
    assert not may_decide(moderator, draft, on=TODAY)
    with pytest.raises(CannotDecide):
        take_draft(draft=draft, moderator=moderator, on=TODAY)


def test_a_role_that_ended_yesterday_is_no_way_around(draft, moderator):
    make_role("editor", user=moderator, city=draft.municipality, ends_on=TODAY - timedelta(days=1))

    assert not may_decide(moderator, draft, on=TODAY)


def test_nobody_decides_on_a_draft_that_he_wrote(draft, moderator):
    draft.author = moderator

    assert not may_decide(moderator, draft, on=TODAY)


def test_a_stranger_moderates_nothing(draft):
    stranger = make_role("editor", city=make_city("Stary Bor")).user

    assert not may_moderate(stranger, on=TODAY)
    assert not may_decide(stranger, draft, on=TODAY)
    with pytest.raises(CannotDecide):
        return_moderated(
            draft=draft, moderator=stranger, checks={}, remarks=[("", "x")], revision=1, on=TODAY
        )


def test_the_next_submission_is_the_next_round(draft, moderator):
    for words in ("Раз", "Два"):
        return_moderated(
            draft=draft,
            moderator=moderator,
            checks={},
            remarks=[("", words)],
            revision=draft.revision,
            on=TODAY,
        )
        Draft.objects.update(state="submitted")
        draft.refresh_from_db()

    assert [one.round for one in decided_moderations()] == [2, 1]


def test_the_queue_is_one_list_however_long(moderator, django_assert_num_queries):
    city = make_city("Glazov")
    editor = make_role("editor", city=city).user
    for day in range(20):
        moment = timezone.now().replace(year=2026, month=1, day=day + 1)
        found = make_draft(city=city, by=editor, state="submitted", submitted_at=moment)
    take_draft(draft=found, moderator=moderator, on=TODAY)

    with django_assert_num_queries(2):
        rows = list(moderation_queue())
        rounds = [one for draft in rows for one in vars(draft)["open_rounds"]]
        takers = [one.moderator for one in rounds]

    assert rows[-1] == found
    assert takers == [moderator]
