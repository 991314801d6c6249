"""A file of another system taken in: whole, once, with every bad row told."""

from pathlib import Path

import pytest

from novator.reports.importing.mapping import BadMapping, read_mapping
from novator.reports.importing.moments import reader_of
from novator.reports.importing.tables import BrokenFile
from novator.reports.importing.taking import import_reports
from novator.reports.models import Category, Report
from novator.reports.testing import NOW, make_channel

HEAD = (
    "CASE_ENQUIRY_ID,OPEN_DT,CLOSED_DT,CASE_STATUS,TYPE,CASE_TITLE,LOCATION_STREET_NAME,"
    "LATITUDE,LONGITUDE\n"
)
HOLE = (
    "101,07/14/2015 01:11:00 PM,07/20/2015 12:00:00 AM,Closed,Request for Pothole Repair,"
    "Pothole,110 Marginal St,57.01,53.01\n"
)
LAMP = '102,01/01/2015 12:20:09 AM,,Open,Lamps,"Out, and\nbroken",33 Beacon St,57.02,53.02\n'


@pytest.fixture
def channel(db):
    return make_channel()


def take(channel, folder: Path, rows: str, *, mapping: str = "boston", **how):
    path = folder / "cases.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return import_reports(
        path=path, mapping=read_mapping(Path(mapping)), channel=channel, now=NOW, **how
    )


def test_takes_reports_with_their_category_state_place_and_time(channel, tmp_path):
    told = take(channel, tmp_path, HOLE + LAMP)

    assert (told.rows, told.new, told.bad) == (2, 2, 0)
    hole = Report.objects.get(external_id="101")
    assert hole.requested_at.isoformat() == "2015-07-14T17:11:00+00:00"
    assert hole.category is not None
    assert (hole.status, hole.category.code, hole.origin) == (
        "solved",
        "road-potholes",
        "boston-311",
    )
    assert (hole.latitude, hole.longitude, hole.source) == (57.01, 53.01, "import")
    lamp = Report.objects.get(external_id="102")
    assert (lamp.status, lamp.closed_at, lamp.text) == ("accepted", None, "Out, and\nbroken")
    assert told.new_categories == ["Lamps"]
    assert not Category.objects.get(code="lamps").is_active


def test_the_same_file_again_changes_nothing_and_a_newer_one_what_is_new(channel, tmp_path):
    take(channel, tmp_path, HOLE + LAMP)

    again = take(channel, tmp_path, HOLE + LAMP)
    newer = take(channel, tmp_path, HOLE + LAMP.replace(",,Open", ",01/02/2015 10:00:00 AM,Closed"))

    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert (newer.new, newer.changed, newer.unchanged) == (0, 1, 1)
    assert Report.objects.get(external_id="102").status == "solved"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (HOLE.replace("101", "", 1), "CASE_ENQUIRY_ID"),
        (HOLE.replace("101", "9" * 121, 1), "CASE_ENQUIRY_ID"),
        (HOLE.replace("07/14/2015", "13/14/2015"), "OPEN_DT"),
        (HOLE.replace("07/14/2015 01:11:00 PM", ""), "OPEN_DT"),
        (HOLE.replace("/2015 01:11", "/2031 01:11"), "OPEN_DT"),
        (HOLE.replace("57.01", "north"), "LATITUDE"),
        (HOLE.replace("57.01", "nan"), "LATITUDE"),
        (HOLE.replace("Pothole,", "x" * 4001 + ","), "CASE_TITLE"),
        (HOLE.replace("\n", ",more\n"), ""),
        (LAMP, "CASE_ENQUIRY_ID"),
    ],
)
def test_a_bad_row_is_told_and_nothing_changes_unless_it_may_be_left_out(
    channel, tmp_path, row, field
):
    told = take(channel, tmp_path, LAMP + row)

    assert [fault.field for fault in told.faults] == [field]
    assert told.faults[0].line > 2
    assert not Report.objects.exists()
    assert take(channel, tmp_path, LAMP + row, skip_bad=True).new == 1


