"""Solutions found and discussed: an Atom feed of every list and of every search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.cities.models import Municipality
from novator.core.languages import reader_language, reads_russian
from novator.core.topics import TOPIC_BY_CODE
from novator.notices.changes import CannotSearch, found_by
from novator.notices.naming import search_name, titles_of
from novator.portal.appearance import site_of
from novator.portal.following import params_of, search_key
from novator.portal.unprintable import printable
from novator.practices.models import Practice
from novator.practices.queries import cards
from novator.reviews.models import Contest
from novator.reviews.queries import contests_changed_first
from novator.talk.queries import (
    News,
    new_public_questions_since,
    new_replies_since,
    new_requests_since,
)

MOST = 50
TALK_DAYS = 365
TYPE = "application/atom+xml; charset=utf-8"
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_LONGEST = 1200


@dataclass(frozen=True)
class Entry:
    """One entry of a feed; `key` is its name for ever, `path` its page."""

    key: str
    title: str
    words: str
    author: str
    path: str
    updated: datetime
    published: datetime
    category: str = ""


class _Feed(Atom1Feed):
    """Django's, whose moment is that of its latest entry, never the present one."""

    def latest_post_date(self) -> datetime:
        moments = [item["updateddate"] for item in self.items if item["updateddate"]]
        return max(moments, default=_BEGINNING)


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    """All practices, those changed last first."""
    rows = Practice.objects.published()
    return answer(request, _("Practices of cities"), reverse("catalogue"), _of_cards(rows))


@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Practices on a topic."""
    if code not in TOPIC_BY_CODE:
        raise Http404(_("There is no such topic."))
    rows = Practice.objects.published().filter(topic=code)
    page = reverse("topic", args=[code])
    return answer(request, TOPIC_BY_CODE[code].name, page, _of_cards(rows))


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """Practices of a city."""
    row = get_object_or_404(Municipality, slug=slug)
    rows = Practice.objects.published().filter(municipality=row)
    return answer(request, row.name, reverse("city", args=[slug]), _of_cards(rows))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What a search finds, by the same parameters as its page."""
    key = search_key(request.GET.dict())
    if not key:
        return practices(request)
    params = params_of(key)
    try:
        found = found_by(params)
    except CannotSearch:
        refusal = HttpResponse(_("The search index is being made."), status=503)
        refusal["Retry-After"] = "120"
        return refusal
    rows = Practice.objects.published().filter(slug__in=found)
    title = _("Search: %(words)s") % {"words": search_name(params)}
    return answer(request, title, f"{reverse('search')}?{key}", _of_cards(rows), query=key)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Questions to author cities and the replies; with `practice`, those about one card."""
    since = _long_ago()
    news = [*new_public_questions_since(since), *new_replies_since(since)]
    slug = request.GET.get("practice", "")
    if not slug:
        title = _("Questions and answers about practices")
        return answer(request, title, reverse("catalogue"), _of_news(news))
    card = get_object_or_404(Practice.objects.published(), slug=slug[:120])
    own = [one for one in news if one.practice == card]
    title = titles_of([card.slug], reader_language())[card.slug]
    page = reverse("practice_questions", args=[card.slug])
    return answer(request, title, page, _of_news(own), query=f"practice={card.slug}")


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Requests of cities to all."""
    asked = request.GET.get("topic", "")
    news = [one for one in new_requests_since(_long_ago()) if asked in {"", one.topic}]
    query = f"topic={asked}" if asked in TOPIC_BY_CODE else ""
    return answer(request, _("Cities ask all"), reverse("requests"), _of_news(news), query=query)


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """Calls to contests and their results."""
    entries = [_of_contest(contest) for contest in contests_changed_first(MOST)]
    return answer(request, _("Contests"), reverse("contests"), entries)


def answer(
    request: HttpRequest, title: str, page: str, entries: Sequence[Entry], *, query: str = ""
) -> HttpResponse:
    """
    Write a feed of the latest entries, with ETag and Last-Modified; 304 where it is known.

    `page`: path of the list it belongs to; `query`: parameters by which its own address differs.
    """
    site, language = site_of(request), reader_language()
    own = f"{site}{request.path}" + (f"?{query}" if query else "")
    feed = _Feed(
        title=printable(f"{title} — {_('Novator')}"),
        link=f"{site}{page}",
        description="",
        language=language,
        author_name=_("Novator"),
        feed_url=own,
        feed_guid=_tag(f"feeds{request.path.partition('/feeds')[2]}?{query}".rstrip("?")),
    )
    for entry in sorted(entries, key=lambda one: (one.updated, one.key), reverse=True)[:MOST]:
        feed.add_item(
            title=printable(entry.title),
            link=f"{site}{entry.path}",
            description=printable(entry.words),
            unique_id=_tag(entry.key),
            author_name=printable(entry.author) or None,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=[entry.category] if entry.category else (),
        )
    return _conditional(request, feed)


def _conditional(request: HttpRequest, feed: _Feed) -> HttpResponse:
    body = feed.writeString("utf-8").encode()
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    latest = feed.latest_post_date()
    response = HttpResponse(body, content_type=TYPE)
    response["ETag"] = etag
    response["Last-Modified"] = format_datetime(latest.astimezone(UTC), usegmt=True)
    patch_cache_control(response, public=True, max_age=300)
    seconds = int(latest.timestamp())
    found = get_conditional_response(request, etag, seconds, response)
    return found if isinstance(found, HttpResponse) else response


def _tag(key: str) -> str:
    """Name something for ever (RFC 4151), in the language of the feed."""
    host = urlsplit(settings.SITE_URL).hostname or "novator.invalid"
    return f"tag:{host},2026:{reader_language()}/{key}"


def _of_cards(rows: QuerySet[Practice]) -> list[Entry]:
    """Entries of the cards that were changed last."""
    latest = rows.order_by("-changed_at", "slug")[:MOST]
    known = list(latest.values_list("slug", "created_at"))
    published = dict(known)
    language = reader_language()
    entries = []
    for card in cards([slug for slug, _at in known]):
        place = ", ".join(filter(None, [card.city.name, card.city.region_name]))
        entries.append(
            Entry(
                key=f"practices/{card.slug}",
                title=card.text(language).title or card.full_text.title,
                words=card.full_text.problem,
                author=place,
                path=reverse("practice", args=[card.slug]),
                updated=card.changed_at,
                published=published[card.slug],
                category=card.topic,
            )
        )
    return entries


def _of_news(news: Iterable[News]) -> list[Entry]:
    kinds = {
        "question": _("Question"),
        "reply": _("Reply"),
        "request": _("A city asks all"),
        "answer": _("Answer to a request"),
    }
    return [
        Entry(
            key=f"talk/{one.key.replace(':', '/')}",
            title=f"{kinds[one.kind]}: {one.title}",
            words=one.text[:_LONGEST],
            author=one.city.name if one.city else "",
            path=one.path(),
            updated=one.at,
            published=one.at,
            category=one.topic,
        )
        for one in news
    ]


def _of_contest(contest: Contest) -> Entry:
    is_english = not reads_russian()
    title = (is_english and contest.title_en) or contest.title_ru
    words = (is_english and contest.text_en) or contest.text_ru
    announced = contest.announced_at or contest.made_at
    return Entry(
        key=f"contests/{contest.slug}",
        title=_("Result: %(title)s") % {"title": title} if contest.protocol_at else title,
        words=words[:_LONGEST],
        author="",
        path=reverse("contest", args=[contest.slug]),
        updated=contest.protocol_at or announced,
        published=announced,
    )


def _long_ago() -> datetime:
    return timezone.now() - timedelta(days=TALK_DAYS)
