"""What finds room where: large letters, no script, wide and middling screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, expect

from tests.browser.looks import opened

pytestmark = pytest.mark.browser

LARGEST = "version=accessible&font=3&letters=wide"


def _box(place: Locator) -> FloatRect:
    found = place.bounding_box()
    assert found is not None
    return found


def test_with_large_letters_the_settings_are_folded_and_reopen_after_a_choice(
    browser: Browser, site: str
) -> None:
    page = opened(browser, site, look=LARGEST)
    for address in ("", "search/?q=stops", "cities/glazov/"):
        page.goto(f"{site}/en/{address}")
        heading = _box(page.locator("h1"))
        assert heading["y"] + heading["height"] < 900, address
    page.locator(".settings-fold > summary").click()
    page.locator(".settings-fold [name=lines][value=wide]").click()

    expect(page.locator(".settings-fold [name=normal]")).to_be_visible()
    assert page.locator("html").get_attribute("data-lines") == "wide"
    page.context.close()


def test_with_large_letters_results_have_one_column(browser: Browser, site: str) -> None:
    for look, is_one_column in ((LARGEST, True), ("", False)):
        page = opened(browser, site, look=look)
        page.goto(f"{site}/en/search/?q=Зимой пассажиры мёрзнут на остановках")
        side, main = _box(page.locator(".found-side")), _box(page.locator(".found-main"))
        first, second = (_box(page.locator(".result .sign").nth(place)) for place in (0, 1))
        assert (side["x"] == main["x"]) is is_one_column
        assert (first["x"] == second["x"]) is is_one_column
        is_open = page.locator(".facets-fold").evaluate("fold => fold.open")
        assert is_open is not is_one_column
        page.context.close()


def test_without_a_script_the_conditions_at_the_side_are_open(browser: Browser, site: str) -> None:
    for width, is_shown in ((1280, True), (600, False)):
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        page.goto(f"{site}/en/search/?q=Зимой пассажиры мёрзнут на остановках")
        expect(page.locator(".facets .button")).to_be_visible(visible=is_shown)
        context.close()


def test_locks_are_shown_on_a_phone(browser: Browser, site: str) -> None:
    page = opened(browser, site, width=360)
    page.goto(f"{site}/en/search/?q=Зимой пассажиры мёрзнут на остановках")
    expect(page.locator(".result .sign .marks:has(.icon)").first).to_be_visible()
    page.context.close()


def test_the_question_keeps_its_width_while_results_come(browser: Browser, site: str) -> None:
    page = opened(browser, site)
    page.goto(f"{site}/en/")
    before = _box(page.locator("#q"))
    page.locator("#q").press_sequentially("Зимой пассажиры мёрзнут на остановках")
    expect(page.locator("#found .result").first).to_be_visible()

    assert _box(page.locator("#q"))["width"] == before["width"]
    page.context.close()


def test_three_cards_stand_side_by_side_from_768_px_on(browser: Browser, site: str) -> None:
    page = opened(browser, site, width=768)
    page.goto(f"{site}/en/search/?q=Зимой пассажиры мёрзнут на остановках")
    slugs = [row.get_attribute("value") for row in page.locator("input[name=id]").all()[:3]]
    for width, is_side_by_side in ((768, True), (600, False)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site}/en/compare/?" + "&".join(f"id={slug}" for slug in slugs))
        first, second = (_box(page.locator("thead th").nth(place)) for place in (0, 1))
        assert (first["y"] == second["y"]) is is_side_by_side
    page.context.close()
