"""Articles: written without overwriting, illustrated with words, scheduled, archived."""

from __future__ import annotations

from datetime import timedelta

import pytest

from novator.accounts.models import User
from novator.accounts.testing import make_role
from novator.files.testing import photo, upload
from novator.news.documents import article_pdf
from novator.news.models import Article
from novator.news.operations import (
    ArticleChanged,
    CannotPublish,
    Words,
    attach,
    begin_article,
    detach,
    publish,
    publish_due,
    save_article,
    withdraw,
)
from novator.news.testing import PUBLISHED, make_article

pytestmark = pytest.mark.django_db


def office() -> User:
    """The one person of the office."""
    return User.objects.filter(roles__kind="office").first() or make_role("office").user


def begun(**texts: Words) -> Article:
    written = texts or {"ru": Words("Встреча", body="Текст")}
    return begin_article(slug="meeting", kind="news", texts=written, by=office())


def test_an_address_is_taken_once():
    begun()

    with pytest.raises(CannotPublish):
        begun()
    with pytest.raises(CannotPublish):
        begin_article(slug="Bad slug", kind="news", texts={}, by=office())

    assert Article.objects.count() == 1


def test_of_two_who_save_the_second_is_told():
    article = begun()
    save_article(article=article, texts={"ru": Words("Первый", body="Текст")}, revision=1)

    with pytest.raises(ArticleChanged):
        save_article(article=article, texts={"ru": Words("Второй", body="Текст")}, revision=1)

    assert article.texts.get().title == "Первый"


def test_a_picture_says_what_it_shows():
    article = begun()

    with pytest.raises(CannotPublish):
        attach(article=article, upload=upload(photo(), "yard.jpg"), alt=" ")
    part = attach(article=article, upload=upload(photo(), "yard.jpg"), alt="Двор после ремонта")
    save_article(article=article, texts={"ru": Words("Двор", body="![](1)")}, revision=1)

    with pytest.raises(CannotPublish):
        detach(article=article, number=part.pk)
    assert article.files.count() == 1


def test_a_text_cannot_show_a_picture_that_is_not_there():
    with pytest.raises(CannotPublish):
        begun(ru=Words("Двор", body="![](1)"))

    assert not Article.objects.exists()


def test_a_scheduled_article_is_published_when_its_moment_comes():
    article = begun()
    publish(article=article, now=PUBLISHED, at=PUBLISHED + timedelta(hours=1))

    before = publish_due(now=PUBLISHED)
    after = publish_due(now=PUBLISHED + timedelta(hours=1))

    assert (before, after, publish_due(now=PUBLISHED + timedelta(hours=2))) == (0, 1, 0)
    assert Article.objects.shown().get().published_at == PUBLISHED + timedelta(hours=1)


def test_an_empty_article_is_not_published():
    with pytest.raises(CannotPublish):
        publish(article=begun(ru=Words("Встреча")), now=PUBLISHED)


def test_an_archived_article_stays_readable_and_a_draft_is_gone():
    article = publish(article=begun(), now=PUBLISHED)

    withdraw(article=article, now=PUBLISHED, to="archived")
    assert Article.objects.shown().exists()

    withdraw(article=article, now=PUBLISHED, to="draft")
    assert not Article.objects.shown().exists()


def test_a_document_is_a_tagged_pdf():
    table = "| А | Б |\n|---|---|\n| 1 | [x](https://a.example/) |"
    body = f"# Глава\n\n1. один **важный**\n2. два\n\n{table}"
    text = make_article("charter", kind="document", body=body).texts.get()

    made = article_pdf(text)

    assert made.startswith(b"%PDF")
    assert b"/StructTreeRoot" in made
    assert made == article_pdf(text)