def test_a_dry_run_counts_and_changes_nothing(channel, tmp_path):
    told = take(channel, tmp_path, HOLE + LAMP, dry_run=True)

    assert (told.new, told.is_written) == (2, False)
    assert not Report.objects.exists()
    assert not Category.objects.filter(code="lamps").exists()


def test_a_point_with_an_absurd_share_of_rows_is_no_place(channel, tmp_path, monkeypatch):
    monkeypatch.setattr("novator.reports.importing.taking.LEAST_ABSURD", 2)
    rows = "".join(LAMP.replace("102", str(n), 1) for n in range(200, 205))

    told = take(channel, tmp_path, HOLE + rows)

    channel.refresh_from_db()
    assert told.default_points == [(57.02, 53.02, 5)]
    assert channel.default_points == [[57.02, 53.02]]
    assert Report.objects.filter(latitude__isnull=True).count() == 5


def test_places_outside_the_city_are_left_out_and_counted(channel, tmp_path):
    told = take(channel, tmp_path, HOLE.replace("57.01", "0").replace("53.01", "0") + LAMP)
    sea = take(channel, tmp_path, HOLE.replace("57.01", "12.5"))

    assert (told.outside, sea.outside) == (0, 1)
    assert Report.objects.get(external_id="101").latitude is None


def test_a_report_on_which_somebody_worked_stays(channel, tmp_path):
    from novator.reports.models import ReportUpdate

    take(channel, tmp_path, LAMP)
    lamp = Report.objects.get()
    ReportUpdate.objects.create(report=lamp, kind="note", text="x", made_at=NOW)

    told = take(channel, tmp_path, LAMP.replace("Open", "Closed"))

    assert told.changed == 0
    assert Report.objects.get().status == "accepted"


@pytest.mark.parametrize("name", ["boston", "new-york", "san-francisco", "pos"])
def test_shipped_mappings_can_be_read(name):
    assert read_mapping(Path(name)).columns["external_id"]


def test_a_table_of_the_feedback_platform_comes_as_a_book(channel, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    names = "Номер сообщения;Дата создания;Дата решения;Статус;Подкатегория;Текст сообщения"
    sheet.append([*names.split(";"), "Адрес", "Широта", "Долгота"])
    row = [17, "01.02.2026 10:00", None, "В работе", "Ямы во дворе", "Яма", "Мира, 1", 57.0, 53.0]
    sheet.append(row)
    book.save(tmp_path / "pos.xlsx")

    told = import_reports(
        path=tmp_path / "pos.xlsx", mapping=read_mapping(Path("pos")), channel=channel, now=NOW
    )

    assert (told.new, told.faults) == (1, [])
    report = Report.objects.get()
    assert (report.external_id, report.status) == ("17", "in_progress")
    assert report.category is not None
    assert report.category.code == "road-potholes"
    assert report.requested_at.isoformat() == "2026-02-01T07:00:00+00:00"


def test_what_is_no_table_or_no_mapping_is_refused(channel, tmp_path):
    (tmp_path / "cases.txt").write_text("x")
    (tmp_path / "m.toml").write_text('origin = "x"\n')
    boston = read_mapping(Path("boston"))

    with pytest.raises(BadMapping):
        read_mapping(tmp_path / "m.toml")
    for name in ("cases.txt", "missing.csv"):
        with pytest.raises(BrokenFile):
            import_reports(path=tmp_path / name, mapping=boston, channel=channel, now=NOW)


def test_moments_are_read_as_they_are_written():
    read = reader_of(["%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M"])

    assert read("01/01/2015 12:20:09 AM") == "2015-01-01 00:20:09"
    assert read("1/1/2015 12:20:09 PM") == "2015-01-01 12:20:09"
    assert read("31.12.2025 23:59") == "2025-12-31 23:59:00"
    assert read("2026-01-01T10:00:00+03:00") == "2026-01-01 10:00:00+03:00"
    with pytest.raises(ValueError, match="13"):
        read("01/01/2015 13:20:09 AM")
