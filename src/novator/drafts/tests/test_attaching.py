"""Documents and photos of a draft: described, ordered, read by those who may, published."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.drafts.attaching import (
    MOST_ATTACHMENTS,
    CannotAttach,
    attach_file,
    describe_attachments,
    move_up,
    remove_attachment,
)
from novator.drafts.models import Draft, DraftAttachment
from novator.drafts.operations import CannotMove, publish_draft, release
from novator.drafts.testing import make_draft
from novator.drafts.writing import begin_draft
from novator.files.access import access_to
from novator.files.links import linked_among
from novator.files.testing import make_file, photo, upload
from novator.practices.publishing import withdraw_card

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def attached(draft: Draft, *names: str) -> list[DraftAttachment]:
    return [
        attach_file(
            draft=draft,
            upload=upload(b"%PDF-1.7 " + name.encode() + b"\n%%EOF", f"{name}.pdf"),
            caption=name,
            alt="",
            by=draft.author,
        )
        for name in names
    ]


def test_a_photo_needs_words_on_what_it_shows() -> None:
    draft = make_draft()

    with pytest.raises(CannotAttach):
        attach_file(
            draft=draft, upload=upload(photo(), "a.jpg"), caption="", alt=" ", by=draft.author
        )
    made = attach_file(
        draft=draft, upload=upload(photo(), "a.jpg"), caption="", alt="Ящик", by=draft.author
    )

    assert (made.file.kind, made.alt) == ("photo", "Ящик")


def test_files_are_described_ordered_and_taken_off() -> None:
    draft = make_draft()
    first, second, third = attached(draft, "a", "b", "c")

    move_up(draft=draft, number=third.pk, by=draft.author)
    describe_attachments(draft=draft, words={second.pk: ("Чертёж", "")}, by=draft.author)
    remove_attachment(draft=draft, number=first.pk, by=draft.author)

    assert [part.caption for part in draft.attachments.all()] == ["c", "Чертёж"]


def test_a_draft_carries_only_so_many() -> None:
    draft = make_draft()
    attached(draft, *(str(number) for number in range(MOST_ATTACHMENTS)))

    with pytest.raises(CannotAttach):
        attached(draft, "one more")


def test_nothing_is_hung_on_a_draft_that_was_released() -> None:
    draft = make_draft()
    (there,) = attached(draft, "a")
    Draft.objects.filter(pk=draft.pk).update(state="submitted")

    with pytest.raises(CannotAttach):
        attached(draft, "b")
    with pytest.raises(CannotAttach):
        remove_attachment(draft=draft, number=there.pk, by=draft.author)

    assert [part.caption for part in draft.attachments.all()] == ["a"]


def test_only_those_who_see_the_draft_read_its_files() -> None:
    draft = make_draft()
    (part,) = attached(draft, "a")
    stranger = make_role("editor", city=make_city("Stary Bor")).user

    assert access_to(part.file, user=draft.author) == "reader"
    assert access_to(part.file, user=stranger) == "nobody"
    assert access_to(part.file, user=AnonymousUser()) == "nobody"
    assert linked_among([part.file_id]) == {part.file_id}


def test_files_are_public_while_their_card_is() -> None:
    draft = make_draft()
    head = make_role("head", city=draft.municipality).user
    (part,) = attached(draft, "a")
    release(draft=draft, by=head, consents=True, on=TODAY)

    practice = publish_draft(draft=draft, moderator=make_role("moderator").user, on=TODAY)

    assert [one.caption for one in practice.attachments.all()] == ["a"]
    assert access_to(part.file, user=AnonymousUser()) == "everybody"
    withdraw_card(practice=practice, because="двойник")
    assert access_to(part.file, user=AnonymousUser()) == "nobody"


def test_a_correction_begins_with_the_files_of_the_card() -> None:
    draft = make_draft()
    head = make_role("head", city=draft.municipality).user
    attached(draft, "a", "b")
    release(draft=draft, by=head, consents=True, on=TODAY)
    practice = publish_draft(draft=draft, moderator=make_role("moderator").user, on=TODAY)

    again = begin_draft(municipality=draft.municipality, by=head, practice=practice)

    assert [part.caption for part in again.attachments.all()] == ["a", "b"]


def test_a_photo_without_words_is_not_released() -> None:
    draft = make_draft()
    head = make_role("head", city=draft.municipality).user
    DraftAttachment.objects.create(draft=draft, file=make_file(photo(), "a.jpg"), position=1)

    with pytest.raises(CannotMove):
        release(draft=draft, by=head, consents=True, on=TODAY)
