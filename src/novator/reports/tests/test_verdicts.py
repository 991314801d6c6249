"""The sender judges each answer once; silence is told apart from agreement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from novator.mail.models import Letter
from novator.reports.contacts import ContactDetails
from novator.reports.letters import remind_to_judge, tell_sender
from novator.reports.life import change_state
from novator.reports.links import report_of, token_of
from novator.reports.models import Report, ReportUpdate, Verdict
from novator.reports.testing import NOW, make_report
from novator.reports.verdicts import VerdictRefused, close_unjudged, judge

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def answered(**facts):
    report = make_report(**facts)
    change_state(report=report, to="answered", now=NOW, text="Яма засыпана.")
    return report


def test_confirmed_is_solved_and_says_by_whom():
    report = answered()

    judge(report=report, kind="confirmed", now=LATER)

    assert (report.status, report.is_confirmed) == ("solved", True)
    assert report.updates.last().details == {"by": "sender"}


def test_refuted_is_opened_again_counted_and_dated_anew():
    report = answered()

    judge(report=report, kind="refuted", now=LATER, text="Яма на месте.")

    assert (report.status, report.times_refuted, report.times_reopened) == ("reopened", 1, 1)
    assert report.due_on > LATER.date()
    assert Verdict.objects.get().text == "Яма на месте."
    # the sender's words are for the city: no step that everybody reads holds them
    assert not ReportUpdate.objects.filter(text__contains="на месте").exists()


def test_each_answer_is_judged_once():
    report = answered()
    stale = Report.objects.get(pk=report.pk)
    judge(report=report, kind="confirmed", now=LATER)

    with pytest.raises(VerdictRefused):
        judge(report=stale, kind="refuted", now=LATER, text="Нет")
    assert Verdict.objects.count() == 1


def test_refuting_needs_words_or_a_photo_and_the_answer_that_was_read():
    report = answered()

    with pytest.raises(VerdictRefused):
        judge(report=report, kind="refuted", now=LATER, text=" ")
    with pytest.raises(VerdictRefused):
        judge(report=report, kind="confirmed", now=LATER, answered_at=LATER)
    assert report.status == "answered"


def test_silence_closes_after_the_days_and_confirms_nothing():
    report = answered()

    assert close_unjudged(now=NOW + timedelta(days=15)) == 0
    assert close_unjudged(now=NOW + timedelta(days=16)) == 1

    report.refresh_from_db()
    assert (report.status, report.is_confirmed) == ("solved", False)
    assert report.updates.last().details == {"by": "silence"}


def test_one_letter_for_steps_that_gather_with_both_links():
    report = make_report(contact=ContactDetails(email="anna@zarechny.example"))
    change_state(report=report, to="accepted", now=NOW)
    change_state(report=report, to="answered", now=NOW, text="Яма засыпана.")

    assert tell_sender(report_id=report.pk, now=NOW + timedelta(minutes=5))
    assert not tell_sender(report_id=report.pk, now=NOW + timedelta(minutes=6))

    letter = Letter.objects.get(kind="report_news")
    assert report.number in letter.subject
    assert "Яма засыпана." in letter.body
    assert letter.body.count("/reports/by-link/") == 3


def test_reminder_three_days_before_once():
    answered(contact=ContactDetails(email="anna@zarechny.example"))
    moment = NOW + timedelta(days=12)

    assert [remind_to_judge(now=NOW + timedelta(days=5)), remind_to_judge(now=moment)] == [0, 1]
    remind_to_judge(now=moment + timedelta(days=1))

    assert Letter.objects.filter(key__startswith="report-judge").count() == 1


def test_link_dies_with_the_address_it_was_sent_to():
    from novator.reports.by_sender import correct_address

    report = make_report(contact=ContactDetails(email="ana@zarechny.example"))
    token = token_of(report)
    assert report_of(token) == report

    correct_address(report=report, email="anna@zarechny.example", now=LATER)

    assert report_of(token) is None
    assert report_of(token_of(report)) == report
    assert report_of(token_of(report), purpose="address") is None
    assert report_of("zzz.x.y") is None
