"""A citizen's report: the figures of a city by week, counted by SQL, kept by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max, Min

from novator.cities.models import Municipality
from novator.reports.deadlines import working_days_of
from novator.reports.models import Channel, Report, ReportTally
from novator.reports.states import OPEN

_OVERLAP = timedelta(minutes=10)
"""What was changing when the last count began is counted again."""

_COUNT = """
WITH calendar AS (
    SELECT * FROM unnest(%(days)s::date[], %(places)s::int[]) AS c(day, place)
), facts AS (
    SELECT r.category_id, r.area_id, r.status, r.due_on, r.paused_on, r.times_refuted,
           r.times_reopened, r.is_confirmed, r.duplicate_of_id IS NOT NULL AS is_duplicate,
           (r.requested_at AT TIME ZONE %(zone)s)::date AS sent_on,
           (CASE WHEN r.status IN ('answered', 'solved')
                 THEN coalesce(r.answered_at, r.closed_at)
                 WHEN r.status = 'refused' THEN r.closed_at END
            AT TIME ZONE %(zone)s)::date AS answered_on
      FROM reports_report r
     WHERE r.municipality_id = %(city)s AND r.status <> 'unconfirmed'
       AND r.requested_at >= %(start)s AND r.requested_at < %(end)s
), timed AS (
    SELECT f.*, date_trunc('week', f.sent_on)::date AS week,
           CASE WHEN NOT is_duplicate AND till.place IS NOT NULL
                THEN greatest(till.place - since.place, 0) END AS wait,
           status = ANY(%(open)s) AS is_open
      FROM facts f
      LEFT JOIN calendar since ON since.day = f.sent_on
      LEFT JOIN calendar till ON till.day = f.answered_on
), sums AS (
    SELECT week, category_id, area_id, count(*) AS received,
           count(wait) AS answered,
           count(*) FILTER (WHERE wait IS NOT NULL OR times_reopened > 0) AS ever_answered,
           count(*) FILTER (WHERE status = 'refused') AS refused,
           count(*) FILTER (WHERE wait IS NOT NULL AND answered_on > due_on) AS late,
           count(*) FILTER (WHERE status = 'solved' AND is_confirmed) AS confirmed,
           count(*) FILTER (WHERE status = 'solved' AND NOT is_confirmed AND NOT is_duplicate)
             AS unopposed,
           count(*) FILTER (WHERE status = 'answered') AS awaiting,
           count(*) FILTER (WHERE times_refuted > 0) AS refuted,
           count(*) FILTER (WHERE times_reopened > 0) AS reopened,
           count(*) FILTER (WHERE is_duplicate) AS duplicates,
           count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn
      FROM timed GROUP BY 1, 2, 3
), waits AS (
    SELECT week, category_id, area_id, jsonb_object_agg(wait, number) AS waits
      FROM (SELECT week, category_id, area_id, wait, count(*) AS number FROM timed
             WHERE wait IS NOT NULL GROUP BY 1, 2, 3, 4) w GROUP BY 1, 2, 3
), opens AS (
    SELECT week, category_id, area_id,
           jsonb_agg(jsonb_build_array(sent_on, due, number)) AS open
      FROM (SELECT week, category_id, area_id, sent_on,
                   CASE WHEN paused_on IS NULL THEN due_on END AS due, count(*) AS number
              FROM timed WHERE is_open GROUP BY 1, 2, 3, 4, 5) o GROUP BY 1, 2, 3
)
INSERT INTO reports_reporttally (municipality_id, week, category_id, area_id, received, answered,
       ever_answered, refused, late, confirmed, unopposed, awaiting, refuted, reopened,
       duplicates, withdrawn, waits, open, counted_at)
