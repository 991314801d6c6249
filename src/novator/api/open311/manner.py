"""A citizen's report, told to other systems: what is the same at every address of Open311."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from novator.api.open311 import errors
from novator.api.open311.errors import Refusal
from novator.api.open311.formats import CONTENT_TYPES, Rows, Single, written, written_faults
from novator.api.open311.parameters import Parameters
from novator.api.v1.interface import is_readable, language_of

logger = logging.getLogger(__name__)
Told = Rows | Single
_UNREADABLE = (SuspiciousOperation, BadRequest, UnreadablePostError, MultiPartParserError)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Asked:
    """One question: `ident` is the part of the address that names one thing, empty where none."""

    request: HttpRequest
    parameters: Parameters
    ident: str
    language: str
    now: datetime


@dataclass(frozen=True)
class Resource:
    """What can be done at one kind of address."""

    read: Callable[[Asked], Told] | None = None
    write: Callable[[Asked], Told] | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it knows."""
        reading = ("GET", "HEAD") if self.read else ()
        return (*reading, *(("POST",) if self.write else ()), "OPTIONS")


def answered(
    request: HttpRequest, *, resource: Resource | None, ident: str, form: str
) -> HttpResponse:
    """Answer one request in a format, whatever happens; `resource` None: there is nothing here."""
    language = language_of(request)
    with translation.override(language):
        try:
            if request.method == "OPTIONS" and resource is not None:
                response = HttpResponse(status=204, headers={"Allow": ", ".join(resource.methods)})
            else:
                told = _told(request, resource, ident, language)
                response = _good(request, told, form)
        except Exception as fault:
            response = _refused(_refusal_of(request, fault), form)
    response.headers["Content-Language"] = language
    return _open_to_all(response)


def _told(request: HttpRequest, resource: Resource | None, ident: str, language: str) -> Told:
    if not is_readable(request.META.get("QUERY_STRING", "")):
        raise errors.unreadable()
    if resource is None:
        raise errors.nothing_here()
    reading = request.method in {"GET", "HEAD"}
    act = resource.read if reading else resource.write if request.method == "POST" else None
    if act is None:
        raise errors.not_here(request.method or "", resource.methods)
    sources = (request.GET,) if reading else (_body(request), request.GET)
    return act(Asked(request, Parameters(*sources), ident, language, timezone.now()))


def _body(request: HttpRequest) -> QueryDict:
    if request.content_type not in _FORMS and request.META.get("CONTENT_LENGTH") not in (
        "",
        "0",
        None,
    ):
        raise errors.bad(errors.form_wanted())
    return request.POST


def _good(request: HttpRequest, told: Told, form: str) -> HttpResponse:
    body = written(told, form)
    response = HttpResponse(body, content_type=CONTENT_TYPES[form], headers=dict(told.headers))
    patch_vary_headers(response, ("Accept", "Accept-Language", "Accept-Encoding"))
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["ETag"] = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
    response.headers["Cache-Control"] = "no-cache"
    changed = int(told.changed_at.timestamp()) if told.changed_at else None
    if changed is not None:
        response.headers["Last-Modified"] = http_date(changed)
    known = get_conditional_response(
        request, etag=response.headers["ETag"], last_modified=changed, response=response
    )
    return response if known is None else _as_known(known, response)


def _as_known(known: HttpResponse, response: HttpResponse) -> HttpResponse:
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
        if name in response.headers:
            known.headers[name] = response.headers[name]
    return known


def _refused(refusal: Refusal, form: str) -> HttpResponse:
    body = written_faults(refusal.faults, form)
    response = HttpResponse(body, status=refusal.status, content_type=CONTENT_TYPES[form])
    response.headers["Cache-Control"] = "no-store"
    if refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    if refusal.allowed:
        response.headers["Allow"] = ", ".join(refusal.allowed)
    return response


def _refusal_of(request: HttpRequest, fault: Exception) -> Refusal:
    if isinstance(fault, Refusal):
        return fault
    if isinstance(
        fault, SuspiciousOperation | BadRequest | UnreadablePostError | MultiPartParserError
    ):
        return errors.unreadable()
    if isinstance(fault, OperationalError | InterfaceError):
        return errors.unavailable()
    frames = "".join(traceback.format_tb(fault.__traceback__))
    logger.error("%s in %s of Open311\n%s", type(fault).__qualname__, request.method, frames)
    return errors.broken()


def _open_to_all(response: HttpResponse) -> HttpResponse:
    allowed: Mapping[str, str] = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
        "Access-Control-Allow-Headers": "Accept-Language, Content-Type, If-None-Match",
        "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    }
    for name, value in allowed.items():
        response.headers[name] = value
    return response
