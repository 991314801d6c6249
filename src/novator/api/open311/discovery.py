"""A citizen's report, told to other systems: where the addresses are and who gives keys."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from novator.api.open311.formats import CONTENT_TYPES, Single
from novator.api.open311.manner import Asked
from novator.reports.models import Channel

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-22T12:00:00Z"
"""When the addresses, names or meanings of this interface changed last."""
MOST_JURISDICTIONS = 2_000


def discovery(asked: Asked) -> Single:
    """Describe the interface; beyond the standard: the cities that are served."""
    root = asked.request.build_absolute_uri("/open311/v2")
    channels = Channel.objects.filter(is_open=True).select_related("municipality")
    served = channels.order_by("municipality__slug")[:MOST_JURISDICTIONS]
    endpoint = {
        "specification": SPECIFICATION,
        "url": root,
        "changeset": CHANGESET,
        "type": "test" if settings.DEBUG else "production",
        "formats": [kind.split(";")[0] for kind in CONTENT_TYPES.values()],
        "jurisdictions": [
            {"jurisdiction_id": each.municipality.slug, "name": each.municipality.name}
            for each in served
        ],
    }
    contact = settings.OPERATOR or _("The operator of this site: see its pages.")
    key_service = _(
        "A key is given by the city: write to whoever works on its reports, or to the association."
    )
    values = {
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": key_service,
        "endpoints": [endpoint],
    }
    return Single("discovery", values)
