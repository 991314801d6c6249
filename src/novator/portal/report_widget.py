"""A citizen's report: the form on the city's own site, in a frame, without cookies."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from novator.core.languages import reader_language
from novator.portal.appearance import site_of
from novator.portal.limits import limited
from novator.portal.report_cities import channel_called
from novator.portal.report_confirming import CORRECTIONS_AN_HOUR, sent_page
from novator.portal.report_sending import Way, answered
from novator.reports.confirming import CONFIRMED_WITHIN
from novator.reports.links import report_of
from novator.reports.models import Channel

FRAME = Way("widget", "portal/report/frame.html", "report_widget", "report_widget_sent")
OFFICIAL_HOST = "pos.gosuslugi.ru"
OFFICIAL_SCRIPT = f"https://{OFFICIAL_HOST}/bin/script.min.js"
_HOST = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?", re.IGNORECASE)


def allowed_frames(channel: Channel) -> list[str]:
    """
    Origins on which the form may stand in a frame, as the policy of the page names them.

    A stated site without a scheme holds for https alone; what is no site is left out.
    """
    found = []
    for stated in channel.widget_sites:
        parts = urlsplit(stated if "://" in stated else f"https://{stated}")
        if parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.netloc):
            found.append(f"{parts.scheme}://{parts.netloc.lower()}")
    return found


def _framed(response: HttpResponse, channel: Channel) -> HttpResponse:
    """Let these sites, and no others, show the page; leave no cookie behind."""
    ancestors = ["'self'", *allowed_frames(channel)]
    response._csp_replace = {"frame-ancestors": ancestors}  # type: ignore[attr-defined]
    response.cookies.clear()
    return response


# No cookie comes with a frame on another site, and nobody is signed in there: what a foreign page
# could send in somebody's name it could send in its own just as well.
@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def widget(request: HttpRequest, slug: str) -> HttpResponse:
    """The form in a frame: the same as on the site, for nobody who is signed in."""
    channel = channel_called(slug)
    return _framed(answered(request, channel, FRAME), channel)


@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited("report_address", per_hour=CORRECTIONS_AN_HOUR)
@cache_control(private=True, no_store=True)
def widget_sent(request: HttpRequest, token: str) -> HttpResponse:
    """The page after sending, in the frame."""
    response = sent_page(request, token, layout=FRAME.layout, page=FRAME.sent_page)
    report = report_of(token, purpose="sent", max_age=CONFIRMED_WITHIN)
    return _framed(response, report.municipality.channel) if report else response


@require_safe
@cache_control(public=True, max_age=3600)
def widget_script(request: HttpRequest) -> HttpResponse:
    """The script that a city's site includes: it puts the frame where it stands, nothing else."""
    text = render(request, "portal/report/widget.js").content
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the people of a city's site how to put the form there."""
    channel = channel_called(slug)
    context = {
        "channel": channel,
        "city": channel.municipality,
        "sites": allowed_frames(channel),
        "script": site_of(request) + reverse("widget_script"),
        "frame": site_of(request) + reverse("report_widget", args=[slug]),
        "code": reader_language()[:2],
        "official_host": OFFICIAL_HOST,
    }
    return render(request, "portal/report/embed.html", context)


@require_safe
def official(request: HttpRequest, slug: str) -> HttpResponse:
    """
    The city's official form (C6): nothing of it is loaded before a click, and its host is named.

    The page after the click has a policy of its own, which lets that one host in.
    """
    channel = channel_called(slug)
    number = channel.official_widget_id
    is_open = bool(number.isdecimal()) and request.GET.get("open") == "1"
    context = {
        "channel": channel,
        "city": channel.municipality,
        "number": number if number.isdecimal() else "",
        "is_open": is_open,
        "host": OFFICIAL_HOST,
        "script": OFFICIAL_SCRIPT,
        "own_script": static("portal/report-official.js"),
        "link": f"https://{OFFICIAL_HOST}/form/?opaId={number}",
    }
    response = render(request, "portal/report/official.html", context)
    if is_open:
        theirs = f"https://{OFFICIAL_HOST}"
        response._csp_update = {  # type: ignore[attr-defined]
            "script-src": ["'self'", theirs],
            "frame-src": [theirs],
            "connect-src": ["'self'", theirs],
            "style-src": ["'self'", theirs],
            "img-src": [theirs],
            "font-src": ["'self'", theirs],
        }
        response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
