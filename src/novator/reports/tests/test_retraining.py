"""Every night the model learns from people alone, and only a better one is taken into use."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from novator.reports import proposing
from novator.reports.classifying.training import LabelledText
from novator.reports.erasing import erase_report
from novator.reports.models import CategoryChoice, CategoryModel, Channel, Report
from novator.reports.proposing import propose_categories
from novator.reports.retraining import chosen_texts, is_held_back, retrain, retrain_all
from novator.reports.testing import NOW, category_of
from novator.reports.tests.test_proposing import complaints, quick, small_channel  # noqa: F401

pytestmark = pytest.mark.django_db
TONIGHT = NOW + timedelta(hours=15)
TOMORROW = TONIGHT + timedelta(days=1)


def make_chosen(channel, rows, *, by_citizen: bool = True, now=NOW) -> list[Report]:
    """Reports whose category a person chose, without all that follows from sending one."""
    reports = Report.objects.bulk_create(
        Report(
            municipality=channel.municipality,
            category=category_of(channel, row.code),
            category_by="citizen" if by_citizen else "staff",
            text=row.text,
            status="received",
            requested_at=now,
            arrived_at=now,
            changed_at=now,
        )
        for row in rows
    )
    CategoryChoice.objects.bulk_create(
        CategoryChoice(report=report, category=report.category, by_citizen=by_citizen, made_at=now)
        for report in reports
    )
    return reports


def night(channel: Channel, now: datetime = TONIGHT) -> CategoryModel:
    """The training of a night that has something to learn."""
    made = retrain(municipality=channel.municipality, now=now)
    assert made is not None
    return made


def test_a_better_model_is_taken_into_use_with_the_figures_of_both():
    channel = small_channel()
    make_chosen(channel, complaints())

    assert retrain_all(now=TONIGHT) == 1

    used = CategoryModel.objects.get(municipality=channel.municipality)
    assert used.is_used
    assert used.figures["taken_because"] == "better"
    assert used.figures["new"]["loss"] < used.figures["in_use"]["loss"]
    assert used.rows + used.figures["held_back"] == len(complaints())
    assert propose_categories("стая собак", channel.municipality)[0].code == "stray-animals"


def test_nothing_new_is_no_training_and_no_better_is_not_taken():
    channel = small_channel()
    make_chosen(channel, complaints())
    first = night(channel)

    assert retrain(municipality=channel.municipality, now=TOMORROW) is None

    taught = [row for row in complaints() if not is_held_back(row.text)]
    wrong = [LabelledText(row.text, "trees") for row in taught]
    make_chosen(channel, wrong * 2, now=TOMORROW)
    second = night(channel, TOMORROW + timedelta(hours=1))

    first.refresh_from_db()
    assert first.is_used
    assert not second.is_used
    assert second.refused_because
    assert second.figures["in_use"]["loss"] < second.figures["new"]["loss"]


def test_too_few_choices_are_no_training():
    channel = small_channel()
    make_chosen(channel, complaints()[:20])

    assert retrain(municipality=channel.municipality, now=TONIGHT) is None


def test_staff_is_heard_before_the_sender_and_the_machine_never():
    channel = small_channel()
    corrected, guessed = make_chosen(channel, complaints()[:2])
    CategoryChoice.objects.filter(report=guessed).delete()
    Report.objects.filter(pk=guessed.pk).update(category_by="machine")
    CategoryChoice.objects.create(
        report=corrected,
        category=category_of(channel, "manhole"),
        made_at=NOW - timedelta(minutes=5),
    )

    assert [(row.text, row.code) for row in chosen_texts(channel.municipality)] == [
        (corrected.text, "manhole")
    ]


def test_what_was_erased_is_not_trained_on_and_what_knew_it_is_emptied():
    channel = small_channel()
    reports = make_chosen(channel, complaints())
    knew = night(channel)
    erased = next(report for report in reports if not is_held_back(report.text))
    erase_report(report=erased, now=TONIGHT + timedelta(hours=2))

    made = night(channel, TOMORROW)

    knew.refresh_from_db()
    assert made.is_used
    assert made.rows == knew.rows - 1
    assert (knew.is_used, bytes(knew.blob)) == (False, b"")
    assert knew.figures
    assert erased.text not in [row.text for row in chosen_texts(channel.municipality)]


def test_when_all_is_erased_the_start_takes_over():
    channel = small_channel()
    reports = make_chosen(channel, complaints())
    knew = night(channel)
    Report.objects.filter(pk__in=[report.pk for report in reports]).update(
        text="", erased_at=TONIGHT + timedelta(hours=1)
    )

    assert retrain(municipality=channel.municipality, now=TOMORROW) is None

    knew.refresh_from_db()
    assert (knew.is_used, bytes(knew.blob)) == (False, b"")
    assert not propose_categories("стая собак", channel.municipality).is_sure


def test_a_damaged_model_is_replaced_and_another_city_is_let_alone():
    channel = small_channel()
    make_chosen(channel, complaints())
    night(channel)
    CategoryModel.objects.update(blob=b"?")
    proposing._opened.clear()

    made = night(channel, TOMORROW)

    assert made.is_used
    assert CategoryModel.objects.filter(is_used=True).count() == 1
