"""Collections are filled, ordered, shared and forgotten; nobody overwrites anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from novator.accounts.erasure import erase_person
from novator.accounts.own_data import own_data_of
from novator.accounts.testing import make_role, make_user
from novator.briefings import operations
from novator.briefings.models import Briefing, Collection, Item, SecretLink, Share
from novator.briefings.operations import (
    CannotCollect,
    ChangedMeanwhile,
    add_cards,
    begin_collection,
    change_collection,
    end_link,
    open_link,
    remove_card,
    share_with_address,
    share_with_city,
)
from novator.briefings.papers import Choices, begin_paper, save_paper
from novator.briefings.queries import collection_by_link
from novator.briefings.testing import make_collection, make_paper
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.practices.models import Practice
from novator.practices.publishing import withdraw_card
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


def _cards(number: int) -> list[Practice]:
    return [make_practice(f"card-{place}") for place in range(1, number + 1)]


def test_adds_each_card_once_at_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(operations, "MOST_CARDS", 3)
    owner = make_user()
    cards = _cards(4)
    withdraw_card(practice=cards[3], because="")
    collection = make_collection(owner, cards[:2])

    new = add_cards(
        collection=collection, slugs=["card-2", "card-3", "card-4", "never-was"], by=owner
    )

    assert new == 1
    assert list(collection.items.values_list("practice__slug", "position")) == [
        ("card-1", 1),
        ("card-2", 2),
        ("card-3", 3),
    ]
    make_practice("card-5")
    with pytest.raises(CannotCollect):
        add_cards(collection=collection, slugs=["card-5"], by=owner)
    assert collection.items.count() == 3


def test_nobody_has_more_collections_than_is_sensible(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(operations, "MOST_COLLECTIONS", 1)
    owner = make_user()
    make_collection(owner)

    with pytest.raises(CannotCollect):
        begin_collection(title="Ещё", owner=owner)

    assert Collection.objects.count() == 1


def test_the_second_saver_is_told_and_overwrites_nothing():
    owner, other = make_user(), make_user("other@glazov.example")
    collection = make_collection(owner, _cards(3))
    facts: dict[str, Any] = {"title": "Остановки", "purpose": "", "revision": 1}

    change_collection(
        collection=collection,
        **facts,
        notes={"card-2": "Подходит нам"},
        order=["card-2", "card-1"],
        by=owner,
    )
    with pytest.raises(ChangedMeanwhile) as told:
        change_collection(
            collection=collection, **facts, notes={"card-2": "Нет"}, order=[], by=other
        )

    assert told.value.by == owner
    assert list(collection.items.values_list("practice__slug", "note")) == [
        ("card-2", "Подходит нам"),
        ("card-1", ""),
        ("card-3", ""),
    ]


def test_a_card_taken_out_leaves_the_others_as_they_were():
    owner = make_user()
    collection = make_collection(owner, _cards(2))

    remove_card(collection=collection, slug="card-1")

    assert [item.practice.slug for item in collection.items.all()] == ["card-2"]


def test_a_letter_goes_only_to_an_address_with_an_account():
    owner, colleague = make_user(), make_user("head@stary-bor.example", language="en")
    collection = make_collection(owner)

    for _again in range(2):
        share_with_address(collection=collection, email=colleague.email, may_edit=False, by=owner)
    share_with_address(collection=collection, email="nobody@example.org", may_edit=True, by=owner)

    letter = Letter.objects.get()
    assert letter.to_email == colleague.email
    assert letter.subject.startswith("A collection was shared with you")
    assert str(collection.public_id) in letter.body
    assert Share.objects.count() == 2


def test_one_does_not_share_with_oneself():
    owner = make_user()
    collection = make_collection(owner)

    with pytest.raises(CannotCollect):
        share_with_address(
            collection=collection, email="EDITOR@glazov.example", may_edit=True, by=owner
        )

    assert not Share.objects.exists()


def test_an_ended_link_opens_nothing_and_a_new_one_is_another():
    owner = make_user()
    collection = make_collection(owner)
    first = open_link(collection=collection, by=owner)
    assert open_link(collection=collection, by=owner) == first
    assert collection_by_link(first.token) == collection

    end_link(collection=collection)
    second = open_link(collection=collection, by=owner)

    assert collection_by_link(first.token) is None
    assert second.token != first.token
    assert SecretLink.objects.filter(ended_at=None).count() == 1


def _choices(paper: Briefing, **changed: object) -> Choices:
    facts: dict[str, object] = {
        "title": paper.title,
        "language": "ru",
        "city": None,
        "population": None,
        "problem": "Холодно",
        "proposal": "",
        "sections": ["sources", "problem"],
        "prepared_by": "",
        "prepared_on": date(2026, 11, 22),
        "slugs": ["card-1"],
        "changes": {"card-1": "Нужна сеть 220 В"},
    }
    return Choices(**(facts | changed))  # type: ignore[arg-type]


def test_a_paper_keeps_cards_in_the_order_of_the_collection_and_words_about_them():
    owner = make_user()
    paper = make_paper(make_collection(owner, _cards(3)))

    saved = save_paper(
        paper=paper, revision=1, choices=_choices(paper, slugs=["card-3", "card-1"]), by=owner
    )

    assert saved.sections == ["problem", "sources"]
    assert list(saved.options.values_list("practice__slug", "changes")) == [
        ("card-1", "Нужна сеть 220 В"),
        ("card-3", ""),
    ]
    with pytest.raises(ChangedMeanwhile):
        save_paper(paper=paper, revision=1, choices=_choices(paper, problem="Иначе"), by=owner)
    assert Briefing.objects.get().problem == "Холодно"


@pytest.mark.parametrize("number", [0, 6])
def test_a_paper_takes_one_to_five_cards(number: int):
    owner = make_user()
    collection = make_collection(owner, _cards(6))

    with pytest.raises(CannotCollect):
        begin_paper(
            collection=collection,
            slugs=[f"card-{place}" for place in range(1, number + 1)],
            by=owner,
            city=None,
            language="ru",
            on=date(2026, 11, 22),
        )

    assert not Briefing.objects.exists()


def test_what_is_stored_of_a_person_is_told_and_forgotten():
    make_role("office")
    owner, other = make_user(), make_user("other@glazov.example")
    private = make_collection(owner, _cards(1))
    of_city = make_collection(owner, title="Общая")
    share_with_city(collection=of_city, municipality=make_city("Zarechny"), access="see", by=owner)
    open_link(collection=of_city, by=owner)
    share_with_address(
        collection=make_collection(other), email=owner.email, may_edit=True, by=other
    )
    assert {row["title"] for row in own_data_of(owner)["collections"]} == {private.title, "Общая"}

    erase_person(user=owner, at=timezone.now())

    assert not Collection.objects.filter(pk=private.pk).exists()
    assert not Share.objects.exists()
    assert not SecretLink.objects.filter(ended_at=None).exists()
    assert not Item.objects.exists()
    assert Collection.objects.filter(pk=of_city.pk).exists()
