"""A report on the pages: sent once, refused in words, nothing typed or uploaded is lost."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.accounts.testing import make_user, signed_in
from novator.cities.testing import make_city
from novator.files.disk import path_of
from novator.files.testing import PDF, photo, upload
from novator.mail.models import Letter
from novator.portal.report_limits import FROM_ADDRESS
from novator.reports import kept_setup
from novator.reports.confirming import ask_to_confirm
from novator.reports.contacts import ContactDetails
from novator.reports.life import change_state
from novator.reports.links import token_of
from novator.reports.models import Channel, Contact, Report, ReportConsent, ReportPhoto
from novator.reports.submitting import AFTER_SUBMIT
from novator.reports.testing import make_channel, make_report

pytestmark = pytest.mark.django_db
FORM = "/en/report/zarechny/"


def _sent(**changes):
    facts = {
        "key": str(uuid4()),
        "text": "Яма на дороге у школы.",
        "latitude": "57,001",
        "longitude": "53,002",
        "email": "anna@zarechny.example",
        "processing": "on",
        "seen": "1",
    }
    return {name: value for name, value in (facts | changes).items() if value is not None}


def _first(pattern, text):
    """The first group of the first place that fits."""
    found = re.search(pattern, text)
    assert found is not None
    return found[1]


def _post(client=None, page=FORM, **changes):
    return (client or Client()).post(page, _sent(**changes))


def _as_script(page=FORM, **changes):
    return Client().post(page, _sent(**changes), headers={"Accept": "application/json"})


def test_the_same_key_is_the_same_number_whatever_comes_with_it():
    make_channel()
    key = str(uuid4())

    first = _post(key=key)
    again = _post(key=key, text="Другое", email=None)
    by_script = _as_script(key=key).json()

    report = Report.objects.get()
    assert "/en/report/sent/" in first.headers["Location"]
    assert again.status_code == 302
    assert by_script["number"] == report.number
    page = Client().get(first.headers["Location"]).content.decode()
    assert report.number in page
    assert "an***@zarechny.example" in page
    assert "anna@" not in page + first.headers["Location"]


def test_one_sending_costs_two_statements(settings, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(kept_setup, "_kept", {})
    settings.CITY_SETUP_KEPT_SECONDS = 60
    make_channel()
    _post(publication="on", category="road-potholes")

    with django_assert_max_num_queries(4):  # with the savepoint that a test's transaction needs
        _post(publication="on", category="snow-ice", email="b@zarechny.example")

    report = Report.objects.order_by("-id")[0]
    assert report.contact.digest
    assert report.consents.count() == 2
    assert report.updates.get().after == "unconfirmed"
    jobs = ProcrastinateJob.objects.filter(task_name=AFTER_SUBMIT).order_by("-id")
    assert jobs[0].args == {"report_id": report.pk}


def test_a_key_of_another_city_opens_nothing_and_loses_nothing():
    make_channel()
    make_channel(make_city("Stary Bor"))
    key = str(uuid4())

    here = _as_script(key=key).json()
    there = _as_script(page="/en/report/stary-bor/", key=key).json()

    assert here["number"] != there["number"]
    assert Report.objects.count() == 2


def test_consents_are_stored_as_given_and_the_texts_name_both():
    make_channel(operator_name="Администрация Заречного")
    _post()
    _post(publication="on")

    given = ReportConsent.objects.order_by("report_id", "purpose").values_list("purpose", flat=True)
    assert list(given) == ["processing", "processing", "publication"]
    for purpose in ("processing", "publication"):
        text = Client().get(f"{FORM}consent/{purpose}/").content.decode()
        assert "Администрация Заречного" in text
        assert "association of cities" in text
    form = Client().get(FORM).content.decode()
    assert re.findall(r'<input[^>]*name="(processing|publication)"[^>]*checked', form) == []


def test_photos_and_words_outlive_a_mistake():
    make_channel()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (57.0, 0.0, 1.0)}
    exif[0x010F] = "Camera"
    key = str(uuid4())
    shot = upload(photo(exif=exif), "hole.jpg")

    page = Client().post(FORM, _sent(email="", key=key) | {"photos": shot}).content.decode()
    assert not Report.objects.exists()
    assert "Яма на дороге у школы." in page
    token = _first(r'name="held" value="([^"]+)"', page)
    assert Client().get(f"/en/report/photos/{token}/photo.jpg").status_code == 200
    assert Client().get(f"/en/report/photos/x{token}/photo.jpg").status_code == 404
    _post(key=key, held=token)

    kept = ReportPhoto.objects.get(report__submission_key=key).original
    with Image.open(path_of(kept.digest)) as opened:
        assert dict(opened.getexif()) == {}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "hole.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "hole.png"),
        (photo()[:300], "half.jpg"),
        (photo("PNG", size=(9000, 9000), mode="1"), "bomb.png"),
        (b"", "empty.jpg"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(content, name):
    make_channel()

    page = Client().post(FORM, _sent() | {"photos": upload(content, name)}).content.decode()

    assert "Something has to be corrected" in page
    assert "Яма на дороге у школы." in page
    assert not Report.objects.exists()


def test_a_fourth_photo_is_left_out_in_words():
    make_channel()
    shots = [upload(photo(size=(8 + n, 8)), f"{n}.jpg") for n in range(4)]

    page = Client().post(FORM, _sent() | {"photos": shots}).content.decode()

    assert "At most 3 photos" in page
    assert page.count('name="held"') == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "я" * 4001}, "text"),
        ({"text": " "}, "text"),
        ({"latitude": "0", "longitude": "0"}, "address"),
        ({"latitude": "44.5", "longitude": "37.0"}, "address"),
        ({"latitude": "57.05", "longitude": "53.05"}, "address"),
        ({"latitude": "nan"}, "latitude"),
        ({"latitude": "57", "longitude": ""}, "longitude"),
        ({"latitude": "", "longitude": ""}, "address"),
        ({"email": "anna"}, "email"),
        ({"email": ""}, "email"),
        ({"processing": None}, "processing"),
        ({"category": "none-such"}, "category"),
    ],
)
def test_each_mistake_is_named_at_its_field(changes, field):
    make_channel(default_points=[[57.05, 53.05]])

    answer = _as_script(**changes)

    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.json()["errors"]]
    assert not Report.objects.exists()


def test_signs_of_html_stay_words():
    make_channel()
    page = _post(text="<script>alert(1)</script> & яма", email="").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; яма" in page


def test_a_flood_is_slowed_and_the_words_are_kept():
    make_channel()
    client = Client()
    codes = [
        _post(client, email=f"a{n}@zarechny.example").status_code for n in range(FROM_ADDRESS + 1)
    ]
    page = _post(client)

    assert codes == [302] * FROM_ADDRESS + [429]
    assert int(page.headers["Retry-After"]) > 0
    assert "Яма на дороге у школы." in page.content.decode()
    assert Report.objects.count() == FROM_ADDRESS


def test_half_an_upload_leaves_nothing():
    make_channel()
    part = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf'

    answer = Client(raise_request_exception=False).post(
        FORM, part, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code in {200, 400}
    assert not Report.objects.exists()


@pytest.mark.parametrize("age", ["-5000", "nan", "1e300", "x", "7200"])
def test_a_wrong_clock_makes_no_wrong_moment(age):
    make_channel()
    _post(age=age)

    report = Report.objects.get()
    assert timedelta(0) <= report.arrived_at - report.requested_at <= timedelta(days=30)
    assert (report.arrived_at - report.requested_at == timedelta(hours=2)) == (age == "7200")


def test_a_closed_channel_takes_nothing_and_keeps_the_words():
    make_channel(is_open=False, contact_phone="8 (34141) 2-20-00")
    Channel.objects.update(is_open=False)
    make_city("Stary Bor")

    assert "takes no reports here at present" in Client().get(FORM).content.decode()
    refused = _post()
    assert (refused.status_code, Report.objects.count()) == (409, 0)
    assert "Яма на дороге у школы." in refused.content.decode()
    assert Client().get("/en/report/stary-bor/").status_code == 404


def test_danger_needs_no_address_and_shows_the_numbers():
    make_channel(emergency_phone="8 (34141) 5-66-88")
    answer = _post(text="Во дворе открытый люк", email=None, processing=None)

    report = Report.objects.get()
    assert (report.is_danger, report.status) == (True, "received")
    page = Client().get(answer.headers["Location"]).content.decode()
    assert 'href="tel:112"' in page
    assert 'href="tel:8341415' in page.replace(" ", "")


def test_an_appeal_is_offered_the_official_way_once():
    make_channel(appeals_url="https://zarechny.example/appeals")
    words = "Прошу рассмотреть вопрос о яме"

    page = _post(text=words, seen=None).content.decode()
    assert "https://zarechny.example/appeals" in page
    assert not Report.objects.exists()
    assert _post(text=words).status_code == 302


def test_with_an_account_no_letter_is_needed():
    make_channel()
    anna = make_user("anna@zarechny.example")
    client = signed_in(anna)

    assert 'name="email"' not in client.get(FORM).content.decode()
    _post(client, email=None)

    report = Report.objects.get()
    assert (report.author, report.status) == (anna, "received")
    assert not Contact.objects.exists()


def test_the_letter_s_link_confirms_by_its_button_and_bears_a_replay():
    report = make_report(
        contact=ContactDetails(email="anna@zarechny.example"), is_address_confirmed=False
    )
    ask_to_confirm(report=report)
    link = _first(r"(/\w\w/report/confirm/\S+)", Letter.objects.get().body)

    seen = Client(enforce_csrf_checks=True)
    assert seen.get(link).status_code == 200
    report.refresh_from_db()
    assert report.status == "unconfirmed"
    for _turn in range(2):
        assert seen.post(link).status_code == 302
    report.refresh_from_db()
    assert report.status == "received"
    assert Client().post(link[:-4] + "xxx/").status_code == 404


def test_a_wrong_address_is_put_right_on_the_page_after_sending():
    make_channel()
    answer = _post()
    report = Report.objects.get()
    sent = answer.headers["Location"]

    moved = Client().post(sent, {"email": "anna@zarechny2.example"})

    assert moved.status_code == 302
    assert Client().get(sent).status_code == 404
    assert "@zarechny2.example" in Client().get(moved.headers["Location"]).content.decode()
    stranger = make_report(report.municipality.channel)
    assert Client().get(f"/en/report/sent/{token_of(stranger)}/").status_code == 404


def test_like_reports_and_kinds_are_told_while_typing():
    channel = make_channel()
    known = make_report(channel, now=timezone.now() - timedelta(days=1))
    asked = {"text": known.text, "latitude": "57.001", "longitude": "53.002"}
    asked |= {"category": "road-potholes"}

    hidden = Client().post(f"{FORM}hints.json", asked).json()
    change_state(report=known, to="accepted", now=timezone.now())
    told = Client().post(f"{FORM}hints.json", asked).json()

    assert hidden["like"] == ""
    assert known.number in told["like"]
    assert known.text not in told["like"]
    assert {"code", "name", "percent"} == set(told["kinds"][0])


def test_a_frame_leaves_no_cookie_and_stands_on_named_sites_only():
    make_channel(widget_sites=["zarechny.example", "https://www.zarechny.example:8443", "a b;c"])
    frame = "/en/widget/zarechny/"
    page = Client().get(frame)
    policy = page.headers["Content-Security-Policy"]
    ticket = _first(r'name="ticket" value="([^"]+)"', page.content.decode())

    assert (
        "frame-ancestors 'self' https://zarechny.example https://www.zarechny.example:8443"
        in policy
    )
    assert "X-Frame-Options" not in page.headers
    assert not page.cookies
    strict = Client(enforce_csrf_checks=True)
    assert "open for too long" in strict.post(frame, _sent()).content.decode()
    sent = strict.post(frame, _sent(ticket=ticket))
    assert (sent.status_code, Report.objects.get().source) == (302, "widget")
    assert not sent.cookies
    on_site = Client().get(FORM)
    assert on_site.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in on_site.headers["Content-Security-Policy"]
    assert strict.post(FORM, _sent()).status_code == 403


def test_the_official_form_is_let_in_after_a_click_alone():
    make_channel(official_widget_id="12345")
    before = Client().get(f"{FORM}official/")
    after = Client().get(f"{FORM}official/?open=1")

    assert "https://pos.gosuslugi.ru" not in before.headers["Content-Security-Policy"]
    assert "<script src=" not in before.content.decode()
    assert "pos.gosuslugi.ru" in before.content.decode()
    assert "script-src 'self' https://pos.gosuslugi.ru" in after.headers["Content-Security-Policy"]


def test_the_worker_of_the_form_names_each_file_and_its_version():
    text = Client().get("/en/report/sw.js").content.decode()

    assert '"scope": "/en/report/"' in text
    assert "report-worker.js" in text
    assert re.search(r'"version": "[0-9a-f]{12}"', text)


def test_the_list_of_cities_costs_the_same_for_many(django_assert_num_queries):
    for number in range(20):
        make_channel(make_city(f"City{number:02}"))

    with django_assert_num_queries(1):
        page = Client().get("/en/report/").content.decode()
    assert page.count("city-choice-name") == 20
    assert "City07" in Client().get("/en/report/?q=City07").content.decode()


def test_a_tile_comes_from_the_operator_s_file(settings, tmp_path):
    import sqlite3

    picture = io.BytesIO()
    Image.new("RGB", (1, 1)).save(picture, "PNG")
    file = sqlite3.connect(tmp_path / "city.mbtiles")
    columns = "zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB"
    file.execute(f"CREATE TABLE tiles ({columns})")
    file.execute("INSERT INTO tiles VALUES (1, 0, 1, ?)", (picture.getvalue(),))
    file.commit()
    file.close()

    assert Client().get("/tiles/1/0/0.png").status_code == 404
    settings.TILES = str(tmp_path / "city.mbtiles")
    assert Client().get("/tiles/1/0/0.png").headers["Content-Type"] == "image/png"
    assert Client().get("/tiles/1/0/1.png").status_code == 404
    assert Client().get("/tiles/1/7/0.png").status_code == 404


def test_a_page_and_a_sending_cost_a_known_number_of_queries(django_assert_max_num_queries):
    channel = make_channel()
    now = timezone.now() - timedelta(days=1)
    for number in range(2):
        report = make_report(channel, now=now, text=f"Яма у дома {number}, машины объезжают")
        change_state(report=report, to="accepted", now=now)

    with django_assert_max_num_queries(6):
        Client().get(FORM)
    with django_assert_max_num_queries(18):
        told = Client().post(
            f"{FORM}hints.json",
            {"text": "Яма у дома, машины объезжают", "latitude": "57.001", "longitude": "53.002"}
            | {"category": "road-potholes"},
        )
    assert told.json()["like"].count("<li") == 2
    with django_assert_max_num_queries(28):
        _post()
