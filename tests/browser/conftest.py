"""Before the browser tests: one Chromium for a worker, the site with a few cards behind it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as of_site
from django.core.signals import request_finished, request_started
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user, signed_in
from novator.association.common_work import EventFacts, make_event, publish_event
from novator.association.invoicing import issue_invoice
from novator.association.models import FeeRule, WorkingGroup
from novator.association.positions import Draft, begin_position, open_consultation
from novator.association.testing import (
    make_application,
    make_member,
    make_poll,
    make_representative,
)
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.council.models import Session
from novator.council.testing import (
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_mandate,
    make_vote_event,
)
from novator.drafts.testing import make_draft
from novator.matching.testing import index_by_letters
from novator.news.testing import make_article
from novator.portal.testing import plain_static_files
from novator.practices.testing import make_open_question, make_practice
from novator.problems.testing import make_grounded
from novator.reports.tallying import refresh_tallies
from novator.reports.testing import make_answered, make_channel
from tests.browser.addresses import APPLICATION, DRAFT, POLL, SECRET_POLL

NAMES = ("chromium", "chromium-browser", "google-chrome")
LONGEST_ANSWER = 60.0


@pytest.fixture(scope="session", autouse=True)
def _folder_of_static_files() -> None:
    """The server looks for it when it starts, before any other fixture of a test."""
    Path(of_site.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium of the system; the tests are skipped where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("no Chromium: see tools/install-browser.sh")
    # Playwright keeps an event loop running in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = driver.chromium.launch(executable_path=found, args=arguments)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _make_session() -> None:
    """A session of Glazov's council, number 88, with one decision of that number."""
    council = make_council(make_city("Glazov"))
    make_deputies(council)
    day = date(2026, 3, 4)
    session = Session.objects.create(
        pk=88, council=council, name="Заседание", held_from=day, held_to=day, state="held"
    )
    item = make_item(session, "О вступлении в ассоциацию", pk=88, initiated_as="Глава города")
    item.speeches.create(speaker="Иван Докладчик", text="Будет полезно", stance="for")
    event = make_vote_event(item)
    make_item(session, "О бюджете города", pk=89)
    decision = make_decision(council, pk=88, item=item, event=event, on=day, text="Вступить.")
    decision.effects.create(kind="join_association", key="association")
    make_mandate(decision)


def _make_membership() -> None:
    """Glazov in the association, its fee, and Zarechny that asks to join."""
    office = make_user("fees@association.example")
    member = make_member(make_city("Glazov"), may_substitute=True)
    make_representative(member, make_user("deputy@glazov.example"))
    make_application("Zarechny", public_id=APPLICATION, words="По инициативе главы")
    rule = FeeRule.objects.create(year=2026, base=50_000, decided_in="Протокол № 3")
    invoice = issue_invoice(member=member, rule=rule, by=office, on=date(2026, 1, 15))
    type(invoice).objects.filter(pk=invoice.pk).update(public_id=APPLICATION)


def _make_common_work() -> None:
    """An open and a secret vote of the members, a position, a working group, news and a page."""
    office = make_role("office", user=make_user("groups@association.example")).user
    for number, is_secret in ((POLL, False), (SECRET_POLL, True)):
        poll = make_poll(office=office, question="Провести встречу в июне?")
        type(poll).objects.filter(pk=poll.pk).update(public_id=number, is_secret=is_secret)
    draft = Draft(kind="bill", title="О законопроекте", text="Поддерживаем.\n\nПросим уточнить.")
    now = timezone.now()
    position = begin_position(draft=draft, by=office, now=now, on=now.date())
    until = now + timedelta(days=7)
    open_consultation(position=position, until=until, by=office, now=now, on=now.date())
    type(position).objects.filter(pk=position.pk).update(public_id=POLL)
    facts = EventFacts(name="Встреча", starts_at=until, ends_at=until + timedelta(hours=2))
    event = publish_event(gathering=make_event(facts=facts, by=office, now=now), by=office, now=now)
    type(event).objects.filter(pk=event.pk).update(public_id=POLL)
    WorkingGroup.objects.create(
        slug="yards", name="Дворы", starts_on=date(2026, 1, 15), made_by=office
    )
    make_article(title_en="The meeting of the members")
    make_article("charter", title="Устав ассоциации", kind="page")


def _leave_low_numbers_free() -> None:
    """Rows whose numbers stand in addresses are numbered by hand, all others above them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1000)"
            " FROM pg_sequences WHERE schemaname = 'public' AND coalesce(last_value, 0) < 1000"
        )


@contextmanager
def _nothing_under_way_after() -> Iterator[None]:
    """
    Wait at the end until the server has answered everything that it was asked.

    A browser does not wait for what it asked beside a page, such as proposals of a category: what
    the server writes then would stand in the tables of the next test.
    """
    changed = threading.Condition()
    under_way: set[int] = set()

    def begin(**_facts: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            under_way.add(threading.get_ident())

    def end(**_facts: object) -> None:
        with changed:
            under_way.discard(threading.get_ident())
            changed.notify_all()

    request_started.connect(begin)
    request_finished.connect(end)
    try:
        yield
        with changed:
            assert changed.wait_for(lambda: not under_way, timeout=LONGEST_ANSWER)
    finally:
        request_started.disconnect(begin)
        request_finished.disconnect(end)


@pytest.fixture
def site(
    transactional_db: None,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    live_server: Any,
) -> Iterator[str]:
    """Address of the running site with cards of three cities and an index of them."""
    plain_static_files(settings)
    _leave_low_numbers_free()
    rebuild = index_by_letters(settings, tmp_path, monkeypatch)
    make_practice(cost={"price_year": 2020, "note": "вместе с установкой"})
    make_practice(
        "zarechny-lamps",
        city=make_city("Zarechny"),
        topic="lighting",
        title="Свет во дворах",
        title_en="Light in the yards",
        problem="Во дворах темно.",
        solution="Поставили светильники.\n\nЗа год.",
        cost={},
        effects=[],
        year_end=2023,
        replicated_in=["Глазов"],
        legal_basis="Решение Думы",
    )
    make_practice("stary-bor-bins", city=make_city("Stary Bor"), topic="waste", population=None)
    make_open_question()
    make_draft(by=make_user("author@glazov.example"), public_id=DRAFT)
    channel = make_channel(make_city("Glazov"))
    make_grounded(channel, pk=77)
    make_answered(channel)
    _make_session()
    _make_membership()
    _make_common_work()
    refresh_tallies(now=timezone.now(), everything=True)
    rebuild()
    with _nothing_under_way_after():
        yield str(live_server.url)


@pytest.fixture
def sign_in(site: str) -> Callable[[BrowserContext, User], User]:
    """Give a function that signs a person in in one context of the browser."""

    def enter(context: BrowserContext, person: User) -> User:
        cookie = signed_in(person).cookies[of_site.SESSION_COOKIE_NAME]
        context.add_cookies(
            [{"name": of_site.SESSION_COOKIE_NAME, "value": cookie.value, "url": site}]
        )
        return person

    return enter


@pytest.fixture
def staff(site: str) -> Callable[[str], User]:
    """Give a function that makes a person of Glazov or of the association, once for each role."""
    known: dict[str, User] = {}

    def person(kind: str) -> User:
        if kind not in known:
            glazov = Municipality.objects.get(slug="glazov")
            city = None if kind in {"office", "moderator", "expert", "analyst"} else glazov
            known[kind] = make_role(kind, city=city).user
        return known[kind]

    return person
