"""What the association tells: news, its own pages and documents, for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.core.documents import PDF_TYPE
from novator.core.languages import reads_russian
from novator.news.documents import article_pdf
from novator.news.marked import Picture, as_html
from novator.news.models import LANGUAGES, Article, ArticleFile, ArticleText
from novator.news.permissions import may_write_news
from novator.portal.association_crumbs import association_crumbs
from novator.portal.feeds import MOST, Entry, answer
from novator.portal.people import today

EACH = 20


@dataclass(frozen=True)
class ShownArticle:
    """An article in the reader's language, or in the other where it is not written in this."""

    article: Article
    text: ArticleText

    @property
    def lang(self) -> SafeString:
        """The attribute that tells a screen reader of another language than the page's."""
        if self.text.language == _language():
            return SafeString("")
        return mark_safe(f' lang="{self.text.language}"')  # noqa: S308 - one of two codes


def _language() -> str:
    return "ru" if reads_russian() else "en"


def shown_articles(articles: Iterable[Article]) -> list[ShownArticle]:
    """Put articles with the words for this reader; their texts should be prefetched."""
    shown = []
    for article in articles:
        texts = {text.language: text for text in article.texts.all()}
        text = texts.get(_language()) or next(iter(texts.values()), None)
        if text is not None:
            shown.append(ShownArticle(article, text))
    return shown


def latest_news(count: int) -> list[ShownArticle]:
    """Return the latest published news; two queries."""
    rows = Article.objects.news().filter(state="published").order_by("-published_at", "-id")
    return shown_articles(rows.prefetch_related("texts")[:count])


def own_pages(kind: str) -> list[ShownArticle]:
    """Return the association's published pages or documents in their order; two queries."""
    rows = Article.objects.filter(kind=kind, state="published").order_by("position", "slug")
    return shown_articles(rows.prefetch_related("texts"))


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """News, latest first; the archive on demand; older ones from a moment on."""
    is_archive = request.GET.get("archive") == "1"
    rows = Article.objects.news().filter(state="archived" if is_archive else "published")
    page, further = _from_moment(rows, request.GET.get("before", ""))
    context = {
        "rows": shown_articles(page),
        "further": further,
        "is_archive": is_archive,
        "is_first": not request.GET.get("before"),
        "may_write": may_write_news(request.user, on=today()),
        "pages": own_pages("page"),
        "crumbs": association_crumbs((_("News"), "")),
    }
    return render(request, "portal/news/news.html", context)


def _from_moment(rows: QuerySet[Article], before: str) -> tuple[list[Article], str]:
    """A page of articles older than a moment and a number, and where the next one begins."""
    written, _dash, number = before.partition("_")
    if before:
        try:
            moment = datetime.fromisoformat(written)
            key = int(number)
        except ValueError as fault:
            raise Http404(_("The list has no such page.")) from fault
        if moment.tzinfo is None or key > 2**60:
            raise Http404(_("The list has no such page."))
        earlier = rows.filter(published_at__lt=moment)
        rows = earlier | rows.filter(published_at=moment, pk__lt=key)
    found = list(rows.order_by("-published_at", "-id").prefetch_related("texts")[: EACH + 1])
    if len(found) <= EACH:
        return found, ""
    last = found[EACH - 1]
    assert last.published_at is not None
    return found[:EACH], f"{last.published_at.isoformat()}_{last.pk}"


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One piece of news."""
    return _page(request, _shown_or_404(request, slug, {"news"}))


@require_safe
def association_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the association or one of its documents."""
    return _page(request, _shown_or_404(request, slug, {"page", "document"}))


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Documents of the association, each as a page and as a tagged PDF."""
    context = {
        "rows": own_pages("document"),
        "pages": own_pages("page"),
        "may_write": may_write_news(request.user, on=today()),
        "crumbs": association_crumbs(
            (_("Documents of the association"), ""),
        ),
    }
    return render(request, "portal/news/documents.html", context)


@require_safe
def article_file(request: HttpRequest, slug: str) -> HttpResponse:
    """A page or document as tagged PDF, in the language of the address if it is written in it."""
    found = _shown_or_404(request, slug, {"page", "document"})
    response = HttpResponse(article_pdf(found.text), content_type=PDF_TYPE)
    response["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    return response


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Published news as an Atom feed."""
    rows = Article.objects.news().shown().order_by("-published_at", "-id")
    entries = [_entry(shown) for shown in shown_articles(rows.prefetch_related("texts")[:MOST])]
    return answer(request, _("News"), reverse("news"), entries)


def _entry(shown: ShownArticle) -> Entry:
    moment = shown.article.published_at
    assert moment is not None
    return Entry(
        key=f"news/{shown.article.public_id}",
        title=shown.text.title,
        words=shown.text.summary or shown.text.body[:600],
        author="",
        path=shown.article.get_absolute_url(),
        updated=max(moment, shown.article.changed_at),
        published=moment,
    )


def _shown_or_404(request: HttpRequest, slug: str, kinds: set[str]) -> ShownArticle:
    rows = Article.objects.filter(kind__in=kinds).prefetch_related("texts")
    found = get_object_or_404(rows, slug=slug)
    if found.state not in {"published", "archived"} and not may_write_news(
        request.user, on=today()
    ):
        raise Http404(_("There is no such page."))
    shown = shown_articles([found])
    if not shown:
        raise Http404(_("There is no such page."))
    return shown[0]


def _page(request: HttpRequest, shown: ShownArticle) -> HttpResponse:
    found = shown.article
    files = list(found.files.select_related("file"))
    context: dict[str, Any] = {
        "shown": shown,
        "body": body_of(shown.text, files),
        "papers": [each for each in files if each.file.kind == "document"],
        "other_languages": [
            LANGUAGES[text.language]
            for text in found.texts.all()
            if text.language != shown.text.language
        ],
        "may_write": may_write_news(request.user, on=today()),
        "latest": [one for one in latest_news(4) if one.article.pk != found.pk][:3],
        "crumbs": _crumbs(shown),
    }
    return render(request, "portal/news/article.html", context)


def body_of(text: ArticleText, files: Iterable[ArticleFile]) -> SafeString:
    """Render a text with the article's pictures; safe by `news.marked`."""
    is_russian = text.language == "ru"
    pictures = [
        Picture(
            address=each.file.get_absolute_url(),
            alt=each.alt if is_russian else each.alt_en or each.alt,
            caption=each.caption if is_russian else each.caption_en or each.caption,
            width=each.file.width,
            height=each.file.height,
        )
        for each in files
        if each.file.kind == "photo"
    ]
    made = as_html(text.body, pictures=pictures, table_name=_("Table"))
    return mark_safe(made)  # noqa: S308 - cleaned by nh3


def _crumbs(shown: ShownArticle) -> list[tuple[str, str]]:
    if shown.article.kind == "news":
        news = (_("News"), reverse("news"))
        return association_crumbs(news, (shown.text.title, ""))
    documents = (_("Documents of the association"), reverse("association_documents"))
    return association_crumbs(documents, (shown.text.title, ""))
