"""A letter is queued with what it tells of, once per key, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.mail.models import Letter, Unsubscription
from novator.mail.operations import (
    CannotSettle,
    address_digest,
    forget_letters_to,
    forget_old_letters,
    resume_letters,
    settle_letter,
    stop_letters,
)
from novator.mail.server import MailServer, mail_server
from novator.mail.testing import make_letter

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="novator.mail.send_letter").count()


def test_the_same_key_is_queued_once() -> None:
    letter = make_letter(key="answer 12 to 7")

    again = make_letter(key="answer 12 to 7", subject="Другое")

    assert again == letter
    assert (Letter.objects.get().subject, jobs()) == ("Ответ на ваш вопрос", 1)


def test_letters_without_a_key_are_all_queued() -> None:
    make_letter()
    make_letter()

    assert (Letter.objects.count(), jobs()) == (2, 2)


def test_goes_with_its_transaction() -> None:
    with transaction.atomic():
        make_letter()
        transaction.set_rollback(True)

    assert (Letter.objects.count(), jobs()) == (0, 0)


def test_urgent_letters_go_first() -> None:
    make_letter("digest")
    make_letter("account")

    priorities = ProcrastinateJob.objects.order_by("id").values_list("priority", flat=True)
    assert list(priorities) == [0, 10]


def test_a_subject_is_one_line() -> None:
    letter = make_letter(subject="Вопрос\r\nBcc: all@stary-bor.example")

    assert letter.subject == "Вопрос Bcc: all@stary-bor.example"


def test_refuses_an_unknown_kind() -> None:
    with pytest.raises(KeyError):
        make_letter("gossip")

    assert not Letter.objects.exists()


def test_who_stopped_a_kind_gets_no_more_of_it_until_resumed() -> None:
    digest = address_digest("clerk@zarechny.example")
    stop_letters(digest=digest, kind="digest")
    stop_letters(digest=digest, kind="digest")

    states = [make_letter("digest").state, make_letter("answer").state]
    resume_letters(digest=digest, kind="digest")

    assert states == ["unwanted", "queued"]
    assert make_letter("digest").state == "queued"
    assert not Unsubscription.objects.exists()


def test_letters_that_cannot_be_stopped_go_out_all_the_same() -> None:
    stop_letters(digest=address_digest("clerk@zarechny.example"), kind="account")

    assert make_letter("account").state == "queued"


def flagged(state: str) -> Letter:
    letter = make_letter()
    Letter.objects.filter(pk=letter.pk).update(state=state, claimed_at=NOW, attempts=8)
    letter.refresh_from_db()
    return letter


def test_a_person_says_that_it_arrived() -> None:
    letter = flagged("unknown")

    settle_letter(letter=letter, verdict="arrived", now=NOW)

    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.settled_as) == ("sent", NOW, "arrived")
    assert not Letter.objects.for_the_office().exists()
    assert apps.get_model("mail", "LetterEvent").objects.get().settled_as == "arrived"


def test_a_person_has_it_sent_again() -> None:
    letter = flagged("refused")

    settle_letter(letter=letter, verdict="again", now=NOW)

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, jobs()) == ("queued", 0, 2)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [("refused", "arrived"), ("sent", "again"), ("queued", "left"), ("unknown", "burn")],
)
def test_refuses_what_nobody_can_decide(state: str, verdict: str) -> None:
    letter = make_letter()
    Letter.objects.filter(pk=letter.pk).update(state=state, sent_at=NOW)

    with pytest.raises(CannotSettle):
        settle_letter(letter=letter, verdict=verdict, now=NOW)

    assert jobs() == 1


def test_is_decided_once() -> None:
    letter = flagged("unknown")
    settle_letter(letter=letter, verdict="left", now=NOW)

    with pytest.raises(CannotSettle):
        settle_letter(letter=letter, verdict="again", now=NOW)


def test_text_and_address_are_forgotten_after_ninety_days() -> None:
    old = make_letter(key="old")
    waiting = make_letter(key="waiting")
    young = make_letter(key="young")
    Letter.objects.filter(pk__in=[old.pk, young.pk]).update(state="sent", sent_at=NOW)
    long_ago = NOW - timedelta(days=91)
    Letter.objects.filter(pk__in=[old.pk, waiting.pk]).update(created_at=long_ago)

    assert forget_old_letters(now=NOW, after_days=90) == 1

    old.refresh_from_db()
    assert (old.to_email, old.subject, old.body, old.state) == ("", "", "", "sent")
    assert Letter.objects.exclude(body="").count() == 2


def test_an_erased_person_gets_nothing_and_leaves_nothing() -> None:
    theirs = make_letter(to="Anna@glazov.example")
    other = make_letter(to="clerk@zarechny.example")

    forget_letters_to(address="anna@glazov.example")

    theirs.refresh_from_db()
    other.refresh_from_db()
    assert (theirs.state, theirs.to_email, theirs.body) == ("unwanted", "", "")
    assert other.state == "queued"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", MailServer()),
        ("smtp://mail.example", MailServer("mail.example", 25)),
        (
            "smtp://novator%40x:p%3Aw@mail.example:2525?tls=starttls",
            MailServer("mail.example", 2525, "novator@x", "p:w", "starttls"),
        ),
        ("smtp://mail.example?tls=ssl", MailServer("mail.example", 465, tls="ssl")),
    ],
)
def test_reads_the_address_of_a_server(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize("url", ["mail.example", "http://a:secret@b", "smtp://b?tls=maybe"])
def test_names_a_wrong_address_of_a_server_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="NOVATOR_MAIL_URL") as refusal:
        mail_server(url)

    assert "secret" not in str(refusal.value)
