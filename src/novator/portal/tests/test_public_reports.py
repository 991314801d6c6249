"""A report after it was sent: what everybody sees, and what the sender alone can do."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from novator.accounts.testing import make_user, signed_in
from novator.mail.models import Letter
from novator.reports.by_sender import add_words
from novator.reports.contacts import ContactDetails
from novator.reports.life import change_state
from novator.reports.links import author_path, token_of
from novator.reports.models import Area, Report, ReportUpdate, Subscription, Verdict
from novator.reports.subscribing import confirm_token
from novator.reports.tallying import refresh_tallies
from novator.reports.testing import make_channel, make_report
from novator.reports.verdicts import judge

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECRETS = (
    "СЕКРЕТТЕКСТ",
    "СЕКРЕТИМЯ",
    "sekret@zarechny.example",
    "СЕКРЕТОЦЕНКА",
    "СЕКРЕТДОБАВКА",
    "СЕКРЕТЗАМЕТКА",
    "кв. 17",
    "79990001122",
)


def answered(channel=None, **facts):
    report = make_report(channel, now=timezone.now() - 3 * HOUR, **facts)
    change_state(report=report, to="answered", now=timezone.now() - HOUR, text="Яма засыпана.")
    return report


def page(report, browser=None, language="en"):
    return (browser or Client()).get(f"/{language}/reports/{report.number}/")


def do(report, name, browser=None, link="", **fields):
    address = reverse("report_act", args=[report.number, name])
    sent = {"link": link, **fields}
    if report.answered_at:
        sent.setdefault("answered_at", report.answered_at.isoformat())
    return (browser or Client()).post(address, sent)


def public_addresses(report):
    city = report.municipality.slug
    for language in ("ru", "en"):
        start = f"/{language}"
        yield f"{start}/reports/{report.number}/"
        yield f"{start}/reports/?number={report.number}"
        yield f"{start}/cities/{city}/reports/"
        yield f"{start}/cities/{city}/reports/?q=Ленина&status=open"
        yield f"{start}/cities/{city}/reports/map.json?zoom=18&box=56.9,52.9,57.1,53.1"
        yield f"{start}/cities/{city}/reports/follow/"
        yield f"{start}/cities/{city}/reports/statistics/"
        yield f"{start}/cities/{city}/reports/statistics.csv"
        yield f"{start}/cities/{city}/"
        yield f"{start}/feeds/reports/{city}.atom"
        yield f"{start}/feeds/reports/{city}.atom?near=57.001,53.002&radius=500"
        yield f"{start}/feeds/report/{report.number}.atom"
    for form in ("json", "xml"):
        asked = f"jurisdiction_id={city}&extensions=true"
        yield f"/open311/v2/requests.{form}?{asked}"
        yield f"/open311/v2/requests/{report.pk}.{form}?{asked}"
        yield f"/open311/v2/requests/{report.number}.{form}?{asked}"
        yield f"/open311/v2/servicerequestupdates.{form}?{asked}"


@pytest.mark.parametrize("is_shown", [False, True])
def test_no_public_address_tells_what_is_not_shown(is_shown):
    report = answered(
        text="СЕКРЕТТЕКСТ, звоните 79990001122",
        address="улица Ленина, 5, кв. 17, СЕКРЕТИМЯ",
        contact=ContactDetails(email="sekret@zarechny.example", name="СЕКРЕТИМЯ"),
        consents=frozenset({"processing", "publication"}),
        asset_number="СЕКРЕТЗАМЕТКА",
    )
    now = timezone.now()
    add_words(report=report, text="СЕКРЕТДОБАВКА", now=now)
    judge(report=report, kind="refuted", text="СЕКРЕТОЦЕНКА", now=now)
    ReportUpdate.objects.create(report=report, kind="note", text="СЕКРЕТЗАМЕТКА", made_at=now)
    if is_shown:
        Report.objects.filter(pk=report.pk).update(is_text_shown=True, shown_text="Большая яма.")
    refresh_tallies(now=now, everything=True)

    seen = ""
    for address in public_addresses(report):
        body = Client().get(address, follow=True).content.decode()
        seen += body
        assert [secret for secret in SECRETS if secret in body] == [], address
    assert report.number in seen
    assert ("Большая яма." in seen) == is_shown


def test_before_the_city_looked_only_state_and_dates_are_shown():
    report = make_report(now=timezone.now())

    body = page(report).content.decode()

    assert "Potholes" not in body
    assert "Ленина" not in body
    assert "received" in body
    assert report.number not in Client().get("/en/cities/zarechny/reports/").content.decode()


def test_shared_link_tells_no_text():
    report = answered(text="СЕКРЕТТЕКСТ")

    head = page(report).content.decode().partition("</head>")[0]

    assert 'property="og:description"' in head
    assert "СЕКРЕТТЕКСТ" not in head
    assert 'content="noindex"' in head


@pytest.mark.parametrize("language", ["ru", "en"])
def test_sender_reads_own_words_by_link_and_by_account(language):
    anna = make_user("anna@zarechny.example")
    mine = answered(author=anna)
    linked = answered(make_channel(mine.municipality), latitude=57.01)
    browser = Client(headers={"accept-language": language})

    for answer in (
        page(mine, signed_in(anna), language),
        browser.get(f"/{language}/reports/by-link/{token_of(linked)}/"),
    ):
        assert "машины объезжают" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
    assert "машины объезжают" not in page(mine).content.decode()


def test_opening_the_links_of_a_letter_judges_nothing():
    report = answered()

    for name in ("report_confirmed", "report_refuted"):
        assert Client().get(author_path(report, name=name)).status_code == 200

    report.refresh_from_db()
    assert report.status == "answered"


def test_link_of_a_sender_is_told_to_nobody_and_forms_of_its_pages_are_not_taken_for_forged():
    link = token_of(answered())

    for path in ("", "solved/", "not-solved/"):
        told = Client().get(f"/en/reports/by-link/{link}/{path}")
        assert told["Referrer-Policy"] == "strict-origin"


def test_sender_by_link_confirms_and_a_repeat_changes_nothing():
    report = answered()
    link = token_of(report)

    do(report, "solved", link=link)
    do(report, "solved", link=link)
    do(report, "not-solved", link=link, **{"refute-text": "Нет"})

    report.refresh_from_db()
    assert (report.status, report.is_confirmed, Verdict.objects.count()) == ("solved", True, 1)


def test_sender_refutes_in_words_and_what_was_typed_is_not_lost():
    report = answered()
    link = token_of(report)

    empty = do(report, "not-solved", link=link, **{"refute-text": " "})
    assert empty.status_code == 422
    do(report, "not-solved", link=link, **{"refute-text": "Яма на месте"})

    report.refresh_from_db()
    assert (report.status, report.times_refuted) == ("reopened", 1)
    assert "refuted, opened again" in page(report).content.decode()


def test_form_of_an_old_page_judges_no_newer_answer():
    report = answered()
    link, read = token_of(report), report.answered_at
    change_state(report=report, to="reopened", now=timezone.now())
    change_state(report=report, to="answered", now=timezone.now(), text="Снова засыпана.")

    do(report, "solved", link=link, answered_at=read.isoformat())

    report.refresh_from_db()
    assert report.status == "answered"


@pytest.mark.parametrize(
    "name", ["words", "solved", "not-solved", "withdraw", "unpublish", "address", "erase"]
)
def test_strangers_do_nothing(name):
    channel = make_channel()
    report = answered(channel, author=make_user("anna@zarechny.example"))
    other = answered(channel, latitude=57.02)
    stranger = signed_in(make_user("boris@zarechny.example"))
    fields = {"sure": "yes", "words-text": "Я", "refute-text": "Я", "address-email": "b@b.example"}

    refusals = [
        do(report, name, **fields),
        do(report, name, stranger, **fields),
        do(report, name, link=token_of(other), **fields),
        do(report, name, link=f"{token_of(report)[:-3]}abc", **fields),
        do(report, name, link=token_of(report, purpose="data"), **fields),
    ]

    assert {answer.status_code for answer in refusals} == {403}
    report.refresh_from_db()
    assert (report.status, report.erased_at) == ("answered", None)


def test_forms_need_their_token():
    report = answered()
    browser = Client(enforce_csrf_checks=True)

    assert do(report, "solved", browser, link=token_of(report)).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_judge_once():
    report = answered()
    link, both, statuses = token_of(report), Barrier(2), []

    def send(name):
        both.wait()
        statuses.append(do(report, name, link=link, **{"refute-text": "Нет"}).status_code)
        connection.close()

    threads = [Thread(target=send, args=[name]) for name in ("solved", "not-solved")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    report.refresh_from_db()
    assert statuses == [302, 302]
    assert Verdict.objects.count() == 1
    assert report.status in {"solved", "reopened"}


def test_withdrawn_erased_and_its_links_dead():
    report = make_report(now=timezone.now())
    link = token_of(report)

    do(report, "withdraw", link=link)
    report.refresh_from_db()
    assert report.status == "received"  # nobody said to be sure
    do(report, "withdraw", link=link, sure="yes")
    do(report, "erase", link=link, sure="yes")

    report.refresh_from_db()
    assert (report.status, report.text) == ("withdrawn", "")
    assert Client().get(f"/en/reports/by-link/{link}/").status_code == 404
    assert "erased" in page(report).content.decode()


def test_sender_takes_data_along_by_the_token_of_the_page():
    report = answered(contact=ContactDetails(email="anna@zarechny.example"))

    answer = Client().get(reverse("report_data", args=[token_of(report, purpose="data")]))

    assert json.loads(answer.content)["contact"]["email"] == "anna@zarechny.example"
    assert Client().get(reverse("report_data", args=[token_of(report)])).status_code == 404


def test_typing_slip_is_told_from_an_unknown_number():
    report = answered()
    wrong = f"{report.number[:-1]}{(int(report.number[-1]) + 1) % 10}"

    slip = Client().get("/en/reports/", {"number": wrong}).content.decode()
    unknown = Client().get("/en/reports/", {"number": "7992739871-3"}).content.decode()
    found = Client().get("/en/reports/", {"number": report.number.replace("-", " ")})

    assert "One digit is wrong" in slip
    assert "no report has it here" in unknown
    assert found.headers["Location"] == f"/en/reports/{report.number}/"


def test_me_too_and_following_by_a_letter_that_is_answered_once():
    report = answered()
    address = reverse("report_wish", args=[report.number])
    Client().post(address, {"wish": "support", "wish-email": "boris@zarechny.example"})
    own = Subscription.objects.get()
    assert Letter.objects.get().kind == "report"
    confirm = reverse("confirm_report_subscription", args=[confirm_token(own, is_support=True)])

    assert Client().get(confirm).status_code == 200
    report.refresh_from_db()
    assert report.supports == 0
    Client().post(confirm, {"news": "yes"})
    Client().post(confirm, {"news": "yes"})

    report.refresh_from_db()
    own.refresh_from_db()
    assert (report.supports, own.ended_at) == (1, None)
    stop = reverse("stop_report_subscription", args=[own.public_id])
    Client().get(stop)
    assert Subscription.objects.get().ended_at is None
    Client().post(stop)
    assert Subscription.objects.get().ended_at is not None
    assert Client().post(confirm).status_code == 404


def test_my_reports_are_mine_alone():
    anna, boris = (make_user(f"{name}@zarechny.example") for name in ("anna", "boris"))
    report = answered(author=anna)

    assert report.number in signed_in(anna).get("/en/my/reports/").content.decode()
    assert report.number not in signed_in(boris).get("/en/my/reports/").content.decode()
    assert Client().get("/en/my/reports/").status_code == 302


def test_list_is_narrowed_and_paged_by_its_address(django_assert_num_queries):
    channel = make_channel()
    Area.objects.create(municipality=channel.municipality, name_ru="Центр", outline=[])
    for place in range(21):
        each = make_report(channel, latitude=57.0 + place / 1000, address=f"улица Мира, {place}")
        change_state(report=each, to="accepted", now=timezone.now())
    first = answered(channel, address="улица Кирова, 2", category="trees")
    address = f"/en/cities/{channel.municipality.slug}/reports/"
    Client().get(address)

    with django_assert_num_queries(8):
        body = Client().get(address).content.decode()

    assert body.count('class="report-row"') == 20
    assert "before=" in body
    narrow = Client().get(address, {"q": "ул. Кирова", "category": "trees", "status": "answered"})
    assert narrow.content.decode().count('class="report-row"') == 1
    assert Client().get(address, {"q": first.number}).status_code == 302
    assert (
        Client().get(address, {"before": "x" * 40, "area": "'", "period": "-1"}).status_code == 200
    )


def test_feed_is_not_sent_twice():
    report = answered()
    address = f"/en/feeds/reports/{report.municipality.slug}.atom"

    answer = Client().get(address)
    again = Client().get(address, headers={"if-none-match": answer.headers["ETag"]})

    assert report.number in answer.content.decode()
    assert again.status_code == 304


def test_page_of_a_report_costs_few_queries(django_assert_num_queries):
    report = answered()
    for _each in range(20):
        change_state(report=report, to="reopened", now=timezone.now())
        change_state(report=report, to="answered", now=timezone.now(), text="Снова.")
    page(report)

    with django_assert_num_queries(3):
        assert page(report).status_code == 200


def test_moments_stand_in_the_time_of_the_city():
    channel = make_channel()
    channel.time_zone = "Asia/Vladivostok"
    channel.save()
    report = make_report(channel)

    assert "2 March 2026, 19:00" in page(report).content.decode()
    assert "2 марта 2026 г. 19:00" in page(report, language="ru").content.decode()
