"""The feed: what other catalogues read of ours, complete, in order and as it is documented."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from novator.files.models import StoredFile
from novator.interchange.entries import entry_from, part_from
from novator.interchange.models import ForeignCard, Installation
from novator.interchange.operations import pass_on
from novator.interchange.ordering import own_installation
from novator.interchange.testing import BEGAN, THERE
from novator.practices.models import Attachment, Practice
from novator.practices.publishing import merge_cards, withdraw_card
from novator.practices.rows import COLUMNS
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db

SCHEMA_FILE = Path(__file__).resolve().parents[5] / "docs" / "feed.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def feed(client: Client, asked: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/feed/practices?{asked}")
    assert answer.status_code == 200, answer.content
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(answer.json())
    return dict(answer.json())


def slugs(part: dict[str, Any]) -> list[str]:
    return [entry["slug"] for entry in part["entries"]]


def make_foreign(slug: str, **facts: Any) -> Practice:
    origin, _is_new = Installation.objects.get_or_create(
        public_id=THERE, defaults={"address": "https://votkinsk.example"}
    )
    practice = make_practice(slug, **({"origin": origin.address} | facts))
    ForeignCard.objects.create(
        practice=practice, origin=origin, slug=slug, version=4, changed_at=BEGAN
    )
    return practice


def test_tells_a_card_as_the_schema_of_the_catalogue_has_it(client: Client, settings: Settings):
    settings.SITE_URL = "https://glazov.example"
    practice = make_practice(is_by_its_city=True)

    part = feed(client)

    [entry] = part["entries"]
    own = str(own_installation().public_id)
    assert part["installation"] == {"id": own, "address": "https://glazov.example"}
    assert entry["id"] == f"{own}/glazov-warm-stops"
    assert entry["page"] == "https://glazov.example/practices/glazov-warm-stops/"
    assert entry["is_by_its_city"] is True
    assert entry["version"] == 1
    assert entry["card"]["effects"][0]["change"] == -90
    assert list(entry["card"]) == list(COLUMNS)
    assert entry_from(entry).changed_at == practice.changed_at


def test_the_schema_names_exactly_the_columns_of_the_catalogue():
    assert list(SCHEMA["$defs"]["card"]["properties"]) == list(COLUMNS)
    jsonschema_rs.meta.validate(SCHEMA)


def test_what_we_tell_is_what_we_read(client: Client):
    make_practice()

    part = part_from(feed(client))

    assert [entry_from(values).slug for values in part.entries] == ["glazov-warm-stops"]
    assert part.installation.address == ""


def test_goes_on_behind_the_cursor(client: Client):
    for number in range(5):
        make_practice(f"card-{number}")

    first = feed(client, "limit=2")
    second = feed(client, f"limit=2&since={first['cursor']}")
    third = feed(client, f"limit=2&since={second['cursor']}")
    end = feed(client, f"since={third['cursor']}")

    assert slugs(first) + slugs(second) + slugs(third) == [f"card-{n}" for n in range(5)]
    assert [part["remaining"] for part in (first, second, third, end)] == [3, 1, 0, 0]
    assert f"since={first['cursor']}" in first["next"]
    assert third["next"] is None
    assert end["entries"] == []
    assert end["cursor"] == third["cursor"]


def test_a_changed_card_comes_again_and_only_it(client: Client):
    practice = make_practice("card-1")
    make_practice("card-2")
    cursor = feed(client)["cursor"]

    practice.contact_org = "Администрация"
    practice.save()

    part = feed(client, f"since={cursor}")
    assert slugs(part) == ["card-1"]
    assert part["entries"][0]["card"]["contact_org"] == "Администрация"


def test_a_withdrawn_card_leaves_a_tombstone(client: Client):
    practice, stays = make_practice("card-1"), make_practice("card-2")
    twin = make_practice("card-3")

    withdraw_card(practice=practice, because="устарело")
    merge_cards(twin=twin, into=stays, because="двойник")

    entries = {entry["slug"]: entry for entry in feed(client)["entries"]}
    assert entries["card-1"]["deleted"] is True
    assert entries["card-1"]["card"] is None
    assert entries["card-1"]["reason"] == "устарело"
    assert entries["card-3"]["merged_into"] == entries["card-2"]["id"]
    assert entries["card-2"]["deleted"] is False


def test_cards_of_the_package_are_nobodys_own(client: Client):
    make_practice("of-the-package", is_starter=True)
    make_practice("of-ours")

    assert slugs(feed(client)) == ["of-ours"]


def test_cards_of_others_are_told_only_if_the_office_wants_that(client: Client):
    make_foreign("votkinsk-lamps")
    make_practice("of-ours")
    alone = feed(client)

    pass_on(is_wanted=True)
    with_others = feed(client, f"since={alone['cursor']}")

    assert slugs(alone) == ["of-ours"]
    [entry] = with_others["entries"]
    assert entry["id"] == f"{THERE}/votkinsk-lamps"
    assert entry["origin"] == {"id": THERE, "address": "https://votkinsk.example"}
    assert entry["changed_at"] == BEGAN.isoformat()
    assert entry["version"] == 4


def test_what_we_took_out_of_others_is_not_passed_on(client: Client):
    pass_on(is_wanted=True)
    ours, theirs = make_foreign("we-refused"), make_foreign("they-withdrew")
    withdraw_card(practice=ours, because="")
    withdraw_card(practice=theirs, because="")
    ForeignCard.objects.filter(practice=theirs).update(gone_at=timezone.now())

    part = feed(client)

    assert [(entry["slug"], entry["deleted"]) for entry in part["entries"]] == [
        ("they-withdrew", True)
    ]


def test_a_card_that_a_city_claimed_here_says_what_it_was(client: Client):
    make_foreign("votkinsk-lamps", origin="", is_by_its_city=True)

    [entry] = feed(client)["entries"]

    assert entry["id"] == f"{own_installation().public_id}/votkinsk-lamps"
    assert entry["formerly"] == f"{THERE}/votkinsk-lamps"


def test_documents_are_linked(client: Client):
    practice = make_practice()
    file = StoredFile.objects.create(
        digest="0" * 64, name="plan.pdf", content_type="application/pdf", size=3, kind="document"
    )
    Attachment.objects.create(practice=practice, file=file, position=1, caption="План")

    [entry] = feed(client)["entries"]

    assert entry["attachments"] == [
        {
            "url": f"http://testserver/files/{file.public_id}/plan.pdf",
            "caption": "План",
            "alt": "",
            "media_type": "application/pdf",
        }
    ]


def test_is_packed_and_need_not_be_sent_twice(client: Client):
    make_practice()

    packed = client.get("/api/v1/feed/practices", headers={"Accept-Encoding": "gzip"})
    again = client.get("/api/v1/feed/practices", headers={"If-None-Match": packed.headers["ETag"]})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content))["entries"]
    assert packed.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304


@pytest.mark.parametrize(
    "asked", ["since=", "since=ABC", "since=1234567890123", "limit=0", "limit=201", "sinc=1"]
)
def test_refuses_what_it_does_not_know(client: Client, asked: str):
    assert client.get(f"/api/v1/feed/practices?{asked}").status_code == 422


def test_a_part_costs_the_same_however_many_cards_it_has(
    client: Client, django_assert_max_num_queries
):
    for number in range(20):
        make_practice(f"card-{number}", changed_at=timezone.now() - timedelta(days=number))
    feed(client)

    with django_assert_max_num_queries(17):
        part = feed(client)

    assert len(part["entries"]) == 20
