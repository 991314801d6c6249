"""Me too, letters about a street, what a sender takes back, what is erased in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from novator.accounts.testing import make_user
from novator.mail.models import Letter
from novator.reports.by_sender import ActRefused, add_words, data_of, withdraw_publication
from novator.reports.contacts import ContactDetails, digest_of
from novator.reports.life import change_state
from novator.reports.models import Report, Subscription, Support
from novator.reports.news import write_news
from novator.reports.public_place import public_address
from novator.reports.retention import erase_old_reports
from novator.reports.subscribing import (
    CannotSubscribe,
    Wish,
    confirm_subscription,
    confirm_token,
    end_subscription,
    forget_unconfirmed,
    subscribe,
    subscription_of,
)
from novator.reports.supporting import CannotSupport, ask_for_support, confirm_support, support
from novator.reports.testing import NOW, category_of, make_channel, make_report

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("улица Ленина, 5", "улица Ленина, 5"),
        ("427620, г. Глазов, ул. Кирова, д. 12а, кв. 17, Иванов Пётр", "ул. Кирова, 12а"),
        ("ул. Кирова 12 кв 17", "ул. Кирова 12"),
        ("Ленина 5-12", "Ленина 5"),
        ("Советская, 3/2, подъезд 4, 8 912 345-67-89", "Советская, 3/2"),
        ("Ленинский проспект, 14", "Ленинский проспект, 14"),
        ("пр-т Карла Маркса 3, к. 2", "пр-т Карла Маркса 3"),
        ("194-216 Western Ave", "194-216 Western Ave"),
        ("INTERSECTION Beacon St & Park St", "Beacon St & Park St"),
        ("Иванов Пётр, ул. Кирова 5", "ул. Кирова 5"),
        ("кв. 17, ул. Кирова", "ул. Кирова"),
        ("у дома Ивановой Марии", ""),
        ("Иванов Пётр 5", ""),
        ("у школы, anna@zarechny.example", ""),
        ("", ""),
    ],
)
def test_everybody_reads_street_and_house_alone(typed, shown):
    assert public_address(typed) == shown


def test_one_person_counts_once_by_account_and_by_address():
    report, boris = make_report(), make_user("boris@zarechny.example")

    assert support(report=report, user=boris, now=NOW)
    assert not support(report=report, user=boris, now=NOW)
    assert not support(report=report, address_digest=digest_of("Boris@zarechny.example"), now=NOW)

    assert (report.supports, Support.objects.count()) == (1, 1)


def test_sender_is_counted_already():
    anna = make_user("anna@zarechny.example")
    by_account = make_report(author=anna)
    by_letter = make_report(contact=ContactDetails(email="anna@zarechny.example"))

    for report in (by_account, by_letter):
        with pytest.raises(CannotSupport):
            support(report=report, user=anna, now=NOW)


def test_me_too_by_letter_keeps_no_address_unless_news_is_wanted():
    report = make_report()
    ask_for_support(report=report, email="boris@zarechny.example", language="ru", now=NOW)
    own = Subscription.objects.get()
    assert report.supports == 0
    assert subscription_of(confirm_token(own, is_support=True)) == (own, True)

    assert confirm_support(subscription=own, wants_news=False, now=NOW)

    report.refresh_from_db()
    own.refresh_from_db()
    assert (report.supports, own.sealed, own.digest) == (1, None, "")


def test_nobody_learns_by_me_too_whose_report_it_is():
    report = make_report(contact=ContactDetails(email="anna@zarechny.example"))

    ask_for_support(report=report, email="anna@zarechny.example", language="ru", now=NOW)

    assert not Letter.objects.exists()


def test_street_is_told_once_a_day_and_ended_by_one_step():
    channel = make_channel()
    own = subscribe(
        municipality=channel.municipality,
        wish=Wish(kind="street", street="ул. Ленина"),
        email="boris@zarechny.example",
        now=NOW,
    )
    confirm_subscription(subscription=own, now=NOW)
    here = make_report(channel, text="Секрет отправителя")
    elsewhere = make_report(channel, address="улица Кирова, 2")
    for report in (here, elsewhere):
        change_state(report=report, to="accepted", now=NOW + timedelta(hours=1))

    assert [write_news(now=NOW + DAY), write_news(now=NOW + DAY)] == [1, 0]

    letter = Letter.objects.get(kind="report_news")
    assert here.number in letter.body
    assert elsewhere.number not in letter.body
    assert "Секрет" not in letter.body
    end_subscription(subscription=own, now=NOW + DAY)
    assert own.sealed is None


def test_what_was_never_confirmed_is_forgotten():
    channel = make_channel()
    subscribe(
        municipality=channel.municipality,
        wish=Wish(kind="category", category=category_of(channel)),
        email="boris@zarechny.example",
        now=NOW,
    )

    assert write_news(now=NOW + DAY) == 0
    assert forget_unconfirmed(now=NOW + 4 * DAY) == 1


def test_refuses_a_wish_for_nothing():
    city = make_channel().municipality

    for wish in (
        Wish(kind="street", street="улица"),
        Wish(kind="radius", latitude=0.0, longitude=0.0, radius=500),
        Wish(kind="everything"),
    ):
        with pytest.raises(CannotSubscribe):
            subscribe(municipality=city, wish=wish, email="boris@zarechny.example", now=NOW)
    assert not Subscription.objects.exists()


def test_withdrawn_consent_hides_text_and_photos():
    report = make_report(consents=frozenset({"publication"}))
    Report.objects.filter(pk=report.pk).update(is_text_shown=True, shown_text="Яма")

    assert withdraw_publication(report=report, now=NOW)

    assert (report.public_text, report.may_publish, report.shown_text) == ("", False, "")
    assert report.consents.get().withdrawn_at == NOW


def test_words_of_a_supporter_are_a_comment_and_no_verdict():
    report, boris = make_report(), make_user("boris@zarechny.example")
    with pytest.raises(ActRefused):
        add_words(report=report, text="И у нас", now=NOW, by=boris, is_supporter=True)
    support(report=report, user=boris, now=NOW)

    update = add_words(report=report, text="И у нас", now=NOW, by=boris, is_supporter=True)

    assert (update.kind, update.is_public) == ("comment", False)
    assert report.verdicts.count() == 0


def test_sender_takes_the_own_data_along():
    report = make_report(contact=ContactDetails(email="anna@zarechny.example", name="Анна"))

    told = data_of(report)

    assert told["text"] == report.text
    assert told["contact"] == {"email": "anna@zarechny.example", "phone": "", "name": "Анна"}


def test_closed_long_ago_is_erased_open_is_not():
    channel = make_channel(months_kept=12)
    closed, still_open = make_report(channel), make_report(channel)
    change_state(report=closed, to="withdrawn", now=NOW, by_citizen=True)
    year = NOW + timedelta(days=367)

    assert [erase_old_reports(now=NOW + timedelta(days=300)), erase_old_reports(now=year)] == [0, 1]

    closed.refresh_from_db()
    still_open.refresh_from_db()
    assert (closed.text, closed.erased_at, still_open.erased_at) == ("", year, None)
