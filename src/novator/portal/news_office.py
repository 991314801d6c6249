"""What the association tells: the office writes, previews, illustrates, schedules, archives."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.files.operations import FileRefused
from novator.news.models import KINDS, Article, ArticleText, kind_choices
from novator.news.operations import (
    ArticleChanged,
    CannotPublish,
    Words,
    attach,
    begin_article,
    detach,
    publish,
    save_article,
    withdraw,
)
from novator.news.permissions import may_write_news
from novator.portal.form_fields import long_text, moment_input
from novator.portal.limits import limited
from novator.portal.news import body_of, shown_articles
from novator.portal.people import reader, sign_in_needed, today

CHANGES_AN_HOUR = 240
EACH = 100
USUAL = ("charter", "contacts", "membership")
_HELP = gettext_lazy(
    "Markdown: a blank line begins a paragraph; # heading, - item, 1. numbered item, **strong**, "
    "[words](https://address), | tables |. A picture by its number alone on a line: ![](1)."
)


class ArticleForm(forms.Form):
    """The words of an article in both languages."""

    title_ru = forms.CharField(
        label=gettext_lazy("Title in Russian"), max_length=200, required=False
    )
    summary_ru = long_text(
        gettext_lazy("In one or two sentences, in Russian"), 500, rows=2, required=False
    )
    body_ru = long_text(
        gettext_lazy("Text in Russian"), 100_000, rows=16, required=False, help_text=_HELP
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    summary_en = long_text(
        gettext_lazy("In one or two sentences, in English"), 500, rows=2, required=False
    )
    body_en = long_text(gettext_lazy("Text in English"), 100_000, rows=10, required=False)

    def words(self) -> dict[str, Words]:
        """The words by language, as the operations take them."""
        told = self.cleaned_data
        return {
            language: Words(*(told[f"{name}_{language}"] for name in ("title", "summary", "body")))
            for language in ("ru", "en")
        }


class NewArticleForm(ArticleForm):
    """The same with what is said once: kind and address."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=kind_choices)
    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=120,
        help_text=gettext_lazy("Small Latin letters, digits, hyphens; it never changes."),
    )
    field_order = ["kind", "slug"]


class PictureForm(forms.Form):
    """A picture or document with its words."""

    file = forms.FileField(label=gettext_lazy("Picture or document"))
    alt = forms.CharField(
        label=gettext_lazy("What it shows, in Russian"),
        max_length=300,
        help_text=gettext_lazy("For those who do not see it. Of a document: what it is."),
    )
    alt_en = forms.CharField(
        label=gettext_lazy("The same in English"), max_length=300, required=False
    )
    caption = forms.CharField(label=gettext_lazy("Caption"), max_length=300, required=False)


class ScheduleForm(forms.Form):
    """When it is to appear by itself."""

    at = forms.DateTimeField(
        label=gettext_lazy("Day and time"),
        widget=moment_input(),
    )


def _only_writers(request: HttpRequest) -> None:
    if not may_write_news(request.user, on=today()):
        raise PermissionDenied(_("News are written by the office of the association."))


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    office = (_("Office of the association"), reverse("office"))
    return [office, (_("News and pages"), reverse("office_news")), *more]


