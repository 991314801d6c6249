"""News and pages: who reads, who writes, what is kept of what was typed."""

from __future__ import annotations

import pytest

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.files.testing import photo, upload
from novator.news.models import Article
from novator.news.testing import make_article

pytestmark = pytest.mark.django_db

TEXTS = {"title_ru": "Встреча", "body_ru": "Обсудили **дворы**."}


@pytest.fixture
def office(client):
    client.force_login(make_role("office").user)
    return client


def test_news_are_read_by_everybody_in_a_few_queries(client, django_assert_max_num_queries):
    for number in range(20):
        make_article(f"meeting-{number}", title=f"Встреча {number}", title_en="Meeting")

    with django_assert_max_num_queries(8):
        page = client.get("/en/news/")

    assert page.content.decode().count("Meeting</a>") == 20


def test_a_text_of_the_other_language_says_so(client):
    make_article()

    page = client.get("/en/news/meeting/").content.decode()

    assert '<span lang="ru">Встреча членов ассоциации</span>' in page
    assert "not written in English yet" in page
    assert "<strong>дворы</strong>" in page


def test_the_list_goes_on_from_where_it_stopped(client):
    for number in range(21):
        make_article(f"meeting-{number}")

    first = client.get("/ru/news/")
    rest = client.get("/ru/news/", {"before": first.context["further"]})

    assert len(first.context["rows"]) == 20
    assert len(rest.context["rows"]) == 1
    assert client.get("/ru/news/", {"before": "yesterday"}).status_code == 404


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_what_is_not_published_is_seen_by_its_writers_only(client, state):
    make_article(state=state)

    assert client.get("/ru/news/meeting/").status_code == 404
    assert "Встреча" not in client.get("/ru/news/").content.decode()
    assert "Встреча" not in client.get("/ru/feeds/news.atom").content.decode()

    client.force_login(make_role("office").user)
    assert client.get("/ru/news/meeting/").status_code == 200


def test_a_stranger_writes_nothing(client):
    make_article()
    client.force_login(make_role("editor", city=make_city("Stary Bor")).user)

    for address in ("", "new/", "meeting/"):
        assert client.get(f"/ru/office/news/{address}").status_code == 403
    for address in ("new/", "meeting/", "meeting/files/", "meeting/act/"):
        answer = client.post(f"/ru/office/news/{address}", TEXTS | {"act": "draft"})
        assert answer.status_code == 403

    assert Article.objects.get().state == "published"


def test_from_the_first_word_to_the_archive(office, client):
    office.post("/ru/office/news/new/", TEXTS | {"kind": "news", "slug": "meeting"})
    article = Article.objects.get()
    words = {"file": upload(photo(), "yard.jpg"), "alt": "Двор после ремонта"}
    office.post("/ru/office/news/meeting/files/", words)
    changed = TEXTS | {"body_ru": "Было\n\n![](1)", "revision": article.revision}
    office.post("/ru/office/news/meeting/", changed)
    office.post("/ru/office/news/meeting/act/", {"act": "publish"})

    page = client.get("/ru/news/meeting/").content.decode()

    assert 'alt="Двор после ремонта"' in page
    assert "Встреча" in client.get("/ru/feeds/news.atom").content.decode()
    office.post("/ru/office/news/meeting/act/", {"act": "archived"})
    assert "Встреча" not in client.get("/ru/news/").content.decode()
    assert "Встреча" in client.get("/ru/news/?archive=1").content.decode()


def test_a_picture_without_words_is_refused_and_said_so(office):
    make_article()

    answer = office.post(
        "/ru/office/news/meeting/files/", {"file": upload(photo(), "yard.jpg"), "alt": ""}
    )

    assert answer.status_code == 200
    assert not Article.objects.get().files.exists()


def test_of_two_writers_the_second_keeps_what_was_typed_and_sees_what_is_stored(office):
    make_article()
    office.post("/ru/office/news/meeting/", TEXTS | {"title_ru": "Первый", "revision": 1})

    late = office.post("/ru/office/news/meeting/", TEXTS | {"title_ru": "Второй", "revision": 1})

    words = late.content.decode()
    assert 'value="Второй"' in words
    assert "Первый" in words
    assert Article.objects.get().texts.get().title == "Первый"


def test_a_page_of_the_association_is_a_tagged_pdf_too(client):
    make_article("charter", kind="page", title="Устав", body="# Цели\n\n- обмен")

    answer = client.get("/ru/association/pages/charter.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert b"/StructTreeRoot" in answer.content
    assert client.get("/ru/news/charter/").status_code == 404
    assert "Устав" in client.get("/ru/association/documents/").content.decode()


def test_documents_and_news_are_found_under_the_association(client):
    for address in ("association/documents/", "news/"):
        crumbs = client.get(f"/en/{address}").content.decode().partition("</nav>")[2]
        crumbs = crumbs.partition('class="crumbs"')[2].partition("</nav>")[0]

        assert "/en/association/" in crumbs
