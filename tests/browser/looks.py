"""What axe and the eye find on a page: as it was asked for, and in looks that only change it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from novator.portal.appearance import read_cookie

LOOKS = {
    "light": "",
    "dark": "theme=dark",
    "accessible": "version=accessible&font=2&letters=wide&lines=wide",
    "white-on-black": "version=accessible&colours=white-on-black&images=off",
    "blue": "version=accessible&colours=blue-on-blue&font=3",
    "brown": "version=accessible&colours=brown-on-beige",
}

_ASK = """rules => axe.run({resultTypes: ["violations"], rules}).then(found =>
    found.violations.flatMap(each => each.nodes.map(
        node => `${each.id}: ${node.html.slice(0, 200)}`)))"""
_AXE = f"if (window === window.top) {{ {AXE_SCRIPT}\n}}"
"""Told to a context once, it reaches every page in half the time that sending it anew takes."""
_CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")
_PUT_ON = """look => {
    const root = document.documentElement;
    ["theme", "font", "letters", "lines", "colours", "images"].forEach(
        name => delete root.dataset[name]);
    Object.assign(root.dataset, look); }"""
_WIDTH = "document.documentElement.scrollWidth"


def opened(browser: Browser, site: str, *, look: str = "", width: int = 1280) -> Page:
    """A page of a reader who has chosen a look, given as its cookie."""
    viewport = {"width": width, "height": 900}
    context = browser.new_context(viewport=viewport, reduced_motion="reduce")  # type: ignore[arg-type]
    if look:
        context.add_cookies([{"name": "novator_view", "value": look, "url": site}])
    context.add_init_script(_AXE)
    context.set_default_timeout(60_000)
    return context.new_page()


def barriers(page: Page, *, but_faintness: bool = False) -> list[str]:
    """
    All that axe finds on the page as it stands.

    But faintness, where `faint_in` looks for it too: that takes axe longer than all the rest.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = {"color-contrast": {"enabled": not but_faintness}}
    found: list[str] = page.evaluate(_ASK, rules)
    return found


def looks_like(look: str) -> list[str]:
    """The looks of the same version of the pages, ordinary or accessible."""
    version = read_cookie(LOOKS[look]).version
    return [name for name, cookie in LOOKS.items() if read_cookie(cookie).version == version]


def faint_in(page: Page, looks: Iterable[str]) -> list[str]:
    """
    What is too faint in other looks, of which the page keeps the last.

    Style sheets read nothing of a look but attributes of <html>, so these alone are exchanged; what
    else a look changes is words and pictures, which other visits see.
    """
    found = []
    for look in looks:
        page.evaluate(_PUT_ON, read_cookie(LOOKS[look]).attributes)
        found += [f"{look}: {each}" for each in page.evaluate(_CONTRAST)]
    return found


def too_wide_for(page: Page, *widths: int) -> list[str]:
    """At which widths of the window the page scrolls sideways; the window keeps the last one."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if (needed := page.evaluate(_WIDTH)) > width:
            found.append(f"{needed} wide in a window of {width}")
    return found
