"""A call is written, cards are entered, the jury scores blind, the result is drawn up once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from novator.accounts.own_data import forget_own_data, own_data_of
from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.practices.testing import make_practice
from novator.reviews.contests import (
    CannotEnter,
    CannotRun,
    change_contest,
    end_juror,
    enter_card,
    name_juror,
    prepare_contest,
    withdraw_entry,
)
from novator.reviews.judging import (
    CannotClose,
    CannotScore,
    close_scores,
    draw_up_protocol,
    give_score,
    keep_recusals_by_rule,
    recuse,
    remind_juries,
)
from novator.reviews.models import Conflict, Contest, Entry, Recusal, Score
from novator.reviews.permissions import juror_of, may_enter, may_run_contests, may_see_contest
from novator.reviews.queries import scores_of, standing_entries, work_left
from novator.reviews.reviewing import declare_conflict
from novator.reviews.testing import (
    CLOSES,
    JUDGING,
    OPENS,
    SCORES_BY,
    TODAY,
    make_approver,
    make_call,
    make_contest,
    make_entry,
    make_juror,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest() -> Contest:
    return make_contest()


@pytest.fixture
def practice():
    return make_practice(is_by_its_city=True)


def all_points(contest: Contest, points: int) -> dict[str, int]:
    return dict.fromkeys(contest.weights, points)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (OPENS - timedelta(days=1), "announced"),
        (OPENS, "open"),
        (CLOSES, "open"),
        (CLOSES + timedelta(days=1), "scoring"),
        (SCORES_BY + timedelta(days=9), "scoring"),
    ],
)
def test_days_move_a_contest_on(contest, day, stage):
    assert contest.stage(day) == stage


def test_nobody_but_the_office_sees_a_call_before_it_is_announced():
    office = make_role("office").user
    prepared = prepare_contest(call=make_call(), by=office, on=TODAY)
    stranger = make_role("head", city=make_city("Stary Bor")).user

    assert prepared.stage(TODAY) == "prepared"
    assert may_see_contest(office, prepared, on=TODAY)
    assert not may_see_contest(stranger, prepared, on=TODAY)
    assert prepared.slug == "best-practice-of-the-year"


@pytest.mark.parametrize(
    "faulty",
    [
        {"closes_on": OPENS - timedelta(days=1)},
        {"scores_by": CLOSES},
        {"nominations": ()},
        {"criteria": ()},
        {"least_scores": 0},
        {"title": (" ", "")},
    ],
)
def test_a_call_that_does_not_hold_together_is_refused(faulty):
    with pytest.raises(CannotRun):
        make_contest(**faulty)

    assert not Contest.objects.exists()


def test_only_the_office_runs_contests(contest):
    stranger = make_role("head", city=make_city("Stary Bor")).user

    assert not may_run_contests(stranger, on=TODAY)
    with pytest.raises(CannotRun):
        prepare_contest(call=make_call(), by=stranger, on=TODAY)
    with pytest.raises(CannotRun):
        name_juror(contest=contest, user=stranger, by=stranger, on=TODAY)
    with pytest.raises(CannotClose):
        close_scores(contest=contest, by=stranger, on=JUDGING)


def test_after_the_opening_only_the_last_days_move(contest):
    later = CLOSES + timedelta(days=5)
    changed = change_contest(
        contest=contest,
        call=make_call(closes_on=later, title=("Иначе", "Otherwise")),
        by=contest.made_by,
        on=TODAY,
    )

    assert changed.closes_on == later
    assert changed.title_ru == "Лучшая практика года"


def test_an_approver_enters_the_own_citys_card_once(contest, practice):
    entry = make_entry(contest, practice)

    assert entry.category == "urban"
    assert entry.version.number == 1
    with pytest.raises(CannotEnter):
        make_entry(contest, practice)
    assert make_entry(contest, practice, nomination=2)
    assert len(standing_entries(contest)) == 2


def test_a_withdrawn_card_can_be_entered_again_until_the_deadline(contest, practice):
    entry = make_entry(contest, practice)
    withdraw_entry(entry=entry, by=entry.entered_by, on=CLOSES)
    again = make_entry(contest, practice)

    with pytest.raises(CannotEnter):
        withdraw_entry(entry=again, by=again.entered_by, on=CLOSES + timedelta(days=1))
    assert standing_entries(contest) == [again]


@pytest.mark.parametrize("day", [OPENS - timedelta(days=1), CLOSES + timedelta(days=1)])
def test_entries_are_taken_on_the_days_of_the_call_only(contest, practice, day):
    with pytest.raises(CannotEnter):
        make_entry(contest, practice, on=day)

    assert not Entry.objects.exists()


def test_a_stranger_enters_nothing(contest, practice):
    stranger = make_approver(make_city("Stary Bor"))
    nomination = contest.nominations.first()

    assert not may_enter(stranger, practice.municipality, on=TODAY)
    with pytest.raises(CannotEnter):
        enter_card(nomination=nomination, practice=practice, by=stranger, on=TODAY)
    editor = make_role("editor", city=practice.municipality).user
    with pytest.raises(CannotEnter):
        enter_card(nomination=nomination, practice=practice, by=editor, on=TODAY)
    entry = make_entry(contest, practice)
    with pytest.raises(CannotEnter):
        withdraw_entry(entry=entry, by=stranger, on=TODAY)


def test_a_card_that_the_city_did_not_publish_is_not_entered(contest):
    imported = make_practice("zarechny-lamps", city=make_city("Zarechny"))

    with pytest.raises(CannotEnter):
        enter_card(
            nomination=contest.nominations.first(),
            practice=imported,
            by=make_approver(imported.municipality),
            on=TODAY,
        )


def test_rural_and_urban_compete_apart_and_a_region_does_not(contest):
    village = make_city("Selo", kind="rural_settlement")
    region = make_city("Oblast", kind="region")

    assert make_entry(contest, make_practice("selo-well", city=village)).category == "rural"
    with pytest.raises(CannotEnter):
        make_entry(contest, make_practice("oblast-fund", city=region))


def test_a_juror_is_told_and_has_a_code(contest):
    user = make_user("juror@association.example")
    juror = name_juror(contest=contest, user=user, by=contest.made_by, on=TODAY)

    assert juror.code == "J1"
    assert juror_of(user, contest) == juror
    assert Letter.objects.get(kind="contest").to_email == user.email
    with pytest.raises(CannotRun):
        name_juror(contest=contest, user=user, by=contest.made_by, on=TODAY)
    end_juror(juror=juror, by=contest.made_by, on=TODAY)
    assert juror_of(user, contest) is None


def test_a_juror_sees_his_own_points_alone_and_may_change_them(contest, practice):
    entry = make_entry(contest, practice)
    own, other = make_juror(contest), make_juror(contest, "other@association.example")
    give_score(juror=other, entry=entry, points=all_points(contest, 9), on=JUDGING)
    give_score(juror=own, entry=entry, points=all_points(contest, 3), on=JUDGING)
    give_score(juror=own, entry=entry, points=all_points(contest, 4), on=JUDGING, comment="да")

    assert [score.points["cost"] for score in scores_of(own).values()] == [4]
    assert Score.objects.count() == 2


@pytest.mark.parametrize("day", [CLOSES, SCORES_BY + timedelta(days=1)])
def test_points_are_taken_on_the_days_for_them_only(contest, practice, day):
    entry, juror = make_entry(contest, practice), make_juror(contest)

    with pytest.raises(CannotScore):
        give_score(juror=juror, entry=entry, points=all_points(contest, 5), on=day)


def test_points_outside_the_range_or_missing_are_refused(contest, practice):
    entry, juror = make_entry(contest, practice), make_juror(contest)

    for faulty in ({}, all_points(contest, 11), all_points(contest, -1)):
        with pytest.raises(CannotScore):
            give_score(juror=juror, entry=entry, points=faulty, on=JUDGING)
    assert not Score.objects.exists()


def test_no_juror_scores_the_own_city_and_the_recusal_is_stored(contest, practice):
    entry, juror = make_entry(contest, practice), make_juror(contest)
    make_role("head", user=juror.user, city=practice.municipality)

    with pytest.raises(CannotScore):
        give_score(juror=juror, entry=entry, points=all_points(contest, 10), on=JUDGING)
    assert keep_recusals_by_rule(juror=juror, on=JUDGING) == 1
    assert keep_recusals_by_rule(juror=juror, on=JUDGING) == 0
    assert Recusal.objects.get().is_by_rule


def test_a_recusal_takes_out_the_points_that_were_given(contest, practice):
    entry, juror = make_entry(contest, practice), make_juror(contest)
    give_score(juror=juror, entry=entry, points=all_points(contest, 10), on=JUDGING)

    with pytest.raises(CannotScore):
        recuse(juror=juror, entry=entry, reason=" ", on=JUDGING)
    recuse(juror=juror, entry=entry, reason="Консультировал город", on=JUDGING)

    assert not Score.objects.exists()
    with pytest.raises(CannotScore):
        give_score(juror=juror, entry=entry, points=all_points(contest, 10), on=JUDGING)


def test_a_juror_of_another_contest_scores_nothing(contest, practice):
    entry = make_entry(contest, practice)
    stranger = make_juror(make_contest(title=("Другой", "Other")))

    with pytest.raises(CannotScore):
        give_score(juror=stranger, entry=entry, points=all_points(contest, 5), on=JUDGING)


def test_scores_are_closed_when_all_are_there_or_their_day_has_passed(contest, practice):
    entry, juror = make_entry(contest, practice), make_juror(contest)
    office = contest.made_by

    with pytest.raises(CannotClose):
        close_scores(contest=contest, by=office, on=CLOSES)
    with pytest.raises(CannotClose):
        close_scores(contest=contest, by=office, on=SCORES_BY)
    assert work_left(contest, on=JUDGING) == {juror: 1}
    give_score(juror=juror, entry=entry, points=all_points(contest, 5), on=JUDGING)
    closed = close_scores(contest=contest, by=office, on=JUDGING)

    assert closed.stage(JUDGING) == "closed"
    with pytest.raises(CannotScore):
        give_score(juror=juror, entry=entry, points=all_points(contest, 9), on=JUDGING)


def test_entries_of_the_own_city_are_no_work_of_a_juror(contest, practice):
    make_entry(contest, practice)
    juror = make_juror(contest)
    make_role("editor", city=practice.municipality, user=juror.user)

    assert work_left(contest, on=JUDGING) == {juror: 0}


def test_the_result_is_frozen_and_the_cities_are_told(contest, practice):
    entry, juror = make_entry(contest, practice), make_juror(contest)
    give_score(juror=juror, entry=entry, points=all_points(contest, 5), on=JUDGING)
    office = contest.made_by
    with pytest.raises(CannotClose):
        draw_up_protocol(contest=contest, by=office, on=JUDGING)
    close_scores(contest=contest, by=office, on=SCORES_BY + timedelta(days=1))
    drawn = draw_up_protocol(contest=contest, by=office, on=date(2026, 12, 21))

    assert drawn.stage(JUDGING) == "protocol"
    assert drawn.protocol is not None
    assert drawn.protocol["groups"][0]["placed"][0]["total"] == "5"
    assert Letter.objects.get(kind="contest").to_email == entry.entered_by.email
    with pytest.raises(CannotClose):
        draw_up_protocol(contest=contest, by=office, on=date(2026, 12, 22))


def test_the_list_of_entries_is_one_query(contest, django_assert_num_queries):
    for number in range(20):
        make_entry(contest, make_practice(f"glazov-{number}"))

    with django_assert_num_queries(1):
        names = [one.practice.municipality.name for one in standing_entries(contest)]

    assert len(names) == 20


def test_jurors_are_told_once_when_it_begins_and_once_before_the_end(contest, practice):
    entry, juror = make_entry(contest, practice), make_juror(contest)
    begins, late = CLOSES + timedelta(days=1), SCORES_BY - timedelta(days=2)

    assert remind_juries(on=TODAY) == 0
    for day in (begins, begins + timedelta(days=1), late, late):
        assert remind_juries(on=day) == 1
    assert Letter.objects.filter(to_email=juror.user.email).count() == 2
    give_score(juror=juror, entry=entry, points=all_points(contest, 5), on=late)
    assert remind_juries(on=late) == 0


def test_what_is_stored_of_a_juror_is_told_and_reasons_are_forgotten(contest, practice):
    entry, juror = make_entry(contest, practice), make_juror(contest)
    give_score(juror=juror, entry=entry, points=all_points(contest, 5), on=JUDGING)
    declare_conflict(expert=juror.user, municipality=make_city("Zarechny"), reason="Родня")

    told = own_data_of(juror.user)
    forget_own_data(juror.user)

    assert told["juries"][0]["scores"][0]["points"]["cost"] == 5
    assert told["conflicts_of_interest"][0]["reason"] == "Родня"
    assert not Conflict.objects.exclude(reason="").exists()
