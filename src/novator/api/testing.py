"""The interface mounted alone, so that its tests need no page; pages are only named."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from novator.api.v1.routes import api


def _page(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(slug)


urlpatterns = [
    path("api/v1/", api.urls),
    path("open311/", include("novator.api.open311.routes")),
    path("oparl/v1/", include("novator.api.oparl.routes")),
    path("cities/<slug:slug>/", _page, name="city"),
    path("practices/<slug:slug>/", _page, name="practice"),
    path("files/<slug:slug>/<str:name>", _page, name="file"),
    path("association/members/<slug:slug>/", _page, name="member"),
    path("association/polls/<uuid:slug>/", _page, name="poll"),
    path("councils/<slug:slug>/", _page, name="council"),
    path("people/<slug:slug>/", _page, name="person"),
    path("organizations/<uuid:slug>/", _page, name="organization"),
    path("councils/sessions/<int:pk>/", _page, name="council_session"),
    path("councils/decisions/<int:pk>/", _page, name="council_decision"),
    path("councils/sessions/<int:pk>/minutes.<str:kind>", _page, name="session_minutes"),
]
