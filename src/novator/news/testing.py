"""What the association tells: articles for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from novator.news.models import Article, ArticleText

PUBLISHED = datetime(2026, 11, 1, 9, tzinfo=UTC)


def make_article(
    slug: str = "meeting",
    *,
    title: str = "Встреча членов ассоциации",
    body: str = "Обсудили **дворы**.",
    title_en: str = "",
    **facts: object,
) -> Article:
    """A published piece of news in Russian, and in English where a title is given."""
    facts = {"state": "published", "published_at": PUBLISHED} | facts
    article = Article.objects.create(slug=slug, **facts)
    ArticleText.objects.create(article=article, language="ru", title=title, body=body)
    if title_en:
        ArticleText.objects.create(article=article, language="en", title=title_en, body=body)
    return article
