"""One page that says the database answers, and one that takes its time."""

import time

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def slow(request: HttpRequest) -> HttpResponse:
    """Answer after a second and a half."""
    time.sleep(1.5)
    return HttpResponse("patience", content_type="text/plain")


urlpatterns = [path("healthz", healthz), path("slow", slow)]
