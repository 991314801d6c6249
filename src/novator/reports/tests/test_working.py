"""An officer works on a report: every rule once, and two officers at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connections

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.reports.batch import act_on_each
from novator.reports.calls import take_call
from novator.reports.contacts import ContactDetails, digest_of
from novator.reports.dates import extend, pause, resume
from novator.reports.deadlines import appeal_due, working_days_of
from novator.reports.holding import ChangedMeanwhile, seen_as
from novator.reports.joining import join_pair
from novator.reports.life import StepRefused, change_state
from novator.reports.looking import look_at_contact
from novator.reports.models import (
    CategoryChoice,
    Department,
    DuplicateSuggestion,
    ReplyTemplate,
    Report,
    ReportUpdate,
    Support,
)
from novator.reports.moderating import moderate_text
from novator.reports.permissions import may_see_contact, may_work
from novator.reports.replies import filled, unknown_places
from novator.reports.submitting import ReportRefused, SentReport
from novator.reports.testing import NOW, category_of, make_channel, make_report
from novator.reports.working import assign, choose_category, give_to, hand_over, take_step

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def _officer(channel):
    return make_role("reports_officer", city=channel.municipality).user


def test_category_that_is_chosen_is_learned_and_body_and_date_follow():
    channel = make_channel()
    lamps = Department.objects.create(municipality=channel.municipality, name="Горсвет")
    new = category_of(channel, "snow-ice")
    new.department = lamps
    new.save()
    report = make_report(channel, category_by="machine", category_probability=0.4)

    choose_category(report=report, category=new, by=_officer(channel), now=NOW)

    choice = CategoryChoice.objects.get(report=report)
    assert (choice.category, choice.proposed, choice.probability) == (
        new,
        category_of(channel),
        0.4,
    )
    assert (report.department, report.category_by) == (lamps, "staff")
    # two working days instead of ten, from Monday 2 March
    assert report.due_on == date(2026, 3, 4)
    assert report.updates.get(kind="category").details["from"] == "road-potholes"


def test_colleague_and_body_have_to_work_for_the_city():
    channel = make_channel()
    officer, report = _officer(channel), make_report(channel)
    stranger = make_role("reports_officer", city=make_city("Stary Bor")).user
    elsewhere = Department.objects.create(municipality=make_city("Glazov"), name="Дороги")

    with pytest.raises(StepRefused):
        assign(report=report, to=stranger, by=officer, on=TODAY, now=NOW)
    with pytest.raises(StepRefused):
        give_to(report=report, department=elsewhere, by=officer, now=NOW)
    hand_over(report=report, to=officer, text="Ждём смету", by=officer, on=TODAY, now=NOW)

    assert (report.assignee, report.department) == (officer, None)
    assert not may_work(stranger, channel.municipality, on=TODAY)
    assert not may_see_contact(stranger, report, on=TODAY)


def test_outside_body_gets_it_only_with_words_to_the_sender():
    channel = make_channel()
    officer, report = _officer(channel), make_report(channel)
    region = Department.objects.create(
        municipality=channel.municipality, name="Облдорога", kind="outside"
    )

    with pytest.raises(StepRefused):
        give_to(report=report, department=region, by=officer, now=NOW)
    give_to(report=report, department=region, by=officer, now=NOW, text="Дорога областная.")

    assert (report.status, report.department) == ("forwarded", region)


def test_pause_adds_its_working_days():
    channel = make_channel()
    officer, report = _officer(channel), make_report(channel)
    due = report.due_on

    pause(report=report, text="Ждём ответа соседей", by=officer, now=NOW)
    with pytest.raises(StepRefused):
        pause(report=report, text="Ещё", by=officer, now=NOW)
    # from Monday to Wednesday of next week, the 9th is a day off: six working days
    resume(report=report, by=officer, now=NOW + timedelta(days=9))

    assert (due, report.due_on) == (date(2026, 3, 17), date(2026, 3, 25))
    assert report.paused_on is None


def test_extension_needs_its_notice_and_is_given_once():
    channel = make_channel()
    officer, report = _officer(channel), make_report(channel)
    saturday = date(2026, 4, 11)

    with pytest.raises(StepRefused):
        extend(report=report, until=saturday, notice=" ", by=officer, now=NOW)
    too_far = date(2026, 4, 20)
    with pytest.raises(StepRefused):
        extend(report=report, until=too_far, notice="Ждём плитку", by=officer, now=NOW)
    assert report.due_on == date(2026, 3, 17)
    update = extend(report=report, until=saturday, notice="Ждём плитку", by=officer, now=NOW)
    with pytest.raises(StepRefused):
        extend(report=report, until=date(2026, 4, 14), notice="Ещё", by=officer, now=NOW)

    assert report.due_on == date(2026, 4, 10)
    assert (update.is_public, update.text) == (True, "Ждём плитку")


def test_date_that_has_passed_is_not_extended():
    channel = make_channel()
    report = make_report(channel)

    with pytest.raises(StepRefused):
        extend(
            report=report,
            until=date(2026, 3, 30),
            notice="Не успели",
            by=_officer(channel),
            now=NOW + timedelta(days=20),
        )


@pytest.mark.parametrize(
    ("is_extended", "due"), [(False, date(2026, 12, 2)), (True, date(2026, 12, 30))]
)
def test_appeal_is_answered_by_the_working_day_before(is_extended, due):
    calendar = working_days_of(make_city("Zarechny"))

    found = appeal_due(date(2026, 11, 2), is_extended=is_extended, is_working=calendar)

    assert found == due


def test_text_is_shown_with_consent_only_and_the_original_stays():
    channel = make_channel()
    officer = _officer(channel)
    silent = make_report(channel)
    agreed = make_report(channel, consents=frozenset({"processing", "publication"}))

    with pytest.raises(StepRefused):
        moderate_text(report=silent, shown_text="Яма", is_shown=True, by=officer, now=NOW)
    moderate_text(report=agreed, shown_text="Яма у дома", is_shown=True, by=officer, now=NOW)

    assert (silent.is_text_shown, silent.status) == (False, "received")
    assert (agreed.public_text, agreed.status) == ("Яма у дома", "moderated")
    assert agreed.text.startswith("Яма на улице Ленина")


def test_second_officer_is_told_and_overwrites_nothing():
    channel = make_channel()
    officer, report = _officer(channel), make_report(channel)
    seen = seen_as(report)

    take_step(report=report, to="in_progress", by=officer, now=NOW, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        take_step(report=report, to="refused", by=officer, now=NOW, text="Нет ямы", seen=seen)

    report.refresh_from_db()
    assert report.status == "in_progress"


@pytest.mark.django_db(transaction=True)
def test_two_officers_in_one_moment():
    channel = make_channel()
    officer, report = _officer(channel), make_report(channel)
    seen = seen_as(report)

    def act(state: str) -> str:
        try:
            own = Report.objects.get(pk=report.pk)
            take_step(report=own, to=state, by=officer, now=NOW, text="Решено", seen=seen)
        except ChangedMeanwhile:
            return "told"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(act, ["refused", "answered"]))

    assert told == ["done", "told"]
    assert ReportUpdate.objects.filter(report=report, kind="state").exclude(before="").count() == 1


def test_batch_tells_every_row():
    channel = make_channel()
    officer = _officer(channel)
    open_one, closed = make_report(channel), make_report(channel)
    change_state(report=closed, to="refused", now=NOW, text="Не у нас")
    foreign = make_report(make_channel(make_city("Glazov")), latitude=None, longitude=None)

    outcomes = act_on_each(
        municipality=channel.municipality,
        keys=[open_one.pk, closed.pk, foreign.pk, open_one.pk],
        act=lambda report: take_step(
            report=report, to="answered", by=officer, now=NOW, text="Сделано"
        ),
    )

    assert [outcome.is_done for outcome in outcomes] == [True, False, False]
    assert all(outcome.refusal for outcome in outcomes[1:])
    states = Report.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["answered", "refused", "received"]


def test_call_needs_no_address_and_says_who_heard_the_consent():
    channel = make_channel()
    officer = _officer(channel)
    said = SentReport(text="Не горит фонарь", source="telephone", address="Мира, 3")
    caller = ContactDetails(phone="+7 900 000-00-00")

    contact_only = SentReport(**(vars(said) | {"contact": caller}))
    with pytest.raises(ReportRefused):
        take_call(channel=channel, sent=contact_only, by=officer, now=NOW)
    agreed = SentReport(**(vars(said) | {"contact": caller, "consents": frozenset({"processing"})}))
    report = take_call(channel=channel, sent=agreed, by=officer, now=NOW)

    assert (report.status, report.source) == ("received", "telephone")
    heard = report.updates.get(kind="note")
    assert (heard.made_by, heard.details["spoken_consents"]) == (officer, ["processing"])
    assert look_at_contact(report=report, by=officer, now=NOW) == caller
    assert report.updates.get(kind="contact").made_by == officer


def test_template_says_the_facts_of_the_report():
    channel = make_channel()
    report = make_report(channel)
    words = ReplyTemplate(name="Срок", text_ru="{number}: {address}, до {due_on}. {foo}")

    assert filled(words, report) == f"{report.number}: улица Ленина, 5, до 17 марта 2026. {{foo}}"
    assert unknown_places(words.text_ru) == ["foo"]


def test_city_takes_back_its_own_refusal():
    channel = make_channel()
    officer, report = _officer(channel), make_report(channel)
    take_step(report=report, to="refused", by=officer, now=NOW, text="Не наша дорога")

    with pytest.raises(StepRefused):
        take_step(report=report, to="reopened", by=officer, now=NOW)
    later = datetime.fromisoformat("2026-03-10T09:00:00+00:00")
    take_step(report=report, to="reopened", by=officer, now=later, text="Дорога всё же наша")

    assert (report.status, report.due_on) == ("reopened", date(2026, 3, 24))


def test_joined_pair_counts_everybody_once():
    channel = make_channel()
    officer = _officer(channel)
    anna = ContactDetails(email="anna@zarechny.example")
    first = make_report(channel, contact=anna)
    second = make_report(channel, contact=ContactDetails(email="boris@zarechny.example"))
    for address in ("anna@zarechny.example", "vera@zarechny.example"):
        Support.objects.create(report=second, address_digest=digest_of(address), made_at=NOW)
    pair = DuplicateSuggestion.objects.create(
        report=second, other=first, score=0.9, days=0, suggested_at=NOW
    )

    kept = join_pair(suggestion=pair, by=officer, now=NOW, text="Уже чиним")

    second.refresh_from_db()
    assert (kept, second.status, second.duplicate_of) == (first, "duplicate", first)
    # Boris, who sent the second, and Vera; Anna sent the first herself
    assert kept.supports == 2
