"""A report is taken once, with number, date, body and area, or refused in words."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.cities.testing import make_city
from novator.reports.contacts import ContactDetails, digest_of, opened
from novator.reports.life import StepRefused, change_state
from novator.reports.models import Area, Department, Report, ReportUpdate, Route
from novator.reports.submitting import AFTER_SUBMIT, ReportRefused
from novator.reports.testing import NOW, category_of, make_channel, make_report

pytestmark = pytest.mark.django_db


def test_gets_a_date_in_working_days():
    report = make_report(make_channel())

    assert report.status == "received"
    # ten working days from Monday 2 March 2026; Monday the 9th is a day off
    assert report.due_on == date(2026, 3, 17)
    assert list(ReportUpdate.objects.values_list("kind", "after")) == [("state", "received")]


def test_same_submission_key_is_the_same_report():
    channel, key = make_channel(), uuid4()

    first = make_report(channel, submission_key=key)
    second = make_report(channel, submission_key=key, text="Ещё раз")

    assert first == second
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "я" * 4001}, "text"),
        ({"latitude": 0.0, "longitude": 0.0}, "place"),
        ({"latitude": 55.7, "longitude": 37.6}, "place"),
        ({"latitude": float("nan"), "longitude": 53.0}, "place"),
        ({"latitude": None, "longitude": None, "address": ""}, "place"),
    ],
)
def test_refuses_in_words_and_keeps_nothing(wrong, field):
    channel = make_channel()

    with pytest.raises(ReportRefused) as refusal:
        make_report(channel, **wrong)

    assert refusal.value.field == field
    assert not Report.objects.exists()


def test_default_point_is_no_place():
    channel = make_channel(default_points=[[57.05, 53.05]])

    with pytest.raises(ReportRefused):
        make_report(channel, latitude=57.05, longitude=53.05)


def test_contact_is_encrypted_and_waits_for_its_letter():
    report = make_report(
        contact=ContactDetails(email="anna@zarechny.example"), is_address_confirmed=False
    )

    assert report.status == "unconfirmed"
    assert b"anna" not in bytes(report.contact.sealed)
    assert opened(report.contact.sealed).email == "anna@zarechny.example"
    assert report.contact.digest == digest_of(" Anna@Zarechny.example")


def test_danger_waits_for_no_letter():
    report = make_report(
        text="Во дворе открытый люк, дети бегают",
        contact=ContactDetails(email="anna@zarechny.example"),
        is_address_confirmed=False,
    )

    assert (report.is_danger, report.status) == (True, "received")


def test_danger_and_a_letter_that_somebody_waits_for_stand_behind_no_flood():
    channel = make_channel()
    anna = ContactDetails(email="anna@example.org")

    danger = make_report(channel, category="manhole")
    waiting = make_report(channel, contact=anna, is_address_confirmed=False)
    of_a_system = make_report(channel, source="open311")

    jobs = ProcrastinateJob.objects.filter(task_name=AFTER_SUBMIT)
    priorities = {job.args["report_id"]: job.priority for job in jobs}
    assert priorities[danger.pk] > priorities[waiting.pk] > priorities[of_a_system.pk]


def test_body_by_category_and_area():
    channel = make_channel()
    city = channel.municipality
    north = Area.objects.create(
        municipality=city,
        name_ru="Северный",
        outline=[[[57.0, 53.0], [57.0, 53.1], [57.1, 53.1], [57.1, 53.0]]],
    )
    roads = Department.objects.create(municipality=city, name="Дорожная служба")
    Route.objects.create(
        municipality=city, category=category_of(channel), area=north, department=roads
    )

    report = make_report(channel)
    elsewhere = make_report(channel, latitude=56.95, longitude=53.05)

    assert (report.area, report.department) == (north, roads)
    assert (elsewhere.area, elsewhere.department) == (None, None)


def test_steps_are_those_of_the_table():
    report = make_report()

    with pytest.raises(StepRefused):
        change_state(report=report, to="solved", now=NOW)
    with pytest.raises(StepRefused):
        change_state(report=report, to="answered", now=NOW, text=" ")
    change_state(report=report, to="answered", now=NOW, text="Яма засыпана.")

    assert (report.status, report.judge_by) == ("answered", date(2026, 3, 17))


def test_signs_that_turn_the_direction_of_a_text_are_taken_out():
    report = make_report(text="Яма \u202eавд\u202c у дома")

    assert report.text == "Яма авд у дома"


def test_a_channel_keeps_the_time_of_its_city():
    izhevsk = make_city("Izhevsk", geonames_id=554840)

    assert make_channel(izhevsk).time_zone == "Europe/Samara"
    assert make_channel(make_city("Zarechny")).time_zone == "Europe/Moscow"
