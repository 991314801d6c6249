"""Officers are written to: dangers at once, what is late each working morning, never a contact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.reports.contacts import ContactDetails
from novator.reports.following import follow_update
from novator.reports.models import Department
from novator.reports.officer_letters import tell_of_danger, write_duty_letters
from novator.reports.testing import NOW, make_channel, make_report
from novator.reports.working import give_to, hand_over

pytestmark = pytest.mark.django_db
MORNING = NOW.replace(hour=5)
"""Eight o'clock in Moscow."""


def test_danger_goes_out_at_once_and_once():
    channel = make_channel()
    officer = make_role("reports_officer", city=channel.municipality).user
    make_role("reports_officer", city=make_city("Stary Bor"))
    contact = ContactDetails(phone="+7 912 000-00-01", name="Анна")
    report = make_report(channel, text="Открытый люк во дворе", contact=contact)

    for _time in range(2):
        tell_of_danger(report=report, now=NOW)
    tell_of_danger(report=make_report(channel), now=NOW)

    letter = Letter.objects.get(kind="report_danger")
    assert letter.to_email == officer.email
    assert report.number in letter.subject
    assert "Анна" not in letter.body


def test_morning_tells_what_is_late_and_only_on_working_days():
    channel = make_channel()
    make_role("reports_officer", city=channel.municipality)
    report = make_report(channel, now=NOW - timedelta(days=30))

    sunday = write_duty_letters(now=MORNING - timedelta(days=1))
    told = [write_duty_letters(now=MORNING), write_duty_letters(now=MORNING)]
    night = write_duty_letters(now=NOW.replace(hour=20))

    assert (sunday, night) == (0, 0)
    assert told[0] == 1
    letter = Letter.objects.get(kind="report_work")
    assert report.number in letter.body


def test_body_and_colleague_hear_of_what_they_get():
    channel = make_channel()
    city = channel.municipality
    officer = make_role("reports_officer", city=city).user
    head = make_role("head", city=city).user
    report = make_report(channel, contact=ContactDetails(phone="+7 912 000-00-01"))
    roads = Department.objects.create(
        municipality=city, name="Дорожная служба", email="roads@zarechny.example"
    )

    given = give_to(report=report, department=roads, by=officer, now=NOW, text="До вторника")
    handed = hand_over(
        report=report, to=head, text="Ждём смету", by=officer, on=NOW.date(), now=NOW
    )
    for update in (given, handed):
        follow_update(update_id=update.pk)

    letters = {letter.to_email: letter.body for letter in Letter.objects.all()}
    assert "До вторника" in letters["roads@zarechny.example"]
    assert "Ждём смету" in letters[head.email]
    assert "000-00-01" not in "".join(letters.values())
    assert "79120000001" not in "".join(letters.values())


def test_a_flood_of_dangers_is_one_letter_more(monkeypatch):
    monkeypatch.setattr("novator.reports.officer_letters.MOST_AT_ONCE", 2)
    channel = make_channel()
    make_role("reports_officer", city=channel.municipality)

    for number in range(5):
        tell_of_danger(report=make_report(channel, text=f"Запах газа в доме {number}"), now=NOW)

    subjects = list(Letter.objects.order_by("id").values_list("subject", flat=True))
    assert len(subjects) == 3
    assert "Заречный" in subjects[-1]
