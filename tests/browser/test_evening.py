"""A secretary's evening by pages: council, session, votes, decision, membership, a vote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user
from novator.association.poll_closing import close_due_polls
from novator.cities.testing import make_city

pytestmark = pytest.mark.browser
SignIn = Callable[[BrowserContext, User], User]
DESK = "councils/izmyslov/desk/"
GIVEN = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна")
FAMILIES = ("Агеенко", "Бобренко", "Вишенко", "Громенко", "Дубенко")
DEPUTIES = [f"{family} {given}" for given in GIVEN for family in FAMILIES]
FACTIONS = ("Сад",) * 16 + ("Поле",) * 9 + ("Река",) * 6 + ("",) * 4
ROSTER = "\n".join(
    f"{place}. {name}; {faction}"
    for place, (name, faction) in enumerate(zip(DEPUTIES, FACTIONS, strict=True), start=1)
)
AGENDA = "\n".join(
    [
        "1. Об исполнении бюджета города",
        "2. О внесении изменений в Устав города",
        "3. О вступлении в Ассоциацию новаторских городов",
        "Инициатор: Глава города",
        "4. Об утверждении состава комиссии (закрытый)",
        *(f"{number}. О деле {number}" for number in range(5, 21)),
    ]
)


@pytest.fixture
def windows(browser: Browser, site: str, sign_in: SignIn) -> Iterator[dict[str, Page]]:
    """A window of each of those who take part, signed in; `nobody` is not."""
    city = make_city("Izmyslov", oktmo="94799001")
    people = {
        "secretary": make_role("secretary", city=city).user,
        "head": make_role("head", city=city).user,
        "office": make_role("office", user=make_user("evening@association.example")).user,
        "stranger": make_role("secretary", city=make_city("Stary Bor")).user,
        "substitute": make_user("substitute@izmyslov.example"),
        "nobody": None,
    }
    opened = {}
    for who, person in people.items():
        context = browser.new_context(base_url=f"{site}/en/")
        context.set_default_timeout(15_000)
        if person is not None:
            sign_in(context, person)
        opened[who] = context.new_page()
    yield opened
    for window in opened.values():
        window.context.close()


def _fill(page: Page, **fields: str) -> None:
    """Type into fields by what their labels begin with."""
    for label, text in fields.items():
        named = re.compile(rf"^{label.replace('_', ' ')}")
        page.get_by_label(named).first.fill(text)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def _says(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(words)


def _open_the_council(page: Page) -> None:
    page.goto("councils/izmyslov/bodies/")
    _follow(page, "Open the council")
    _fill(page, Name="Городская Дума Измыслова", Established_number="35", Since_when="10.2022")
    _press(page, "Record")
    _follow(page, "Enter deputies")
    expect(page.get_by_label("Since").first).to_have_value("10.2022")
    _fill(page, People=ROSTER)
    _press(page, "Record all")
    _says(page, "There is no “Сад” here yet.")
    page.get_by_label("Found factions and parties").check()
    _press(page, "Record all")
    _says(page, "35 people are recorded.")
    _says(page, "since October 2022")


def _seat_the_head(page: Page) -> None:
    page.goto("councils/izmyslov/bodies/new/administration/")
    _fill(page, Name="Администрация Измыслова")
    _press(page, "Record")
    _follow(page, "New post")
    _fill(page, Name_of_the_post="Глава города")
    _press(page, "Record")
    _says(page, "Recorded.")
    page.goto("councils/izmyslov/bodies/people/?q=Агеенко")
    _follow(page, DEPUTIES[0])
    _follow(page, "New office or membership")
    page.get_by_label("In which body").select_option(label="Администрация Измыслова")
    page.get_by_label("Post", exact=True).select_option(label="Глава города")
    _fill(page, Since="12.10.2022")
    _press(page, "Record")
    _says(page, "Глава города — Администрация Измыслова")


def _hold_the_session(page: Page) -> None:
    page.goto(DESK)
    _follow(page, "Plan a session")
    _fill(page, Day=f"{timezone.localdate():%d.%m.%Y}", Number="12", Agenda=AGENDA)
    _press(page, "Plan the session")
    _says(page, "20 questions")
    page.get_by_role("link", name="mark it").click()
    _has_the_keys(page)
    for key in ("4", "e", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("болезнь")
    page.keyboard.press("Enter")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    _says(page, "34 of 35 present")
    _press(page, "The session took place")
    _says(page, "Sign the protocol")


def _vote_in_every_way(page: Page) -> None:
    _follow(page, "Enter votes, from question 1")
    _has_the_keys(page)
    for key in ("n", "a", "r"):
        page.keyboard.press(key)
    page.keyboard.type("родственник подрядчика")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Y")
    _says(page, "carried")
    page.keyboard.press("Enter")

    _is_at(page, "2. О внесении изменений в Устав")
    page.get_by_label("How it was voted").select_option("by_faction")
    page.get_by_label("Required majority").select_option(index=2)
    for name, yes, no in (("Сад", 15, 0), ("Поле", 5, 4), ("Река", 1, 5), ("of no faction", 4, 0)):
        page.get_by_role("textbox", name=f"{name}: for").fill(str(yes))
        page.get_by_role("textbox", name=f"{name}: against").fill(str(no))
    _press(page, "Keep, next question")

    _is_at(page, "3. О вступлении")
    majority = page.get_by_label("Required majority").locator("option:checked")
    expect(majority).to_contain_text("more than half")
    page.get_by_label("How it was voted").select_option("counts")
    _fill(page, For="40")
    _press(page, "Keep, next question")
    _says(page, "K3.present")
    page.get_by_label("How it was voted").select_option("by_name")
    _unanimous(page)

    _is_at(page, "4. Об утверждении")
    page.get_by_label("How it was voted").select_option("secret")
    _fill(page, For="25", Against="5", Abstained="4")
    _press(page, "Keep, next question")

    _is_at(page, "5. О деле 5")
    page.get_by_label("How it was voted").select_option("show_of_hands")
    page.get_by_label("Result").select_option("lost")
    _press(page, "Keep, next question")
    _is_at(page, "6. О деле 6")
    page.get_by_label("How it was voted").select_option("by_name")
    page.get_by_role("radio").first.focus()
    for number in range(6, 8):
        _is_at(page, f"{number}. О деле {number}")
        _has_the_keys(page)
        page.keyboard.press("Shift+Y")
        page.keyboard.press("Enter")
    _is_at(page, "8. О деле 8")


def _is_at(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def _has_the_keys(page: Page) -> None:
    """The first line waits for a letter."""
    expect(page.get_by_role("radio").first).to_be_focused()


def _unanimous(page: Page) -> None:
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Shift+Y")
    page.keyboard.press("Enter")


def _decide_to_join(page: Page) -> str:
    """The address of the decision, published, with its mandate."""
    _follow(page, "Draft the decision on question 3")
    _fill(page, Text="Вступить в Ассоциацию. Город представляет глава.")
    _press(page, "Keep the draft")
    _says(page, "The draft is kept.")
    address = page.url
    _follow(page, "Add an effect")
    page.get_by_label("Effect").select_option(label="joins an association")
    _press(page, "Record the effect")
    _follow(page, "Give a mandate")
    page.get_by_label("Post").select_option(label="Глава города")
    _fill(page, For_what="Представлять город в Ассоциации")
    page.get_by_label("May name a substitute").check()
    _press(page, "Give the mandate")
    _says(page, "The mandate is recorded.")
    today = f"{timezone.localdate():%d.%m.%Y}"
    for step in ("adopted", "signed by the head", "published"):
        page.goto(f"{address}step/")
        page.get_by_role("radio", name=step).check(force=True)
        _fill(page, Day=today)
        if step == "published":
            _fill(page, Note="«Вести Измыслова» № 47")
        _press(page, "Record the step")
        if step == "signed by the head":
            _says(page, "has a number")
            _fill(page, Number="88")
            _press(page, "Record the step")
        _says(page, "The step is recorded.")
    _says(page, "№ 88")
    return address


def _choose(page: Page, label: str, person: str) -> None:
    """Choose somebody in a list that says the offices behind the names."""
    listed = page.get_by_label(label)
    listed.select_option(value=listed.locator("option", has_text=person).get_attribute("value"))


def _sign_and_correct(page: Page, session: str) -> None:
    page.goto(session)
    _follow(page, "Sign the protocol")
    _choose(page, "Who signed it", DEPUTIES[0])
    _press(page, "Sign")
    _says(page, "Version 1 of the protocol is signed.")
    _follow(page, "Correct the protocol")
    _press(page, "Open the session")
    _says(page, "open for a correction")
    page.get_by_role("link", name="for 25, against 5").click()
    _fill(page, Against="4", Abstained="5")
    page.locator("main").get_by_role("button", name="Keep", exact=True).last.click()
    _says(page, "abstained 5")
    _follow(page, "Sign the correction")
    _choose(page, "Who signed it", DEPUTIES[0])
    _fill(page, Why_it_is_corrected="Счёт прочитан неверно")
    _press(page, "Sign")
    _says(page, "Version 2 of the protocol is signed.")


def _are_refused(windows: dict[str, Page], *addresses: str) -> None:
    """A secretary of another city is told no; whoever is not signed in is asked to sign in."""
    for address in addresses:
        answer = windows["stranger"].goto(address)
        assert answer is not None
        assert answer.status in {403, 404}, address
        asked = windows["nobody"].context.request.get(address, max_redirects=0)
        assert "/account/login/" in asked.headers["location"], address


def _join(head: Page, office: Page, windows: dict[str, Page]) -> None:
    head.goto("association/join/")
    _press(head, "Application of the city: Izmyslov")
    _is_at(head, "asks to join")
    _are_refused(windows, head.url, "office/applications/")
    head.get_by_role("radio", name="№ 88").check(force=True)
    _press(head, "Hand in")
    _says(head, "What the city handed in")
    office.goto("office/applications/")
    _follow(office, "Izmyslov")
    _press(office, "Admit")
    _says(office, "membership active")
    head.goto("association/members/izmyslov/representatives/")
    for email, button in (
        ("head@izmyslov.example", "Name the representative"),
        ("substitute@izmyslov.example", "Name the substitute"),
    ):
        named = head.get_by_role("button", name=button, exact=True)
        form = head.locator("form", has=named)
        form.get_by_label("E-mail").fill(email)
        named.click()
        _says(head, "gets a letter")
    expect(head.get_by_role("button", name=re.compile("^End"))).to_have_count(2)


def _vote_of_members(windows: dict[str, Page]) -> None:
    office, head, substitute = windows["office"], windows["head"], windows["substitute"]
    office.goto("association/polls/")
    _follow(office, "Prepare a vote")
    _fill(office, Title_in_Russian="Где встречаемся")
    _press(office, "Store")
    _follow(office, "Open the vote")
    _press(office, "Open the vote now")
    _says(office, "Representatives get letters")
    poll = office.url
    _are_refused(windows, f"{poll}vote/", "association/polls/new/")
    for page in (substitute, head):
        page.goto(f"{poll}vote/")
        page.get_by_role("radio", name="For" if page is head else "Against").first.check(force=True)
        _press(page, "Continue")
    _press(head, "Cast this vote")
    _says(head, "This city has voted")
    _press(substitute, "Cast this vote")
    _says(substitute, "This city has voted")
    nobody = windows["nobody"]
    nobody.goto(poll)
    expect(nobody.get_by_role("heading", name="Result")).to_have_count(0)
    close_due_polls(now=timezone.now() + timedelta(days=30))
    nobody.goto(poll)
    _says(nobody, "Decided: “For”")
    _follow(nobody, "Counted again")
    _says(nobody, "the result is the one that was written at the closing")


def test_the_evening_goes_from_an_empty_council_to_a_vote_of_members_and_strangers_are_refused(
    windows: dict[str, Page],
) -> None:
    secretary = windows["secretary"]
    _are_refused(windows, DESK, "councils/izmyslov/bodies/open/")

    _open_the_council(secretary)
    _seat_the_head(secretary)
    _hold_the_session(secretary)
    session = secretary.url
    _vote_in_every_way(secretary)
    secretary.goto(session)
    decision = _decide_to_join(secretary)
    _sign_and_correct(secretary, session)
    _are_refused(
        windows, session, f"{session}attendance/", f"{decision}step/", f"{decision}mandate/"
    )
    _join(windows["head"], windows["office"], windows)
    _vote_of_members(windows)

    windows["nobody"].goto("association/members/izmyslov/")
    _says(windows["nobody"], "№ 88")
    windows["nobody"].goto("councils/izmyslov/sessions/")
    _follow(windows["nobody"], "Заседание № 12")
    _says(windows["nobody"], "О вступлении в Ассоциацию")
    expect(windows["nobody"].get_by_role("main")).not_to_contain_text("состава комиссии")
