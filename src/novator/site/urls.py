"""Routes: pages under the language they are written in, the interface under its version."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from novator.api.v1.routes import api as api_v1


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", api_v1.urls),
    path("open311/", include("novator.api.open311.routes")),
    path("oparl/v1/", include("novator.api.oparl.routes")),
    path("", include("novator.portal.root_urls")),
    # Without a language, so that the provider has to know one address to come back to.
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    *i18n_patterns(path("", include("novator.portal.urls")), prefix_default_language=True),
]

handler404 = "novator.portal.errors.not_found"
handler500 = "novator.portal.errors.server_error"
handler400 = "novator.portal.errors.bad_request"
handler403 = "novator.portal.errors.forbidden"
handler429 = "novator.portal.limits.account_too_often"
