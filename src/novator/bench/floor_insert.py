"""Every figure of reports: a bare view that inserts one row, beside which sending is measured."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

INSERT_PATH = "/bench/insert"
CREATE = """CREATE TABLE IF NOT EXISTS bench_row
    (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text, made_at timestamptz)"""


@csrf_exempt
def insert_row(request: HttpRequest) -> JsonResponse:
    """Keep one text and answer with its number: one statement, committed by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_row (text, made_at) VALUES (%s, %s) RETURNING id",
            [request.POST.get("text", ""), timezone.now()],
        )
        return JsonResponse({"number": cursor.fetchone()[0]})
