"""Pages of a city's staff: the list, one report, many at once, files, figures, set-up."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from openpyxl import load_workbook

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.portal.work_rows import due_words
from novator.reports.contacts import ContactDetails
from novator.reports.deadlines import DaysFrom, WorkingDays
from novator.reports.holding import seen_as
from novator.reports.models import (
    ApiKey,
    Area,
    Channel,
    Connection,
    Department,
    Forwarding,
    Report,
    ReportUpdate,
    Route,
    SavedFilter,
    Street,
)
from novator.reports.testing import category_of, make_channel, make_report
from novator.reports.working import take_step

pytestmark = pytest.mark.django_db
LIST = "/en/work/zarechny/reports/"
SETUP = "/en/work/zarechny/setup/"


@pytest.fixture
def channel():
    return make_channel()


@pytest.fixture
def officer(channel):
    return make_role("reports_officer", city=channel.municipality).user


@pytest.fixture
def client(officer):
    return signed_in(officer)


def test_list_asks_the_database_no_oftener_for_twenty_rows(
    channel, client, django_assert_max_num_queries
):
    for _n in range(20):
        make_report(channel, now=timezone.now())

    with django_assert_max_num_queries(34):
        page = client.get(f"{LIST}?tab=check")

    assert page.content.decode().count('class="work-row"') == 20


def test_tabs_sort_and_filters_narrow(channel, client, officer):
    now = timezone.now()
    late = make_report(channel, now=now - timedelta(days=60))
    danger = make_report(channel, now=now, text="Открытый люк, провалился человек")
    calm = make_report(channel, now=now, text="Лавочка без спинки")
    take_step(report=late, to="in_progress", by=officer, now=now)

    checking = client.get(f"{LIST}?tab=check").content.decode()
    overdue = client.get(f"{LIST}?tab=overdue").content.decode()
    found = client.get(f"{LIST}?tab=all&q=лавочка").content.decode()
    by_number = client.get(f"{LIST}?q={calm.number}").content.decode()

    assert checking.index(danger.number) < checking.index(calm.number)
    assert (late.number in overdue, calm.number in overdue) == (True, False)
    assert (calm.number in found, danger.number in found) == (True, False)
    assert (calm.number in by_number, danger.number in by_number) == (True, False)


def test_pages_follow_each_other_without_a_gap(channel, client):
    now = timezone.now()
    sent = [make_report(channel, now=now - timedelta(days=n % 3)).number for n in range(33)]

    seen, after = [], ""
    for _page in range(2):
        rows = client.get(f"{LIST}?tab=check&after={after}").context
        seen += [row.report.number for row in rows["rows"]]
        after = rows["next"]

    assert sorted(seen) == sorted(sent)
    assert after == ""


def test_stranger_is_refused_and_learns_no_number(channel):
    report = make_report(channel)
    stranger = signed_in(make_role("reports_officer", city=make_city("Stary Bor")).user)
    editor = signed_in(make_role("editor", city=channel.municipality).user)

    for address in (LIST, f"{LIST}{report.number}/", f"{LIST}file.csv", SETUP, f"{SETUP}keys/"):
        assert stranger.get(address).status_code == 403
        assert editor.get(address).status_code == 403
    taken = stranger.post(f"{LIST}{report.number}/act/step/", {"to": "refused", "text": "x"})

    report.refresh_from_db()
    assert (taken.status_code, report.status) == (403, "received")


def test_page_of_a_report_acts_and_keeps_what_was_typed(channel, client):
    report = make_report(channel)
    page = f"{LIST}{report.number}/"
    seen = seen_as(report)

    refused = client.post(f"{page}act/step/", {"to": "answered", "text": " ", "seen": seen})
    done = client.post(f"{page}act/step/", {"to": "in_progress", "seen": seen})
    late = client.post(f"{page}act/step/", {"to": "refused", "text": "Не наша яма", "seen": seen})

    report.refresh_from_db()
    assert (refused.status_code, done.status_code, late.status_code) == (200, 302, 409)
    assert "Не наша яма" in late.content.decode()
    assert report.status == "in_progress"
    assert client.get(page.replace("/en/", "/ru/")).status_code == 200


def test_contact_is_not_on_the_page_until_somebody_asks(channel, client, officer):
    report = make_report(channel, contact=ContactDetails(phone="+7 912 000-00-01"))
    page = f"{LIST}{report.number}/"

    before = client.get(page).content.decode()
    after = client.post(f"{page}contact/")

    assert "000-00-01" not in before
    assert "79120000001" not in before
    assert "+7 912 000-00-01" in after.content.decode()
    assert after.headers["Cache-Control"] == "no-store"
    assert ReportUpdate.objects.get(kind="contact").made_by == officer


def test_many_at_once_and_every_refusal_is_told(channel, client, officer):
    first, closed = make_report(channel), make_report(channel)
    take_step(report=closed, to="refused", by=officer, now=timezone.now(), text="Не у нас")

    page = client.post(
        f"{LIST}batch/",
        {"report": [first.pk, closed.pk], "act": "state:answered", "text": "Сделано"},
    )

    first.refresh_from_db()
    assert first.status == "answered"
    assert [one.number for one in page.context["refused"]] == [closed.number]


def test_file_has_no_contact_and_no_formula(channel, client):
    make_report(channel, text="=HYPERLINK(1)", contact=ContactDetails(email="anna@bor.example"))

    table = b"".join(client.get(f"{LIST}file.csv?tab=all").streaming_content).decode()
    book = b"".join(client.get(f"{LIST}file.xlsx?tab=all").streaming_content)

    assert "'=HYPERLINK(1)" in table
    assert "anna" not in table
    rows = list(load_workbook(io.BytesIO(book))["Reports"].values)
    assert (len(rows), rows[1][rows[0].index("Text")]) == (2, "'=HYPERLINK(1)")
    russian = b"".join(client.get(f"/ru{LIST[3:]}file.csv?tab=all").streaming_content).decode()
    assert russian.lstrip("\ufeff").startswith("Номер,Состояние,Категория")


def test_view_is_kept_and_shared(channel, client, officer):
    head = signed_in(make_role("head", city=channel.municipality).user)

    client.post(
        f"{LIST}views/", {"name": "Ямы", "query": "tab=work&status=accepted", "is_shared": "1"}
    )
    shown = head.get(LIST).content.decode()
    taken = head.post(f"{LIST}views/", {"delete": SavedFilter.objects.get().pk})

    assert "tab=work&amp;status=accepted" in shown
    assert (taken.status_code, SavedFilter.objects.count()) == (404, 1)


def test_call_gives_a_number_at_once(channel, client):
    Street.objects.create(
        municipality=channel.municipality,
        name="улица Мира",
        house="3",
        key="мира",
        latitude=57.01,
        longitude=53.01,
    )
    form = client.get(f"{LIST}telephone/").context["form"]

    said = {"text": "Не горит фонарь", "address": "ул. Мира, 3", "key": form.initial["key"]}
    answer = client.post(f"{LIST}telephone/", said)
    again = client.post(f"{LIST}telephone/", said)

    report = Report.objects.get()
    assert answer.url == again.url == f"{LIST}{report.number}/"
    assert (report.source, report.latitude) == ("telephone", 57.01)


def test_points_and_figures(channel, client):
    report = make_report(channel)

    told = client.get(f"{LIST}points.json?tab=all").json()

    assert [one["number"] for one in told["points"]] == [report.number]
    assert client.get(f"{LIST}statistics/").status_code == 200


def test_only_head_and_office_open_a_channel():
    city = make_city("Zarechny")
    head = signed_in(make_role("head", city=city).user)
    officer = signed_in(make_role("reports_officer", city=city).user)
    office = signed_in(make_role("office").user)

    assert officer.post(f"{SETUP}open/").status_code == 403
    assert "takes no reports" in office.get(SETUP).content.decode()
    head.post(f"{SETUP}open/")

    assert Channel.objects.get().is_open
    assert "starters" in head.get(SETUP).content.decode()
    assert office.get("/en/work/?city=Заречный").status_code == 200


def test_tables_of_the_setup(channel, client):
    outline = '{"type": "Polygon", "coordinates": [[[53, 57], [53.1, 57], [53.1, 57.1], [53, 57]]]}'
    new = {
        "departments": {"name": "Дорожная служба", "kind": "department", "is_active": "on"},
        "areas": {"name_ru": "Северный", "outline": outline, "position": "0"},
        "templates": {"name": "Готово", "text_ru": "{number}: сделано"},
        "days-off": {"day": "2026-12-31", "reason": "Указ"},
        "connections": {"name": "Область", "base_url": "https://o.example/v2", "key": "тайна"},
    }
    for table, values in new.items():
        assert client.get(f"{SETUP}{table}/new/").status_code == 200
        answer = client.post(f"{SETUP}{table}/new/", values)
        assert answer.status_code == 302, answer.context["form"].errors
        assert client.get(answer.url).status_code == 200
    assert Area.objects.get().outline[0][0] == [57, 53]
    wrong = client.post(f"{SETUP}templates/new/", {"name": "Нет", "text_ru": "{name}"})
    assert wrong.context["form"].errors["text_ru"]
    twice = client.post(f"{SETUP}departments/new/", new["departments"])
    assert twice.context["form"].errors


def test_rule_is_tried_before_a_report_comes(channel, client):
    body = Department.objects.create(municipality=channel.municipality, name="Дорожная служба")
    category = category_of(channel)
    Route.objects.create(municipality=channel.municipality, category=category, department=body)

    page = client.get(f"{SETUP}routes/?category={category.pk}&area=&point=")

    assert page.context["body"] == body
    make_report(channel)
    client.post(f"{SETUP}departments/{body.pk}/remove/")
    assert Department.objects.filter(pk=body.pk).exists()


def test_key_is_shown_once_and_ends_at_once(channel, client):
    page = client.post(f"{SETUP}keys/", {"name": "Портал области"})
    key = ApiKey.objects.get()

    assert page.context["shown"] in page.content.decode()
    assert page.context["shown"] not in client.get(f"{SETUP}keys/").content.decode()
    client.post(f"{SETUP}keys/{key.pk}/end/")

    key.refresh_from_db()
    assert key.ended_at is not None


def test_channel_and_streets(channel, client):
    form = client.get(f"{SETUP}channel/").context["form"]
    values = {name: form.initial.get(name) for name in form.fields}
    values |= {"widget_sites": "https://zarechny.example/", "default_points": "57.05, 53.05"}
    values = {name: "" if value is None else value for name, value in values.items()}

    assert client.post(f"{SETUP}channel/", values).status_code == 302
    table = SimpleUploadedFile("a.csv", "street,house,latitude,longitude\nМира,3,57,53\n".encode())
    client.post(f"{SETUP}streets/", {"file": table})

    channel.refresh_from_db()
    assert channel.widget_sites == ["https://zarechny.example"]
    assert channel.default_points == [[57.05, 53.05]]
    assert Street.objects.count() == 1
    assert client.get(f"{SETUP}models/").status_code == 200


def test_a_forwarding_of_unknown_outcome_is_settled_by_a_person(channel, client):
    report = make_report(channel, now=timezone.now())
    there = Connection.objects.create(
        municipality=channel.municipality, name="Region", base_url="https://region.example"
    )
    made = {"made_at": timezone.now(), "changed_at": timezone.now()}
    row = Forwarding.objects.create(report=report, connection=there, state="unknown", **made)
    act = f"{LIST}{report.number}/act/forwarding/"

    page = client.get(f"{LIST}{report.number}/").content.decode()
    client.post(act, {"forwarding": row.pk, "do": "found", "there": "77"})
    row.refresh_from_db()
    again = client.post(act, {"forwarding": row.pk, "do": "again"})

    assert "sent, answer unknown" in page
    assert (row.state, row.external_id) == ("sent", "77")
    assert "is on its way there or has arrived" in again.content.decode()


def test_days_left_are_the_working_days_that_the_sender_reads():
    is_working = WorkingDays("RU", {})
    friday = date(2026, 11, 20)
    report = Report(status="accepted", due_on=friday)

    def told(on):
        with translation.override("en"):
            return due_words(report, DaysFrom(on, is_working=is_working), on=on)

    assert told(date(2026, 11, 9)) == ("due in 9 working days", "")
    assert told(friday) == ("due today", "soon")
    assert told(date(2026, 11, 22)) == ("overdue", "late")
    assert told(date(2026, 12, 1)) == ("7 working days late", "late")
