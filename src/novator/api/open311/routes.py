"""A citizen's report, told to other systems: the addresses of Open311 GeoReport v2."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from novator.api.open311 import discovery, requests, services, submitting, tokens, updates
from novator.api.open311.formats import CONTENT_TYPES
from novator.api.open311.manner import Resource, answered

_LISTS = {
    "discovery": Resource(read=discovery.discovery),
    "services": Resource(read=services.service_list),
    "requests": Resource(read=requests.request_list, write=submitting.take_request),
    "servicerequestupdates": Resource(read=updates.update_list, write=updates.take_update),
}
_ONES = {
    "services": Resource(read=services.service_definition),
    "service": Resource(read=services.service_definition),
    "requests": Resource(read=requests.one_request),
    "tokens": Resource(read=tokens.token),
}
_SUFFIX = re.compile(r"(?P<path>.*)\.(?P<form>xml|json)", re.IGNORECASE | re.DOTALL)


@csrf_exempt
def open311(request: HttpRequest, resource: str) -> HttpResponse:
    """Answer at any address below /open311/, known or not."""
    where = resource.rstrip("/")
    match = _SUFFIX.fullmatch(where)
    form = match["form"].lower() if match else _wanted(request)
    parts = (match["path"] if match else where).split("/")
    parts = parts[1:] if parts[0] == "v2" else parts
    found, ident = _found(parts)
    return answered(request, resource=found, ident=ident, form=form)


def _found(parts: list[str]) -> tuple[Resource | None, str]:
    if not parts:
        return _LISTS["discovery"], ""
    if len(parts) == 1:
        return _LISTS.get(parts[0]), ""
    if len(parts) == 2:
        return _ONES.get(parts[0]), parts[1]
    return None, ""


def _wanted(request: HttpRequest) -> str:
    """Without a suffix: what Accept prefers; XML, which the standard obliges to, if it is equal."""
    preferred = request.get_preferred_type([kind.split(";")[0] for kind in CONTENT_TYPES.values()])
    return "json" if preferred == "application/json" else "xml"


# Signs that cannot be printed are dropped while parameters are read; a body that cannot be read is
# refused in the shape of Open311.
open311.cleans_itself = True  # type: ignore[attr-defined]

urlpatterns = [re_path(r"^(?P<resource>[\s\S]*)\Z", open311, name="open311")]
