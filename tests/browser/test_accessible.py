"""Every page in both languages and in every look: no barrier that axe finds, nothing cut off."""

from __future__ import annotations

from itertools import cycle

import pytest
from playwright.sync_api import Browser

from novator.council.models import VoteEvent
from novator.reports.links import token_of
from novator.reports.models import Report
from tests.browser.addresses import PAGES
from tests.browser.looks import LOOKS, barriers, faint_in, looks_like, opened, too_wide_for

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize(
    ("language", "look", "width"), [("en", "light", 1280), ("ru", "accessible", 320)]
)
def test_no_page_has_a_barrier_or_scrolls_sideways(
    browser: Browser, site: str, language: str, look: str, width: int, part: int
) -> None:
    page = opened(browser, site, look=LOOKS[look], width=width)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    answered = Report.objects.filter(status="answered").latest("pk")
    facts = {"report": answered.number, "link": token_of(answered)}
    facts["vote"] = VoteEvent.objects.latest("pk").pk
    for address in (known.format(**facts) for known in PAGES[part::2]):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site}/{language}/{address}")
        found = barriers(page, but_faintness=look != "light")
        found += too_wide_for(page, 640, 320) + faint_in(page, looks_like(look))
        faults += [f"{address}: {fault}" for fault in found]
    page.context.close()

    unexpected = [fault for fault in faults if "404 (Not Found)" not in fault]
    assert not unexpected, "\n".join(unexpected)


def test_every_look_comes_from_the_server_as_it_was_chosen(browser: Browser, site: str) -> None:
    faults = []
    for look, language in zip(LOOKS.values(), cycle(["en", "ru"]), strict=False):
        page = opened(browser, site, look=look)
        page.goto(f"{site}/{language}/cities/glazov/")
        faults += [f"{look}: {fault}" for fault in barriers(page)]
        page.context.close()

    assert not faults, "\n".join(faults)


def test_faint_words_are_found_in_every_look(browser: Browser, site: str) -> None:
    page = opened(browser, site)
    page.goto(f"{site}/ru/method/")
    page.evaluate("document.documentElement.style.setProperty('--ink-soft', 'var(--paper)')")
    by_axe = [each for each in barriers(page) if each.startswith("color-contrast")]
    found = faint_in(page, LOOKS)
    page.context.close()

    assert by_axe
    assert {each.partition(":")[0] for each in found} == set(LOOKS)
    assert sum(each.startswith("light:") for each in found) >= len(by_axe)
