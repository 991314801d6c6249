"""Every route of the site: who gets in, who is sent to sign in, who is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as of_site
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from pytest_django import Settings

from novator.accounts.models import Invitation
from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.matching.testing import index_by_letters
from novator.portal.acting import OPEN_WITHOUT_SECOND_FACTOR
from novator.portal.testing import plain_static_files
from novator.practices.testing import make_practice
from tests.access import ACCESS, EXAMPLES, NAMELESS, PARTS

pytestmark = pytest.mark.django_db
SIGN_IN = "/ru/account/login/"


@dataclass(frozen=True)
class Route:
    """A route with its full name and the kinds of the parts of its address."""

    name: str
    parts: Mapping[str, str]

    @property
    def address(self) -> str:
        """An example of its address."""
        examples = {part: EXAMPLES[kind] for part, kind in self.parts.items()}
        return reverse(self.name, kwargs=PARTS.get(self.name, examples))


def routes(
    resolver: URLResolver | None = None, space: str = "", parts: Mapping[str, str] | None = None
) -> Iterator[Route]:
    """Every route of the site."""
    for one in (resolver or get_resolver()).url_patterns:
        kinds = {
            part: type(converter).__name__.removesuffix("Converter").lower()
            for part, converter in one.pattern.converters.items()
        }
        inner = {**(parts or {}), **kinds}
        if isinstance(one, URLResolver):
            yield from routes(one, f"{space}{one.namespace}:" if one.namespace else space, inner)
        else:
            yield Route(f"{space}{one.name}", inner)


def access_to(name: str) -> str:
    """Who may open a route; empty where the table does not know it."""
    if name in ACCESS:
        return ACCESS[name]
    known = [key for key in ACCESS if key.endswith("*") and name.startswith(key[:-1])]
    return ACCESS[max(known, key=len)] if known else ""


def asked(client: Client, where: str) -> Any:
    """Read the page, or send an empty form where it cannot be read."""
    answer = client.get(where)
    return client.post(where) if answer.status_code == 405 else answer


def opened(answer: HttpResponse) -> bool:
    """Whether somebody was let in: a page, or a form that was taken."""
    is_sent_away = answer.status_code == 302 and SIGN_IN in answer.headers["Location"]
    return answer.status_code < 400 and not is_sent_away


@pytest.fixture(autouse=True)
def _glazov(settings: Settings, index_of_nothing: None) -> None:
    plain_static_files(settings)
    glazov = make_city("Glazov")
    make_practice(city=glazov)
    make_role("head", city=glazov)
    Invitation.objects.create(email="new@glazov.example", kind="editor", municipality=glazov)


@pytest.fixture
def index_of_nothing(settings: Settings, tmp_path: Any, monkeypatch: Any) -> None:
    index_by_letters(settings, tmp_path, monkeypatch)


def walked(wanted: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Names and addresses of the pages to which such people may come."""
    return [
        (route.name, route.address)
        for route in routes()
        if wanted(access_to(route.name)) and not route.name.startswith("api-")
    ]


def test_the_table_knows_every_route_and_no_other() -> None:
    names = {route.name for route in routes()}

    assert {name for name in names if not access_to(name)} == set()
    assert {
        known
        for known in ACCESS
        if known not in names and not any(n.startswith(known.rstrip("*")) for n in names)
    } == set()


def test_nobody_gets_in_without_signing_in() -> None:
    let_in = [
        (name, answer.status_code)
        for name, where in walked(lambda access: access not in {"public", ""})
        if opened(answer := asked(Client(), where))
    ]

    assert let_in == []


def test_what_is_public_asks_nobody_to_sign_in() -> None:
    refused = [
        (name, answer.status_code)
        for name, where in walked(lambda access: access == "public")
        if (answer := asked(Client(), where)).status_code == 403
        or answer.headers.get("Location", "").startswith(f"{SIGN_IN}?next=")
    ]

    assert refused == []


def test_an_editor_of_stary_bor_is_refused() -> None:
    stranger = signed_in(make_role("editor", city=make_city("Stary Bor")).user)

    let_in = [
        (name, answer.status_code)
        for name, where in walked(lambda access: access.startswith("role:"))
        if (answer := asked(stranger, where)).status_code not in {403, 404}
    ]

    assert let_in == []


def test_staff_without_a_second_factor_gets_nowhere_but_to_its_set_up() -> None:
    person = make_user("clerk@association.example")
    make_role("office", user=person)
    person.authenticator_set.all().delete()
    client = signed_in(person)
    set_up = reverse("mfa_index")

    let_in = [
        name
        for name, where in walked(lambda access: True)
        if where.startswith("/ru/")
        and not where.removeprefix("/ru/").startswith(OPEN_WITHOUT_SECOND_FACTOR)
        and name not in NAMELESS
        and asked(client, where).headers.get("Location") != set_up
    ]

    assert let_in == []
    assert client.get(reverse("my_account")).status_code == 200
    assert of_site.SESSION_COOKIE_NAME in client.cookies


def test_anonymous_readers_get_no_session() -> None:
    client = Client()

    for _name, where in walked(lambda access: access == "public"):
        client.get(where)
        assert of_site.SESSION_COOKIE_NAME not in client.cookies, where
