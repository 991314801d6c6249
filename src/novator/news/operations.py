"""What the association tells: articles written, illustrated, scheduled, published, archived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.core.holding import hold
from novator.files.operations import keep_file
from novator.news.marked import MOST_PICTURES, faults_of
from novator.news.models import STATES, Article, ArticleFile, ArticleText

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class CannotPublish(Exception):
    """The article is not fit for what was asked; the message is fit to show."""


class ArticleChanged(Exception):
    """Somebody else saved the article meanwhile; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this text meanwhile. Compare and save again.")
        )


@dataclass(frozen=True)
class Words:
    """The words of an article in one language; without a title there is no text in it."""

    title: str
    summary: str = ""
    body: str = ""


@transaction.atomic
def begin_article(*, slug: str, kind: str, texts: Mapping[str, Words], by: User) -> Article:
    """
    Begin an article as a draft at its address.

    :raises CannotPublish: the address is no address or is taken, or no language has a title
    """
    if not SLUG.fullmatch(slug) or len(slug) > 120:
        raise CannotPublish(_("An address is small Latin letters, digits and single hyphens."))
    try:
        with transaction.atomic():
            article = Article.objects.create(slug=slug, kind=kind, made_by=by)
    except IntegrityError as fault:
        raise CannotPublish(_("There is an article at this address already.")) from fault
    _write(article, texts)
    return article


@transaction.atomic
def save_article(*, article: Article, texts: Mapping[str, Words], revision: int) -> Article:
    """
    Save the words in each language; a published article changes at once.

    :raises ArticleChanged: it was saved after this revision
    :raises CannotPublish: no language has a title, or a picture is shown that is not there
    """
    found = hold(Article.objects.all(), article.pk)
    if found.revision != revision:
        raise ArticleChanged
    _write(found, texts)
    found.revision += 1
    found.save()
    return found


def _write(article: Article, texts: Mapping[str, Words]) -> None:
    if not any(words.title.strip() for words in texts.values()):
        raise CannotPublish(_("Give it a title in at least one language."))
    pictures = article.files.filter(file__kind="photo").count()
    for language, words in texts.items():
        stated = words.title.strip()
        if not stated and (words.summary.strip() or words.body.strip()):
            raise CannotPublish(_("A text without a title cannot be stored."))
        if missing := faults_of(words.body, pictures=pictures):
            said = _("The text shows a picture that is not attached: %(which)s.")
            raise CannotPublish(said % {"which": ", ".join(missing)[:200]})
        if not stated:
            ArticleText.objects.filter(article=article, language=language).delete()
            continue
        ArticleText.objects.update_or_create(
            article=article,
            language=language,
            defaults={
                "title": stated,
                "summary": words.summary.strip(),
                "body": words.body.replace("\r\n", "\n"),
            },
        )


@transaction.atomic
def attach(
    *, article: Article, upload: UploadedFile[bytes], alt: str, alt_en: str = "", caption: str = ""
) -> ArticleFile:
    """
    Hang a picture or a document on the article; a picture must say what it shows.

    :raises CannotPublish: no words on what it shows, or too many files
    :raises FileRefused: the file itself is not taken
    """
    found = hold(Article.objects.all(), article.pk)
    if found.files.count() >= MOST_PICTURES:
        said = _("An article carries at most %(most)s files.")
        raise CannotPublish(said % {"most": MOST_PICTURES})
    if not alt.strip():
        raise CannotPublish(
            _("Say in words what the picture shows or what the document is; choose it again.")
        )
    last = found.files.order_by("-position").values_list("position", flat=True).first() or 0
    return ArticleFile.objects.create(
        article=found,
        file=keep_file(upload=upload, name=upload.name or ""),
        position=last + 1,
        alt=alt.strip()[:300],
        alt_en=alt_en.strip()[:300],
        caption=caption.strip()[:300],
    )


@transaction.atomic
def detach(*, article: Article, number: int) -> None:
    """
    Take a file off; the numbers of pictures behind it move up.

    :raises CannotPublish: a text shows this picture or one behind it
    """
    found = hold(Article.objects.all(), article.pk)
    part = found.files.filter(pk=number).select_related("file").first()
    if part is None:
        return
    pictures = [each.pk for each in found.files.filter(file__kind="photo")]
    if part.pk in pictures:
        left = pictures.index(part.pk)
        for text in found.texts.all():
            if faults_of(text.body, pictures=left):
                raise CannotPublish(
                    _("The text shows this picture, or one behind it. Change the text first.")
                )
    part.delete()


@transaction.atomic
def publish(*, article: Article, now: datetime, at: datetime | None = None) -> Article:
    """
    Show the article to everybody now, or have the worker do so at a moment to come.

    :raises CannotPublish: it is shown already, or has no text
    """
    found = hold(Article.objects.all(), article.pk)
    if found.state == "published":
        raise CannotPublish(_("It is published already."))
    if not found.texts.exclude(body="").exists():
        raise CannotPublish(_("It has a title, but no text yet."))
    is_later = at is not None and at > now
    found.state = "scheduled" if is_later else "published"
    if is_later or found.published_at is None or found.published_at > now:
        found.published_at = at if is_later else now
    found.archived_at = None
    found.revision += 1
    found.save()
    return found


@transaction.atomic
def withdraw(*, article: Article, now: datetime, to: str) -> Article:
    """
    Put a published article into the archive, where it stays readable, or make it a draft again.

    :raises CannotPublish: it is not where that can be done
    """
    found = hold(Article.objects.all(), article.pk)
    is_possible = to == "draft" or (to == "archived" and found.state == "published")
    if not is_possible or found.state == to:
        said = _("This cannot be done now: the article is “%(state)s”.")
        raise CannotPublish(said % {"state": STATES[found.state]})
    found.state = to
    found.archived_at = now if to == "archived" else None
    found.published_at = found.published_at if to == "archived" else None
    found.revision += 1
    found.save()
    return found


def publish_due(*, now: datetime) -> int:
    """Publish what was scheduled for a moment that has come; how many."""
    due = Article.objects.filter(state="scheduled", published_at__lte=now)
    done = 0
    for key in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            found = hold(Article.objects.all(), key)
            if found.state == "scheduled" and found.published_at and found.published_at <= now:
                found.state = "published"
                found.revision += 1
                found.save()
                done += 1
    return done
