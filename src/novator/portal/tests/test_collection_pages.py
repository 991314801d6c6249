"""Collections are filled, ordered and shared; a stranger learns not even that they exist."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user, signed_in
from novator.briefings.models import Collection, Item, SecretLink, Share
from novator.briefings.operations import (
    end_link,
    open_link,
    share_with_address,
    share_with_city,
)
from novator.briefings.testing import make_collection, make_paper
from novator.cities.testing import make_city
from novator.practices.publishing import merge_cards, withdraw_card
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
LIST = "/en/collections/"


@pytest.fixture
def owner() -> User:
    return make_role("editor", city=make_city("Zarechny")).user


@pytest.fixture
def reader() -> User:
    return make_user("reader@glazov.example")


@pytest.fixture
def stranger() -> User:
    return make_role("head", city=make_city("Stary Bor")).user


def _addresses(collection: Collection) -> list[str]:
    paper = make_paper(collection)
    own, sheet = f"{LIST}{collection.public_id}/", f"/en/papers/{paper.public_id}/"
    parts = ("", "edit/", "delete/", "sharing/", "papers/", "practices.csv")
    return [
        *(own + part for part in parts),
        *(sheet + part for part in ("", "edit/", "delete/", "briefing.pdf", "briefing.docx")),
    ]


def test_whoever_is_not_signed_in_signs_in_first(client: Client, owner: User):
    collection = make_collection(owner, [make_practice()])

    for address in [LIST, f"{LIST}add/?id=glazov-warm-stops", *_addresses(collection)]:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert "/account/login/" in answer.headers["Location"]


def test_a_stranger_finds_nothing_anywhere(owner: User, stranger: User):
    collection = make_collection(owner, [make_practice()])
    share_with_city(
        collection=collection, municipality=make_city("Zarechny"), access="edit", by=owner
    )
    browser = signed_in(stranger)

    for address in _addresses(collection):
        assert browser.get(address).status_code == 404, address
        assert browser.post(address).status_code in {404, 405}, address
    removed = browser.post(f"{LIST}{collection.public_id}/remove/", {"id": "glazov-warm-stops"})

    assert removed.status_code == 404
    assert collection.title not in browser.get(LIST).content.decode()
    assert Item.objects.count() == 1


def test_a_reader_reads_and_is_refused_the_rest(owner: User, reader: User):
    collection = make_collection(owner, [make_practice()])
    share_with_address(collection=collection, email=reader.email, may_edit=False, by=owner)
    browser = signed_in(reader)

    answers = {address: browser.get(address).status_code for address in _addresses(collection)}

    refused = [address for address, status in answers.items() if status == 403]
    assert {address.rstrip("/").rpartition("/")[2] for address in refused} == {
        "edit",
        "delete",
        "sharing",
        "papers",
    }
    assert set(answers.values()) == {200, 403}
    page = browser.get(f"{LIST}{collection.public_id}/").content.decode()
    assert "Take out" not in page
    assert "Share with colleagues" not in page


def test_a_card_is_kept_in_a_new_collection_and_then_in_the_same(owner: User):
    make_practice()
    make_practice("card-2")
    browser = signed_in(owner)
    form = browser.get(f"{LIST}add/?id=glazov-warm-stops").content.decode()
    assert "Title of the new collection" in form

    first = browser.post(
        f"{LIST}add/", {"id": "glazov-warm-stops", "title": "Остановки", "note": "Проверить"}
    )
    collection = Collection.objects.get()
    browser.post(
        f"{LIST}add/",
        {"id": ["glazov-warm-stops", "card-2"], "collection": str(collection.public_id)},
    )

    assert first.headers["Location"] == f"{LIST}{collection.public_id}/"
    assert collection.municipality == make_city("Zarechny")
    assert list(collection.items.values_list("practice__slug", "note")) == [
        ("glazov-warm-stops", "Проверить"),
        ("card-2", ""),
    ]
    page = browser.get(first.headers["Location"]).content.decode()
    assert "1 card was added." in page


def test_says_what_is_missing_and_keeps_what_was_typed(owner: User):
    make_practice()
    make_collection(owner)
    browser = signed_in(owner)

    page = browser.post(
        f"{LIST}add/", {"id": "glazov-warm-stops", "note": "Мой текст"}
    ).content.decode()
    nothing = browser.get(f"{LIST}add/?id=never-was&id=%00").content.decode()

    assert "Choose a collection, or name a new one." in page
    assert "Мой текст" in page
    assert 'role="alert"' in page
    assert "No card was chosen" in nothing
    assert not Item.objects.exists()


def test_cards_cannot_be_put_into_another_s_collection(owner: User, stranger: User):
    make_practice()
    collection = make_collection(owner)
    make_collection(stranger, title="Своя")

    answer = signed_in(stranger).post(
        f"{LIST}add/", {"id": "glazov-warm-stops", "collection": str(collection.public_id)}
    )

    assert answer.status_code == 200
    assert not Item.objects.exists()


def test_the_second_of_two_savers_sees_both_versions(owner: User):
    collection = make_collection(owner, [make_practice(), make_practice("card-2")])
    address = f"{LIST}{collection.public_id}/edit/"
    typed = {
        "title": "Остановки",
        "purpose": "",
        "revision": 1,
        "place_glazov-warm-stops": 2,
        "place_card-2": 1,
        "note_glazov-warm-stops": "Первое слово",
        "note_card-2": "",
    }
    browser = signed_in(owner)
    assert browser.post(address, typed).status_code == 302

    answer = browser.post(address, typed | {"note_glazov-warm-stops": "Второе слово"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Second" not in page
    assert "Второе слово" in page
    assert "Первое слово" in page
    assert 'name="revision" value="2"' in page
    assert list(collection.items.values_list("practice__slug", "note")) == [
        ("card-2", ""),
        ("glazov-warm-stops", "Первое слово"),
    ]


@pytest.mark.parametrize(
    ("moved", "to", "expected"),
    [("card-3", 1, "312"), ("card-1", 3, "231"), ("card-2", 1, "213"), ("card-2", "", "123")],
)
def test_a_card_moves_to_the_place_that_was_typed(
    owner: User, moved: str, to: object, expected: str
):
    collection = make_collection(owner, [make_practice(f"card-{n}") for n in (1, 2, 3)])
    typed = {"title": "Остановки", "revision": 1} | {f"place_card-{n}": n for n in (1, 2, 3)}

    signed_in(owner).post(f"{LIST}{collection.public_id}/edit/", typed | {f"place_{moved}": to})

    slugs = collection.items.values_list("practice__slug", flat=True)
    assert "".join(slug[-1] for slug in slugs) == expected


def test_a_secret_address_is_read_only_and_names_nobody(client: Client, owner: User):
    owner.name = "Анна Петрова"
    owner.save()
    collection = make_collection(owner, [make_practice()])
    link = open_link(collection=collection, by=owner)
    address = f"{LIST}shared/{link.token}/"

    answer = client.get(address)
    page = answer.content.decode()
    end_link(collection=collection)

    assert answer.status_code == 200
    assert "Warm bus stops" in page
    assert "Анна Петрова" not in page
    assert '<form method="post" action="/en/collections' not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    for ended in (address, f"{LIST}shared/x/", f"{LIST}shared/%00/", f"{LIST}shared/ж/"):
        assert client.get(ended).status_code == 404, ended


def test_sharing_is_done_and_ended_on_one_page(owner: User):
    collection = make_collection(owner)
    address = f"{LIST}{collection.public_id}/sharing/"
    browser = signed_in(owner)

    browser.post(address, {"does": "city", "municipality": "zarechny", "access": "see"})
    browser.post(address, {"does": "address", "email": "a@example.org", "may_edit": "on"})
    browser.post(address, {"does": "open"})
    own = browser.post(address, {"does": "address", "email": owner.email}).content.decode()

    collection.refresh_from_db()
    share = Share.objects.get()
    link = SecretLink.objects.get()
    assert (collection.municipality, collection.municipality_access) == (
        make_city("Zarechny"),
        "see",
    )
    assert share.may_edit
    assert "This is your own address." in own
    assert link.token in browser.get(address).content.decode()

    browser.post(address, {"does": "end", "share": share.pk})
    browser.post(address, {"does": "close"})
    foreign = browser.post(address, {"does": "city", "municipality": "stary-bor", "access": "edit"})

    assert foreign.status_code == 200
    assert not Share.objects.exists()
    assert not SecretLink.objects.filter(ended_at=None).exists()
    collection.refresh_from_db()
    assert collection.municipality_access == "see"


def test_cards_that_left_the_catalogue_are_told(owner: User):
    gone, twin = make_practice(), make_practice("card-2")
    stays = make_practice("card-3", title_en="The one that stays")
    collection = make_collection(owner, [gone, twin])
    withdraw_card(practice=gone, because="")
    merge_cards(twin=twin, into=stays, because="")

    page = signed_in(owner).get(f"{LIST}{collection.public_id}/").content.decode()

    assert "1 card of this collection was taken out of the catalogue." in page
    assert "The one that stays" in page


def test_cards_are_taken_along_in_the_columns_of_the_catalogue(owner: User):
    collection = make_collection(owner, [make_practice("card-2"), make_practice("card-1")])
    browser = signed_in(owner)

    lines = browser.get(f"{LIST}{collection.public_id}/practices.jsonl").content.decode()
    sheet = browser.get(f"{LIST}{collection.public_id}/practices.xlsx")

    assert [line[:16] for line in lines.splitlines()] == ['{"id": "card-2",', '{"id": "card-1",']
    assert sheet.content.startswith(b"PK")
    assert browser.get(f"{LIST}{collection.public_id}/practices.exe").status_code == 404


def test_deleting_asks_first(owner: User):
    collection = make_collection(owner, [make_practice()])
    address = f"{LIST}{collection.public_id}/delete/"
    browser = signed_in(owner)

    assert "Delete this collection?" in browser.get(address).content.decode()
    browser.post(address)

    assert not Collection.objects.exists()


def test_a_form_from_elsewhere_is_refused(owner: User):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")

    answer = browser.post(LIST, {"title": "Остановки"})

    assert answer.status_code == 403
    assert not Collection.objects.exists()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_speak_both_languages(owner: User, language: str):
    collection = make_collection(owner, [make_practice()])
    browser = signed_in(owner)

    for address in [LIST, f"{LIST}add/?id=glazov-warm-stops", *_addresses(collection)]:
        answer = browser.get(address.replace("/en/", f"/{language}/"))
        assert answer.status_code == 200, address


def test_lists_cost_a_fixed_number_of_queries(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
):
    cards = [make_practice(f"card-{number}") for number in range(20)]
    collection = make_collection(owner, cards)
    for number in range(19):
        make_collection(owner, cards[:2], title=f"Ещё {number}")
    browser = signed_in(owner)
    browser.get(LIST)

    with django_assert_num_queries(6):
        listed = browser.get(LIST).content.decode()
    with django_assert_num_queries(15):
        shown = browser.get(f"{LIST}{collection.public_id}/").content.decode()

    assert listed.count("Ещё") == 19
    assert shown.count('class="collection-item"') == 20
