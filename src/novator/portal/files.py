"""Beside the law: attached files, offered so that no browser runs what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.files.access import access_to
from novator.files.disk import path_of
from novator.files.models import StoredFile

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 1 << 16
_POLICY = "default-src 'none'; sandbox"


@require_safe
def file(request: HttpRequest, public_id: UUID, name: str) -> HttpResponseBase:
    """Give an attached file: a document to be saved, a photo to be seen."""
    found = get_object_or_404(StoredFile, public_id=public_id)
    return _given(request, found, found.digest)


@require_safe
def small_photo(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Give the small picture of an attached photo."""
    found = get_object_or_404(StoredFile, public_id=public_id, kind="photo")
    return _given(request, found, found.small_digest)


def _given(request: HttpRequest, found: StoredFile, digest: str) -> HttpResponseBase:
    is_public = access_to(found, user=AnonymousUser()) == "everybody"
    if not is_public and access_to(found, user=request.user) == "nobody":
        if request.user.is_authenticated:
            raise Http404(_("There is no such file, or it is not for you."))
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    path = path_of(digest)
    try:
        size = path.stat().st_size
    except OSError as fault:
        raise Http404(_("The file is not there any more.")) from fault
    # The compression of pages would break ranges, and these types gain nothing by it.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response = _answer(request, path, size, etag=f'"{digest}"')
    _describe(response, found, etag=f'"{digest}"', is_public=is_public)
    return response


def _answer(request: HttpRequest, path: Path, size: int, *, etag: str) -> HttpResponseBase:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    start, end, status = 0, size - 1, 200
    if etag in known or known == ["*"]:
        status = 304
    elif request.headers.get("If-Range", etag) == etag:
        start, end, status = _asked_for(request.headers.get("Range", ""), size)
    if status in {304, 416} or request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(status=status)
    else:
        response = StreamingHttpResponse(_pieces(path, start, end), status=status)
    if status != 304:
        response["Content-Length"] = str(0 if status == 416 else end - start + 1)
    if status in {206, 416}:
        told = f"{start}-{end}" if status == 206 else "*"
        response["Content-Range"] = f"bytes {told}/{size}"
    return response


def _asked_for(header: str, size: int) -> tuple[int, int, int]:
    """Return first and last byte and the status: one range is understood, several are not."""
    asked = _RANGE.fullmatch(header.strip())
    if asked is None or not any(asked.groups()):
        return 0, size - 1, 200
    first, last = asked.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last or size), size - 1)
    if start > end or start >= size:
        return 0, size - 1, 416 if start >= size else 200
    return start, end, 206


def _pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as opened:
        opened.seek(start)
        left = end - start + 1
        while left > 0 and (piece := opened.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


def _describe(response: HttpResponseBase, found: StoredFile, *, etag: str, is_public: bool) -> None:
    response["Content-Type"] = _content_type(found)
    response["Content-Disposition"] = (
        content_disposition_header(found.kind != "photo", found.name) or "attachment"
    )
    response["Content-Security-Policy"] = _POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=600" if is_public else "private, no-cache"


def _content_type(found: StoredFile) -> str:
    is_text = found.content_type.startswith("text/")
    return f"{found.content_type}; charset=utf-8" if is_text else found.content_type
