"""What is the same at every address of Open311: formats, methods, validators, errors, bad input."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from novator.api.open311 import services
from novator.api.open311.tests.test_reading import ROOT, checked
from novator.reports.models import ApiKey, Channel, Report

pytestmark = pytest.mark.django_db
XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"


def faults_of(answer: Any) -> list[tuple[str, str]]:
    """Codes and descriptions, whatever the format."""
    if answer.headers["Content-Type"] == JSON:
        return [(str(row["code"]), row["description"]) for row in json.loads(answer.content)]
    assert answer.headers["Content-Type"] == XML
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "errors"
    return [(one.findtext("code", ""), one.findtext("description", "")) for one in root]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nowhere.xml", 404),
        ("nowhere.json", 404),
        ("requests.html", 404),
        ("requests/1/2.json", 404),
        ("requests/%00.json", 404),
        ("requests/99999999999999999-3.xml", 404),
        ("requests/9223372036854775808-1.json", 404),
        ("services/%ff%0a.xml", 404),
        ("tokens/%00.xml", 404),
        ("services.xml?jurisdiction_id=%00", 400),
        ("services.xml?jurisdiction_id=%FF", 400),
        ("services.xml?jurisdiction_id=Zare'chny", 404),
        ("requests.xml?" + "a=1&" * 1200, 400),
        ("discovery.xml/x", 404),
    ],
)
def test_refuses_in_one_shape(client: Client, zarechny: Channel, path: str, status: int):
    answer = client.get(ROOT + path)

    assert answer.status_code == status
    assert [code for code, _words in faults_of(answer)] == [str(status)]
    assert all(words for _code, words in faults_of(answer))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "accept", "form"),
    [
        ("services.xml", "application/json", XML),
        ("services.json", "text/xml", JSON),
        ("services.JSON", "", JSON),
        ("services", "", XML),
        ("services", "application/json", JSON),
        ("services", "*/*", XML),
        ("services/", "text/html,*/*;q=0.1", XML),
        ("services.xml/", "", XML),
        ("", "", XML),
    ],
)
def test_the_suffix_decides_on_the_format(
    client: Client, zarechny: Channel, path: str, accept: str, form: str
):
    headers = {"Accept": accept} if accept else {}
    where = (ROOT + path) if path else "/open311/v2"

    answer = client.get(where, headers=headers)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == form


def test_errors_are_in_the_language_of_the_reader(client: Client, zarechny: Channel):
    english = client.get(f"{ROOT}nowhere.json", headers={"Accept-Language": "en-GB"})
    russian = client.get(f"{ROOT}nowhere.json")

    assert faults_of(english)[0][1] == "There is nothing at this address."
    assert english.headers["Content-Language"] == "en"
    assert russian.headers["Content-Language"] == "ru"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_other_methods_are_refused_with_those_that_are_known(
    client: Client, zarechny: Channel, method: str
):
    answer = getattr(client, method)(f"{ROOT}services.json")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert faults_of(answer)[0][0] == "405"


def test_head_options_and_validators(client: Client, zarechny: Channel):
    report = checked(zarechny)
    where = f"{ROOT}requests/{report.number}.json"

    first, head = client.get(where), client.head(where)
    same = client.get(where, headers={"If-None-Match": first.headers["ETag"]})
    since = client.get(where, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    options = client.options(f"{ROOT}requests.xml")

    assert head.headers["ETag"] == first.headers["ETag"]
    assert head.content == b""
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    assert since.status_code == 304
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"service_code": "x"}', "application/json"),
        (b"<request/>", "text/xml"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"broken", "multipart/form-data"),
        (b"a=" + b"&b=1" * 1200, "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
        (b"api_key=%FF%00", "application/x-www-form-urlencoded"),
        (b"api_key=x", "application/x-www-form-urlencoded; charset=klingon"),
    ],
)
@pytest.mark.whole_site
def test_a_body_that_cannot_be_read_is_refused_in_the_same_shape(
    client: Client, zarechny: Channel, body: bytes, kind: str
):
    for path in ("requests.xml", "servicerequestupdates.json"):
        answer = client.generic("POST", ROOT + path, body, content_type=kind)

        assert answer.status_code in {400, 403}
        assert faults_of(answer)[0][0] == str(answer.status_code)


@pytest.mark.parametrize(
    ("fault", "status"), [(OperationalError("gone"), 503), (RuntimeError("secret"), 500)]
)
def test_what_breaks_here_is_told_in_the_same_shape(
    client: Client,
    zarechny: Channel,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    status: int,
):
    def broken(*_args: Any, **_facts: Any) -> Any:
        raise fault

    monkeypatch.setattr(services, "channel_of", broken)

    answer = client.get(f"{ROOT}services.xml")

    assert answer.status_code == status
    assert faults_of(answer)[0][0] == str(status)
    assert "secret" not in answer.content.decode()
    assert ("Retry-After" in answer.headers) == (status == 503)


WORDS = """
service_request_id service_code status start_date end_date updated_after updated_before page
page_size extensions lat long radius bbox jurisdiction_id api_key description address_string email
phone media_url attribute[x] attribute[x][] submission_key requested_datetime update_id
updated_datetime via
"""
NAMES = WORDS.split()
VALUES = st.one_of(
    st.text(max_size=12),
    st.floats().map(str),
    st.integers().map(str),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.sampled_from(
        ["zarechny", "road-potholes", "open", "true", "1e400", "-0", "0-0", "1-8", "٣", "%", "[]"]
    ),
)
PATHS = ("requests", "services", "servicerequestupdates", "requests/1-8", "tokens/x", "discovery")


@how(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    path=st.sampled_from(PATHS),
    form=st.sampled_from(["xml", "json"]),
    query=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5),
    is_sent=st.booleans(),
)
def test_no_parameters_break_it(
    client: Client, key: str, path: str, form: str, query: dict[str, str], is_sent: bool
):
    ApiKey.objects.update(ended_at=None)
    text = urlencode(query, errors="replace")
    where = f"{ROOT}{path}.{form}"
    kind = "application/x-www-form-urlencoded"

    if is_sent:
        answer = client.post(f"{where}?api_key={key}", text, content_type=kind)
    else:
        answer = client.get(f"{where}?{text}")

    assert answer.status_code in {200, 400, 403, 404, 405}
    assert answer.headers["Content-Type"] == (XML if form == "xml" else JSON)
    if form == "xml":
        ElementTree.fromstring(answer.content)
    else:
        json.loads(answer.content)


def test_texts_that_no_document_holds_do_not_break_the_answer(client: Client, zarechny: Channel):
    report = checked(zarechny, may_publish=True, is_text_shown=True, shown_text="\x0bЯма <&> ]]>\r")
    Report.objects.filter(pk=report.pk).update(shown_text="\x0bЯма <&> ]]>\r")

    root = ElementTree.fromstring(client.get(f"{ROOT}requests.xml").content)

    assert root.findtext("request/description") == "Яма <&> ]]>\r"
