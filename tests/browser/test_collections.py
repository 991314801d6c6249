"""Collections, comparison and papers: no barrier, nothing cut off, all of it by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext

from novator.accounts.models import User
from novator.briefings.models import Briefing, Collection
from novator.briefings.operations import open_link, share_with_address
from novator.briefings.testing import make_collection, make_paper
from novator.cities.models import Municipality
from novator.practices.models import Practice
from novator.practices.testing import make_full_practice
from tests.browser.looks import LOOKS, barriers, faint_in, looks_like, opened, too_wide_for

pytestmark = pytest.mark.browser

OWN = UUID("11111111-1111-4111-8111-111111111111")
FIVE = "&".join(
    f"id={slug}"
    for slug in ("full", "glazov-warm-stops", "zarechny-lamps", "stary-bor-bins", "full-2")
)
PAGES = (
    "practices/full/",
    f"compare/?{FIVE}",
    "collections/",
    "collections/add/?id=full",
    f"collections/{OWN}/",
    f"collections/{OWN}/edit/",
    f"collections/{OWN}/sharing/",
    f"collections/{OWN}/delete/",
    f"collections/{OWN}/papers/?id=full",
    "collections/shared/token/",
    f"papers/{OWN}/",
    f"papers/{OWN}/edit/",
)


@pytest.fixture
def owner(site: str, staff: Callable[[str], User]) -> User:
    """An editor of Glazov with a collection and a paper of it."""
    make_full_practice("full")
    make_full_practice("full-2")
    person = staff("editor")
    made = make_collection(person, list(Practice.objects.order_by("slug")))
    Collection.objects.filter(pk=made.pk).update(public_id=OWN)
    share_with_address(collection=made, email="a@example.org", may_edit=True, by=person)
    link = open_link(collection=made, by=person)
    link.token = "token"
    link.save()
    paper = make_paper(made, city=Municipality.objects.get(slug="zarechny"))
    Briefing.objects.filter(pk=paper.pk).update(public_id=OWN)
    return person


def _context(
    browser: Browser, site: str, person: User, sign_in: Callable[..., User], **facts: object
) -> BrowserContext:
    context = browser.new_context(**facts)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    sign_in(context, person)
    return context


@pytest.mark.parametrize(("language", "look"), [("ru", "light"), ("en", "white-on-black")])
def test_no_page_has_a_barrier_or_scrolls_sideways(
    browser: Browser,
    site: str,
    owner: User,
    sign_in: Callable[..., User],
    language: str,
    look: str,
) -> None:
    page = opened(browser, site, look=LOOKS[look])
    sign_in(page.context, owner)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    for address in PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(f"{site}/{language}/{address}")
        assert answer is not None
        assert answer.status == 200, address
        found = barriers(page, but_faintness=look != "light")
        found += too_wide_for(page, 768, 320) + faint_in(page, looks_like(look))
        faults += [f"{address}: {fault}" for fault in found]
    page.context.close()

    assert not faults, "\n".join(faults)


def test_five_columns_are_moved_by_the_keyboard_and_names_of_rows_stay(
    browser: Browser, site: str, owner: User, sign_in: Callable[..., User]
) -> None:
    context = _context(browser, site, owner, sign_in, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/ru/compare/?{FIVE}")
    area = page.locator(".compare-scroll")
    name = page.locator(".compare tbody th").first
    before = name.bounding_box()

    area.focus()
    for _press in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)

    after = name.bounding_box()
    moved = area.evaluate("area => area.scrollLeft")
    context.close()
    assert moved > 0
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) < 2


def test_cards_are_collected_and_made_a_paper_without_javascript(
    browser: Browser, site: str, owner: User, sign_in: Callable[..., User]
) -> None:
    context = _context(browser, site, owner, sign_in, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/ru/search/?topic=transport")
    boxes = page.locator("input[type=checkbox][name=id]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator("button[formaction]").click()
    page.locator("input[name=title]").fill("Без скриптов")
    page.locator("main form button").click()
    for box in page.locator("input[type=checkbox][name=id]").all():
        box.check()
    page.locator("button[formaction*=papers]").click()
    page.locator("main form button").click()
    page.locator("textarea[name=problem]").fill("Холодно")
    page.locator("main form button").click()
    title = page.locator("article h1").inner_text()
    text = page.locator("article").inner_text()
    context.close()

    assert title == "Без скриптов"
    assert "Холодно" in text
    assert Briefing.objects.filter(title="Без скриптов").count() == 1
