"""Who decides: pages, files and feeds of sessions and decisions, and the secretary's desk."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.council.models import Decision, Mandate, Session
from novator.council.testing import (
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_mandate,
    make_person,
    make_session,
    make_vote_event,
)
from novator.files.operations import keep_file
from novator.files.testing import PDF, upload
from novator.notices.models import Follow

pytestmark = pytest.mark.django_db
FILES = ("session_agenda_paper", "session_minutes")


def _session(**facts: object) -> Session:
    make_deputies()
    session = make_session(**facts)  # type: ignore[arg-type]
    item = make_item(session, title="О тайном бюджете", initiated_as="Глава города")
    item.speeches.create(speaker="Иван Докладчик", text="Слова за бюджет", stance="for")
    event = make_vote_event(item)
    make_decision(session.council, item=item, event=event, number="12-р", title="О дорогах")
    return session


def _secretary(city: str = "Zarechny") -> Client:
    return signed_in(make_role("secretary", city=make_city(city)).user)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_everybody_reads_sessions_and_decisions(language: str):
    session = _session()
    decision = Decision.objects.get()
    make_mandate(decision, holder=make_person())
    decision.effects.create(kind="join_association", key="association")
    slug = "zarechny"

    pages = [
        reverse("council_sessions", args=[slug]),
        reverse("council_decisions", args=[slug]),
        session.get_absolute_url(),
        decision.get_absolute_url(),
    ]
    told = [Client().get(page.replace("/ru/", f"/{language}/")) for page in pages]

    assert [page.status_code for page in told] == [200] * 4
    assert "О тайном бюджете" in told[2].content.decode()
    assert "Слова за бюджет" in told[3].content.decode()
    assert re.search(r"\b131-(ФЗ|FZ)\b", told[3].content.decode()) is None


@pytest.mark.parametrize("what", ["session", "item"])
def test_what_is_closed_stands_on_no_page_in_no_file_and_no_feed(what: str):
    session = _session(is_closed=what == "session", closed_because="Гостайна", place="Бункер")
    if what == "item":
        session.items.update(is_closed=True)
    decision = Decision.objects.get()
    addresses = [
        session.get_absolute_url(),
        decision.get_absolute_url(),
        reverse("council_sessions_feed", args=["zarechny"]),
        reverse("council_decisions_feed", args=["zarechny"]),
        reverse("council_calendar", args=["zarechny"]),
        reverse("decision_document", args=[decision.pk, "docx"]),
        *(reverse(name, args=[session.pk, "docx"]) for name in FILES),
    ]
    stranger, secretary = _secretary("Stary Bor"), _secretary()

    for browser in (Client(), stranger):
        for address in addresses:
            answer = browser.get(address)
            assert answer.status_code == 200, address
            words = _words(answer)
            for secret in ("О тайном бюджете", "Слова за бюджет", "Иван Докладчик"):
                assert secret not in words, address
            if what == "session":
                assert "Бункер" not in words
    assert "О дорогах" in _words(Client().get(addresses[0]))
    assert "О тайном бюджете" in _words(secretary.get(addresses[0]))


def _words(answer: object) -> str:
    """Text of a page or of a Word document."""
    body: bytes = answer.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        return zipfile.ZipFile(io.BytesIO(body)).read("word/document.xml").decode()
    return body.decode()


def test_papers_are_tagged_and_in_the_language_of_the_page():
    session = _session()
    decision = Decision.objects.get()
    for address in (
        reverse("session_minutes", args=[session.pk, "pdf"]),
        reverse("decision_document", args=[decision.pk, "pdf"]),
    ):
        body = Client().get(address.replace("/ru/", "/en/")).content
        assert body.startswith(b"%PDF-1.7")
        assert b"/MarkInfo" in body


def test_the_calendar_keeps_its_names_and_counts_changes():
    session = _session()
    address = reverse("council_calendar", args=["zarechny"])
    before = Calendar.from_ical(Client().get(address).content).walk("VEVENT")[0]

    session.revision += 3
    session.state = "cancelled"
    session.save()
    after = Calendar.from_ical(Client().get(address).content).walk("VEVENT")[0]

    assert before["UID"] == after["UID"]
    counts = [int(str(event["SEQUENCE"])) for event in (before, after)]
    assert counts[0] < counts[1]
    assert after["STATUS"] == "CANCELLED"


def test_lists_are_narrowed_and_paged_by_their_keys(django_assert_num_queries):
    council = make_council()
    for day in range(1, 26):
        make_decision(council, on=date(2026, 3, day), title=f"Решение дня {day}")
    make_decision(council, on=date(2019, 3, 1), title="Старое").effects.create(
        kind="other", text="иное"
    )
    make_decision(council, state="draft", title="Черновик")
    address = reverse("council_decisions", args=["zarechny"])

    with django_assert_num_queries(5):
        first = Client().get(address)
    part = first.context["part"]
    second = Client().get(f"{address}?after={part.after}")

    assert len(part.rows) == 20
    assert [row.title for row in second.context["part"].rows][-1] == "Старое"
    assert "Черновик" not in first.content.decode() + second.content.decode()
    for query in ("year=2019", "effect=other"):
        rows = Client().get(f"{address}?{query}").context["part"].rows
        assert [row.title for row in rows] == ["Старое"]
    assert Client().get(f"{address}?after=nonsense&year=x&state=y").status_code == 200


def test_drafts_are_listed_page_by_page_to_the_secretary_alone():
    council = make_council()
    for number in range(22):
        make_decision(council, title=f"Черновик {number}", state="draft")
    address, secretary = reverse("council_decisions", args=["zarechny"]), _secretary()

    first = secretary.get(address).context["drafts"]
    second = secretary.get(address, {"drafts": first.after}).context["drafts"]

    assert [len(first.rows), len(second.rows)] == [20, 2]
    assert Client().get(address).context["drafts"].rows == []


def test_a_secretary_drafts_adopts_and_publishes_a_decision():
    session = _session()
    item = make_item(session, title="О вступлении в ассоциацию")
    make_vote_event(item)
    browser, city = _secretary(), "zarechny"

    page = browser.get(f"{reverse('decision_new', args=[city])}?item={item.pk}")
    form = page.context["form"].initial
    browser.post(
        f"{reverse('decision_new', args=[city])}?item={item.pk}",
        {"title": form["title"], "event": form["event"], "number": "13-р", "adopted": "04.03.2026"},
    )
    decision = Decision.objects.get(number="13-р")
    assert Client().get(decision.get_absolute_url()).status_code == 404
    step = reverse("decision_step", args=[decision.pk])
    browser.post(step, {"state": "adopted", "on": "04.03.2026"})
    browser.post(reverse("decision_effect", args=[decision.pk]), {"kind": "join_association"})
    browser.post(
        reverse("decision_mandate", args=[decision.pk]),
        {"holder": make_person().pk, "subject": "представлять город", "may_vote": "on"},
    )
    browser.post(
        reverse("decision_file", args=[decision.pk]),
        {"file": upload(PDF, "decision.pdf"), "title": "Подписанный текст"},
    )
    refused = browser.post(step, {"state": "published", "on": "05.03.2026"})

    decision.refresh_from_db()
    assert refused.context["form"].errors
    assert decision.state == "adopted"
    assert {effect.kind for effect in decision.effects.all()} == {
        "join_association",
        "give_mandate",
    }
    assert Mandate.objects.get().decision == decision
    file = decision.files.get().file
    assert Client().get(file.get_absolute_url()).status_code == 200
    assert Client().get(decision.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "route",
    ["decision_change", "decision_step", "decision_effect", "decision_mandate", "decision_file"],
)
def test_a_stranger_changes_no_decision(route: str):
    decision = make_decision()
    stranger = _secretary("Stary Bor")

    answer = stranger.post(reverse(route, args=[decision.pk]), {"state": "signed", "on": "2026"})

    assert answer.status_code == 403
    decision.refresh_from_db()
    assert decision.state == "adopted"


def test_a_stranger_signs_corrects_withdraws_and_drafts_nothing():
    session, mandate = _session(), make_mandate()
    stranger = _secretary("Stary Bor")

    for address in (
        reverse("session_sign", args=[session.pk]),
        reverse("session_correct", args=[session.pk]),
        reverse("mandate_withdraw", args=[mandate.pk]),
        reverse("decision_new", args=["zarechny"]),
    ):
        assert stranger.get(address).status_code == 403
        assert stranger.post(address, {"title": "x"}).status_code == 403
    assert not session.protocols.exists()


def test_a_secretary_signs_and_corrects():
    session = _session()
    browser = _secretary()
    signing = reverse("session_sign", args=[session.pk])
    told = {"signed_by": make_person().pk, "signed_on": "2026-03-06"}

    browser.post(signing, told)
    browser.post(reverse("session_correct", args=[session.pk]))
    session.items.update(outcome="Принято единогласно")
    during = Client().get(session.get_absolute_url())
    browser.post(signing, told | {"reason": "Итог был пропущен"})

    assert session.protocols.count() == 2
    assert "protocols/1/" in during.content.decode()
    compared = Client().get(reverse("session_protocols", args=[session.pk]))
    assert "Принято единогласно" in compared.content.decode()
    first = Client().get(reverse("session_protocol", args=[session.pk, 1]))
    assert "Принято единогласно" not in first.content.decode()


def test_councils_decisions_and_open_items_are_followed():
    session = _session()
    item, decision = session.items.get(), Decision.objects.get()
    browser = signed_in(make_user("reader@glazov.example"))
    closed = make_item(session, title="Закрытый", is_closed=True)

    for kind, key in (
        ("council", "zarechny"),
        ("decision", str(decision.pk)),
        ("item", str(item.pk)),
        ("item", str(closed.pk)),
        ("decision", "nonsense"),
    ):
        browser.post(reverse("follow"), {"kind": kind, "key": key})

    assert set(Follow.objects.values_list("kind", "key")) == {
        ("council", "zarechny"),
        ("decision", str(decision.pk)),
        ("item", str(item.pk)),
    }
    assert browser.get(reverse("following")).status_code == 200


def test_papers_of_closed_items_are_for_the_secretary_alone():
    session = _session()
    item = session.items.get()
    kept = keep_file(upload=upload(PDF, "note.pdf"))
    paper = item.papers.create(council=session.council, title="Записка", file=kept)
    address = kept.get_absolute_url()

    assert Client().get(address).status_code == 200
    session.items.update(is_closed=True)
    assert Client().get(address).status_code == 302
    assert _secretary("Stary Bor").get(address).status_code == 404
    assert _secretary().get(address).status_code == 200
    assert paper.is_public


def test_the_text_of_a_closed_decision_is_public_when_it_is_published(client):
    session = make_session(make_council(), state="held")
    item = make_item(session, title="О закрытом", is_closed=True)
    decision = make_decision(
        session.council,
        item=item,
        text="The words of it",
        summary="The words of it",
        state="adopted",
    )
    places = [
        decision.get_absolute_url(),
        reverse("council_decisions_feed", args=["zarechny"]),
        f"/api/v1/decisions/{decision.pk}",
    ]

    before = [client.get(place).content.decode() for place in places]
    Decision.objects.update(state="published", number="1")
    after = [client.get(place).content.decode() for place in places]

    assert not any("The words of it" in page for page in before)
    assert all("The words of it" in page for page in after)
