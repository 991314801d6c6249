"""A citizen's report in the browser: without a line, without JavaScript, in a frame elsewhere."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from novator.cities.testing import make_city
from novator.files.testing import photo
from novator.reports.contacts import ContactDetails
from novator.reports.life import change_state
from novator.reports.links import author_link
from novator.reports.models import Channel, Report, ReportPhoto
from novator.reports.models.report import ReportQuerySet
from novator.reports.opening import open_channel
from novator.reports.testing import NOW, make_report
from tests.browser.lines import Line, other_site

pytestmark = pytest.mark.browser
ZARECHNY = "en/report/zarechny/"


@pytest.fixture
def channel(site: str) -> Channel:
    return open_channel(municipality=make_city("Zarechny"), on=datetime.date(2026, 1, 12))


def _fill(page: Page, text: str = "Яма на дороге у школы.") -> None:
    page.fill("#id_text", text)
    page.locator("details.degrees").evaluate("fold => { fold.open = true; }")
    page.fill("#id_latitude", "57.001")
    page.fill("#id_longitude", "53.002")
    page.fill("#id_email", "anna@zarechny.example")
    page.check("#id_processing")


def _sent() -> ReportQuerySet:
    """What was sent by a form: the site has other reports too."""
    return Report.objects.filter(submission_key__isnull=False)


def _until(page: Page, what: str) -> None:
    """Wait for something in the page; its policy forbids the ways of Playwright itself."""
    for _turn in range(200):
        if page.evaluate(what):
            return
        page.wait_for_timeout(50)
    raise AssertionError(what)


def _phone(browser: Browser, **options: object) -> BrowserContext:
    return browser.new_context(viewport={"width": 360, "height": 740}, **options)  # type: ignore[arg-type]


def test_written_without_a_line_it_goes_out_when_the_line_is_back(
    browser: Browser, site: str, channel: Channel, tmp_path: Path
) -> None:
    (tmp_path / "hole.jpg").write_bytes(photo())
    line = Line(site)
    context = _phone(browser)
    page = context.new_page()
    page.goto(f"{line.address}/{ZARECHNY}")
    _until(page, "navigator.serviceWorker.controller !== null")
    page.reload()
    _until(page, "caches.match(location.pathname).then((kept) => kept !== undefined)")

    line.cut()
    context.set_offline(True)
    page.reload()
    _fill(page)
    page.set_input_files("#id_photos", tmp_path / "hole.jpg")
    expect(page.locator(".shot")).to_have_count(1)
    page.click("#send")
    expect(page.locator("#state-unknown")).to_contain_text("goes out by itself")
    page.close()
    assert not _sent().exists()
    line.mend()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{line.address}/{ZARECHNY}")

    expect(page.locator("#states")).to_contain_text("has been sent. Its number:")
    report = _sent().get()
    assert report.number in page.locator("#states").inner_text()
    assert ReportPhoto.objects.filter(report=report).count() == 1
    assert page.evaluate("novatorOutbox.all('outbox').then((rows) => rows.length)") == 0
    context.close()
    line.close()


def test_an_answer_that_is_lost_makes_no_second_report(
    browser: Browser, site: str, channel: Channel
) -> None:
    context = _phone(browser, service_workers="block")
    page = context.new_page()
    page.goto(f"{site}/{ZARECHNY}")
    _fill(page)
    lost: list[int] = []

    def lose_the_first(route):  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**/{ZARECHNY}", lose_the_first)
    page.click("#send")
    expect(page.locator("#state-unknown")).to_contain_text("never becomes a second report")
    assert _sent().count() == 1
    page.get_by_role("button", name="Press again").click()
    page.wait_for_url("**/report/sent/**")

    expect(page.locator(".receipt-number")).to_have_text(_sent().get().number)
    context.close()


def test_the_link_of_the_letter_refutes_an_answer_with_a_photo(
    browser: Browser, site: str, channel: Channel, tmp_path: Path
) -> None:
    (tmp_path / "still.jpg").write_bytes(photo())
    report = make_report(channel, now=timezone.now(), contact=ContactDetails(email="a@b.example"))
    change_state(report=report, to="answered", now=timezone.now(), text="Яма засыпана.")
    link = author_link(report, name="report_refuted")
    context = _phone(browser)
    page = context.new_page()

    page.goto(f"{site}/en/{link.partition('/ru/')[2]}")
    page.get_by_role("textbox").first.fill("Яма на месте.")
    page.set_input_files("input[type=file]", tmp_path / "still.jpg")
    page.locator("form[action*='not-solved'] button").click()

    expect(page.get_by_text("The report is opened again")).to_be_visible()
    assert "/reports/by-link/" in page.url
    report.refresh_from_db()
    assert (report.status, report.times_refuted) == ("reopened", 1)
    assert ReportPhoto.objects.get(report=report).is_of_verdict
    context.close()


def test_a_draft_outlives_the_page_and_a_photo_is_blurred_by_keyboard(
    browser: Browser, site: str, channel: Channel, tmp_path: Path
) -> None:
    (tmp_path / "hole.jpg").write_bytes(photo())
    context = _phone(browser)
    page = context.new_page()
    page.goto(f"{site}/{ZARECHNY}")
    page.fill("#id_text", "Яма на дороге")
    page.set_input_files("#id_photos", tmp_path / "hole.jpg")
    page.get_by_role("button", name="Blur faces").click()
    expect(page.get_by_role("button", name="Add an area")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".blur-area")).to_have_count(1)
    page.get_by_role("button", name="Blur for good").click()
    expect(page.get_by_role("img", name="Photo 1, blurred")).to_be_visible()
    _until(page, "novatorOutbox.all('drafts').then((rows) => rows[0]?.photos.length)")
    page.close()

    page = context.new_page()
    page.goto(f"{site}/{ZARECHNY}")
    expect(page.locator("#state-draft")).to_contain_text("This is your draft")
    expect(page.locator("#id_text")).to_have_value("Яма на дороге")
    expect(page.locator(".shot")).to_have_count(1)
    assert not page.locator("#id_processing").is_checked()
    context.close()


def test_like_reports_come_first_without_javascript(
    browser: Browser, site: str, channel: Channel, tmp_path: Path
) -> None:
    now = datetime.datetime.now(tz=NOW.tzinfo) - datetime.timedelta(days=1)
    known = make_report(channel, now=now)
    change_state(report=known, to="accepted", now=now)
    (tmp_path / "hole.jpg").write_bytes(photo())
    context = _phone(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{ZARECHNY}")
    page.fill("#id_text", "Яма на улице Ленина, машины объезжают по тротуару")
    page.fill("#id_address", "улица Ленина, 5")
    page.locator("summary", has_text="Coordinates").click()
    page.fill("#id_latitude", "57,001")
    page.fill("#id_longitude", "53,002")
    page.select_option("#id_category", "road-potholes")
    page.set_input_files("#id_photos", tmp_path / "hole.jpg")
    page.fill("#id_email", "anna@zarechny.example")
    page.check("#id_processing")
    page.click("#send")

    expect(page.locator("#like")).to_contain_text(known.number)
    expect(page.locator("#like")).to_contain_text("at the same place")
    expect(page.locator(".held img")).to_have_count(1)
    page.click("#send")
    expect(page.locator(".receipt-number")).to_have_text(Report.objects.latest("id").number)
    assert ReportPhoto.objects.count() == 1
    context.close()


def test_the_form_stands_on_the_city_s_own_site_without_a_cookie(
    browser: Browser, site: str, channel: Channel
) -> None:
    page_of_city = (
        '<!doctype html><title>City</title><div data-novator-city="zarechny" '
        f'data-novator-language="en"></div><script src="{site}/widget.js"></script>'
    )
    context = _phone(browser)
    page = context.new_page()
    with other_site(page_of_city) as city_site, other_site(page_of_city) as stranger:
        Channel.objects.update(widget_sites=[city_site])
        page.goto(city_site)
        frame = page.frame_locator("iframe")
        frame.locator("#id_text").fill("Яма на дороге у школы.")
        frame.locator("details.degrees summary").click()
        frame.locator("#id_latitude").fill("57.001")
        frame.locator("#id_longitude").fill("53.002")
        frame.locator("#id_email").fill("anna@zarechny.example")
        frame.locator("#id_processing").check()
        frame.locator("#send").click()

        expect(frame.locator(".receipt-number")).to_have_text(re.compile(r"\d+-\d"))
        assert _sent().get().source == "widget"
        assert context.cookies() == []
        page.goto(stranger)
        for _turn in range(100):
            page.wait_for_timeout(50)
            if page.frames[-1].url.startswith("chrome-error:"):
                break
        assert page.frames[-1].url.startswith("chrome-error:")
    context.close()
