"""A draft on its way: each step that it may take, and those it is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.drafts import writing
from novator.drafts.models import Draft, Remark
from novator.drafts.operations import (
    CannotMove,
    answer_remark,
    ask_release,
    discard,
    hand_over,
    publish_draft,
    release,
    return_draft,
    send_back,
    take_back,
    take_up_again,
)
from novator.drafts.queries import awaiting_moderation, without_holder
from novator.drafts.testing import FULL, make_draft
from novator.drafts.writing import (
    AlreadyBegun,
    CannotEdit,
    DraftChanged,
    begin_draft,
    mark_of,
    save_fields,
)
from novator.mail.models import Letter
from novator.practices.models import Version
from novator.practices.queries import card
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in FULL.items() if name not in names}


def released() -> tuple[Draft, Any]:
    draft = make_draft()
    head = make_role("head", city=draft.municipality).user
    ask_release(draft=draft, by=draft.author, consents=True, on=TODAY)
    release(draft=draft, by=head, on=TODAY)
    draft.refresh_from_db()
    return draft, head


def test_goes_from_writing_to_the_catalogue() -> None:
    draft, head = released()
    moderator = make_role("moderator").user

    practice = publish_draft(draft=draft, moderator=moderator, on=TODAY)

    draft.refresh_from_db()
    shown = card(practice.slug)
    assert (draft.state, draft.practice) == ("published", practice)
    assert shown is not None
    assert shown.title == "Ящики с песком у спусков"
    assert shown.completeness.missing == ()
    version = Version.objects.get(practice=practice)
    assert version.written_by == draft.author
    assert (version.released_by, version.published_by) == (head, moderator)
    letter = Letter.objects.get(kind="review", to_email=draft.holder.email)
    assert f"/practices/{practice.slug}/" in letter.body


def test_tells_those_who_wait_by_letter() -> None:
    draft, head = released()

    kinds = dict(Letter.objects.values_list("to_email", "kind"))
    assert kinds == {head.email: "draft", draft.author.email: "draft"}


def test_asks_for_everything_that_is_compulsory() -> None:
    draft = make_draft(content=without("lessons_ru"))

    with pytest.raises(CannotMove):
        ask_release(draft=draft, by=draft.author, consents=True, on=TODAY)

    draft.refresh_from_db()
    assert draft.state == "writing"


def test_asks_for_the_consent_of_the_city() -> None:
    draft = make_draft()

    with pytest.raises(CannotMove):
        ask_release(draft=draft, by=draft.author, consents=False, on=TODAY)

    assert not Draft.objects.exclude(consent_at=None).exists()


def test_one_person_with_both_roles_writes_and_releases() -> None:
    draft = make_draft()
    make_role("approver", city=draft.municipality, user=draft.author)

    release(draft=draft, by=draft.author, consents=True, on=TODAY)

    assert [found.pk for found in awaiting_moderation()] == [draft.pk]


def test_a_change_after_release_needs_a_new_consent() -> None:
    draft, _head = released()

    take_back(draft=draft, by=draft.author)

    draft.refresh_from_db()
    assert (draft.state, draft.consent_at, draft.released_by) == ("writing", None, None)


def test_sends_back_with_words_before_release() -> None:
    draft = make_draft()
    head = make_role("head", city=draft.municipality).user
    ask_release(draft=draft, by=draft.author, consents=True, on=TODAY)

    with pytest.raises(CannotMove):
        send_back(draft=draft, words="  ", by=head)
    send_back(draft=draft, words="Назовите сумму.", by=head)

    draft.refresh_from_db()
    assert draft.state == "writing"
    assert Remark.objects.get().text == "Назовите сумму."


def test_moderator_returns_with_remarks_by_field() -> None:
    draft, _head = released()
    moderator = make_role("moderator").user

    return_draft(draft=draft, remarks=[("cost_amount", "Это с НДС?")], by=moderator, on=TODAY)

    draft.refresh_from_db()
    assert draft.state == "returned"
    assert Remark.objects.get().field == "cost_amount"
    letter = Letter.objects.get(kind="review", to_email=draft.holder.email)
    assert "Единовременные расходы: Это с НДС?" in letter.body or (
        "One-off cost: Это с НДС?" in letter.body
    )


@pytest.mark.parametrize("act", ["publish", "return", "send_back", "take_back", "take_up"])
def test_refuses_a_step_that_is_not_its_turn(act: str) -> None:
    draft = make_draft()
    by = draft.author

    with pytest.raises(CannotMove):
        {
            "publish": lambda: publish_draft(draft=draft, moderator=by, on=TODAY),
            "return": lambda: return_draft(draft=draft, remarks=[("", "нет")], by=by, on=TODAY),
            "send_back": lambda: send_back(draft=draft, words="нет", by=by),
            "take_back": lambda: take_back(draft=draft, by=by),
            "take_up": lambda: take_up_again(draft=draft, by=by),
        }[act]()

    draft.refresh_from_db()
    assert draft.state == "writing"


def test_what_was_put_aside_can_be_taken_up() -> None:
    draft = make_draft()

    discard(draft=draft, by=draft.author)
    take_up_again(draft=draft, by=draft.author)

    draft.refresh_from_db()
    assert draft.state == "writing"


def test_hands_a_draft_over_to_a_colleague_only() -> None:
    draft = make_draft()
    stranger = make_role("editor", city=make_city("Stary Bor")).user
    head = make_role("head", city=draft.municipality).user

    with pytest.raises(CannotMove):
        hand_over(draft=draft, to=stranger, by=head, on=TODAY)
    hand_over(draft=draft, to=head, by=head, on=TODAY)

    draft.refresh_from_db()
    assert draft.holder == head


def test_finds_drafts_whose_holder_left() -> None:
    draft = make_draft()
    role = draft.author.roles.get()

    assert not without_holder(None, on=TODAY).exists()
    role.ends_on = date(2026, 1, 1)
    role.save()

    assert [found.pk for found in without_holder([draft.municipality], on=TODAY)] == [draft.pk]


def test_claims_a_card_with_everything_it_tells() -> None:
    practice = make_practice()
    editor = make_role("editor", city=practice.municipality).user

    draft = begin_draft(municipality=practice.municipality, by=editor, practice=practice)

    assert draft.content["title_ru"] == "Тёплые остановки"
    assert draft.content["cost_amount"] == 870_000
    assert "id" not in draft.content
    with pytest.raises(AlreadyBegun) as begun:
        begin_draft(municipality=practice.municipality, by=editor, practice=practice)
    assert begun.value.draft == draft


def test_publishing_a_claim_keeps_the_address_and_what_was_said_before() -> None:
    practice = make_practice()
    head = make_role("head", city=practice.municipality).user
    draft = begin_draft(municipality=practice.municipality, by=head, practice=practice)
    save_fields(draft=draft, values=FULL | {"year_end": None}, revision=1, by=head)
    release(draft=draft, by=head, consents=True, on=TODAY)

    published = publish_draft(draft=draft, moderator=make_role("moderator").user, on=TODAY)

    assert published.pk == practice.pk
    assert published.is_by_its_city
    titles = [version.content["title_ru"] for version in published.versions.order_by("number")]
    assert titles == ["Тёплые остановки", "Ящики с песком у спусков"]


def test_keeps_faulty_values_as_typed() -> None:
    draft = make_draft(content={})

    save_fields(
        draft=draft,
        values={"year_start": "прошлый год", "cost_amount": "-5"},
        revision=1,
        by=draft.author,
    )

    draft.refresh_from_db()
    assert draft.content == {"year_start": "прошлый год", "cost_amount": "-5"}
    assert draft.revision == 2


def test_the_second_who_saves_the_same_field_is_told() -> None:
    draft = make_draft()
    colleague = make_role("head", city=draft.municipality).user
    save_fields(draft=draft, values={"title_ru": "Песок"}, revision=1, by=colleague, page="a")

    with pytest.raises(DraftChanged) as refusal:
        save_fields(
            draft=draft,
            values={"title_ru": "Соль", "lessons_ru": "Нет"},
            revision=1,
            by=draft.author,
            page="b",
        )

    draft.refresh_from_db()
    assert refusal.value.fields == ("title_ru",)
    assert draft.content["title_ru"] == "Песок"
    assert draft.content["lessons_ru"] == FULL["lessons_ru"]


def test_who_did_not_touch_a_field_does_not_undo_its_change() -> None:
    draft = make_draft()
    colleague = make_role("head", city=draft.municipality).user
    was = {"title_ru": mark_of(FULL["title_ru"]), "lessons_ru": mark_of(FULL["lessons_ru"])}
    save_fields(draft=draft, values={"title_ru": "Песок"}, revision=1, by=colleague, page="a")

    save_fields(
        draft=draft,
        values={"title_ru": FULL["title_ru"], "lessons_ru": "Новое"},
        revision=1,
        by=draft.author,
        page="b",
        was=was,
    )

    draft.refresh_from_db()
    assert draft.content["title_ru"] == "Песок"
    assert draft.content["lessons_ru"] == "Новое"


def test_a_page_does_not_quarrel_with_itself() -> None:
    draft = make_draft()
    save_fields(draft=draft, values={"title_ru": "Пес"}, revision=1, by=draft.author, page="a")

    save_fields(draft=draft, values={"title_ru": "Песок"}, revision=1, by=draft.author, page="a")

    draft.refresh_from_db()
    assert draft.content["title_ru"] == "Песок"


def test_what_waits_for_release_is_not_changed() -> None:
    draft = make_draft()
    ask_release(draft=draft, by=draft.author, consents=True, on=TODAY)

    with pytest.raises(CannotEdit):
        save_fields(draft=draft, values={"title_ru": "Соль"}, revision=1, by=draft.author)


def test_a_draft_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_LETTERS", 20_000)
    draft = make_draft()

    with pytest.raises(CannotEdit):
        save_fields(
            draft=draft, values={"title_ru": "с" * 20_000}, revision=draft.revision, by=draft.author
        )

    draft.refresh_from_db()
    assert len(draft.content["title_ru"]) < 20_000


def kept_titles() -> list[str]:
    events = apps.get_model("drafts", "DraftEvent").objects.order_by("pgh_id")
    return [content.get("title_ru", "") for content in events.values_list("content", flat=True)]


def test_what_a_page_saves_by_itself_is_not_copied_into_the_trail_each_time() -> None:
    draft = make_draft()
    mine: dict[str, Any] = {"draft": draft, "revision": 1, "by": draft.author, "page": "a"}

    for title in ("П", "Пе", "Пес"):
        save_fields(**mine, values={"title_ru": title}, on_purpose=False)
    save_fields(**mine, values={"title_ru": "Пес"}, step="problem")
    for title in ("Песо", "Песок"):
        save_fields(**mine, values={"title_ru": title}, on_purpose=False)
    release(
        draft=draft,
        by=make_role("approver", city=draft.municipality).user,
        consents=True,
        on=TODAY,
    )

    assert kept_titles() == [FULL["title_ru"], "Пес", "Песок"]


def test_the_trail_keeps_the_last_words_before_somebody_else_writes() -> None:
    draft = make_draft()
    colleague = make_role("head", city=draft.municipality).user
    save_fields(
        draft=draft,
        values={"title_ru": "Песок"},
        revision=1,
        by=draft.author,
        page="a",
        on_purpose=False,
    )

    save_fields(
        draft=draft,
        values={"title_ru": "Соль"},
        revision=2,
        by=colleague,
        page="b",
        on_purpose=False,
    )

    event = apps.get_model("drafts", "DraftEvent").objects.latest("pgh_id")
    assert (event.content["title_ru"], event.changed_by_id) == ("Песок", draft.author_id)


def test_a_remark_is_answered_by_its_writer_and_read_by_the_moderator() -> None:
    draft, head = released()
    moderator = make_role("moderator").user
    return_draft(draft=draft, remarks=[("cost_amount", "Это с НДС?")], by=moderator, on=TODAY)
    remark = Remark.objects.get()

    answer_remark(draft=draft, remark_id=remark.pk, words=" С НДС. ")

    remark.refresh_from_db()
    assert (remark.answer, remark.answered_at) == ("С НДС.", None)
    release(draft=draft, by=head, consents=True, on=TODAY)
    with pytest.raises(CannotMove):
        answer_remark(draft=draft, remark_id=remark.pk, words="Без НДС.")
    remark.refresh_from_db()
    assert remark.answer == "С НДС."
    assert remark.answered_at is not None
