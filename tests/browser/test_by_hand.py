"""The main job by keyboard alone, while typing, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from novator.matching.models import Judgement

pytestmark = pytest.mark.browser


def test_a_solution_is_found_by_keyboard_alone(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    for _step in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("stops")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=stops**")

    expect(page.locator("h1")).to_have_text("Solutions found")
    page.close()


def test_results_come_while_typing(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/en/")

    page.locator("#q").press_sequentially("Зимой пассажиры мёрзнут на остановках")

    expect(page.locator("#found .result").first).to_be_visible()
    assert page.locator("#found-status").count() == 1
    page.close()


def test_everything_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/")
    page.fill("#q", "Зимой пассажиры мёрзнут на остановках")
    page.click("text=Find solutions")
    page.locator("input[name=id]").first.check()
    page.locator("input[name=id]").nth(1).check()
    page.click("text=Compare the chosen ones")
    expect(page.locator("thead th")).to_have_count(2)
    page.locator(".compare-title").first.click()
    page.click("#helped >> text=Yes")

    expect(page.locator("#helped")).to_contain_text("Thank you")
    context.close()
    assert Judgement.objects.filter(is_helpful=True).count() == 1


def test_the_accessible_version_is_kept_between_pages(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/ru/")
    page.click("header .tool >> nth=0")
    page.click("button[value=white-on-black]")
    page.goto(f"{site}/en/compare/")

    assert page.locator("html").get_attribute("data-colours") == "white-on-black"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    page.click(".settings-fold > summary")
    page.click("button[name=normal]")
    assert page.locator("html").get_attribute("data-version") == "ordinary"
    context.close()
