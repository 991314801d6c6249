"""A deputy and an account: from the desk by a letter to the own page, no barrier on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from novator.accounts.models import User
from novator.accounts.testing import make_user
from novator.council.models import Person
from novator.mail.models import Letter
from tests.browser.looks import LOOKS, barriers, opened, too_wide_for

pytestmark = pytest.mark.browser
Staff = Callable[[str], User]
SignIn = Callable[[BrowserContext, User], User]
DESK = "councils/glazov/bodies/people/anna-beryozkina/"


def faults_of(page: Page) -> list[str]:
    return [f"{page.url}: {fault}" for fault in barriers(page) + too_wide_for(page, 320)]


def test_a_deputy_is_asked_answers_and_leaves(
    browser: Browser, site: str, staff: Staff, sign_in: SignIn
) -> None:
    deputy = make_user("anna@glazov.example", name="Анна")
    desk = opened(browser, site, look=LOOKS["accessible"], width=320)
    sign_in(desk.context, staff("head"))

    desk.goto(f"{site}/en/{DESK}")
    desk.click("#account-head ~ * a")
    faults = faults_of(desk)
    desk.fill("[name=email]", deputy.email)
    desk.click("form:has([name=email]) button")
    expect(desk.locator("#account-head ~ * form button")).to_be_visible()
    faults += faults_of(desk)
    letter = Letter.objects.get(to_email=deputy.email)
    found = re.search(r"/my/person/[^/\s]+/", letter.body)
    assert found

    own = opened(browser, site, look=LOOKS["accessible"], width=320)
    sign_in(own.context, deputy)
    own.goto(f"{site}/en{found[0]}")
    faults += faults_of(own)
    own.click("button[value=yes]")
    expect(own.locator("#person")).to_contain_text("Анна")
    faults += faults_of(own)
    assert Person.objects.get(slug="anna-beryozkina").user == deputy
    own.goto(f"{site}/en{found[0]}")
    expect(own.locator("[role=alert]")).to_be_visible()
    faults += faults_of(own)
    own.goto(f"{site}/en/my/person/end/")
    faults += faults_of(own)
    own.click("main form button")
    expect(own.locator("#person")).to_have_count(0)

    assert not faults, "\n".join(faults)
    assert Person.objects.get(slug="anna-beryozkina").user is None
