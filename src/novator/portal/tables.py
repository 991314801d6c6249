"""Tables that a page offers to take along."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from novator.core.tables import CSV_TYPE, csv_pieces


def csv_answer(rows: Iterable[Iterable[Any]], name: str) -> HttpResponse:
    """Answer with rows, the head first, as a CSV file of this name."""
    response = HttpResponse(b"".join(csv_pieces(rows)), content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
