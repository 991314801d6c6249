"""The whole catalogue and its cities as files."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client
from openpyxl import load_workbook

from novator.cities.testing import make_city
from novator.practices.models import Practice
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


def _content(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'rel="license"' in answer.headers["Link"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join(answer)


def test_practices_come_in_three_formats(client: Client):
    make_practice()

    lines = _content(client, "/api/v1/export/practices.jsonl").decode().splitlines()
    table = _content(client, "/api/v1/export/practices.csv").decode("utf-8-sig")
    book = load_workbook(io.BytesIO(_content(client, "/api/v1/export/practices.xlsx")))

    assert [json.loads(line)["id"] for line in lines] == ["glazov-warm-stops"]
    assert next(csv.DictReader(io.StringIO(table)))["id"] == "glazov-warm-stops"
    assert book["practices"]["A2"].value == "glazov-warm-stops"


def test_a_file_is_sent_again_only_when_the_catalogue_has_changed(client: Client):
    make_practice()
    path = "/api/v1/export/practices.jsonl"
    known = client.get(path).headers["ETag"]

    unchanged = client.get(path, headers={"If-None-Match": known})
    make_practice("glazov-lamps")
    changed = client.get(path, headers={"If-None-Match": known})

    assert unchanged.status_code == 304
    assert changed.status_code == 200
    assert Practice.objects.count() == 2


def test_municipalities_come_as_a_table(client: Client):
    make_city("Zarechny", short_name_ru="=1+1", population=None)

    table = _content(client, "/api/v1/export/municipalities.csv").decode("utf-8-sig")

    [row] = csv.DictReader(io.StringIO(table))
    assert row["id"] == "zarechny"
    assert row["short_name_ru"] == "'=1+1"
    assert row["population"] == ""
    assert row["practices"] == "0"


def test_municipalities_come_as_points_and_none_is_guessed(client: Client):
    make_city("Glazov", latitude=58.14, longitude=52.66)
    make_city("Stary Bor", latitude=None, longitude=None)

    points = json.loads(_content(client, "/api/v1/export/municipalities.geojson"))

    glazov, stary_bor = points["features"]
    assert glazov["geometry"]["coordinates"] == [52.66, 58.14]
    assert glazov["properties"]["region"] == "RU-UD"
    assert stary_bor["geometry"] is None


@pytest.mark.parametrize("name", ["practices.pdf", "practices", "municipalities.xlsx"])
def test_other_files_do_not_exist(client: Client, name: str):
    assert client.get(f"/api/v1/export/{name}").status_code == 404
