"""A citizen's report: which body gets it, by category and area."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from novator.cities.models import Municipality
from novator.reports.models import Area, Category, Department, Route


def department_for(
    municipality: Municipality, *, category: Category | None, area: Area | None
) -> Department | None:
    """
    Return who gets a report of this category in this area; None where nobody is named.

    The first route that fits counts; without one, the department of the category.
    """
    return body_by(routes_of(municipality), category=category, area=area)


def routes_of(municipality: Municipality) -> QuerySet[Route]:
    """Return the routes of a city to bodies that work, in their order, with the bodies."""
    routes = Route.objects.filter(municipality=municipality, department__is_active=True)
    return routes.select_related("department").order_by("position", "id")


def body_by(
    routes: Iterable[Route], *, category: Category | None, area: Area | None
) -> Department | None:
    """Return the body of the first route that fits, else that of the category."""
    for route in routes:
        fits_category = route.category_id in (None, category.pk if category else 0)
        fits_area = route.area_id in (None, area.pk if area else 0)
        if fits_category and fits_area:
            return route.department
    if category is None or category.department is None or not category.department.is_active:
        return None
    return category.department
