"""A letter is sent once; a refusal is tried again, an unknown outcome is left to a person."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import get_connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.mail.backends import SmtpBackend
from novator.mail.models import Letter
from novator.mail.operations import (
    MOST_ATTEMPTS,
    address_digest,
    flag_lost_letters,
    queue_forgotten_letters,
    stop_letters,
)
from novator.mail.sending import send
from novator.mail.testing import Post, make_letter, post_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings) -> None:
    settings.LETTERS_A_MINUTE = 60_000
    settings.SITE_ADDRESS = "https://novator.example"
    settings.DEFAULT_FROM_EMAIL = "Новатор <novator@novator.example>"


@pytest.fixture
def post(settings, request) -> Iterator[Post]:
    with post_office(getattr(request, "param", "takes")) as (server, port):
        settings.EMAIL_BACKEND = "novator.mail.backends.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1
        yield server


def waiting_jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="novator.mail.send_letter"))


def test_goes_out_once(post: Post) -> None:
    letter = make_letter()

    ends = [send(letter.pk), send(letter.pk)]

    letter.refresh_from_db()
    assert ends == ["sent", "nothing to send"]
    assert (letter.state, letter.attempts, len(post.taken)) == ("sent", 1, 1)
    arrived = message_from_bytes(post.taken[0], policy=policy.default)
    assert arrived["Subject"] == "Ответ на ваш вопрос"
    assert arrived["To"] == "clerk@zarechny.example"
    assert arrived["Message-ID"] == letter.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"


def test_tells_how_to_stop_without_the_address(post: Post) -> None:
    letter = make_letter("digest", language="en")

    send(letter.pk)

    arrived = message_from_bytes(post.taken[0], policy=policy.default)
    stop = f"https://novator.example/en/letters/{letter.public_id}/stop/"
    assert arrived["List-Unsubscribe"].strip() == f"<{stop}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in arrived.get_content()
    assert "zarechny" not in stop


def test_what_nobody_may_stop_offers_no_stop(post: Post) -> None:
    send(make_letter("account").pk)

    assert message_from_bytes(post.taken[0])["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("post", "code"), [("refuses", "550"), ("refuses text", "451")], indirect=["post"]
)
def test_a_refusal_is_tried_again_later_without_naming_the_address(post: Post, code: str) -> None:
    letter = make_letter()

    send(letter.pk)

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.last_error) == ("queued", 1, code)
    assert post.taken == []
    now, later = waiting_jobs()
    assert now.scheduled_at is None
    assert later.scheduled_at is not None
    assert later.scheduled_at - timezone.now() > timedelta(seconds=50)


def test_nobody_at_the_port_is_a_refusal(settings) -> None:
    settings.EMAIL_BACKEND = "novator.mail.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letter = make_letter()

    send(letter.pk)

    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == ("queued", "ConnectionRefusedError")


@pytest.mark.parametrize("post", ["refuses"], indirect=True)
def test_gives_up_after_eight_refusals(post: Post) -> None:
    letter = make_letter()

    ends = [send(letter.pk) for _attempt in range(MOST_ATTEMPTS + 1)]

    assert ends[-2:] == ["refused", "nothing to send"]
    assert list(Letter.objects.for_the_office()) == [letter]


@pytest.mark.parametrize("post", ["dies", "hangs"], indirect=True)
def test_silence_after_the_text_is_not_tried_again(post: Post) -> None:
    letter = make_letter()

    ends = [send(letter.pk), send(letter.pk)]

    letter.refresh_from_db()
    assert ends == ["unknown", "nothing to send"]
    assert (letter.state, post.texts, len(waiting_jobs())) == ("unknown", 1, 1)
    assert list(Letter.objects.for_the_office()) == [letter]


def test_a_claim_without_an_end_is_flagged(post: Post) -> None:
    now = timezone.now()
    lost = make_letter(key="lost")
    fresh = make_letter(key="fresh")
    Letter.objects.filter(pk=lost.pk).update(
        state="claimed", claimed_at=now - timedelta(minutes=16)
    )
    Letter.objects.filter(pk=fresh.pk).update(
        state="claimed", claimed_at=now - timedelta(minutes=14)
    )

    assert flag_lost_letters(now=now) == 1

    assert list(Letter.objects.for_the_office()) == [lost]
    assert send(lost.pk) == "nothing to send"


def test_a_letter_whose_job_was_lost_is_queued_again() -> None:
    letter = make_letter()
    forgotten = make_letter()
    Letter.objects.update(created_at=timezone.now() - timedelta(hours=1))
    ProcrastinateJob.objects.filter(args__letter_id=forgotten.pk)._raw_delete("default")

    assert queue_forgotten_letters(now=timezone.now()) == 1

    assert sorted(job.args["letter_id"] for job in waiting_jobs()) == [letter.pk, forgotten.pk]


def test_a_stop_while_it_waited_is_heeded(post: Post) -> None:
    letter = make_letter("digest")
    stop_letters(digest=address_digest("Clerk@zarechny.example "), kind="digest")

    assert send(letter.pk) == "nothing to send"

    letter.refresh_from_db()
    assert (letter.state, letter.to_email, letter.body) == ("unwanted", "", "")


def test_letters_keep_their_distance(settings, monkeypatch) -> None:
    settings.LETTERS_A_MINUTE = 30
    pauses: list[float] = []
    monkeypatch.setattr("novator.mail.sending.time.sleep", pauses.append)
    send(make_letter().pk)

    send(make_letter().pk)

    assert len(pauses) == 1
    assert 1 < pauses[0] <= 2


def test_without_a_server_a_letter_is_a_file(settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "novator.mail.backends.FolderBackend"
    settings.LETTERS_DIR = tmp_path / "letters"

    send(make_letter().pk)

    (kept,) = (tmp_path / "letters").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    words = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert words["Subject"] == "Ответ на ваш вопрос"


def test_speaks_to_a_secret_server_by_its_own_class() -> None:
    backend = get_connection("novator.mail.backends.SmtpBackend", use_ssl=True, use_tls=False)

    assert isinstance(backend, SmtpBackend)
    assert issubclass(backend.connection_class, smtplib.SMTP_SSL)
