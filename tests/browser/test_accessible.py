"""Every page in both languages and in every look: no barrier that axe finds, nothing cut off."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.addresses import PAGES

pytestmark = pytest.mark.browser

LOOKS = {
    "light": "",
    "dark": "theme=dark",
    "accessible": "version=accessible&font=2&letters=wide&lines=wide",
    "white-on-black": "version=accessible&colours=white-on-black&images=off",
    "blue": "version=accessible&colours=blue-on-blue&font=3",
    "brown": "version=accessible&colours=brown-on-beige",
}


def opened(browser: Browser, site: str, *, look: str = "", width: int = 1280) -> Page:
    """A page of a reader who has chosen a look; `faults` gathers what the browser complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    if look:
        context.add_cookies([{"name": "novator_view", "value": look, "url": site}])
    context.set_default_timeout(60_000)
    return context.new_page()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_barrier(browser: Browser, site: str, look: str, language: str) -> None:
    page = opened(browser, site, look=LOOKS[look])
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    for address in PAGES:
        page.goto(f"{site}/{language}/{address}")
        for barrier in Axe().run(page).response["violations"]:
            faults += [f"{address}: {barrier['id']}: {n['html'][:200]}" for n in barrier["nodes"]]
    page.context.close()

    unexpected = [fault for fault in faults if "404 (Not Found)" not in fault]
    assert not unexpected, "\n".join(unexpected)


@pytest.mark.parametrize(
    ("look", "width"),
    [("", 320), ("", 640), ("version=accessible&font=2&letters=wide", 320)],
)
def test_no_page_scrolls_sideways(browser: Browser, site: str, look: str, width: int) -> None:
    page = opened(browser, site, look=look, width=width)
    too_wide = []
    for address in PAGES:
        page.goto(f"{site}/ru/{address}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(address)
    page.context.close()

    assert not too_wide
