"""Figures that cannot flatter, reckoned by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from novator.reports.life import change_state
from novator.reports.models import Report, ReportTally
from novator.reports.statistics import Share, Wait, statistics_of, waited
from novator.reports.tallying import refresh_tallies
from novator.reports.testing import NOW, make_channel, make_report
from novator.reports.verdicts import judge


def test_waiting_reports_count_with_the_days_they_have_waited():
    # four reports: answered after 1 and 2 days, two still open after 5
    assert waited({1: 1, 2: 1}, {5: 2}, 0.5) == Wait(2)
    assert waited({1: 1, 2: 1}, {5: 2}, 0.9) == Wait(5, is_more=True)
    # leaving the hard ones open helps nothing: more open ones make the median later, never earlier
    assert waited({1: 1, 2: 1}, {5: 6}, 0.5) == Wait(5, is_more=True)
    assert waited({}, {}, 0.5) == Wait(None)


def test_what_left_early_is_no_longer_at_risk():
    # Kaplan–Meier by hand: 5 reports, one answered on day 1 (4/5), two open since 1 day leave,
    # one of the last two answered on day 3: 4/5 · 1/2 = 0.4
    assert waited({1: 1, 3: 1}, {1: 2, 4: 1}, 0.5) == Wait(3)


def test_few_reports_have_no_percent():
    assert (Share(3, 4).percent, Share(15, 20).percent, Share(0, 0).percent) == (None, 75, None)


@pytest.mark.django_db
def test_closed_beside_confirmed_and_refuted():
    channel = make_channel()
    day = timedelta(days=1)
    fine, again, silent, waiting = (make_report(channel) for _ in range(4))
    for report in (fine, again, silent):
        change_state(report=report, to="answered", now=NOW + day, text="Сделано.")
    judge(report=fine, kind="confirmed", now=NOW + 2 * day)
    judge(report=again, kind="refuted", now=NOW + 2 * day, text="Нет")
    change_state(report=silent, to="solved", now=NOW + 20 * day, details={"by": "silence"})
    withdrawn = make_report(channel)
    change_state(report=withdrawn, to="withdrawn", now=NOW + day, by_citizen=True)

    refresh_tallies(now=NOW + 20 * day, everything=True)
    total = figures(channel).total

    assert (total.received, total.withdrawn, total.asked, total.open) == (5, 1, 4, 2)
    assert total.closed_share == Share(2, 4)
    assert total.confirmed_share == Share(1, 3)
    assert total.refuted_share == total.reopened_share == Share(1, 3)
    assert total.unopposed == 1
    assert (total.median, total.ninth_decile) == (Wait(1), Wait(13, is_more=True))
    assert total.overdue == 2  # the one opened again too: its new date has passed as well
    assert waiting.due_on is not None


@pytest.mark.django_db
def test_only_changed_weeks_are_counted_again_and_give_the_same():
    channel = make_channel()
    old = make_report(channel, now=NOW - timedelta(days=30))
    make_report(channel)
    refresh_tallies(now=NOW, everything=True)
    before = dict(ReportTally.objects.values_list("week", "counted_at"))

    later = NOW + timedelta(hours=1)
    change_state(report=old, to="answered", now=later, text="Сделано.")
    refresh_tallies(now=later)
    counted = list(ReportTally.objects.values_list("week", "received", "answered"))

    assert ReportTally.objects.get(week=min(before)).answered == 1
    refresh_tallies(now=later, everything=True)
    assert list(ReportTally.objects.values_list("week", "received", "answered")) == counted


@pytest.mark.django_db
def test_reads_the_tallies_alone(django_assert_num_queries):
    channel = make_channel()
    for place in range(20):
        make_report(channel, now=NOW - timedelta(days=7 * place), latitude=57.0 + place / 1000)
    refresh_tallies(now=NOW, everything=True)

    with django_assert_num_queries(4):
        found = figures(channel, first=date(2025, 9, 1))

    assert len(found.by_week) == 20
    assert Report.objects.count() == 20


def figures(channel, first=date(2026, 1, 5)):
    return statistics_of(
        channel.municipality, first=first, last=date(2026, 3, 22), today=date(2026, 3, 22)
    )
