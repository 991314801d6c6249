"""Pages made for one person are kept by no shared cache; those for everybody stay as they are."""

from __future__ import annotations

import pytest
from django.test import Client

from novator.accounts.testing import make_role, signed_in
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/en/",
        "/en/practices/glazov-warm-stops/",
        "/en/requests/",
        "/en/account/email/",
        "/en/account/sessions/",
        "/en/account/second-factor/",
        "/en/cities/glazov/team/",
    ],
)
def test_a_signed_in_reader_gets_private_pages(path: str) -> None:
    head = make_role("head", city=make_practice().municipality).user

    answer = signed_in(head).get(path)

    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


def test_pages_for_everybody_say_nothing_of_it(client: Client) -> None:
    make_practice()

    assert "Cache-Control" not in client.get("/en/practices/glazov-warm-stops/")
