"""Every step, told to a program: the one shape in which the interface refuses."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, NinjaAPI, Schema
from ninja.errors import ValidationError

logger = logging.getLogger(__name__)


class ErrorField(Schema):
    """One parameter that cannot be accepted."""

    field: str = Field(description=gettext_noop("Name of the parameter."))
    message: str = Field(description=gettext_noop("What is wrong with it, fit to show."))


class ErrorBody(Schema):
    """Why the request was refused."""

    code: str = Field(
        description=gettext_noop(
            "A word for programs: malformed_request, not_found, method_not_allowed,"
            " invalid_parameters, internal_error or unavailable."
        ),
        examples=["invalid_parameters"],
    )
    message: str = Field(description=gettext_noop("The same for people, in the reader's language."))
    fields: list[ErrorField] = Field(
        description=gettext_noop("The parameters at fault; empty where none is.")
    )


class ErrorAnswer(Schema):
    """The one shape of every error."""

    error: ErrorBody


class NotReady(Exception):
    """The answer cannot be given yet; asking again in a moment helps."""


def refusal(
    status: int, code: str, message: str, fields: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    """Build an error in the one shape; `fields` are pairs of parameter and message."""
    named = [{"field": field, "message": reason} for field, reason in fields]
    body = {"error": {"code": code, "message": message, "fields": named}}
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def not_found() -> HttpResponse:
    """There is nothing at this address."""
    return refusal(404, "not_found", _("There is nothing at this address."))


def malformed(message: str = "") -> HttpResponse:
    """Refuse a request that cannot be read at all."""
    return refusal(400, "malformed_request", message or _("The request cannot be read."))


def method_not_allowed(method: str, allowed: Iterable[str]) -> HttpResponse:
    """Refuse a method, naming those that this address knows."""
    names = ", ".join(allowed)
    message = _("%(method)s is not possible here; possible are %(allowed)s.")
    response = refusal(405, "method_not_allowed", message % {"method": method, "allowed": names})
    response.headers["Allow"] = names
    return response


def invalid_parameters(fields: Iterable[tuple[str, str]]) -> HttpResponse:
    """Refuse parameters, each with its reason."""
    message = _("Some parameters cannot be accepted.")
    return refusal(422, "invalid_parameters", message, fields)


def answer_to(request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
    """Turn any exception into an error; what was not foreseen is logged without its values."""
    if isinstance(fault, ValidationError):
        return invalid_parameters(_fields_of(fault))
    if isinstance(fault, Http404):
        return not_found()
    if isinstance(fault, SuspiciousOperation | BadRequest | UnreadablePostError):
        return malformed()
    if isinstance(fault, NotReady | OperationalError | InterfaceError):
        return _unavailable(fault)
    _log(request, fault)
    return refusal(
        500, "internal_error", _("Something broke on our side. The error has been recorded.")
    )


def install(api: NinjaAPI) -> None:
    """Let every exception of every route come out in the one shape."""
    for kind in (Exception, Http404, ValidationError):
        api.add_exception_handler(kind, answer_to)


def _unavailable(fault: object) -> HttpResponse:
    said = str(fault) if isinstance(fault, NotReady) else ""
    message = said or _("The service is not available at the moment. Try again shortly.")
    response = refusal(503, "unavailable", message)
    response.headers["Retry-After"] = "10"
    return response


def _log(request: HttpRequest, fault: Exception | type[Exception]) -> None:
    """Record where it broke; neither the question nor any value of it is written down."""
    route = request.resolver_match.route if request.resolver_match else request.path
    frames = "".join(traceback.format_tb(getattr(fault, "__traceback__", None)))
    logger.error("%s in %s %s\n%s", type(fault).__qualname__, request.method, route, frames)


def _fields_of(fault: ValidationError) -> list[tuple[str, str]]:
    return [(str(error["loc"][-1]), _reason(error)) for error in fault.errors]


def _reason(error: dict[str, Any]) -> str:
    """Say in the reader's language what the validator found."""
    reasons = {
        "missing": _("This parameter is required."),
        "string_too_short": _("This must not be empty."),
        "string_too_long": _("Too long: at most %(max_length)s characters."),
        "greater_than_equal": _("Must be %(ge)s or more."),
        "less_than_equal": _("Must be %(le)s or less."),
        "literal_error": _("Must be one of: %(expected)s."),
        "string_pattern_mismatch": _("This is not an identifier of ours."),
        "not_a_moment": _("Not a moment: write it as 2026-01-31T00:00:00Z."),
        "datetime_from_date_parsing": _("There is no such day or hour."),
        "datetime_parsing": _("There is no such day or hour."),
        "not_an_integer": _("Must be a whole number."),
        "not_a_boolean": _("Must be true or false."),
        "unknown": _("There is no such parameter here."),
    }
    reason: str = reasons.get(error["type"], _("This value cannot be accepted."))
    return str(reason % error.get("ctx", {}))


def unknown_parameter() -> str:
    """Say that a parameter is not known at this address."""
    return _reason({"type": "unknown"})
