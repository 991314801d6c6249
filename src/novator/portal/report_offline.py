"""A citizen's report: what the device needs so that it can be written without a line."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

FILES = (
    "portal/tokens.css",
    "portal/base.css",
    "portal/components.css",
    "portal/report.css",
    "portal/print.css",
    "portal/mark.svg",
    "portal/icons.svg",
    "leaflet/leaflet.css",
    "leaflet/leaflet.js",
    "portal/report-outbox.js",
    "portal/report-photos.js",
    "portal/report-map.js",
    "portal/report.js",
)
"""All that the page of the form loads; nothing else is kept on the device."""


@require_safe
@cache_control(no_cache=True, max_age=0)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the form's pages; its address bounds what it may see to these."""
    files = [static(name) for name in FILES]
    code = [static("portal/report-outbox.js"), static("portal/report-worker.js")]
    version = hashlib.sha256("\n".join([*files, *code]).encode()).hexdigest()[:12]
    told = {"version": version, "files": files, "scope": reverse("report_begin")}
    text = f"self.NOVATOR = {json.dumps(told)};\nimportScripts({json.dumps(code)[1:-1]});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")
