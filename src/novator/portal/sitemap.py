"""Every page: told to search engines, with the same page in the other language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from novator.association.models import Member
from novator.cities.models import Municipality
from novator.core.topics import TOPICS
from novator.council.models import Organization, Person
from novator.practices.models import Practice
from novator.practices.queries import cities_with_cards
from novator.reviews.models import Contest
from novator.talk.models import Request

EACH = 10_000
PAGES = (
    *("home", "search", "catalogue", "cities", "exchange", "requests", "contests"),
    *("councils", "association", "members", "about", "method", "data", "accessibility"),
)
PRIVATE = ("account", "bookings", "collections", "follow", "following", "my", "office", "papers")
XML = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

Entry = tuple[str, tuple[str, ...], str]


def _site(request: HttpRequest) -> str:
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Name the parts of the sitemap."""
    parts = ["pages-1"]
    parts += [f"practices-{n}" for n in _numbers(Practice.objects.published().count())]
    parts += [f"cities-{n}" for n in _numbers(_cities_with_practices().count())]
    parts += [f"requests-{n}" for n in _numbers(Request.objects.shown().count())]
    parts += [f"contests-{n}" for n in _numbers(Contest.objects.announced().count())]
    parts += [f"members-{n}" for n in _numbers(Member.objects.count())]
    parts += [f"councils-{n}" for n in _numbers(_councils().count())]
    parts += [f"people-{n}" for n in _numbers(Person.objects.count())]
    site = _site(request)
    rows = "".join(f"<sitemap><loc>{site}/sitemap-{part}.xml</loc></sitemap>\n" for part in parts)
    body = f'{HEAD}<sitemapindex xmlns="{SPACE}">\n{rows}</sitemapindex>\n'
    return HttpResponse(body, content_type=XML)


def _numbers(count: int) -> range:
    return range(1, -(-count // EACH) + 1)


def _cities_with_practices() -> QuerySet[Municipality]:
    return cities_with_cards().order_by("slug")


def _councils() -> QuerySet[Organization]:
    rows = Organization.objects.filter(kind="council", dissolved_to__isnull=True)
    return rows.order_by("municipality__slug")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest, part: str, number: int) -> StreamingHttpResponse:
    """Give the addresses of one part, each in both languages."""
    entries = list(_entries(part, number)) if 0 < number < 10_000 else []
    if not entries:
        raise Http404
    return StreamingHttpResponse(_written(entries, _site(request)), content_type=XML)


def _entries(part: str, number: int) -> Iterator[Entry]:
    """Route, its parts and the day of the last change of each page."""
    start, end = (number - 1) * EACH, number * EACH
    if part == "pages" and number == 1:
        yield from ((name, (), "") for name in PAGES)
        yield from (("topic", (topic.code,), "") for topic in TOPICS)
    elif part == "practices":
        found = Practice.objects.published().order_by("slug")
        rows = found.values_list("slug", "changed_at")[start:end]
        yield from (("practice", (slug,), f"{at:%Y-%m-%d}") for slug, at in rows)
    elif part == "cities":
        slugs = _cities_with_practices().values_list("slug", flat=True)[start:end]
        yield from (("city", (slug,), "") for slug in slugs)
    elif part == "requests":
        keys = Request.objects.shown().order_by("pk").values_list("pk", flat=True)[start:end]
        yield from (("request", (str(key),), "") for key in keys)
    elif part == "contests":
        calls = Contest.objects.announced().order_by("slug").values_list("slug", flat=True)
        yield from (("contest", (slug,), "") for slug in calls[start:end])
    elif part == "members":
        joined = Member.objects.order_by("pk").values_list("municipality__slug", flat=True)
        yield from (("member", (slug,), "") for slug in joined[start:end])
    elif part == "councils":
        own = _councils().values_list("municipality__slug", flat=True)[start:end]
        yield from (("council", (slug or "",), "") for slug in own)
    elif part == "people":
        people = Person.objects.order_by("slug").values_list("slug", flat=True)[start:end]
        yield from (("person", (slug,), "") for slug in people)


def _written(entries: Iterable[Entry], site: str) -> Iterator[str]:
    languages = [code for code, _name in settings.LANGUAGES]
    xhtml = "http://www.w3.org/1999/xhtml"
    yield f'{HEAD}<urlset xmlns="{SPACE}" xmlns:xhtml="{xhtml}">\n'
    for name, parts, changed in entries:
        addresses = {
            language: site + _pattern(name, len(parts), language).format(*parts)
            for language in languages
        }
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(address)}"/>'
            for language, address in addresses.items()
        )
        day = f"<lastmod>{changed}</lastmod>" if changed else ""
        for address in addresses.values():
            yield f"<url><loc>{escape(address)}</loc>{day}{links}</url>\n"
    yield "</urlset>\n"


@cache
def _pattern(name: str, parts: int, language: str) -> str:
    """Address of a page with a place for each of its parts: slugs or numbers, nothing to quote."""
    marks = [str(7_070_700 + place) for place in range(parts)]
    with override(language):
        address = reverse(name, args=marks)
    for mark in marks:
        address = address.replace(mark, "{}")
    return address


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read everything but answers to questions."""
    lines = [
        "User-agent: *",
        "Disallow: /*/search/?",
        "Disallow: /*/compare/?",
        *(f"Disallow: /*/{folder}/" for folder in PRIVATE),
        "Disallow: /api/",
        "Allow: /",
        f"Sitemap: {_site(request)}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
