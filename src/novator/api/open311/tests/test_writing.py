"""Open311 written to by other systems: reports, photos, keys, limits, and what is refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from novator.api.open311.tests.test_reading import QUESTIONS, ROOT
from novator.core.outside import Answer, Question
from novator.files.testing import photo
from novator.reports.contacts import opened
from novator.reports.exchange import media
from novator.reports.keys import end_key
from novator.reports.models import ApiKey, Category, Channel, Contact, Report, ReportUpdate, Street

pytestmark = pytest.mark.django_db
HOLE = {
    "service_code": "road-potholes",
    "lat": "57.0012345",
    "long": "53.0020001",
    "description": "Яма на улице Ленина",
}


def sent(client: Client, key: str | None, status: int = 200, **fields: Any) -> Any:
    """Post a report, as JSON; return what was answered."""
    values = {"api_key": key, **HOLE, **fields}
    values = {name: value for name, value in values.items() if value is not None}
    answer = client.post(f"{ROOT}requests.json", values, headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_report_is_taken_and_numbered_at_once(client: Client, key: str):
    told = sent(
        client,
        key,
        email="anna@example.org",
        first_name="Анна",
        last_name="Петрова",
        phone="+7 900 000-00-00",
        device_id="x",
        account_id="7",
        jurisdiction_id="zarechny",
    )

    report = Report.objects.get()
    assert told == [
        {
            "service_request_id": report.number,
            "service_notice": told[0]["service_notice"],
            "account_id": None,
        }
    ]
    assert "token" not in told[0]
    assert (report.source, report.status, report.category_by) == ("open311", "received", "source")
    assert (report.latitude, report.longitude) == (57.0012345, 53.0020001)
    assert report.origin == f"open311:{ApiKey.objects.get().public_id}"
    contact = opened(Contact.objects.get().sealed)
    assert (contact.email, contact.name) == ("anna@example.org", "Анна Петрова")
    page = client.get(f"{ROOT}requests/{report.number}.json").content.decode()
    assert "anna" not in page
    assert "Анна" not in page
    assert "Яма на улице" not in page


def test_the_answer_in_xml_has_number_and_no_token(client: Client, key: str):
    answer = client.post(
        f"{ROOT}requests.xml",
        f"api_key={key}&service_code=road-potholes&lat=57.001&long=53.002&description=%D0%AF%D0%BC%D0%B0",
        content_type="application/x-www-form-urlencoded",
    )

    root = ElementTree.fromstring(answer.content)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert root.tag == "service_requests"
    assert root.findtext("request/service_request_id") == Report.objects.get().number
    assert root.find("request/token") is None


def test_the_key_may_stand_in_the_address_and_the_path_end_with_a_slash(client: Client, key: str):
    answer = client.post(f"{ROOT}requests.json/?api_key={key}&jurisdiction_id=zarechny", HOLE)

    assert answer.status_code == 200


def test_refuses_without_a_standing_key_of_this_city(
    client: Client, key: str, stranger: ApiKey, zarechny: Channel
):
    assert sent(client, None, 403)[0]["code"] == 403
    assert sent(client, "", 403)[0]["code"] == 403
    assert sent(client, "wrong", 403)[0]["code"] == 403
    assert sent(client, key, 403, jurisdiction_id="stary-bor")[0]["code"] == 403
    end_key(key=ApiKey.objects.get(municipality=zarechny.municipality), now=timezone.now())
    assert sent(client, key, 403)[0]["code"] == 403
    assert not Report.objects.exists()


def test_names_everything_that_is_wrong(client: Client, key: str):
    Category.objects.filter(code="road-potholes").update(attributes=QUESTIONS)

    faults = sent(
        client,
        key,
        400,
        lat=None,
        long=None,
        description="ы" * 4001,
        email="no",
        media_url="ftp://x",
    )

    told = " ".join(fault["description"] for fault in faults)
    assert {fault["code"] for fault in faults} == {400}
    for word in ("place", "description", "depth", "email", "media_url"):
        assert word in told
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"service_code": None}, 400),
        ({"service_code": "unheard-of"}, 404),
        ({"jurisdiction_id": "atlantis"}, 404),
        ({"lat": "abc"}, 400),
        ({"lat": "NaN"}, 400),
        ({"lat": "57.0", "long": None}, 400),
        ({"lat": "0", "long": "0"}, 400),
        ({"lat": "10", "long": "10"}, 400),
        ({"requested_datetime": "yesterday"}, 400),
        ({"requested_datetime": "0001-01-01T00:00:00Z"}, 400),
        ({"submission_key": "1"}, 400),
        ({"publication_consent": "maybe"}, 400),
        ({"phone": "1" * 300}, 400),
    ],
)
def test_refuses_what_is_wrong(client: Client, key: str, fields: dict[str, Any], status: int):
    assert sent(client, key, status, **fields)[0]["code"] == status


def test_a_place_may_be_an_address_that_the_city_knows(client: Client, key: str, zarechny: Channel):
    Street.objects.create(
        municipality=zarechny.municipality,
        name="улица Ленина",
        house="5",
        key="ленина",
        latitude=57.1,
        longitude=53.1,
    )

    sent(client, key, lat="", long="", address_string="ул. Ленина, 5")
    sent(client, key, lat="", long="", address_id="#NOTPINPOINTED#")

    known, unknown = Report.objects.order_by("pk")
    assert (known.latitude, known.address) == (57.1, "ул. Ленина, 5")
    assert (unknown.latitude, unknown.address) == (None, "#NOTPINPOINTED#")


def test_answers_to_the_questions_of_the_kind(client: Client, key: str):
    several: dict[str, Any] = {
        **QUESTIONS[0],
        "code": "where",
        "datatype": "multivaluelist",
        "required": False,
    }
    Category.objects.filter(code="road-potholes").update(
        attributes=[*QUESTIONS, several, {"code": "cm", "datatype": "number"}], asks_asset="опора"
    )

    answers: dict[str, Any] = {
        "attribute[depth]": "deep",
        "attribute[where][]": ["deep", "flat"],
        "attribute[asset_number]": "17-А",
        "attribute[cm]": "12,5",
        "attribute[easting]": "1",
    }
    sent(client, key, **answers)
    wrong_answers: Any = {"attribute[depth]": "abyss", "attribute[cm]": "much"}
    wrong = sent(client, key, 400, **wrong_answers)

    report = Report.objects.get()
    assert report.answers == {"depth": "deep", "where": ["deep", "flat"], "cm": "12,5"}
    assert report.asset_number == "17-А"
    assert len(wrong) == 2


@pytest.mark.parametrize("name", ["media", "media[]", "media[0]"])
def test_photos_come_with_the_report(client: Client, key: str, name: str):
    photos: dict[str, Any] = {name: SimpleUploadedFile("a.jpg", photo())}

    sent(client, key, **photos)

    assert Report.objects.get().photos.get().original.kind == "photo"


def test_refuses_what_is_no_photo_or_too_many(client: Client, key: str):
    words = SimpleUploadedFile("a.txt", b"text")
    many: Any = [SimpleUploadedFile(f"{n}.jpg", photo(size=(20 + n, 20))) for n in range(4)]

    assert "media" in sent(client, key, 400, media=words)[0]["description"]
    assert sent(client, key, 400, **{"media[]": many})[0]["code"] == 400


def test_a_kind_that_needs_a_photo_is_refused_without(
    client: Client, key: str, monkeypatch: pytest.MonkeyPatch
):
    Category.objects.filter(code="road-potholes").update(needs_photo=True)

    sent(client, key, 400)
    sent(client, key, 400, media_url="http://127.0.0.1/a.jpg")

    assert not Report.objects.exists()


def test_a_photo_by_address_is_fetched_by_the_worker_and_never_from_inside(
    client: Client, key: str, defers: list[tuple[str, dict[str, Any]]]
):
    sent(client, key, media_url="http://127.0.0.1:1/secret.jpg")

    (job,) = [values for name, values in defers if name == media.FETCH_PHOTO]
    media.fetch_photo(**job)

    note = ReportUpdate.objects.get(kind="note")
    assert "127.0.0.1" in note.text
    assert not note.is_public
    assert not Report.objects.get().photos.exists()


def test_a_photo_is_fetched_from_a_host_of_ones_own_network_that_the_operator_named(
    client: Client,
    key: str,
    defers: list[tuple[str, dict[str, Any]]],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
):
    settings.OPEN311_PRIVATE_HOSTS = ["127.0.0.1"]
    asked: list[Question] = []

    def ask(question: Question) -> Answer:
        asked.append(question)
        return Answer(200, {}, photo())

    monkeypatch.setattr(media, "ask_outside", ask)
    for url in ("http://127.0.0.1:1/lamp.jpg", "http://192.168.7.7/lamp.jpg"):
        sent(client, key, media_url=url)

    for name, values in defers:
        if name == media.FETCH_PHOTO:
            media.fetch_photo(**values)

    assert [question.may_be_private for question in asked] == [True, False]
    assert Report.objects.earliest("pk").photos.count() == 1


def test_sent_again_with_one_key_is_one_report(client: Client, key: str):
    submission = str(uuid4())

    first = sent(client, key, submission_key=submission)
    again = sent(client, key, submission_key=submission)

    assert first[0]["service_request_id"] == again[0]["service_request_id"]
    (told,) = client.get(f"{ROOT}tokens/{submission}.json").json()
    assert told == {"service_request_id": first[0]["service_request_id"], "token": submission}
    assert client.get(f"{ROOT}tokens/{uuid4()}.json").status_code == 404
    assert client.get(f"{ROOT}tokens/x.xml").status_code == 404
    Report.objects.update(status="unconfirmed")
    root = ElementTree.fromstring(client.get(f"{ROOT}tokens/{submission}.xml").content)
    assert root.findtext("request/service_request_id") == ""


def test_without_words_the_kind_says_what_is_wrong(client: Client, key: str):
    sent(client, key, description="")

    assert Report.objects.get().text == "Potholes and broken road surface"


def test_signs_that_no_document_holds_are_dropped(client: Client, key: str):
    sent(client, key, description="Яма\x00 \x0bтут\ud800".encode("utf-8", "replace").decode())

    assert Report.objects.get().text.startswith("Яма тут")


def test_a_report_that_began_here_is_not_taken_back(client: Client, key: str, settings: Settings):
    settings.SITE_ADDRESS = "https://novator.example"

    sent(client, key, 400, via="https://other.example#1-8 https://novator.example#7-5")
    sent(client, key, via="https://other.example#1-8")

    report = Report.objects.get()
    assert report.external_id == "https://other.example#1-8"
    assert report.updates.get().details == {"via": ["https://other.example#1-8"]}


def test_too_many_are_refused_in_the_same_shape(client: Client, key: str, settings: Settings):
    settings.OPEN311_WRITES_AN_HOUR = 1

    sent(client, key)
    answer = client.post(f"{ROOT}requests.xml", {"api_key": key, **HOLE})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert ElementTree.fromstring(answer.content).findtext("error/code") == "429"


def test_a_closed_channel_says_so(client: Client, key: str):
    Channel.objects.update(is_open=False)

    assert sent(client, key, 400, jurisdiction_id="zarechny")[0]["code"] == 400
