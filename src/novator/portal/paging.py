"""Every list: which page of it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import Http404
from django.utils.translation import gettext as _

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, with the number of this page and of all."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int


def page_of(rows: Sequence[Row], asked: str, *, each: int) -> Page[Row]:
    """
    Cut a page out of a list; what is no number is the first page.

    :raises Http404: beyond the last page
    """
    pages = max(1, -(-len(rows) // each))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    if number > pages:
        raise Http404(_("The list has no such page."))
    start = (max(number, 1) - 1) * each
    return Page(rows[start : start + each], max(number, 1), pages, len(rows))
