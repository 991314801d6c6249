"""The first question of the loop: what problem does your city have?"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from time import time

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from novator.core.languages import reader_language
from novator.core.topics import TOPICS, Topic
from novator.portal.asking import Asked
from novator.portal.atlas import KEPT_SECONDS
from novator.portal.shown import ShownCard, shown_cards
from novator.practices.models import Practice
from novator.practices.queries import catalogue_figures, catalogue_version, current_catalogue

EXAMPLES = (
    _("potholes come back every spring"),
    _("our streets are dark in the evening"),
    _("stray dogs near the school"),
    _("teenagers have nothing to do in summer"),
    _("the bus comes once an hour"),
    _("rubbish bins overflow"),
)


def topics_with_counts() -> list[tuple[Topic, int]]:
    """Give every topic with the number of its practices."""
    counts = Counter(card.topic for card in current_catalogue().cards)
    return [(topic, counts[topic.code]) for topic in TOPICS]


def sample_card() -> ShownCard | None:
    """
    Give a card that tells cost, effect and before and after: the newest of the best known.

    Kept in memory until the catalogue changes, at most for five minutes: a city can be renamed.
    """
    period = int(time() // KEPT_SECONDS)
    return _kept_sample(catalogue_version(), period, reader_language())


@lru_cache(maxsize=4)
def _kept_sample(_version: str, _period: int, language: str) -> ShownCard | None:
    with override(language):
        return _sample()


def _sample() -> ShownCard | None:
    told = (
        Practice.objects.published()
        .filter(cost__basis="total", population__isnull=False, effects__evidence="before-after")
        .exclude(effects__before=None, effects__change=None)
    )
    row = told.order_by(F("year_end").desc(nulls_last=True), "slug").first()
    return next(iter(shown_cards([row.slug])), None) if row else None


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Send the reader on to the front page in a language of his browser, else in Russian."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the question, the examples, the topics and the figures of the catalogue."""
    context = {
        "asked": Asked(),
        "examples": EXAMPLES,
        "figures": catalogue_figures(),
        "topics": topics_with_counts(),
        "sample": sample_card(),
    }
    return render(request, "portal/home.html", context)
