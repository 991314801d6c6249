"""What the association tells: news, its own pages, its documents; one text per language."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.files.models import StoredFile

KINDS = {"news": _("news"), "page": _("page of the association"), "document": _("document")}
STATES = {
    "draft": _("draft"),
    "scheduled": _("scheduled"),
    "published": _("published"),
    "archived": _("archived"),
}
LANGUAGES = {"ru": "Русский", "en": "English"}


def kind_choices() -> list[tuple[str, object]]:
    """What an article may be."""
    return list(KINDS.items())


def state_choices() -> list[tuple[str, object]]:
    """Where an article is on its way."""
    return list(STATES.items())


def language_choices() -> list[tuple[str, object]]:
    """In which language a text may be."""
    return list(LANGUAGES.items())


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles by who may read them."""

    def shown(self) -> ArticleQuerySet:
        """Those that everybody may read, archived ones too."""
        return self.filter(state__in=["published", "archived"])

    def news(self) -> ArticleQuerySet:
        """News, not the association's own pages."""
        return self.filter(kind="news")


@pghistory.track()
class Article(models.Model):
    """
    News, a page of the association (charter, contacts), or a document, in its languages.

    `slug` is its address. A scheduled one is published by the worker at `published_at`.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=kind_choices, default="news")
    state = models.CharField(max_length=10, choices=state_choices, default="draft")
    published_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="articles"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["kind", "state", "-published_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="shown_article_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Page in the language of the current reader."""
        route = "article" if self.kind == "news" else "association_page"
        return reverse(route, args=[self.slug])


@pghistory.track()
class ArticleText(models.Model):
    """The words of an article in one language; `body` is Markdown, made safe when it is shown."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=language_choices)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=500, blank=True, default="")
    body = models.TextField(blank=True, default="", max_length=100_000)

    class Meta:
        ordering = ["article", "language"]
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_text_of_a_language")
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ArticleFile(models.Model):
    """
    A picture or a document within an article.

    A picture says in words what it shows, in Russian and, where there is one, in the English text.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=300)
    alt_en = models.CharField(max_length=300, blank=True, default="")
    caption = models.CharField(max_length=300, blank=True, default="")
    caption_en = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["article", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="picture_says_what_it_shows")
        ]

    def __str__(self) -> str:
        return self.alt
