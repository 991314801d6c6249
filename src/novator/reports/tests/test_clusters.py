"""All reports of a city on a map: counted by the database as they come and go."""

import pytest

from novator.reports.clusters import map_of, put_counts_together
from novator.reports.models import MapCount, Report
from novator.reports.testing import NOW, category_of, make_channel, make_report

pytestmark = pytest.mark.django_db
CITY = (56.75, 52.5, 57.25, 53.5)


@pytest.fixture
def channel():
    return make_channel()


def test_few_reports_are_shown_one_by_one_with_what_everybody_may_know(channel):
    hole = make_report(channel, status="accepted")

    told = map_of(municipality=channel.municipality, box=CITY, zoom=11).as_json()

    assert told["clusters"] == []
    assert [set(row) for row in told["reports"]] == [
        {
            "number",
            "category",
            "status",
            "latitude",
            "longitude",
            "requested_at",
            "changed_at",
        }
    ]
    assert told["reports"][0]["number"] == hole.number
    assert told["table"] == [
        {"category": hole.category_id, "count": 1, "open": 1, "states": {"accepted": 1}}
    ]


@pytest.mark.parametrize("zoom", [3, 11, 14, 17, 18])
def test_many_are_counted_by_place_and_state(channel, zoom, monkeypatch):
    monkeypatch.setattr("novator.reports.clusters.MOST_SINGLE", 2)
    for state in ("accepted", "accepted", "solved"):
        make_report(channel, status=state)
    make_report(channel, status="solved", latitude=57.2)
    box = CITY if zoom < 17 else (57.0, 53.0, 57.002, 53.004)

    told = map_of(municipality=channel.municipality, box=box, zoom=zoom)

    assert told.count == (4 if zoom < 17 else 3)
    assert told.clusters[0].states["accepted"] == 2
    assert told.clusters[0].latitude == pytest.approx(57.0, abs=0.2)
    assert sum(cluster.count for cluster in told.clusters) == told.count


@pytest.mark.parametrize(
    "facts", [{"status": "received"}, {"status": "accepted", "is_hidden": True}]
)
def test_what_nobody_may_see_is_counted_for_the_staff_only(channel, facts):
    make_report(channel, **facts)

    assert map_of(municipality=channel.municipality, box=CITY, zoom=11).count == 0
    staff = map_of(municipality=channel.municipality, box=CITY, zoom=11, is_public=False)
    assert staff.count == 1


def test_counts_follow_every_change_and_stay_when_put_together(channel):
    hole = make_report(channel, status="accepted")
    make_report(channel, status="accepted")

    Report.objects.filter(pk=hole.pk).update(status="solved", latitude=57.1)
    put_counts_together()

    told = map_of(municipality=channel.municipality, box=CITY, zoom=11)
    assert told.table[hole.category_id] == {"accepted": 1, "solved": 1}
    assert set(MapCount.objects.values_list("count", flat=True)) == {1}
    assert MapCount.objects.count() == 6
    Report.objects.filter(pk=hole.pk).update(latitude=None, longitude=None)
    assert map_of(municipality=channel.municipality, box=CITY, zoom=11).count == 1


def test_filters_by_category_state_and_time(channel):
    make_report(channel, status="accepted")
    make_report(channel, status="solved", category="street-lighting")
    lamps = category_of(channel, "street-lighting").pk
    city = channel.municipality

    assert map_of(municipality=city, box=CITY, zoom=11, categories=[lamps]).count == 1
    assert map_of(municipality=city, box=CITY, zoom=11, states=["solved"]).count == 1
    assert map_of(municipality=city, box=CITY, zoom=11, states=["received"]).count == 0
    assert map_of(municipality=city, box=CITY, zoom=11, since=NOW).count == 2
    far = (10.0, 10.0, 11.0, 11.0)
    assert map_of(municipality=city, box=far, zoom=16).count == 0