@require_safe
@sign_in_needed
def articles(request: HttpRequest) -> HttpResponse:
    """Everything that is written, drafts first; the usual pages that are still missing."""
    _only_writers(request)
    rows = Article.objects.prefetch_related("texts").order_by("-changed_at", "-id")[:EACH]
    shown = shown_articles(rows)
    order = {"draft": 0, "scheduled": 1, "published": 2, "archived": 3}
    there = set(Article.objects.filter(slug__in=USUAL).values_list("slug", flat=True))
    context = {
        "rows": sorted(shown, key=lambda one: order[one.article.state]),
        "missing": [slug for slug in USUAL if slug not in there],
        "kinds": KINDS,
        "crumbs": _crumbs(),
    }
    return render(request, "portal/news/articles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("article", per_hour=CHANGES_AN_HOUR)
def article_new(request: HttpRequest) -> HttpResponse:
    """Begin an article; only the office sees it until it is published."""
    _only_writers(request)
    usual = request.GET.get("page", "")
    initial = {"kind": "page", "slug": usual} if usual in USUAL else {"kind": "news"}
    form = NewArticleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = begin_article(
                slug=told["slug"].lower(), kind=told["kind"], texts=form.words(), by=reader(request)
            )
        except CannotPublish as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Stored as a draft. Add pictures, look at it, publish it."))
            return redirect("article_edit", made.slug)
    context = {"form": form, "crumbs": _crumbs((_("Write"), ""))}
    return render(request, "portal/news/article_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("article", per_hour=CHANGES_AN_HOUR)
def article_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the words of an article, or look at them as readers will."""
    _only_writers(request)
    found = _article(slug)
    if request.method != "POST":
        return _edit_page(request, found, ArticleForm(initial=_initial(found)))
    form = ArticleForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, found, form)
    if "preview" in request.POST:
        return _edit_page(request, found, form, is_preview=True)
    try:
        save_article(article=found, texts=form.words(), revision=_revision(request))
    except ArticleChanged as refusal:
        form.add_error(None, str(refusal))
        found.refresh_from_db()
        return _edit_page(request, found, form, stored=_initial(_article(slug)))
    except CannotPublish as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, found, form)
    messages.success(request, _("Saved."))
    return redirect("article_edit", slug)


@require_POST
@sign_in_needed
@limited("article_file", per_hour=CHANGES_AN_HOUR)
def article_files(request: HttpRequest, slug: str) -> HttpResponse:
    """Hang a picture or document on the article, or take one off."""
    _only_writers(request)
    found = _article(slug)
    if (number := request.POST.get("remove", "")[:15]).isdecimal():
        try:
            detach(article=found, number=int(number))
        except CannotPublish as refusal:
            messages.error(request, str(refusal))
        return redirect("article_edit", slug)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        told = form.cleaned_data
        try:
            attach(
                article=found,
                upload=told["file"],
                alt=told["alt"],
                alt_en=told["alt_en"],
                caption=told["caption"],
            )
        except (CannotPublish, FileRefused) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Attached."))
            return redirect("article_edit", slug)
    return _edit_page(request, found, ArticleForm(initial=_initial(found)), picture_form=form)


@require_POST
@sign_in_needed
@limited("article_act", per_hour=CHANGES_AN_HOUR)
def article_act(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish now or later, archive, or make it a draft again."""
    _only_writers(request)
    found, now = _article(slug), timezone.now()
    act = request.POST.get("act", "")
    try:
        if act == "publish":
            publish(article=found, now=now)
        elif act == "schedule":
            publish(article=found, now=now, at=_moment(request, now))
        elif act in {"archived", "draft"}:
            withdraw(article=found, now=now, to=act)
        else:
            raise Http404(_("There is no such act."))
    except CannotPublish as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return redirect("article_edit", slug)


def _moment(request: HttpRequest, now: datetime) -> datetime:
    form = ScheduleForm(request.POST)
    if not form.is_valid() or form.cleaned_data["at"] <= now:
        raise CannotPublish(_("State a day and time to come."))
    at: datetime = form.cleaned_data["at"]
    return at


def _article(slug: str) -> Article:
    return get_object_or_404(Article.objects.prefetch_related("texts"), slug=slug)


def _revision(request: HttpRequest) -> int:
    stated = request.POST.get("revision", "")
    return int(stated) if stated.isdecimal() and len(stated) < 9 else 0


def _initial(article: Article) -> dict[str, str]:
    return {
        f"{name}_{text.language}": getattr(text, name)
        for text in article.texts.all()
        for name in ("title", "summary", "body")
    }


def _edit_page(
    request: HttpRequest,
    article: Article,
    form: ArticleForm,
    *,
    is_preview: bool = False,
    stored: dict[str, str] | None = None,
    picture_form: PictureForm | None = None,
) -> HttpResponse:
    files = list(article.files.select_related("file"))
    preview = []
    if is_preview:
        for language, words in form.words().items():
            if words.title:
                text = ArticleText(
                    language=language, title=words.title, summary=words.summary, body=words.body
                )
                preview.append((text, body_of(text, files)))
    shown = shown_articles([article])
    context = {
        "form": form,
        "article": article,
        "title": shown[0].text.title if shown else article.slug,
        "files": _numbered(files),
        "preview": preview,
        "stored": stored,
        "revision": article.revision if stored else _revision(request) or article.revision,
        "picture_form": picture_form or PictureForm(),
        "schedule_form": ScheduleForm(),
        "is_shown": article.state in {"published", "archived"},
        "crumbs": _crumbs((shown[0].text.title if shown else article.slug, "")),
    }
    return render(request, "portal/news/article_edit.html", context)


def _numbered(files: list[Any]) -> list[tuple[Any, int | None]]:
    """Every file with the number by which a text shows it; only pictures have one."""
    numbers = count(1)
    return [(each, next(numbers) if each.file.kind == "photo" else None) for each in files]
