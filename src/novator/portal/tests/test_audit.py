"""The trail of changes: who, when, what; for the office alone."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.drafts.models import Draft
from novator.drafts.testing import make_draft
from novator.portal.audit import tracked
from novator.portal.trail_names import FIELD_NAMES, field_name
from novator.talk.models import Rating
from novator.talk.testing import ON, make_booking

pytestmark = pytest.mark.django_db


def test_tells_who_changed_what() -> None:
    head = make_role("head", city=make_city("Glazov"), user=make_user("h@g.example", name="Глава"))
    editor = make_role("editor", city=head.municipality)
    signed_in(head.user).post(f"/ru/roles/{editor.pk}/end/")
    office = signed_in(make_role("office").user)

    page = office.get(f"/en/office/history/accounts.role/{editor.pk}/").content.decode()
    newest = office.get("/en/office/history/", {"person": str(head.user.public_id)})

    assert "Глава" in page
    assert "Ended by" in page
    assert "ended_at" not in page
    assert f"/en/office/history/accounts.role/{editor.pk}/" in newest.content.decode()


def test_the_trail_keeps_no_address_of_a_person() -> None:
    client = signed_in(make_user("anna@glazov.example"))
    client.post("/en/account/details/", {"name": "Анна", "language": "en"})

    event = apps.get_model("accounts", "UserEvent").objects.order_by("pgh_id").last()

    assert set(event.pgh_context.metadata) == {"user"}
    assert not hasattr(event, "email")
    assert not hasattr(event, "password")


def test_is_for_the_office_alone() -> None:
    head = signed_in(make_role("head", city=make_city("Glazov")).user)
    expert = signed_in(make_role("expert").user)

    for client in (head, expert):
        assert client.get("/en/office/history/").status_code == 403
        assert client.get("/en/office/history/accounts.role/1/").status_code == 403


def test_what_is_not_known_is_not_found() -> None:
    office = signed_in(make_role("office").user)

    assert office.get("/en/office/history/accounts.nothing/1/").status_code == 404
    assert office.get("/en/office/history/accounts.role/999999/").status_code == 404
    assert office.get("/en/office/history/accounts.role/x'/").status_code == 404
    assert office.get("/en/office/history/", {"before": "never", "person": "x"}).status_code == 200


def test_older_changes_are_on_further_pages(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    User.objects.bulk_create([User(email=f"a{n}@g.example", name=f"N{n}") for n in range(60)])
    office = signed_in(make_role("office").user)

    with django_assert_num_queries(5):
        first = office.get("/en/office/history/", {"kind": "accounts.user"})

    assert first.content.decode().count("<tr>") == 51
    assert "before=" in first.content.decode()


def test_records_with_lists_and_objects_are_told_too() -> None:
    editor = make_role("editor", city=make_city("Glazov"))
    assert editor.municipality is not None
    draft = make_draft(city=editor.municipality, by=editor.user)
    draft.content, draft.state = {**draft.content, "tags_ru": ["снег"]}, "submitted"
    draft.save()
    office = signed_in(make_role("office").user)

    page = office.get(f"/en/office/history/drafts.draft/{draft.pk}/")

    assert page.status_code == 200
    assert "снег" in page.content.decode()


def test_a_draft_is_not_read_here_before_it_is_handed_over() -> None:
    draft = make_draft(content={"title_ru": "Ещё не решено"})
    office = signed_in(make_role("office").user)
    address = f"/en/office/history/drafts.draft/{draft.pk}/"

    before = office.get(address).content.decode()
    Draft.objects.filter(pk=draft.pk).update(state="submitted")
    after = office.get(address).content.decode()

    assert "Ещё не решено" not in before
    assert "Ещё не решено" in after


def test_a_rating_is_not_read_here_before_both_have_rated() -> None:
    booking = make_booking(state="done", meeting_on=ON, done_at=timezone.now())
    rating = Rating.objects.create(
        booking=booking, side="gave", score=1, comment="пришли поздно", rated_by=booking.moved_by
    )
    office = signed_in(make_role("office").user)

    page = office.get(f"/en/office/history/talk.rating/{rating.pk}/")

    assert page.status_code == 200
    assert "пришли поздно" not in page.content.decode()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_field_of_the_trail_has_a_name_for_people(language: str) -> None:
    nameless = []
    with override(language):
        for kind, model in tracked().items():
            fields = (f.name for f in model._meta.fields if not f.name.startswith("pgh_"))
            nameless += [
                f"{kind}.{name}"
                for name in fields
                if name != "id" and (name not in FIELD_NAMES or "_" in field_name(kind, name))
            ]

    assert not nameless, "give them a name in portal/trail_names.py"


def test_a_draft_is_told_question_by_question_and_codes_in_words() -> None:
    draft = make_draft(state="submitted")
    Draft.objects.filter(pk=draft.pk).update(
        content=draft.content | {"title_ru": "Песок у лестниц"}, kept_revision=2
    )
    office = signed_in(make_role("office").user)

    page = office.get(f"/en/office/history/drafts.draft/{draft.pk}/").content.decode()

    assert "Песок у лестниц" in page
    assert "title_ru" not in page
    assert "with the moderator" in page
    assert (
        "editor of practices"
        in office.get(
            f"/en/office/history/accounts.role/{draft.author.roles.get().pk}/"
        ).content.decode()
    )
