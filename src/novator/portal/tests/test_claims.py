"""A city and its cards: claimed, corrected, confirmed in one click, withdrawn, settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.drafts.models import Draft
from novator.portal.people import today
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


def test_an_editor_claims_a_card_of_the_own_city() -> None:
    practice = make_practice()
    client = signed_in(make_role("editor", city=practice.municipality).user)

    page = client.get(reverse("card_correct", args=[practice.slug]))
    client.post(reverse("card_correct", args=[practice.slug]))
    client.post(reverse("card_correct", args=[practice.slug]))

    assert page.status_code == 200
    assert Draft.objects.get().practice == practice


def test_an_editor_of_another_city_claims_nothing() -> None:
    practice = make_practice(is_by_its_city=True)
    stranger = signed_in(make_role("head", city=make_city("Stary Bor")).user)

    answers = [
        stranger.post(reverse(name, args=[practice.slug]), {"because": "нет"})
        for name in ("card_correct", "card_confirm", "card_withdraw", "card_city")
    ]

    assert {answer.status_code for answer in answers} == {403}
    practice.refresh_from_db()
    assert (practice.withdrawn_at, practice.confirmed_on) == (None, None)
    assert not Draft.objects.exists()


def test_facts_are_confirmed_in_one_click() -> None:
    late = today() - timedelta(days=1)
    practice = make_practice(
        is_by_its_city=True, confirmed_on=late - timedelta(days=365), confirm_by=late, grade=3
    )
    client = signed_in(make_role("editor", city=practice.municipality).user)

    listed = client.get(reverse("my_cards"))
    client.post(reverse("card_confirm", args=[practice.slug]), {"back": "cards"})

    practice.refresh_from_db()
    assert [card.slug for card, _shown in listed.context["overdue"]] == [practice.slug]
    assert practice.confirmed_on == today()


def test_the_head_withdraws_with_a_reason() -> None:
    practice = make_practice(is_by_its_city=True)
    head = signed_in(make_role("head", city=practice.municipality).user)
    where = reverse("card_withdraw", args=[practice.slug])

    silent = head.post(where, {"because": "  "})
    head.post(where, {"because": "Написана дважды"})

    practice.refresh_from_db()
    assert 'aria-invalid="true"' in silent.content.decode()
    assert practice.withdrawn_because == "Написана дважды"


def test_the_office_settles_to_which_record_a_card_belongs() -> None:
    practice, zarechny = make_practice(), make_city("Zarechny")
    office = signed_in(make_role("office").user)
    where = reverse("card_city", args=[practice.slug])

    found = office.get(where, {"words": "Заречный"}).content.decode()
    office.post(where, {"words": "Заречный", "to": "zarechny"})

    practice.refresh_from_db()
    assert 'value="zarechny"' in found
    assert practice.municipality == zarechny
    assert practice.versions.count() >= 1


def test_the_page_of_a_card_offers_its_city_what_it_may_do() -> None:
    practice = make_practice()
    editor = signed_in(make_role("editor", city=practice.municipality).user)
    stranger = signed_in(make_role("editor", city=make_city("Stary Bor")).user)
    where = reverse("practice", args=[practice.slug])
    claim = reverse("card_correct", args=[practice.slug])

    assert claim in editor.get(where).content.decode()
    assert claim not in stranger.get(where).content.decode()
