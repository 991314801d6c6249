"""Pages of signed-in people: no barrier that axe finds, nothing cut off, passkeys for real."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from novator.accounts.models import User
from novator.accounts.testing import PASSWORD, make_user
from novator.reports.models import Report
from tests.browser.addresses import SIGNED_IN_PAGES
from tests.browser.looks import LOOKS, barriers, faint_in, looks_like, opened, too_wide_for

pytestmark = pytest.mark.browser
Staff = Callable[[str], User]
SignIn = Callable[[BrowserContext, User], User]


@pytest.mark.parametrize(
    ("language", "look", "width"), [("en", "light", 1280), ("ru", "accessible", 320)]
)
@pytest.mark.parametrize("kind", dict(SIGNED_IN_PAGES))
def test_axe_finds_no_barrier_and_nothing_is_cut_off(
    browser: Browser,
    site: str,
    staff: Staff,
    sign_in: SignIn,
    kind: str,
    language: str,
    look: str,
    width: int,
) -> None:
    faults = []
    page = opened(browser, site, look=LOOKS[look], width=width)
    person = sign_in(page.context, staff(kind))
    report = Report.objects.latest("pk").number
    for known in [one for who, one in SIGNED_IN_PAGES if who == kind]:
        address = known.format(me=person.pk, report=report)
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(f"{site}/{language}/{address}")
        if answer is None or answer.status >= 400:
            faults.append(f"{address}: {answer and answer.status}")
            continue
        found = barriers(page, but_faintness=look != "light")
        found += too_wide_for(page, 1280, 320) + faint_in(page, looks_like(look))
        faults += [f"{address}: {fault}" for fault in found]
    page.context.close()

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_head_of_the_page_stands_in_one_line_for_people_who_signed_in(
    browser: Browser, site: str, staff: Staff, sign_in: SignIn, language: str
) -> None:
    page = opened(browser, site)
    sign_in(page.context, staff("office"))
    page.goto(f"{site}/{language}/association/documents/")
    lines = {
        round(box["y"] + box["height"] / 2)
        for part in (".brand", ".masthead nav", ".masthead-tools")
        if (box := page.locator(part).bounding_box())
    }
    current = page.locator(".menu a[aria-current]").get_attribute("href")
    page.context.close()

    assert max(lines) - min(lines) < 6
    assert current == f"/{language}/association/"


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
    assert not barriers(page)
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
