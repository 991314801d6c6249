"""Experts score cards; conflicts of interest keep them out; a review is an opinion, no evidence."""

from __future__ import annotations

from datetime import date

import pytest

from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.practices.models import PracticeText
from novator.practices.publishing import withdraw_card
from novator.practices.testing import make_practice
from novator.practices.versions import keep_versions
from novator.reviews.models import Review
from novator.reviews.permissions import conflict_of, conflicted_places, may_review, may_score_card
from novator.reviews.queries import cards_to_review, opinion_of
from novator.reviews.reviewing import (
    CannotReview,
    declare_conflict,
    end_conflict,
    give_review,
    version_to_judge,
    withdraw_review,
)
from novator.reviews.scales import review_scale
from novator.reviews.testing import TODAY, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert():
    return make_role("expert").user


def test_a_review_keeps_scores_weights_and_the_version_it_judged(expert):
    practice = make_practice()

    review = make_review(practice, expert=expert, cost=2, comments={"cost": " Дорого. "})

    assert review.scores == {
        "effect": 4,
        "cost": 2,
        "copyability": 4,
        "sustainability": 4,
        "participation": 4,
    }
    assert review.weights == review_scale().weights
    assert review.criteria_version == "2026-11"
    assert review.comments == {"cost": "Дорого."}
    assert review.version == practice.versions.get()
    practice.refresh_from_db()
    assert practice.grade is None


def test_a_new_review_replaces_the_own_one_and_the_history_stays(expert):
    practice = make_practice()
    make_review(practice, expert=expert, score=2)
    make_review(practice, expert=expert, score=5)

    told = opinion_of(practice)

    assert told is not None
    assert (told.together.number, told.together.total) == (1, 5.0)
    assert Review.objects.get(ended_because="replaced").scores["effect"] == 2


def test_the_opinion_says_how_many_judged_an_earlier_version(expert):
    practice = make_practice()
    make_review(practice, expert=expert, score=3)
    PracticeText.objects.filter(practice=practice, language="ru").update(lessons="Новое")
    keep_versions([practice], note="", made_at=practice.changed_at)
    second = make_role("expert", user=make_user("second@association.example")).user
    make_review(practice, expert=second, score=5)

    told = opinion_of(practice)

    assert told is not None
    assert (told.together.number, told.together.total, told.number_of_earlier) == (2, 4.0, 1)


def test_a_card_that_changed_since_it_was_read_is_read_again(expert):
    practice = make_practice()
    scores = dict.fromkeys(review_scale().weights, 3)

    with pytest.raises(CannotReview):
        give_review(
            practice=practice,
            version_number=version_to_judge(practice).number + 1,
            expert=expert,
            scores=scores,
            comments={},
            has_declared=True,
            on=TODAY,
        )


@pytest.mark.parametrize("faulty", [{"cost": 0}, {"cost": 6}])
def test_a_score_outside_the_scale_is_refused(expert, faulty):
    with pytest.raises(CannotReview):
        make_review(make_practice(), expert=expert, **faulty)

    assert not Review.objects.exists()


def test_without_the_declaration_nothing_is_taken(expert):
    practice = make_practice()

    with pytest.raises(CannotReview):
        give_review(
            practice=practice,
            version_number=version_to_judge(practice).number,
            expert=expert,
            scores=dict.fromkeys(review_scale().weights, 3),
            comments={},
            has_declared=False,
            on=TODAY,
        )


def test_no_expert_scores_a_city_where_he_holds_a_role(expert):
    practice = make_practice()
    make_role("editor", user=expert, city=practice.municipality)

    assert may_review(expert, on=TODAY)
    assert not may_score_card(expert, practice, on=TODAY)
    with pytest.raises(CannotReview):
        make_review(practice, expert=expert)


@pytest.mark.parametrize(
    ("ended_on", "conflict"),
    [(date(2023, 11, 22), "role"), (date(2023, 11, 21), ""), (date(2030, 1, 1), "role")],
)
def test_a_role_counts_for_three_years_after_its_end(expert, ended_on, conflict):
    city = make_city("Glazov")
    make_role("head", user=expert, city=city, ends_on=ended_on)

    assert conflict_of(expert, city, on=TODAY) == conflict


def test_a_role_in_the_city_that_became_this_one_counts(expert):
    glazov = make_city("Glazov")
    district = make_city("Glazovsky", kind="municipal_district", successor=glazov)
    make_role("editor", user=expert, city=district)

    assert conflict_of(expert, glazov, on=TODAY) == "role"
    assert glazov.pk in conflicted_places(expert, on=TODAY)


def test_a_declared_conflict_sets_reviews_aside_until_it_ends(expert):
    practice = make_practice()
    make_review(practice, expert=expert)

    conflict = declare_conflict(
        expert=expert, municipality=practice.municipality, reason="Брат работает там"
    )

    assert opinion_of(practice) is None
    assert Review.objects.get().ended_because == "conflict"
    assert not may_score_card(expert, practice, on=TODAY)
    end_conflict(conflict=conflict, by=expert)
    assert may_score_card(expert, practice, on=TODAY)


def test_only_the_author_withdraws_a_review(expert):
    review = make_review(make_practice(), expert=expert)
    second = make_role("expert", user=make_user("second@association.example")).user

    with pytest.raises(CannotReview):
        withdraw_review(review=review, by=second)
    withdraw_review(review=review, by=expert)

    assert Review.objects.get().ended_because == "withdrawn"


def test_a_stranger_reviews_nothing():
    stranger = make_role("head", city=make_city("Stary Bor")).user
    practice = make_practice()

    assert not may_review(stranger, on=TODAY)
    with pytest.raises(CannotReview):
        make_review(practice, expert=stranger)


def test_a_withdrawn_card_is_not_reviewed(expert):
    practice = make_practice()
    withdraw_card(practice=practice, because="ошибка")

    with pytest.raises(CannotReview):
        make_review(practice, expert=expert)


def test_cards_to_review_are_those_a_city_published_and_the_expert_may_judge(expert):
    own = make_practice(city=make_city("Glazov"), is_by_its_city=True)
    wanted = make_practice("zarechny-lamps", city=make_city("Zarechny"), is_by_its_city=True)
    make_practice("stary-bor-bins", city=make_city("Stary Bor"))
    make_role("editor", user=expert, city=own.municipality)

    places = conflicted_places(expert, on=TODAY)

    assert cards_to_review(expert, places=places) == [(wanted.slug, 0)]
