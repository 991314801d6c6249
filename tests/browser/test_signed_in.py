"""Pages of signed-in people: no barrier that axe finds, nothing cut off, passkeys for real."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from novator.accounts.models import User
from novator.accounts.testing import PASSWORD, make_user
from tests.browser.addresses import SIGNED_IN_PAGES
from tests.browser.test_accessible import LOOKS, opened

pytestmark = pytest.mark.browser
Staff = Callable[[str], User]
SignIn = Callable[[BrowserContext, User], User]


@pytest.mark.parametrize(
    ("look", "language", "width"),
    [
        ("light", "ru", 1280),
        ("dark", "en", 320),
        ("accessible", "ru", 320),
        ("white-on-black", "ru", 1280),
    ],
)
def test_axe_finds_no_barrier_and_nothing_is_cut_off(
    browser: Browser, site: str, staff: Staff, sign_in: SignIn, look: str, language: str, width: int
) -> None:
    faults = []
    for kind in dict(SIGNED_IN_PAGES):
        page = opened(browser, site, look=LOOKS[look], width=width)
        person = sign_in(page.context, staff(kind))
        for known in [one for who, one in SIGNED_IN_PAGES if who == kind]:
            address = known.format(me=person.pk)
            answer = page.goto(f"{site}/{language}/{address}")
            if answer is None or answer.status >= 400:
                faults.append(f"{kind} {address}: {answer and answer.status}")
                continue
            for barrier in Axe().run(page).response["violations"]:
                faults += [
                    f"{address}: {barrier['id']}: {n['html'][:200]}" for n in barrier["nodes"]
                ]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{address}: scrolls sideways")
        page.context.close()

    assert not faults, "\n".join(faults)


def test_faults_of_a_form_are_announced_and_focused(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/en/account/signup/")
    page.fill("#id_name", "Анна Иванова")
    page.click("text=Open the account")

    summary = page.locator("[role=alert]").first
    expect(summary).to_be_focused()
    summary.locator("a").first.click()
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_name")).to_have_value("Анна Иванова")
    assert not Axe().run(page).response["violations"]
    page.close()


def test_a_passkey_is_added_and_signs_in(browser: Browser, site: str) -> None:
    address = site.replace("127.0.0.1", "localhost")
    make_user("anna@glazov.example", name="Анна Иванова")
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{address}/en/account/login/")
    page.fill("#id_login", "anna@glazov.example")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{address}/en/account/second-factor/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.click("text=Go on")
    page.check("#id_passwordless")
    page.click("text=Add the passkey")
    expect(page.locator("h1")).to_have_text("Recovery codes")
    context.clear_cookies()

    page.goto(f"{address}/en/account/login/")
    page.click("text=Sign in with a passkey")

    expect(page.locator("h1")).to_have_text("Анна Иванова")
    assert not faults
    context.close()


def test_without_javascript_the_page_says_what_does_not_work(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{site}/en/account/login/")

    expect(page.locator("body")).to_contain_text("Passkeys need JavaScript")
    context.close()
