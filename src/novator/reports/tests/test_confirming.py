"""The sender's address: confirmed by a link, put right, forgotten when nobody confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from novator.mail.models import Letter
from novator.reports.confirming import (
    CannotConfirm,
    ask_to_confirm,
    confirm_report,
    correct_address,
    remove_unconfirmed,
    reported_by,
)
from novator.reports.contacts import ContactDetails, opened
from novator.reports.links import token_of
from novator.reports.models import Contact, Report
from novator.reports.testing import NOW, make_report

pytestmark = pytest.mark.django_db
ANNA = ContactDetails(email="anna@zarechny.example")


def _waiting(**facts):
    return make_report(contact=ANNA, is_address_confirmed=False, **facts)


def test_the_letter_goes_once_and_holds_the_link():
    report = _waiting()
    ask_to_confirm(report=report)
    ask_to_confirm(report=report)

    letter = Letter.objects.get(kind="report")
    assert letter.to_email == "anna@zarechny.example"
    assert report.number in letter.subject
    assert "/report/confirm/" in letter.body


def test_days_count_from_the_confirmation_and_twice_is_once():
    report = _waiting()
    later = NOW + timedelta(days=2)

    confirm_report(report=report, now=later)
    confirm_report(report=report, now=later + timedelta(days=1))

    report.refresh_from_db()
    assert report.status == "received"
    assert report.due_on > make_report(report.municipality.channel).due_on
    assert Contact.objects.get(report=report).confirmed_at == later


def test_a_wrong_address_is_put_right_and_the_old_link_is_void():
    report = _waiting()
    ask_to_confirm(report=report)
    old = token_of(report, purpose="confirm")

    correct_address(report=report, email="anna@zarechny2.example", now=NOW)

    assert reported_by(old) is None
    assert reported_by(token_of(report, purpose="confirm")) == report
    assert opened(Contact.objects.get().sealed).email == "anna@zarechny2.example"
    assert [letter.to_email for letter in Letter.objects.order_by("id")] == [
        "",
        "anna@zarechny2.example",
    ]


def test_a_confirmed_address_is_not_changed_by_the_old_page():
    report = _waiting()
    confirm_report(report=report, now=NOW)

    with pytest.raises(CannotConfirm):
        correct_address(report=report, email="other@stary-bor.example", now=NOW)


def test_what_nobody_confirms_is_erased_after_three_days():
    report = _waiting()
    danger = _waiting(text="Во дворе открытый люк", channel=report.municipality.channel)

    assert remove_unconfirmed(now=NOW + timedelta(days=2)) == 0
    assert remove_unconfirmed(now=NOW + timedelta(days=3, hours=1)) == 1

    report.refresh_from_db()
    assert (report.status, report.text, report.erased_at is None) == ("withdrawn", "", False)
    assert not Contact.objects.exists()
    assert Report.objects.get(pk=danger.pk).status == "received"
