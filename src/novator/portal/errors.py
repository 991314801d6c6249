"""Every page: what the reader sees when something is missing or broken."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from novator.portal.kept_words import kept_words


def _page(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    parts: list[str],
    kept: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context = {"status": status, "heading": title, "parts": parts, "kept": kept}
    return render(request, "portal/error.html", context, status=status)


def _speak(request: HttpRequest) -> None:
    """A page without a language in its address speaks Russian, or what the browser asks for."""
    start = request.path_info.removeprefix("/").split("/")[0]
    known = start in {"ru", "en"}
    translation.activate(start if known else translation.get_language_from_request(request))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page."""
    _speak(request)
    is_ours = type(exception) is Http404 and "given query" not in str(exception)
    said = str(exception) if is_ours else ""
    parts = [
        said or _("The address may be mistyped, or the page has been moved."),
        _("Tell your problem in the field below, or open the catalogue."),
    ]
    return _page(request, status=404, title=_("There is no such page"), parts=parts)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be understood."""
    _speak(request)
    parts = [_("Something in the address or in the form cannot be read. Nothing was changed.")]
    return _page(request, status=400, title=_("The request cannot be understood"), parts=parts)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that is refused."""
    _speak(request)
    said = str(exception) if type(exception) is PermissionDenied else ""
    parts = [said or _("This is not allowed to everybody. Nothing was changed.")]
    return _page(request, status=403, title=_("Access is refused"), parts=parts)


@requires_csrf_token
def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or whose page was open for too long."""
    _speak(request)
    parts = [
        _("The form was not sent from this site, or its page was open for too long."),
        _("Nothing was changed. Go back, load the page again and send the form once more."),
    ]
    # Shown to be copied only: a button to send it on would finish what a foreign site began.
    kept = kept_words(request)
    return _page(request, status=403, title=_("The form was not accepted"), parts=parts, kept=kept)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault; the page needs neither the database nor anything that may have broken."""
    _speak(request)
    return HttpResponse(render_to_string("portal/500.html"), status=500)
