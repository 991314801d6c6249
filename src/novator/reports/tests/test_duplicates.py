"""Which report may repeat which: suggested by the machine, decided by a person."""

from datetime import timedelta
from typing import Any

import pytest

from novator.accounts.testing import make_user
from novator.reports.duplicates import (
    CannotDecide,
    confirm_duplicate,
    likely_duplicates,
    refuse_duplicate,
    suggest_duplicates,
)
from novator.reports.likeness.places import cell_of
from novator.reports.likeness.scoring import shipped_weights
from novator.reports.likeness_learning import learn_likeness
from novator.reports.models import DuplicateSuggestion, LikenessModel, Report
from novator.reports.testing import NOW, category_of, make_channel, make_report

pytestmark = pytest.mark.django_db
HERE = (57.001, 53.002)


@pytest.fixture
def channel():
    return make_channel()


def test_the_database_reckons_the_cell_as_we_do(channel):
    report = make_report(channel)
    report.refresh_from_db()

    assert report.cell == cell_of(*HERE)


def test_the_same_hole_is_found_before_it_is_sent_again(channel):
    hole = make_report(channel, status="accepted")
    make_report(channel, status="accepted", latitude=57.005)

    found = likely_duplicates(
        municipality=channel.municipality,
        place=(57.0011, 53.0021),
        at=NOW + timedelta(days=2),
        category=category_of(channel),
        text="Яма на Ленина, объезжают по тротуару",
        address="ул. Ленина, 5",
    )

    assert [one.report for one in found] == [hole]
    assert 0.2 < found[0].probability < 1
    assert found[0].metres == pytest.approx(12.6, abs=0.5)
    assert found[0].days == 2


def test_words_tried_one_by_one_tell_nothing_of_an_unshown_text(channel):
    hole = make_report(channel, status="accepted", text="Яма, а сосед Пётр пьёт и бьёт собаку")
    asked = {
        "municipality": channel.municipality,
        "place": (57.001, 53.002),
        "at": NOW + timedelta(1),
        "category": category_of(channel),
        "address": "улица Ленина, 5",
    }

    def probability(text):
        return likely_duplicates(text=text, **asked)[0].probability

    assert probability("Яма Пётр") == probability("Яма Иван")
    Report.objects.filter(pk=hole.pk).update(may_publish=True)
    Report.objects.filter(pk=hole.pk).update(is_text_shown=True, shown_text="Яма, сосед")
    assert probability("Яма сосед") > probability("Яма Пётр") == probability("Яма Иван")


@pytest.mark.parametrize(
    "facts", [{"status": "received"}, {"status": "accepted", "is_hidden": True}]
)
def test_what_nobody_may_see_is_not_offered_to_a_citizen(channel, facts):
    make_report(channel, **facts)

    assert not likely_duplicates(
        municipality=channel.municipality, place=HERE, at=NOW, category=category_of(channel)
    )


def test_a_repeat_stands_for_the_report_that_it_repeats(channel):
    hole = make_report(channel, status="accepted")
    make_report(channel, status="duplicate", duplicate_of=hole)

    found = likely_duplicates(
        municipality=channel.municipality,
        place=HERE,
        at=NOW,
        category=category_of(channel),
        address="улица Ленина, 5",
    )

    assert [one.report for one in found] == [hole]


def test_suggests_the_earlier_one_to_the_staff_once(channel, django_assert_max_num_queries):
    hole = make_report(channel)
    again = make_report(channel, now=NOW + timedelta(days=1))

    with django_assert_max_num_queries(13):
        suggest_duplicates(report=again, now=NOW)
    suggest_duplicates(report=again, now=NOW)

    assert [(s.report, s.other) for s in DuplicateSuggestion.objects.all()] == [(again, hole)]
    assert not suggest_duplicates(report=hole, now=NOW)


def test_nothing_is_suggested_where_only_the_place_is_shared(channel):
    make_report(channel, category="street-lighting", text="Не горит фонарь", address="")

    assert not suggest_duplicates(report=make_report(channel), now=NOW)


def test_an_address_without_a_point_is_enough(channel):
    nowhere: dict[str, Any] = {"latitude": None, "longitude": None, "placed_by": "address"}
    make_report(channel, **nowhere)

    assert len(suggest_duplicates(report=make_report(channel, **nowhere), now=NOW)) == 1


def test_a_person_confirms_and_the_later_one_is_closed(channel):
    hole, again = make_report(channel), make_report(channel)
    [suggestion] = suggest_duplicates(report=again, now=NOW)
    officer = make_user("officer@zarechny.example")

    kept = confirm_duplicate(suggestion=suggestion, by=officer, now=NOW, text="Уже известно")

    again.refresh_from_db()
    assert kept == hole
    assert (again.status, again.duplicate_of) == ("duplicate", hole)
    assert suggestion.is_confirmed is True
    with pytest.raises(CannotDecide):
        refuse_duplicate(suggestion=suggestion, by=officer, now=NOW)


def test_the_later_one_can_be_the_one_that_is_kept(channel):
    hole, again = make_report(channel), make_report(channel)
    [suggestion] = suggest_duplicates(report=again, now=NOW)

    confirm_duplicate(
        suggestion=suggestion,
        by=make_user("officer@zarechny.example"),
        now=NOW,
        text="Во втором точнее",
        keep_the_later=True,
    )

    hole.refresh_from_db()
    assert (hole.status, hole.duplicate_of) == ("duplicate", again)


def test_a_refused_pair_stays_refused_when_the_machine_looks_again(channel):
    make_report(channel)
    again = make_report(channel)
    [suggestion] = suggest_duplicates(report=again, now=NOW)
    refuse_duplicate(suggestion=suggestion, by=make_user("officer@zarechny.example"), now=NOW)

    suggest_duplicates(report=again, now=NOW)

    assert [s.is_confirmed for s in DuplicateSuggestion.objects.all()] == [False]
    assert Report.objects.filter(status="duplicate").count() == 0


def test_learns_from_decided_pairs_and_keeps_what_is_no_better(channel, monkeypatch):
    monkeypatch.setattr("novator.reports.likeness_learning.LEAST_PAIRS", 3)
    officer = make_user("officer@zarechny.example")
    for place in range(6):
        where: dict[str, Any] = {
            "latitude": 57.0 + place / 100,
            "address": f"улица Ленина, {place}",
        }
        make_report(channel, **where)
        [suggestion] = suggest_duplicates(report=make_report(channel, **where), now=NOW)
        confirm_duplicate(suggestion=suggestion, by=officer, now=NOW, text="Повтор")

    model = learn_likeness(now=NOW)

    assert LikenessModel.objects.get() == model
    assert model.pairs == 6
    assert model.is_used == (model.figures["held_back"] > model.figures["before"])
    assert set(model.weights["values"]) == set(shipped_weights().values)


def test_few_pairs_are_not_learned_from(channel):
    assert learn_likeness(now=NOW) is None
