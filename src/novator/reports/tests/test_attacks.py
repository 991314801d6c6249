"""What somebody might try: another's report by its key, letters to strangers, traces left."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps

from novator.accounts.testing import make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.reports.asking import MOST_AN_HOUR
from novator.reports.by_sender import ActRefused, add_words, correct_address
from novator.reports.confirming import remove_unconfirmed
from novator.reports.contacts import ContactDetails
from novator.reports.erasing import erase_report
from novator.reports.exchange.sending import submission_key_of
from novator.reports.following import follow_submission
from novator.reports.letters import tell_sender
from novator.reports.life import StepRefused, change_state
from novator.reports.models import (
    CategoryChoice,
    Contact,
    Forwarding,
    ReplyTemplate,
    Report,
    ReportUpdate,
)
from novator.reports.own_data import forget_reports
from novator.reports.replies import filled
from novator.reports.submitting import ReportRefused
from novator.reports.subscribing import CannotSubscribe, Wish, subscribe
from novator.reports.supporting import support
from novator.reports.testing import NOW, make_answered, make_channel, make_report
from novator.reports.verdicts import VerdictRefused, judge
from novator.reports.working import set_facts

pytestmark = pytest.mark.django_db


def test_nothing_personal_is_left_in_trail_choices_or_letters():
    anna = make_user("anna@zarechny.example")
    contact = ContactDetails(email="anna@zarechny.example")
    report = make_report(author=anna, contact=contact, latitude=57.00123, longitude=53.00234)
    set_facts(report=report, by=make_user("officer@zarechny.example"), now=NOW, asset_number="Л-17")
    follow_submission(report_id=report.pk)
    tell_sender(report_id=report.pk, now=NOW)
    assert Letter.objects.exclude(body="").exists()

    erase_report(report=report, now=NOW)

    trail = apps.get_model("reports", "ReportEvent").objects.filter(pgh_obj_id=report.pk)
    assert set(trail.values_list("latitude", "longitude", "asset_number")) == {(57.0, 53.0, "")}
    assert not CategoryChoice.objects.filter(made_by=anna).exists()
    assert not ReportUpdate.objects.filter(report=report, kind="facts").exclude(details={}).exists()
    assert not Letter.objects.exclude(to_email="", body="").exists()


def test_words_added_to_another_report_go_with_the_account():
    boris, report = make_user("boris@zarechny.example"), make_report()
    support(report=report, user=boris, now=NOW)
    add_words(report=report, text="Мой телефон", now=NOW, by=boris, is_supporter=True)

    forget_reports(boris)

    said = ReportUpdate.objects.get(report=report, kind="comment")
    assert (said.text, said.made_by) == ("", None)


def test_an_address_gets_few_letters_that_it_did_not_ask_for():
    channel = make_channel()
    reports = [make_report(channel) for _ in range(MOST_AN_HOUR + 1)]

    def ask(report):
        wish = Wish(kind="report", report=report)
        subscribe(
            municipality=channel.municipality, wish=wish, email="victim@elsewhere.example", now=NOW
        )

    for report in reports[:-1]:
        ask(report)
    with pytest.raises(CannotSubscribe):
        ask(reports[-1])
    with pytest.raises(ActRefused):
        correct_address(report=reports[0], email="VICTIM@elsewhere.example", now=NOW)
    assert Letter.objects.count() == MOST_AN_HOUR


@pytest.mark.parametrize("street", ["https://evil.example/pay", "зайдите на evil.com", "a@b"])
def test_no_street_leads_a_stranger_away(street):
    with pytest.raises(CannotSubscribe):
        subscribe(
            municipality=make_channel().municipality,
            wish=Wish(kind="street", street=street),
            email="victim@elsewhere.example",
            now=NOW,
        )


def test_a_corrected_address_has_its_three_days_however_old_the_report_is():
    report = make_report(contact=ContactDetails(email="anna@zarechny.example"))
    later = NOW + timedelta(days=10)
    correct_address(report=report, email="anna@elsewhere.example", now=later)

    remove_unconfirmed(now=later + timedelta(hours=1))

    assert Contact.objects.filter(report=report).exists()


def test_the_key_of_a_forwarding_cannot_be_reckoned_elsewhere(settings):
    forwarding = Forwarding(pk=1)
    first = submission_key_of(forwarding)
    settings.SECRET_KEY = "another installation"

    assert submission_key_of(forwarding) != first


def test_one_key_for_two_cities_is_refused_in_words():
    key = uuid4()
    make_report(submission_key=key)

    with pytest.raises(ReportRefused):
        make_report(make_channel(make_city("Stary Bor")), submission_key=key)
    assert Report.objects.count() == 1


def test_ready_words_put_in_no_flat():
    report = make_report(address="улица Ленина, 5, кв. 17")

    assert filled(ReplyTemplate(text_ru="{address}"), report) == "улица Ленина, 5"


def test_words_that_nobody_can_see_are_none():
    with pytest.raises(ReportRefused):
        make_report(text="\u200b\u2060 \u202e")


def test_an_erased_report_takes_no_verdict():
    report = make_answered()
    erase_report(report=report, now=NOW)

    with pytest.raises(VerdictRefused):
        judge(report=report, kind="refuted", text="Всё ещё яма", now=NOW)


def test_two_reports_never_repeat_each_other():
    channel = make_channel()
    first, second = make_report(channel), make_report(channel)
    change_state(report=second, to="duplicate", duplicate_of=first, text="Повтор", now=NOW)

    with pytest.raises(StepRefused):
        change_state(report=first, to="duplicate", duplicate_of=second, text="Повтор", now=NOW)
