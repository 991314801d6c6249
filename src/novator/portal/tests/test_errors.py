"""What is missing or broken is said in the reader's language, with a way on."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from novator.portal import errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "language", "browser"),
    [("/ru/nowhere/", "ru", "en"), ("/en/nowhere/", "en", "ru"), ("/nowhere", "en", "en")],
)
def test_a_missing_page_speaks_the_reader_s_language(
    client: Client, address: str, language: str, browser: str
) -> None:
    answer = client.get(address, headers={"accept-language": browser})

    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.content.decode()
    assert 'role="search"' in answer.content.decode()


def test_our_fault_is_said_without_database_and_without_context() -> None:
    answer = errors.server_error(RequestFactory().get("/en/"))

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_refused_and_unreadable_requests_have_pages() -> None:
    request = RequestFactory().get("/en/")

    refused = errors.forbidden(request, PermissionError())
    unreadable = errors.bad_request(request, ValueError())

    assert (refused.status_code, unreadable.status_code) == (403, 400)
    assert "Nothing was changed" in unreadable.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["", "a b", "novator.example/@x", "<script>", "ямы.рф", "a, b"])
@pytest.mark.parametrize("address", ["/", "/en/", "/nowhere", "/sitemap.xml", "/api/v1/topics"])
def test_a_made_up_host_is_refused_in_words(client: Client, host: str, address: str) -> None:
    answer = client.get(address, headers={"host": host})

    assert answer.status_code == 400
    assert host.encode() not in answer.content or not host
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_foreign_host_gets_into_no_address_of_a_public_site(
    client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://novator.example"

    page = client.get("/en/about/", headers={"host": "evil.example"}).content.decode()

    assert '<link rel="canonical" href="https://novator.example/en/about/">' in page
    assert "evil.example" not in page
