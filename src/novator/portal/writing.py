"""Solutions written: the guided form in which a city tells of its own work."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from novator.drafts.permissions import may_see
from novator.drafts.queries import drafts
from novator.portal.people import sign_in_needed, today


@sign_in_needed
def draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Lead to the step that is to be written next."""
    found = drafts().filter(public_id=public_id).first()
    if found is None or not may_see(request.user, found, on=today()):
        raise Http404
    return HttpResponse(str(found))
