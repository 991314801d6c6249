"""Attached files are given to those who may read them, and never run in a browser."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.drafts.models import Draft, DraftAttachment
from novator.files.models import StoredFile
from novator.files.operations import remove_unlinked_files
from novator.files.testing import PDF, make_file, photo
from novator.practices.models import Attachment
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def hung_on_a_card(file: StoredFile, **facts: Any) -> StoredFile:
    Attachment.objects.create(practice=make_practice(**facts), file=file, position=1)
    return file


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_everybody_reads_what_hangs_on_a_card(client: Client) -> None:
    kept = hung_on_a_card(make_file())

    response = client.get(kept.get_absolute_url(), headers={"Accept-Encoding": "gzip"})

    assert (response.status_code, body(response)) == (200, PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%9E")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=600"
    assert response["Content-Length"] == str(len(PDF))
    assert "Vary" not in response or "Cookie" not in response["Vary"]


def test_a_photo_is_seen_in_the_page(client: Client) -> None:
    kept = hung_on_a_card(make_file(photo(), "двор.jpg"))

    whole, small = client.get(kept.get_absolute_url()), client.get(kept.small_url)

    assert whole["Content-Disposition"].startswith("inline")
    assert (whole["Content-Type"], small["Content-Type"]) == ("image/jpeg", "image/jpeg")
    assert (whole.status_code, small.status_code) == (200, 200)
    assert body(small)[:3] == body(whole)[:3] == b"\xff\xd8\xff"


def test_plain_text_is_saved_not_shown(client: Client) -> None:
    kept = hung_on_a_card(make_file(b"words <script>alert(1)</script>", "a.txt"))

    response = client.get(kept.get_absolute_url())

    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_known_bytes_are_not_sent_again(client: Client) -> None:
    kept = hung_on_a_card(make_file())

    response = client.get(kept.get_absolute_url(), headers={"If-None-Match": f'"{kept.digest}"'})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == f'"{kept.digest}"'


@pytest.mark.parametrize(
    ("asked", "status", "given", "told"),
    [
        ("bytes=0-3", 206, PDF[:4], "bytes 0-3/{size}"),
        ("bytes=5-", 206, PDF[5:], "bytes 5-{last}/{size}"),
        ("bytes=-6", 206, PDF[-6:], None),
        ("bytes=9999-", 416, b"", "bytes */{size}"),
        ("bytes=0-1,4-5", 200, PDF, None),
        ("lines=1-2", 200, PDF, None),
    ],
)
def test_gives_a_range(client: Client, asked: str, status: int, given: bytes, told: str | None):
    kept = hung_on_a_card(make_file())

    response = client.get(kept.get_absolute_url(), headers={"Range": asked})

    assert response.status_code == status
    assert (body(response) if response.streaming else response.content) == given
    assert response["Content-Length"] == str(len(given))
    if told:
        assert response["Content-Range"] == told.format(size=len(PDF), last=len(PDF) - 1)


def test_a_changed_file_is_sent_whole(client: Client) -> None:
    kept = hung_on_a_card(make_file())
    headers = {"Range": "bytes=0-3", "If-Range": '"of another"'}

    response = client.get(kept.get_absolute_url(), headers=headers)

    assert (response.status_code, body(response)) == (200, PDF)


def test_only_the_head_is_given_when_only_it_is_asked_for(client: Client) -> None:
    kept = hung_on_a_card(make_file())

    response = client.head(kept.get_absolute_url())

    assert (response.status_code, response["Content-Length"]) == (200, str(len(PDF)))


def test_the_file_of_a_withdrawn_card_is_gone(client: Client) -> None:
    kept = hung_on_a_card(make_file(), withdrawn_at=timezone.now())

    assert signed_in(make_user()).get(kept.get_absolute_url()).status_code == 404
    assert client.get(kept.get_absolute_url()).status_code == 302


def test_the_file_of_a_draft_is_for_its_city_alone(client: Client) -> None:
    glazov, stary_bor = make_city("Glazov"), make_city("Stary Bor")
    editor = make_role("editor", city=glazov).user
    stranger = make_role("editor", city=stary_bor).user
    kept = make_file()
    draft = Draft.objects.create(
        municipality=glazov, author=editor, holder=editor, changed_by=editor
    )
    DraftAttachment.objects.create(draft=draft, file=kept, position=1)

    own = signed_in(editor).get(kept.get_absolute_url())
    strange = signed_in(stranger).get(kept.get_absolute_url())
    unknown = client.get(kept.get_absolute_url())

    assert (own.status_code, own["Cache-Control"]) == (200, "private, no-cache")
    assert strange.status_code == 404
    assert unknown.status_code == 302
    assert kept.name not in unknown["Location"].split("?")[0]


def test_what_hangs_nowhere_is_for_nobody() -> None:
    assert signed_in(make_user()).get(make_file().get_absolute_url()).status_code == 404


def test_bytes_that_were_lost_are_a_page_not_an_error(client: Client) -> None:
    from novator.files import disk

    kept = hung_on_a_card(make_file())
    disk.remove(kept.digest)

    assert client.get(kept.get_absolute_url()).status_code == 404


def test_what_hangs_on_a_card_is_never_removed(client: Client) -> None:
    kept = hung_on_a_card(make_file())

    removed = remove_unlinked_files(now=timezone.now() + timedelta(days=2))

    assert removed == 0
    assert body(client.get(kept.get_absolute_url())) == PDF
