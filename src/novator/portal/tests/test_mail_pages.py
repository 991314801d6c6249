"""A reader stops letters by one button; the office decides about letters of unknown end."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.mail.models import Letter, Unsubscription
from novator.mail.testing import make_letter

pytestmark = pytest.mark.django_db


def flagged(state: str = "unknown", **facts: Any) -> Letter:
    letter = make_letter(**facts)
    Letter.objects.filter(pk=letter.pk).update(state=state, claimed_at=timezone.now(), attempts=1)
    letter.refresh_from_db()
    return letter


def office() -> Client:
    return signed_in(make_role("office").user)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_opening_the_page_stops_nothing(client: Client, language: str) -> None:
    letter = make_letter("digest")

    response = client.get(f"/{language}/letters/{letter.public_id}/stop/")

    assert response.status_code == 200
    assert b"zarechny" not in response.content
    assert not Unsubscription.objects.exists()


def test_one_button_stops_and_another_begins_again(client: Client) -> None:
    letter = make_letter("digest")

    stopped = client.post(letter.stop_path())
    state = make_letter("digest").state
    again = client.post(letter.stop_path(), {"again": "yes"})

    assert (stopped.status_code, state, again.status_code) == (200, "unwanted", 200)
    assert not Unsubscription.objects.exists()


def test_a_mail_program_stops_by_itself() -> None:
    """RFC 8058: a post without cookie, page or proof of this site."""
    letter = make_letter("digest")

    response = Client(enforce_csrf_checks=True).post(
        letter.stop_path(), {"List-Unsubscribe": "One-Click"}
    )

    assert response.status_code == 200
    assert Unsubscription.objects.get().kind == "digest"


def test_what_an_account_needs_cannot_be_stopped(client: Client) -> None:
    client.post(make_letter("account").stop_path())

    assert not Unsubscription.objects.exists()


def test_an_unknown_letter_is_not_found(client: Client) -> None:
    response = client.get("/ru/letters/00000000-0000-4000-8000-000000000000/stop/")

    assert response.status_code == 404


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_office_sees_what_waits_for_it(language: str) -> None:
    flagged("unknown", subject="Ответ Глазова")
    make_letter(subject="Ещё ждёт")

    page = office().get(f"/{language}/office/letters/").content.decode()

    assert "Ответ Глазова" in page
    assert "Ещё ждёт" not in page


def test_twenty_letters_cost_no_more_queries(django_assert_max_num_queries) -> None:
    for number in range(20):
        flagged(key=str(number))
    client = office()

    with django_assert_max_num_queries(12):
        assert client.get("/ru/office/letters/").status_code == 200


def test_the_office_has_a_letter_sent_again() -> None:
    letter = flagged()

    response = office().post(f"/ru/office/letters/{letter.public_id}/", {"verdict": "again"})

    letter.refresh_from_db()
    assert (response.status_code, letter.state) == (302, "queued")


def test_two_people_do_not_decide_twice() -> None:
    letter, client = flagged(), office()
    client.post(f"/ru/office/letters/{letter.public_id}/", {"verdict": "arrived"})

    client.post(f"/ru/office/letters/{letter.public_id}/", {"verdict": "again"})

    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_stranger_is_refused() -> None:
    stranger = signed_in(make_role("editor", city=make_city("Stary Bor")).user)
    letter = flagged()

    seen = stranger.get("/ru/office/letters/")
    done = stranger.post(f"/ru/office/letters/{letter.public_id}/", {"verdict": "again"})

    letter.refresh_from_db()
    assert (seen.status_code, done.status_code, letter.state) == (403, 403, "unknown")


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/ru/office/letters/").status_code == 302


def test_a_decision_needs_the_proof_of_this_site() -> None:
    letter = flagged()
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        make_role("office").user, backend="django.contrib.auth.backends.ModelBackend"
    )

    response = client.post(f"/ru/office/letters/{letter.public_id}/", {"verdict": "again"})

    assert response.status_code == 403
