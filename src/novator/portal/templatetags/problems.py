"""Problems of cities: the small part of them on a city's page."""

from __future__ import annotations

from typing import Any

from django import template

from novator.cities.models import Municipality
from novator.problems.models import Problem

register = template.Library()

SHOWN = 3


@register.inclusion_tag("portal/problems/on_city.html")
def problems_of_city(city: Municipality) -> dict[str, Any]:
    """The strongest published problems of a city; nothing where there are none. One query."""
    rows = Problem.objects.shown().filter(municipality=city).select_related("municipality__region")
    found = list(rows[: SHOWN + 1])
    return {"city": city, "rows": found[:SHOWN], "has_more": len(found) > SHOWN}
