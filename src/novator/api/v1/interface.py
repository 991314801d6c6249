"""Every step, told to a program: what is the same at every address of the interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.operation import PathView

from novator.api.v1 import errors
from novator.core.languages import reader_language

LANGUAGES = ("ru", "en")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
METHODS = ("GET", "HEAD", "OPTIONS")
SHARED_CACHES = "public, max-age=60"
OWN_CACHE_ONLY = "private, max-age=60"

View = Callable[..., HttpResponseBase]


class Interface(NinjaAPI):
    """
    A django-ninja interface whose every address, known or not, answers in one manner.

    Read-only: GET, HEAD and OPTIONS from any origin; a weak ETag by content; errors in one shape;
    texts in the language of `lang` or of Accept-Language. `pages` are for people and answer as
    pages do.
    """

    pages: Sequence[URLPattern] = ()

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns: list[URLResolver | URLPattern] = [*self.pages]
        for router in self._get_bound_routers():
            paths = [view for view in router.path_operations.values() for _ in view.operations]
            for pattern, view in zip(router.urls_paths(router.prefix), paths, strict=True):
                pattern.callback = in_one_manner(pattern.callback, known=_parameters(view))
                patterns.append(pattern)
        nowhere = in_one_manner(lambda request: errors.not_found(), known=None)
        patterns.append(re_path(r"^[\s\S]*\Z", nowhere, name="nowhere"))
        return patterns


def in_one_manner(view: View, *, known: frozenset[str] | None) -> View:
    """
    Wrap a view: language, method, readable request, errors, validators, caches and CORS.

    `known` are the names of the parameters that may be given; None: whatever they are.
    """

    @csrf_exempt
    def answered(request: HttpRequest, **path: Any) -> HttpResponseBase:
        with translation.override(language_of(request)):
            try:
                response = _answer(view, request, path, known)
            except Exception as fault:
                response = errors.answer_to(request, fault)
            response.headers["Content-Language"] = reader_language()
        return _open_to_all(_unless_known_already(request, response))

    return answered


def language_of(request: HttpRequest) -> str:
    """Return the language that `lang` or Accept-Language asks for; Russian where neither does."""
    try:
        asked = request.GET.get("lang")
    except Exception:  # too many parameters to read: refused later, in some language
        asked = None
    if asked in LANGUAGES:
        return asked
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code.split("-")[0] in LANGUAGES:
            return code.split("-")[0]
    return LANGUAGES[0]


def _answer(
    view: View, request: HttpRequest, path: dict[str, Any], known: frozenset[str] | None
) -> HttpResponseBase:
    method = request.method or ""
    if method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(METHODS)})
    if not is_readable(request.META.get("QUERY_STRING", "")):
        return errors.malformed()
    if known is None:
        return view(request)
    if method not in METHODS:
        return errors.method_not_allowed(method, METHODS)
    if strangers := sorted(set(request.GET) - known):
        message = errors.unknown_parameter()
        return errors.invalid_parameters((name[:80], message) for name in strangers[:20])
    request.method = "GET"
    try:
        return view(request, **path)
    finally:
        request.method = method


def is_readable(query_string: str) -> bool:
    """Whether the raw query string is UTF-8 without NUL (Django would repair it in silence)."""
    try:
        text = unquote_to_bytes(query_string.replace("+", " ")).decode("utf-8")
    except UnicodeError:
        return False
    return "\x00" not in text


def _unless_known_already(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give a good answer its validator and headers; 304 where the reader has it already."""
    patch_vary_headers(response, ("Accept-Language", "Accept-Encoding"))
    if response.status_code != 200:
        return response
    if isinstance(response, HttpResponse) and "ETag" not in response.headers:
        response.headers["ETag"] = f'W/"{blake2b(response.content, digest_size=12).hexdigest()}"'
    response.headers.setdefault("Cache-Control", SHARED_CACHES)
    response.headers.setdefault("Link", f'<{LICENCE}>; rel="license"')
    if "If-None-Match" not in request.headers:
        return response
    unchanged = get_conditional_response(request, etag=response.headers.get("ETag"))
    if unchanged is None:
        return response
    for name in ("ETag", "Cache-Control", "Vary", "Content-Language", "Link"):
        unchanged.headers[name] = response.headers[name]
    return unchanged


def _open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response.headers["Access-Control-Allow-Headers"] = "Accept-Language, If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Content-Disposition"
    return response


def _parameters(view: PathView) -> frozenset[str]:
    return frozenset(_names(view))


def _names(view: PathView) -> Iterable[str]:
    for operation in view.operations:
        for model in operation.models:
            if model.__ninja_param_source__ == "query":
                yield from getattr(model, "__ninja_flatten_map__", {})
