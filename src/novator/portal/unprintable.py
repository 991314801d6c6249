"""Every form: signs that no document, feed or table can hold are left out of what people type."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

# What XML 1.0 forbids, and with it Word, Excel and Atom; and what turns around the line in which a
# name or a title stands. NUL is refused by the forms in words, and left out by `typed` where a page
# reads a field without a form.
_SIGNS = r"\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff"
_UNPRINTABLE = re.compile(rf"[\x00-\x08{_SIGNS}]")
_BUT_NUL = re.compile(rf"[\x01-\x08{_SIGNS}]")


def printable(text: str) -> str:
    """The text without signs that would make a document unreadable."""
    return _UNPRINTABLE.sub("", text)


def typed(request: HttpRequest, name: str, most: int) -> str:
    """A field of a form as a page reads it by itself: printable, and no longer than it is kept."""
    return printable(request.POST.get(name, ""))[:most]


class PrintableForms:
    """Middleware: one such sign would break a feed or a paper for everybody who reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Clean the fields of a form before the view reads them; files are left as they are."""
        if request.method != "POST" or getattr(view, "cleans_itself", False):
            return  # what programs send, their interface reads, cleans and refuses itself
        try:
            sent = request.POST
        except UnreadablePostError:
            return
        if not any(_BUT_NUL.search(text) for _name, texts in sent.lists() for text in texts):
            return
        cleaned = sent.copy()
        for name, texts in sent.lists():
            cleaned.setlist(name, [_BUT_NUL.sub("", text) for text in texts])
        cleaned._mutable = False
        request.POST = cleaned  # type: ignore[assignment]
