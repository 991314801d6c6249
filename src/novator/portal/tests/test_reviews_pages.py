"""Moderation, reviews, versions and twins: every page in both languages, strangers refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.drafts.models import Draft
from novator.drafts.testing import make_draft
from novator.practices.models import Practice, PracticeText
from novator.practices.testing import make_practice
from novator.practices.versions import keep_versions
from novator.reviews.merging import propose_merge
from novator.reviews.models import Conflict, MergeProposal, Moderation, Review
from novator.reviews.scales import checklist, review_scale
from novator.reviews.testing import TODAY, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> Client:
    return signed_in(make_role("moderator").user)


@pytest.fixture
def expert() -> Client:
    return signed_in(make_role("expert").user)


@pytest.fixture
def stranger() -> Client:
    return signed_in(make_role("editor", city=make_city("Stary Bor")).user)


@pytest.fixture
def draft() -> Draft:
    return make_draft(state="submitted", submitted_at=timezone.now())


def decision(draft: Draft, outcome: str, **more: str) -> dict[str, Any]:
    answers = {f"check-{item.code}": "yes" for item in checklist().items}
    return {"revision": draft.revision, "outcome": outcome, **answers, **more}


def review_of(practice: Practice, **more: Any) -> dict[str, Any]:
    scores = {f"score-{code}": 4 for code in review_scale().weights}
    return {"version": 1, "has_declared": "on", **scores, **more}


def two_versions() -> Practice:
    practice = make_practice(is_by_its_city=True)
    keep_versions([practice], note="", made_at=timezone.now())
    PracticeText.objects.filter(practice=practice, language="ru").update(
        problem="Зимой пассажиры сильно мёрзнут на остановках."
    )
    keep_versions([practice], note="уточнено", made_at=timezone.now())
    return practice


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_of_moderators_in_both_languages(moderator, draft, language):
    proposal = propose_merge(
        twin=make_practice("one"),
        into=make_practice("two"),
        reason="Одно и то же",
        by=draft.holder,
        on=TODAY,
    )
    for path in (
        "moderation/",
        "moderation/decided/",
        f"moderation/{draft.public_id}/",
        "twins/",
        f"twins/{proposal.pk}/",
    ):
        assert moderator.get(f"/{language}/office/{path}").status_code == 200, path


def test_a_stranger_sees_nothing_of_moderation(stranger, client, draft):
    proposal = propose_merge(
        twin=make_practice("one"), into=make_practice("two"), reason="x", by=draft.holder, on=TODAY
    )
    pages = ["moderation/", "moderation/decided/", f"moderation/{draft.public_id}/", "twins/"]
    for path in [*pages, f"twins/{proposal.pk}/"]:
        assert stranger.get(f"/ru/office/{path}").status_code == 403, path
        assert client.get(f"/ru/office/{path}").status_code == 302, path
    for path in ("take/", "decide/"):
        address = f"/ru/office/moderation/{draft.public_id}/{path}"
        assert stranger.post(address, decision(draft, "publish")).status_code == 403
    assert not Moderation.objects.exists()


def test_a_draft_that_was_never_handed_over_does_not_exist_for_moderators(moderator):
    private = make_draft()

    assert moderator.get(f"/ru/office/moderation/{private.public_id}/").status_code == 404


def test_a_moderator_takes_and_publishes(moderator, draft):
    moderator.post(f"/ru/office/moderation/{draft.public_id}/take/")
    response = moderator.post(
        f"/ru/office/moderation/{draft.public_id}/decide/",
        decision(draft, "publish"),
        follow=True,
    )

    assert response.redirect_chain[0][0] == "/ru/office/moderation/"
    practice = Practice.objects.published().get()
    assert Moderation.objects.get().outcome == "published"
    assert moderator.get(practice.get_absolute_url()).status_code == 200


def test_remarks_go_to_the_fields_they_are_about(moderator, draft):
    moderator.post(
        f"/ru/office/moderation/{draft.public_id}/decide/",
        decision(draft, "return", **{"remark-effects": "Откуда?", "remark-": "В целом хорошо"}),
    )

    draft.refresh_from_db()
    assert draft.state == "returned"
    assert set(draft.remarks.values_list("field", "text")) == {
        ("effects", "Откуда?"),
        ("", "В целом хорошо"),
    }


def test_a_refused_decision_keeps_what_was_typed_and_names_the_item(moderator, draft):
    response = moderator.post(
        f"/ru/office/moderation/{draft.public_id}/decide/",
        decision(draft, "publish", **{"check-sources": "no", "note-sources": "нет ссылки на счёт"}),
    )
    page = response.content.decode()

    assert response.status_code == 200
    assert 'role="alert"' in page
    assert 'href="#id_check-sources_0"' in page
    assert "нет ссылки на счёт" in page
    assert not Moderation.objects.exists()


def test_the_second_moderator_is_told_and_keeps_his_words(moderator, draft):
    second = make_role("moderator", user=make_user("second@association.example", name="Вера")).user
    signed_in(second).post(f"/ru/office/moderation/{draft.public_id}/take/")
    response = moderator.post(
        f"/ru/office/moderation/{draft.public_id}/decide/",
        decision(draft, "return", **{"remark-effects": "Мои слова"}),
    )

    assert "Вера" in response.content.decode()
    assert "Мои слова" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_differences_to_the_published_card_are_shown(moderator):
    practice = make_practice(is_by_its_city=True, problem="Пассажиры мёрзнут.")
    draft = make_draft(practice=practice, state="submitted", submitted_at=timezone.now())

    page = moderator.get(f"/ru/office/moderation/{draft.public_id}/").content.decode()

    assert "<del>" in page
    assert "<ins>" in page


def test_every_form_of_reviews_is_limited(draft, monkeypatch):
    """Whoever sends too often gets a page in words; what was typed is on it."""
    monkeypatch.setattr("novator.portal.limits.seconds_to_wait", lambda **_facts: 60)
    practice = make_practice(is_by_its_city=True)
    visitor = signed_in(draft.holder)
    for path in (
        f"office/moderation/{draft.public_id}/take/",
        f"office/moderation/{draft.public_id}/decide/",
        "office/twins/1/",
        f"practices/{practice.slug}/twin/",
        f"practices/{practice.slug}/review/",
        f"my/reviews/{draft.public_id}/withdraw/",
        "my/conflicts/",
        "my/conflicts/1/end/",
    ):
        response = visitor.post(f"/ru/{path}", {"reason": "Мои слова"})
        assert response.status_code == 429, path
        assert response["Retry-After"] == "60"


def test_forms_need_their_proof(draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        make_role("moderator").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    address = f"/ru/office/moderation/{draft.public_id}/decide/"

    assert client.post(address, decision(draft, "publish")).status_code == 403


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_of_experts_in_both_languages(expert, language):
    practice = make_practice(is_by_its_city=True)

    page = expert.get(f"/{language}/my/reviews/")
    form = expert.get(f"/{language}/practices/{practice.slug}/review/")

    assert page.status_code == form.status_code == 200
    assert practice.slug in page.content.decode()


def test_a_review_stands_on_the_card_as_an_opinion(expert, client):
    practice = make_practice(is_by_its_city=True)
    response = expert.post(
        f"/ru/practices/{practice.slug}/review/",
        review_of(practice, **{"score-cost": 2, "comment-cost": "Дорогие павильоны"}),
    )
    page = client.get(f"/ru/practices/{practice.slug}/").content.decode()

    assert response.status_code == 302
    assert "Дорогие павильоны" in page
    assert 'id="experts"' in page
    # (30·4 + 20·2 + 20·4 + 20·4 + 10·4) / 100 = 3.6
    assert re.search(r'experts-total"><span class="number">3,6<', page)


def test_a_faulty_review_names_the_criterion_and_keeps_the_rest(expert):
    practice = make_practice(is_by_its_city=True)
    sent = review_of(practice, **{"score-cost": "", "comment-effect": "Хорошо видно"})
    page = expert.post(f"/ru/practices/{practice.slug}/review/", sent).content.decode()

    assert 'href="#id_score-cost_0"' in page
    assert "Хорошо видно" in page
    assert not Review.objects.exists()


def test_strangers_and_experts_with_a_conflict_do_not_score(stranger, client):
    practice = make_practice(is_by_its_city=True)
    own = make_role("expert").user
    make_role("head", user=own, city=practice.municipality)
    address = f"/ru/practices/{practice.slug}/review/"

    assert client.get(address).status_code == 302
    for visitor in (stranger, signed_in(own)):
        assert visitor.get(address).status_code == 403
        assert visitor.post(address, review_of(practice)).status_code == 403
    assert stranger.get("/ru/my/reviews/").status_code == 403
    assert stranger.post("/ru/my/conflicts/", {"city": "Глазов"}).status_code == 403
    assert not Review.objects.exists()


def test_a_review_is_withdrawn_by_its_author_alone(expert, stranger):
    review = make_review(
        make_practice(), expert=make_role("expert", user=make_user("a@b.example")).user
    )
    address = f"/ru/my/reviews/{review.public_id}/withdraw/"

    assert expert.post(address).status_code == 404
    assert stranger.post(address).status_code == 404
    assert signed_in(review.expert).post(address).status_code == 302
    review.refresh_from_db()
    assert review.ended_because == "withdrawn"


def test_a_conflict_is_declared_and_ended(expert):
    make_city("Glazov")
    wrong = expert.post("/ru/my/conflicts/", {"city": "Нигде"})
    expert.post("/ru/my/conflicts/", {"city": "Глазов", "reason": "Родня"})
    conflict = Conflict.objects.get()

    assert "Нигде" in wrong.content.decode()
    assert conflict.municipality.slug == "glazov"
    expert.post(f"/ru/my/conflicts/{conflict.pk}/end/")
    conflict.refresh_from_db()
    assert conflict.ended_at is not None


@pytest.mark.parametrize("language", ["ru", "en"])
def test_versions_are_public_and_show_words_that_changed(client, language):
    practice = two_versions()

    listed = client.get(f"/{language}/practices/{practice.slug}/versions/")
    page = client.get(f"/{language}/practices/{practice.slug}/versions/differences/")

    assert listed.status_code == page.status_code == 200
    assert "<ins>" in page.content.decode()
    assert "сильно" in page.content.decode()


def test_names_of_editors_are_for_the_office(client):
    practice = make_practice(is_by_its_city=True)
    editor = make_user("e@glazov.example", name="Анна Ли")
    keep_versions([practice], note="", made_at=timezone.now())
    practice.versions.update(written_by=editor)
    address = f"/ru/practices/{practice.slug}/versions/"

    assert "Анна Ли" not in client.get(address).content.decode()
    office = signed_in(make_role("office").user)
    assert "Анна Ли" in office.get(address).content.decode()


def test_the_list_of_versions_is_two_queries_however_long(client, django_assert_max_num_queries):
    practice = make_practice()
    for number in range(20):
        PracticeText.objects.filter(practice=practice, language="ru").update(lessons=str(number))
        keep_versions([practice], note="", made_at=timezone.now())

    with django_assert_max_num_queries(4):
        client.get(f"/ru/practices/{practice.slug}/versions/")


def test_an_editor_names_a_twin_and_a_moderator_merges(stranger, moderator, client):
    twin, into = make_practice("one"), make_practice("two")
    address = f"/ru/practices/{twin.slug}/twin/"
    sent = {"other": f"https://novator.example/ru/practices/{into.slug}/", "reason": "Одно"}

    assert client.get(address).status_code == 302
    assert signed_in(make_user("nobody@example.org")).post(address, sent).status_code == 403
    assert stranger.post(address, sent).status_code == 302
    proposal = MergeProposal.objects.get()
    assert (
        stranger.post(f"/ru/office/twins/{proposal.pk}/", {"outcome": "merge"}).status_code == 403
    )
    moderator.post(f"/ru/office/twins/{proposal.pk}/", {"outcome": "merge"})

    moved = client.get(f"/ru/practices/{twin.slug}/")
    assert moved.status_code == 301
    assert moved.url.endswith("/practices/two/")
    assert client.get(f"/ru/practices/{twin.slug}/versions/").status_code == 301


def test_an_unknown_twin_is_named_at_its_field(stranger):
    make_practice("one")
    response = stranger.post("/ru/practices/one/twin/", {"other": "nowhere", "reason": "Одно"})

    assert 'href="#id_other"' in response.content.decode()
    assert not MergeProposal.objects.exists()


def test_earlier_rounds_are_shown_with_their_remarks(moderator, draft):
    for words in ("Первое слово", "Второе слово"):
        draft.refresh_from_db()
        moderator.post(
            f"/ru/office/moderation/{draft.public_id}/decide/",
            decision(draft, "return", **{"remark-effects": words}),
        )
        Draft.objects.update(state="submitted")

    page = moderator.get(f"/ru/office/moderation/{draft.public_id}/").content.decode()

    assert page.index("Второе слово") < page.index("Первое слово")
