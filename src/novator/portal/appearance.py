"""Every page: the reader's version (ordinary or for the visually impaired) and colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from novator.core.languages import reader_language

COOKIE = "novator_view"
A_YEAR = 365 * 24 * 60 * 60

CHOICES: dict[str, dict[str, Any]] = {
    "version": {"ordinary": _("ordinary version"), "accessible": _("accessible version")},
    "theme": {"auto": _("as on the device"), "light": _("light"), "dark": _("dark")},
    "font": {"1": _("normal letters"), "2": _("large letters"), "3": _("very large letters")},
    "letters": {"normal": _("normal"), "wide": _("wide")},
    "lines": {"normal": _("normal"), "wide": _("wide")},
    "colours": {
        "black-on-white": _("black on white"),
        "white-on-black": _("white on black"),
        "blue-on-blue": _("dark blue on light blue"),
        "brown-on-beige": _("brown on beige"),
    },
    "images": {"on": _("shown"), "off": _("replaced by words")},
}


@dataclass(frozen=True)
class Appearance:
    """How one reader wants the pages; each value is a key of `CHOICES`."""

    version: str = "ordinary"
    theme: str = "auto"
    font: str = "1"
    letters: str = "normal"
    lines: str = "normal"
    colours: str = "black-on-white"
    images: str = "on"

    @property
    def is_accessible(self) -> bool:
        """Whether the version for the visually impaired is on."""
        return self.version == "accessible"

    @property
    def has_images(self) -> bool:
        """Whether pictures are sent, or their words instead."""
        return not self.is_accessible or self.images == "on"

    @property
    def attributes(self) -> dict[str, str]:
        """What stands as data-attributes on <html>; the style sheets read nothing else."""
        if not self.is_accessible:
            return {"version": "ordinary", "theme": self.theme}
        kept = {name: value for name, value in asdict(self).items() if name != "theme"}
        return {**kept, "theme": "none"}


def changed(appearance: Appearance, wishes: Mapping[str, str]) -> Appearance:
    """Apply the wishes that are known; ignore all others."""
    known = {
        name: wishes[name]
        for name, choices in CHOICES.items()
        if name in wishes and wishes[name] in choices
    }
    return replace(appearance, **known)


def read_cookie(value: str) -> Appearance:
    """Understand the cookie as far as it makes sense."""
    return changed(Appearance(), dict(parse_qsl(value[:300])))


def written_cookie(appearance: Appearance) -> str:
    """Write only what differs from the ordinary version."""
    default = Appearance()
    names = [field.name for field in fields(Appearance)]
    return urlencode(
        [
            (n, getattr(appearance, n))
            for n in names
            if getattr(appearance, n) != getattr(default, n)
        ]
    )


def remember_appearance(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: tell caches that pages differ by the reader's cookie."""

    def with_appearance(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response

    return with_appearance


# Without a CSRF token on purpose: a token would make every page uncacheable, and all that a
# foreign site could do here is to change the size of the letters.
@csrf_exempt
@require_POST
def change_appearance(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice for a year and go back to the page it was made on."""
    wishes = {name: str(value) for name, value in request.POST.items()}
    before = Appearance() if "normal" in wishes else read_cookie(request.COOKIES.get(COOKIE, ""))
    response = HttpResponseRedirect(_back(request))
    value = written_cookie(changed(before, wishes))
    if not value:
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    response.set_cookie(
        COOKIE,
        value,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours and address.startswith("/") else f"/{reader_language()}/"


def address_in(path: str, language: str) -> str:
    """Give the address of the same page, with its query, in another language."""
    codes = [code for code, _name in settings.LANGUAGES]
    _start, _slash, rest = path.removeprefix("/").partition("/")
    return (
        f"/{language}/{rest}" if path.removeprefix("/").split("/")[0] in codes else f"/{language}/"
    )


def appearance(request: HttpRequest) -> dict[str, Any]:
    """Template variables that every page has."""
    path = request.get_full_path()
    site = site_of(request)
    return {
        "appearance": read_cookie(request.COOKIES.get(COOKIE, "")),
        "appearance_choices": CHOICES,
        "alternates": [(code, name, address_in(path, code)) for code, name in settings.LANGUAGES],
        "page_path": path,
        "page_address": site + iri_to_uri(request.path),
        "site_root": site,
    }


def site_of(request: HttpRequest) -> str:
    """Address of the site: the public one, else the reader's; nothing where that makes no sense."""
    try:
        return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""
