"""The guided form as a clerk uses it: saved as typed, nothing lost, nothing overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.drafts.attaching import attach_file
from novator.drafts.form import STEPS
from novator.drafts.models import Draft, Remark
from novator.drafts.operations import ask_release
from novator.drafts.testing import FULL, filled_word, make_draft
from novator.files.testing import photo, upload
from novator.portal.people import today

pytestmark = pytest.mark.django_db


def at(name: str, draft: Draft, *rest: str, language: str = "ru") -> str:
    with translation.override(language):
        return reverse(name, args=[draft.public_id, *rest])


def writer(draft: Draft) -> Client:
    return signed_in(draft.holder)


def colleague(draft: Draft, kind: str = "editor") -> User:
    user = make_user(f"{kind}2@glazov.example", name="Мария")
    return make_role(kind, city=draft.municipality, user=user).user


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_step_is_shown_in_both_languages(language: str) -> None:
    draft = make_draft()
    client = writer(draft)

    for step in STEPS:
        page = client.get(at("draft_step", draft, step.code, language=language))
        assert page.status_code == 200, step.code
    for name in ("my_drafts", "new_draft", "my_cards"):
        with translation.override(language):
            assert client.get(reverse(name)).status_code == 200


def test_a_stranger_finds_no_page_of_a_draft() -> None:
    draft = make_draft()
    stranger = signed_in(make_role("head", city=make_city("Stary Bor")).user)

    answers = [stranger.get(at("draft_step", draft, step.code)) for step in STEPS]
    answers += [stranger.get(at(name, draft)) for name in ("draft", "draft_preview")]
    answers += [stranger.get(at("draft_similar", draft))]
    answers += [stranger.post(at("draft_step", draft, "problem"), {"title_ru": "Чужое"})]
    answers += [stranger.post(at("draft_autosave", draft, "problem"), {"title_ru": "Чужое"})]
    answers += [stranger.post(at("draft_act", draft, "discard"))]

    assert {answer.status_code for answer in answers} == {404}
    draft.refresh_from_db()
    assert (draft.state, draft.title) == ("writing", FULL["title_ru"])


def test_begins_a_draft_for_the_chosen_city() -> None:
    editor = make_role("editor", city=make_city("Glazov")).user
    make_role("editor", city=make_city("Zarechny"), user=editor)
    client = signed_in(editor)

    answer = client.post(reverse("new_draft"), {"city": "zarechny"})

    draft = Draft.objects.get()
    assert draft.municipality.slug == "zarechny"
    assert answer.headers["Location"] == at("draft_step", draft, "problem")
    assert client.post(reverse("new_draft"), {"city": "stary-bor"}).status_code == 403


def test_a_step_is_saved_and_leads_to_the_next() -> None:
    draft = make_draft(content={})

    answer = writer(draft).post(
        at("draft_step", draft, "problem"),
        {"title_ru": "Песок", "problem_ru": "Скользко", "topic": "safety", "go": "next"},
    )

    draft.refresh_from_db()
    assert draft.content == {"title_ru": "Песок", "problem_ru": "Скользко", "topic": "safety"}
    assert answer.headers["Location"] == at("draft_step", draft, "before")


def test_faulty_values_stay_as_typed_with_their_faults() -> None:
    draft = make_draft(content={})

    page = writer(draft).post(
        at("draft_step", draft, "people"),
        {"residents_reached": "много", "participants_ru": "Все", "go": "next"},
    )

    draft.refresh_from_db()
    text = page.content.decode()
    assert draft.content == {"residents_reached": "много", "participants_ru": "Все"}
    assert 'role="alert"' in text
    assert 'href="#f-residents_reached"' in text
    assert 'value="много"' in text
    assert 'aria-invalid="true"' in text


def test_rows_are_added_moved_and_removed_without_losing_words() -> None:
    draft = make_draft(content={})
    client, where = writer(draft), at("draft_step", draft, "done")
    two = {
        "steps-1-what_ru": "Выбрать",
        "steps-2-what_ru": "Поставить",
        "solution_ru": "Ящики",
        "page": "a",
    }

    added = client.post(where, two | {"add": "steps"})
    client.post(where, two | {"up": "steps:2"})
    draft.refresh_from_db()
    moved = [step["what_ru"] for step in draft.content["steps"]]
    client.post(where, two | {"remove": "steps:1"})
    draft.refresh_from_db()

    assert "more=steps" in added.headers["Location"]
    assert 'name="steps-2-what_ru"' in client.get(f"{where}?more=steps").content.decode()
    assert moved == ["Поставить", "Выбрать"]
    assert draft.content["steps"] == [{"what_ru": "Поставить"}]
    assert draft.content["solution_ru"] == "Ящики"


def test_autosave_tells_the_time_and_what_is_missing() -> None:
    draft = make_draft(content={})

    part = writer(draft).post(
        at("draft_autosave", draft, "problem"),
        {"title_ru": "Песок", "problem_ru": "", "topic": "", "revision": "1", "page": "a"},
    )

    draft.refresh_from_db()
    text = part.content.decode()
    assert draft.content == {"title_ru": "Песок"}
    assert 'id="saved"' in text
    assert 'id="was"' in text
    assert "<html" not in text


def test_autosave_never_overwrites_a_newer_version() -> None:
    draft = make_draft()
    where = at("draft_autosave", draft, "lessons")
    form = {"what_failed_ru": "Первое", "lessons_ru": "Второе", "revision": "1"}
    writer(draft).post(where, form | {"page": "a"})

    part = signed_in(colleague(draft)).post(where, form | {"lessons_ru": "Иначе", "page": "b"})

    draft.refresh_from_db()
    assert draft.content["lessons_ru"] == "Второе"
    assert 'id="was"' not in part.content.decode()


def test_the_second_who_saves_sees_both_versions_and_chooses() -> None:
    draft = make_draft()
    where = at("draft_step", draft, "lessons")
    client = signed_in(colleague(draft))
    mine = {"what_failed_ru": "Моё одно", "lessons_ru": "Моё два", "revision": "1", "page": "b"}
    writer(draft).post(
        where, {"what_failed_ru": "Её одно", "lessons_ru": "Её два", "revision": "1", "page": "a"}
    )

    page = client.post(where, mine)
    text = page.content.decode()
    client.post(
        where,
        mine | {"revision": "2", "page": "c", "choose-lessons_ru": "theirs",
                "choose-what_failed_ru": "mine"},
    )  # fmt: skip

    draft.refresh_from_db()
    assert page.status_code == 409
    assert all(words in text for words in ("Моё одно", "Моё два", "Её одно", "Её два"))
    assert (draft.content["what_failed_ru"], draft.content["lessons_ru"]) == ("Моё одно", "Её два")


def test_what_was_typed_into_a_draft_that_waits_is_given_back() -> None:
    draft = make_draft()
    ask_release(draft=draft, by=draft.author, consents=True, on=today())

    page = writer(draft).post(at("draft_step", draft, "lessons"), {"lessons_ru": "Ещё одно слово"})

    assert page.status_code == 409
    assert "Ещё одно слово" in page.content.decode()


def test_the_preview_is_the_card_itself() -> None:
    draft = make_draft(content=FULL | {"year_start": "прошлый"})
    attach_file(
        draft=draft, upload=upload(photo(), "a.jpg"), caption="", alt="Жёлтый ящик", by=draft.author
    )

    text = writer(draft).get(at("draft_preview", draft)).content.decode()

    assert "Первые ящики запирали" in text
    assert 'alt="Жёлтый ящик"' in text
    assert "прошлый" not in text


def test_remarks_stand_at_their_fields() -> None:
    draft = make_draft(state="returned")
    Remark.objects.create(
        draft=draft, field="lessons_ru", text="Что именно?", made_by=make_user("m@a.example")
    )

    page = writer(draft).get(at("draft_step", draft, "lessons")).content.decode()

    assert "Что именно?" in page


def test_asks_releases_and_sends_back() -> None:
    draft = make_draft()
    head = signed_in(colleague(draft, "head"))
    editor = writer(draft)

    refused = editor.post(at("draft_act", draft, "ask"))
    editor.post(at("draft_act", draft, "ask"), {"consent": "yes"})
    not_theirs = editor.post(at("draft_act", draft, "release"))
    empty = head.post(at("draft_act", draft, "send-back"), {"words": ""})
    head.post(at("draft_act", draft, "release"))

    draft.refresh_from_db()
    assert (refused.status_code, not_theirs.status_code, empty.status_code) == (409, 403, 409)
    assert draft.state == "submitted"


def test_a_draft_of_a_colleague_who_left_is_handed_over() -> None:
    draft = make_draft()
    draft.holder.roles.update(ends_on=today().replace(year=2025))
    head = colleague(draft, "head")

    listed = signed_in(head).get(reverse("drafts_left")).content.decode()
    signed_in(head).post(at("draft_act", draft, "hand-over"), {"to": str(head.public_id)})

    draft.refresh_from_db()
    assert FULL["title_ru"] in listed
    assert draft.holder == head


def test_the_office_hands_over_without_reading() -> None:
    draft = make_draft()
    draft.holder.roles.update(ends_on=today().replace(year=2025))
    head, office = colleague(draft, "head"), signed_in(make_role("office").user)

    listed = office.get(reverse("drafts_left")).content.decode()
    page = office.get(at("draft_step", draft, "check"))
    nobody = office.post(at("draft_act", draft, "hand-over"), {"to": ""})
    office.post(at("draft_act", draft, "hand-over"), {"to": str(head.public_id)})

    draft.refresh_from_db()
    assert at("draft", draft) + '"' not in listed
    assert page.status_code == 404
    assert nobody.status_code == 302
    assert draft.holder == head


def test_lists_cost_as_many_queries_however_long(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    city = make_city("Glazov", population=87_000)
    editor = make_role("editor", city=city).user
    for number in range(20):
        make_draft(city=city, by=editor, content=FULL | {"title_ru": f"Карточка {number}"})
    client = signed_in(editor)
    client.get(reverse("my_drafts"))

    with django_assert_num_queries(5):
        page = client.get(reverse("my_drafts"))

    assert page.content.decode().count("draft-name") == 20


def test_forms_need_their_token() -> None:
    draft = make_draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.holder, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(at("draft_step", draft, "lessons"), {"lessons_ru": "Чужое"})

    assert answer.status_code == 403


def test_a_filled_form_is_reported_on_and_becomes_a_draft() -> None:
    editor = make_role("editor", city=make_city("Glazov", population=87_000)).user
    client = signed_in(editor)
    blank = client.get(reverse("blank_form", args=["docx"])).content
    filled = filled_word(blank, FULL | {"year_start": "прошлый"})

    report: Any = client.post(reverse("draft_from_file"), {"file": upload(filled, "form.docx")})
    assert not Draft.objects.exists()
    client.post(reverse("draft_from_file"), {"told": report.context["told"], "city": "glazov"})

    draft = Draft.objects.get()
    assert report.context["counts"]["faulty"] == 1
    assert draft.content["year_start"] == "прошлый"
    assert draft.content["title_ru"] == FULL["title_ru"]


def test_a_wrong_file_is_refused_on_the_same_page() -> None:
    editor = make_role("editor", city=make_city("Glazov")).user

    page = signed_in(editor).post(
        reverse("draft_from_file"), {"file": upload(b"%PDF-1.7\n%%EOF", "a.pdf")}
    )

    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.content.decode()


def test_a_made_up_report_is_not_taken() -> None:
    editor = make_role("editor", city=make_city("Glazov")).user

    page = signed_in(editor).post(reverse("draft_from_file"), {"told": "made-up"})

    assert page.status_code == 422
    assert not Draft.objects.exists()
