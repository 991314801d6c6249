"""Every step, told to a program: the page for programmers, made from the description."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from novator.api.v1.interface import LANGUAGES, OWN_CACHE_ONLY, language_of
from novator.api.v1.openapi import Described, openapi
from novator.api.v1.paging import absolute
from novator.core.languages import reader_language

TITLES = {
    "search": gettext_lazy("Search"),
    "practices": gettext_lazy("Practices"),
    "municipalities": gettext_lazy("Municipalities"),
    "topics": gettext_lazy("Topics"),
    "councils": gettext_lazy("Councils and their decisions"),
    "association": gettext_lazy("The association"),
    "polls": gettext_lazy("Votes of members"),
    "reports": gettext_lazy("Reports of citizens"),
    "export": gettext_lazy("Whole catalogue as a file"),
    "feed": gettext_lazy("Changes for other catalogues"),
    "interface": gettext_lazy("The interface itself"),
}
_KINDS = {
    "string": gettext_lazy("a text"),
    "integer": gettext_lazy("a whole number"),
    "number": gettext_lazy("a number"),
    "boolean": gettext_lazy("true or false"),
    "object": gettext_lazy("an object"),
    "array": gettext_lazy("a list"),
    "null": gettext_lazy("null"),
}


@dataclass(frozen=True)
class Entry:
    """One parameter of a request or one field of an answer."""

    name: str
    kind: str
    about: str
    is_required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One address with all that a programmer must know of it."""

    name: str
    path: str
    title: str
    about: str
    parameters: tuple[Entry, ...]
    fields: tuple[Entry, ...]
    example: str
    media: str


@dataclass(frozen=True)
class Chapter:
    """The addresses about one subject."""

    name: str
    title: str
    operations: tuple[Operation, ...]


def documentation(request: HttpRequest, interface: NinjaAPI) -> HttpResponse:
    """Show the page in the language of `lang`, of Accept-Language, or in Russian."""
    path = request.path
    with translation.override(language_of(request)):
        description = openapi(interface)
        page = {
            "about": description["info"]["description"],
            "chapters": chapters(description, request=request),
            "alternates": [(code, code, f"{path}?lang={code}") for code in LANGUAGES],
            "page_path": f"{path}?lang={get_language()}",
            "page_address": absolute(request, path),
        }
        response = render(request, "api/docs.html", page)
        response.headers["Content-Language"] = reader_language()
    response.headers["Cache-Control"] = OWN_CACHE_ONLY
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def chapters(description: Described, *, request: HttpRequest) -> list[Chapter]:
    """Put the described operations in order of subject; none is left out."""
    by_tag: dict[str, list[Operation]] = {name: [] for name in TITLES}
    schemas = description["components"]["schemas"]
    for path, operations in description["paths"].items():
        for operation in operations.values():
            address = absolute(request, path)
            by_tag[operation["tags"][0]].append(_operation(path, address, operation, schemas))
    return [
        Chapter(name=name, title=str(TITLES[name]), operations=tuple(operations))
        for name, operations in by_tag.items()
        if operations
    ]


def _operation(path: str, address: str, said: Described, schemas: Described) -> Operation:
    content = said["responses"]["200"].get("content", {})
    media = next(iter(content), "")
    schema = content[media].get("schema", {}) if media == "application/json" else {}
    return Operation(
        name=said["operationId"],
        path=path,
        title=said["summary"],
        about=said.get("description", ""),
        parameters=tuple(_parameter(each) for each in said["parameters"]),
        fields=tuple(_fields(schema, schemas, "")),
        example=_example(address, said.get("x-example", {})),
        media=media,
    )


def _parameter(said: Described) -> Entry:
    schema = said["schema"]
    return Entry(
        name=said["name"],
        kind=_kind(schema, {}),
        about=_with_limits(said.get("description", ""), schema),
        is_required=said["required"],
        allowed=tuple(str(value) for value in schema.get("enum", ())),
    )


def _with_limits(about: str, schema: Described) -> str:
    words = [about]
    if "default" in schema:
        words.append(_("Default: %(value)s.") % {"value": schema["default"]})
    if "minimum" in schema and "maximum" in schema:
        words.append(
            _("From %(least)s to %(most)s.")
            % {"least": schema["minimum"], "most": schema["maximum"]}
        )
    return " ".join(word for word in words if word)


def _fields(schema: Described, schemas: Described, before: str) -> Iterator[Entry]:
    """Walk an answer's schema in depth; a list's entries are written as name[]."""
    for name, said in _resolved(schema, schemas).get("properties", {}).items():
        full = before + name
        yield Entry(name=full, kind=_kind(said, schemas), about=said.get("description", ""))
        inner = _resolved(said, schemas)
        if inner.get("type") == "array":
            yield from _fields(inner.get("items", {}), schemas, f"{full}[].")
        else:
            yield from _fields(inner, schemas, f"{full}.")


def _resolved(schema: Described, schemas: Described) -> Described:
    """Follow a reference; of several choices take the one that is not null."""
    if "$ref" in schema:
        found: Described = schemas.get(schema["$ref"].rsplit("/", 1)[-1], {})
        return found
    choices = schema.get("anyOf", []) + schema.get("allOf", [])
    for choice in choices:
        if choice.get("type") != "null":
            return _resolved(choice, schemas)
    return schema


def _kind(schema: Described, schemas: Described) -> str:
    choices = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    if choices:
        kind = " / ".join(dict.fromkeys(_kind(each, schemas) for each in choices))
        has_null = len(choices) < len(schema["anyOf"])
        return _("%(kind)s or null") % {"kind": kind} if has_null else kind
    resolved = _resolved(schema, schemas)
    if resolved.get("type") == "array":
        inner = _resolved(resolved.get("items", {}), schemas).get("type", "object")
        return _("a list, each entry: %(kind)s") % {"kind": _KINDS[inner]}
    if resolved.get("format") == "date-time":
        return _("a moment")
    return str(_KINDS.get(resolved.get("type", "object"), ""))


def _example(address: str, example: dict[str, Any]) -> str:
    """Write a request as a command for a terminal."""
    rest = []
    for name, value in example.items():
        if "{" + name + "}" in address:
            address = address.replace("{" + name + "}", quote(str(value)))
        else:
            rest.append(f"  --data-urlencode {shlex.quote(f'{name}={value}')}")
    if not rest:
        return f"curl {shlex.quote(address)}"
    return " \\\n".join([f"curl --get {shlex.quote(address)}", *rest])
