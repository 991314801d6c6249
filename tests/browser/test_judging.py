"""Moderation, reviews, contests and versions: no barrier in either language, and a whole round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user
from novator.drafts.models import Draft
from novator.drafts.testing import make_draft
from novator.practices.models import Practice, PracticeText
from novator.practices.versions import keep_versions
from novator.reviews.judging import close_scores, draw_up_protocol, give_score
from novator.reviews.merging import propose_merge
from novator.reviews.models import Contest, Juror
from novator.reviews.testing import make_approver, make_contest, make_entry, make_juror, make_review
from tests.browser.looks import barriers, too_wide_for

pytestmark = pytest.mark.browser
Staff = Callable[[str], User]
SignIn = Callable[[BrowserContext, User], User]


def contest_of(cards: list[Practice], title: tuple[str, str], *, is_over: bool) -> Contest:
    """A contest whose jury scores today, or that takes entries today."""
    on = timezone.localdate()
    began = on - timedelta(days=20)
    days: dict[str, Any] = {
        "opens_on": began,
        "closes_on": on - timedelta(days=5) if is_over else on + timedelta(days=5),
        "scores_by": on + timedelta(days=9),
    }
    contest = make_contest(on=began, title=title, **days)
    for card in cards:
        make_entry(contest, card, on=began)
    return contest


def submitted(staff: Staff, practice: Practice | None = None) -> Draft:
    return make_draft(
        city=staff("editor").roles.get().municipality,
        by=staff("editor"),
        practice=practice,
        state="submitted",
        submitted_at=timezone.now(),
    )


def opened(browser: Browser, sign_in: SignIn, person: User | None, *, width: int = 1280) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(60_000)
    if person is not None:
        sign_in(context, person)
    return context.new_page()


@pytest.mark.parametrize(("language", "width"), [("ru", 360), ("en", 1280)])
def test_axe_finds_no_barrier_where_cards_are_judged(
    browser: Browser, site: str, staff: Staff, sign_in: SignIn, language: str, width: int
) -> None:
    on = timezone.localdate()
    stops, lamps = Practice.objects.filter(municipality__slug__in=["glazov", "zarechny"])
    keep_versions([stops, lamps], note="", made_at=timezone.now())
    PracticeText.objects.filter(practice=stops, language="ru").update(lessons="Дверь сама.")
    keep_versions([stops], note="", made_at=timezone.now())
    make_review(stops, expert=make_role("expert", user=make_user("a@x.example")).user, on=on)
    draft = submitted(staff, stops)
    proposal = propose_merge(
        twin=lamps, into=stops, reason="Одна работа", by=staff("editor"), on=on
    )
    open_now = contest_of([lamps], ("Двор", "Yard"), is_over=False)
    judged = contest_of([stops, lamps], ("Свет", "Light"), is_over=True)
    done = contest_of([stops], ("Тепло", "Warmth"), is_over=True)
    juror, seat = make_juror(judged), make_juror(done)
    entry = done.nominations.get(position=1).entries.get()
    give_score(juror=seat, entry=entry, points=dict.fromkeys(done.weights, 7), on=on)
    close_scores(contest=done, by=done.made_by, on=on)
    draw_up_protocol(contest=done, by=done.made_by, on=on)
    waiting = judged.nominations.get(position=1).entries.first()
    assert waiting is not None
    staff("expert")
    pages = {
        "moderator": [
            "office/moderation/",
            f"office/moderation/{draft.public_id}/",
            "office/twins/",
            f"office/twins/{proposal.pk}/",
        ],
        "expert": ["my/reviews/", f"practices/{lamps.slug}/review/"],
        "office": ["office/contests/new/", f"office/contests/{judged.slug}/"],
        "editor": [f"practices/{lamps.slug}/twin/"],
        "juror": [
            f"contests/{judged.slug}/jury/",
            f"contests/{judged.slug}/jury/{waiting.public_id}/",
        ],
        "approver": [f"contests/{open_now.slug}/enter/"],
        "": [
            f"practices/{stops.slug}/",
            f"practices/{stops.slug}/versions/",
            f"practices/{stops.slug}/versions/differences/",
            "contests/",
            f"contests/{open_now.slug}/",
            f"contests/{done.slug}/results/",
        ],
    }
    people = {
        "office": done.made_by,
        "juror": juror.user,
        "approver": make_approver(stops.municipality),
    }
    faults: list[str] = []
    for who, addresses in pages.items():
        person = people.get(who) or (staff(who) if who else None)
        page = opened(browser, sign_in, person, width=width)
        for address in addresses:
            answer = page.goto(f"{site}/{language}/{address}")
            assert answer is not None
            if answer.status != 200:
                faults.append(f"{address}: {answer.status}")
            found = barriers(page) + too_wide_for(page, width)
            faults += [f"{address}: {fault}" for fault in found]
        page.context.close()

    assert not faults, "\n".join(faults)


def test_a_draft_is_returned_then_published_then_scored(
    browser: Browser, site: str, staff: Staff, sign_in: SignIn
) -> None:
    draft = submitted(staff)
    page = opened(browser, sign_in, staff("moderator"))
    page.goto(f"{site}/en/office/moderation/")
    page.click("main h2 a")
    page.click("text=Take it")
    page.locator("summary", has_text="Remark").first.click()
    page.locator("textarea[name^=remark-]").first.fill("Кто именно?")
    page.click("button[value=return]")
    expect(page.locator("[role=status]")).to_be_visible()
    draft.refresh_from_db()
    assert draft.state == "returned"
    assert draft.remarks.get().text == "Кто именно?"

    Draft.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=timezone.now())
    page.goto(f"{site}/en/office/moderation/{draft.public_id}/")
    page.click("button[value=publish]")
    expect(page.locator("[role=alert]")).to_be_focused()
    for box in page.locator("input[type=radio][value=yes]").all():
        box.check()
    page.click("button[value=publish]")
    page.wait_for_url("**/office/moderation/")
    practice = Practice.objects.get(drafts=draft)
    page.context.close()

    page = opened(browser, sign_in, staff("expert"))
    # The expert of these tests holds no role in Glazov.
    page.goto(f"{site}/en/practices/{practice.slug}/review/")
    for box in page.locator("input[type=radio][value='4']").all():
        box.check()
    page.check("input[name=has_declared]")
    page.click("main form .button")
    page.wait_for_url(f"**/practices/{practice.slug}/#experts")

    expect(page.locator("#experts .experts-total")).to_contain_text("4")
    practice.refresh_from_db()
    assert practice.grade is None
    page.context.close()


def test_a_juror_scores_and_the_office_draws_up_the_protocol(
    browser: Browser, site: str, staff: Staff, sign_in: SignIn
) -> None:
    contest = contest_of(
        [Practice.objects.get(slug="zarechny-lamps")], ("Свет", "Light"), is_over=True
    )
    juror: Juror = make_juror(contest)
    page = opened(browser, sign_in, juror.user)
    page.goto(f"{site}/en/contests/{contest.slug}/")
    page.click("text=To the jury's page")
    page.click("main h2 a")
    for box in page.locator("input[type=number]").all():
        box.fill("8")
    page.click("text=Keep my points")
    expect(page.locator("main")).to_contain_text("8 · 8")
    page.context.close()

    page = opened(browser, sign_in, contest.made_by)
    page.goto(f"{site}/en/office/contests/{contest.slug}/")
    page.click("text=Close the scores")
    page.click("text=Draw up the protocol")
    page.click("main .panel >> text=Result and protocol")
    expect(page.locator(".places")).to_contain_text("8.00")
    with page.expect_download() as coming:
        page.click("text=Protocol, PDF")
    assert coming.value.suggested_filename == f"protocol-{contest.slug}.pdf"
    page.context.close()
