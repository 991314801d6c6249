"""Problem to practices: the page of results, the same results while typing, and for a letter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from novator.cities.models import Municipality
from novator.portal.asking import Asked, asked_in
from novator.portal.facets import chosen_words, left_out_words
from novator.portal.finding import Answer, answer_to
from novator.text.letters import LARGEST_FILE, CannotReadLetter, text_of_letter

LARGEST_REQUEST = LARGEST_FILE + 100_000
LEAST_TYPED = 3
MOST_LIVE = 5


# Without a CSRF token: a letter is read and answered, nothing is changed or kept.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Answer a question of the address (GET), also while it is typed, or a letter (POST)."""
    if request.method == "POST":
        return _answer_letter(request)
    asked = asked_in(request.GET.dict())
    if getattr(request, "htmx", False):
        return _answer_live(request, asked)
    response = render(request, "portal/search.html", _context(answer_to(asked)))
    patch_vary_headers(response, ["HX-Request", "HX-Current-URL"])
    return response


def _context(answer: Answer) -> dict[str, Any]:
    words = chosen_words(answer.asked.filters)
    left_out = left_out_words(answer.asked.left_out)
    return {"answer": answer, "asked": answer.asked, "topic_words": words, "left_out": left_out}


def _answer_live(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Give the results alone: a few on the front page, all of them on the page of results."""
    is_live = not _path_typed_on(request).endswith("/search/")
    if len(asked.text) < LEAST_TYPED:
        asked = replace(asked, text="")
    answer = answer_to(asked, with_facets=not is_live)
    if is_live:
        answer = replace(answer, results=answer.results[:MOST_LIVE])
    context = _context(answer) | {"is_live": is_live}
    response = render(request, "portal/parts/found.html", context)
    if not is_live:
        response["HX-Replace-Url"] = request.get_full_path()
    patch_vary_headers(response, ["HX-Request", "HX-Current-URL"])
    return response


def _path_typed_on(request: HttpRequest) -> str:
    """Path of the page on which the reader types."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        return ""


def _answer_letter(request: HttpRequest) -> HttpResponse:
    try:
        name, text = _letter_in(request)
    except CannotReadLetter as refusal:
        context = _context(Answer("silent", Asked())) | {"refusal": str(refusal)}
        return render(request, "portal/search.html", context, status=422)
    answer = answer_to(Asked(text=text), with_facets=False)
    context = _context(answer) | {"asked": Asked(), "is_letter": True, "letter_name": name}
    response = render(request, "portal/search.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _letter_in(request: HttpRequest) -> tuple[str, str]:
    """Take the letter out of the request, whose size is checked before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_REQUEST:
        raise CannotReadLetter(
            _("The file is larger than 1 MB. Copy the text of the letter into the field instead.")
        )
    letter = request.FILES.get("letter")
    if letter is None:
        raise CannotReadLetter(_("Choose a file first."))
    name = (letter.name or "")[-120:]
    return name, text_of_letter(name, letter.read())


@require_safe
def city_names(request: HttpRequest) -> HttpResponse:
    """Give the largest cities whose names begin with what is being typed, as options."""
    typed = request.GET.get("city", "").replace("\0", "").strip()[:60]
    begins = Q(short_name_ru__istartswith=typed) | Q(short_name_en__istartswith=typed)
    cities = (
        Municipality.objects.filter(begins)
        .select_related("region")
        .order_by(F("population").desc(nulls_last=True), "slug")[:8]
        if len(typed) >= 2
        else []
    )
    return render(request, "portal/parts/city_options.html", {"cities": cities})
