"""`novator account grant`, `list` and `end` as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from novator.accounts.models import Invitation, Role
from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.cli import accounts
from novator.cli.setting_up import port_of_running_site
from novator.mail.models import Letter
from novator.site.lock import FileLock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands use the test's database instead of starting one, and speak English."""

    @contextmanager
    def ready(data_dir: Path | None = None) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(accounts, "ready_database", ready)
    monkeypatch.setenv("NOVATOR_LANGUAGE", "en")


def typed(*words: str) -> Result:
    return CliRunner().invoke(accounts.account_app, list(words))


def test_invites_the_first_person_of_the_office() -> None:
    done = typed("grant", "clerk@association.example", "office")

    assert done.exit_code == 0
    assert "invited by a letter" in done.stdout
    assert Invitation.objects.get().kind == "office"
    assert Letter.objects.get().to_email == "clerk@association.example"


def test_gives_a_role_in_a_city_until_a_day() -> None:
    make_city("Glazov")
    make_user("anna@glazov.example")

    typed("grant", "anna@glazov.example", "head", "--city", "glazov", "--until", "2099-12-31")

    assert str(Role.objects.get().ends_on) == "2099-12-31"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("grant", "a@b.example", "king"), "There is no role “king”"),
        (("grant", "a@b.example", "head"), "There is no such role in this place."),
        (("grant", "a@b.example", "head", "--city", "nowhere"), "no city with the id “nowhere”"),
        (("end", "a@b.example", "office"), "does not hold this role"),
    ],
)
def test_says_why_not(words: tuple[str, ...], why: str) -> None:
    refused = typed(*words)

    assert refused.exit_code == 1
    assert why in refused.stderr
    assert not Invitation.objects.exists()


def test_lists_and_ends() -> None:
    first = make_role("office")
    make_role("office", user=make_user("second@association.example"))

    listed = [json.loads(line) for line in typed("list", "--json").stdout.splitlines()]
    ended = typed("end", first.user.email, "office")

    assert [one["email"] for one in listed] == [first.user.email, "second@association.example"]
    assert ended.exit_code == 0
    assert Role.objects.get(pk=first.pk).ended_at is not None
    assert "Nobody would be left" in typed("end", "second@association.example", "office").stderr


def test_links_in_letters_lead_to_the_running_site(tmp_path: Path) -> None:
    assert port_of_running_site(tmp_path) == ""
    with FileLock(tmp_path / "novator.lock") as lock:
        lock.write("4711 http://127.0.0.1:8131/")

        assert port_of_running_site(tmp_path) == "8131"