SELECT %(city)s, s.week, s.category_id, s.area_id, s.received, s.answered, s.ever_answered,
       s.refused, s.late, s.confirmed, s.unopposed, s.awaiting, s.refuted, s.reopened,
       s.duplicates, s.withdrawn,
       coalesce(w.waits, '{}'), coalesce(o.open, '[]'), %(now)s
  FROM sums s
  LEFT JOIN waits w ON (w.week, coalesce(w.category_id, 0), coalesce(w.area_id, 0))
                     = (s.week, coalesce(s.category_id, 0), coalesce(s.area_id, 0))
  LEFT JOIN opens o ON (o.week, coalesce(o.category_id, 0), coalesce(o.area_id, 0))
                     = (s.week, coalesce(s.category_id, 0), coalesce(s.area_id, 0))
"""


def refresh_tallies(*, now: datetime, everything: bool = False) -> int:
    """Count again, for every city, the weeks in which a report changed; return how many weeks."""
    channels = Channel.objects.select_related("municipality").order_by("pk")
    return sum(tally(channel, now=now, everything=everything) for channel in channels)


@transaction.atomic
def tally(channel: Channel, *, now: datetime, everything: bool = False) -> int:
    """
    Count a city's changed weeks (or all) again in one transaction; return how many.

    Two that run at once wait for each other: the rows of the channel's lock are taken first.
    """
    Channel.objects.select_for_update().get(pk=channel.pk)
    city = channel.municipality
    known = ReportTally.objects.filter(municipality=city)
    last = known.aggregate(at=Max("counted_at"))["at"]
    if everything or last is None:
        weeks = _all_weeks(city, now)
        known.delete()
    else:
        weeks = _changed_weeks(channel, since=last - _OVERLAP)
        known.filter(week__in=weeks).delete()
    for first, end in _runs(weeks):
        _count(channel, first, end, now)
    if last is not None:
        ReportTally.objects.filter(pk=known.order_by("-week").values("pk")[:1]).update(
            counted_at=now
        )
    return len(weeks)


def _all_weeks(city: Municipality, now: datetime) -> list[date]:
    ends = Report.objects.filter(municipality=city).aggregate(
        first=Min("requested_at"), last=Max("requested_at")
    )
    if ends["first"] is None:
        return []
    first = ends["first"].date() - timedelta(days=7)
    last = ends["last"].date() + timedelta(days=7)
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(days=7 * n) for n in range((last - monday).days // 7 + 1)]


def _changed_weeks(channel: Channel, *, since: datetime) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT date_trunc('week', requested_at AT TIME ZONE %s)::date"
            " FROM reports_report WHERE municipality_id = %s AND changed_at >= %s ORDER BY 1",
            [channel.time_zone, channel.municipality_id, since],
        )
        return [row[0] for row in cursor.fetchall()]


def _runs(weeks: Iterable[date]) -> list[tuple[date, date]]:
    """Join neighbouring weeks: first day and the day after the last."""
    runs: list[tuple[date, date]] = []
    for week in sorted(weeks):
        end = week + timedelta(days=7)
        if runs and runs[-1][1] == week:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((week, end))
    return runs


def _count(channel: Channel, first: date, end: date, now: datetime) -> None:
    zone = ZoneInfo(channel.time_zone)
    days, places = calendar(channel, first - timedelta(days=7), now.date() + timedelta(days=2))
    facts: dict[str, Any] = {
        "days": days,
        "places": places,
        "zone": channel.time_zone,
        "city": channel.municipality_id,
        "start": datetime.combine(first, datetime.min.time(), zone),
        "end": datetime.combine(end, datetime.min.time(), zone),
        "open": sorted(OPEN),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, facts)


def calendar(channel: Channel, first: date, last: date) -> tuple[list[date], list[int]]:
    """
    Return all days of a period and, beside each, how many working days have ended by then.

    The difference of two places is the number of working days after the one up to the other.
    """
    is_working = working_days_of(channel.municipality)
    days = [first + timedelta(days=n) for n in range(max(1, (last - first).days + 1))]
    places, place = [], 0
    for day in days:
        place += is_working(day)
        places.append(place)
    return days, places
