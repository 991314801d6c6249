"""The JSON interface, version 1: its routes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_noop
from ninja import Query, Schema

from novator.api.v1 import (
    bodies,
    common_work,
    councils,
    errors,
    export,
    feed,
    members,
    municipalities,
    polls,
    practices,
    reports,
    search,
    topics,
)
from novator.api.v1.docs import documentation
from novator.api.v1.interface import LICENCE, Interface
from novator.api.v1.openapi import openapi
from novator.api.v1.paging import absolute
from novator.api.v1.parameters import Reader

api = Interface(
    title=gettext_noop("Novator: the exchange of practices between cities"),
    version="1",
    description=gettext_noop(
        "From a problem in plain words to what worked in other cities. Everything is read-only,"
        " needs no key and may be called from any page. No question is written to a log."
    ),
    docs_url=None,
    openapi_url=None,
    openapi_extra={"info": {"license": {"name": "CC BY 4.0", "url": LICENCE}}},
)
api.pages = [path("docs", documentation, {"interface": api}, name="docs")]
errors.install(api)
for part in (
    search,
    practices,
    municipalities,
    topics,
    bodies,
    councils,
    members,
    polls,
    reports,
    export,
    feed,
    common_work,
):
    api.add_router("", part.router)


class EntryAnswer(Schema):
    """Where to go from here."""

    documentation: str
    openapi: str
    search: str
    practices: str
    municipalities: str
    topics: str
    polls: str


@api.get(
    "/",
    response=EntryAnswer,
    url_name="api-root",
    operation_id="entry",
    tags=["interface"],
    summary=gettext_noop("Where to begin"),
    description=gettext_noop("Addresses of the lists, of the search and of this description."),
)
def entry(request: HttpRequest, asked: Query[Reader]) -> dict[str, Any]:
    """Name the addresses from which everything can be reached."""
    names = {"documentation": "docs", "openapi": "openapi.json"}
    paths = names | {name: name for name in EntryAnswer.model_fields if name not in names}
    return {name: absolute(request, request.path + place) for name, place in paths.items()}


@api.get(
    "/openapi.json",
    operation_id="openapi",
    tags=["interface"],
    summary=gettext_noop("This description"),
    description=gettext_noop("The description of the interface by OpenAPI 3.1."),
    openapi_extra={
        "responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
    },
)
def description(request: HttpRequest, asked: Query[Reader]) -> dict[str, Any]:
    """Describe the interface to programs."""
    return openapi(api)
