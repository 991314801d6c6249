"""A citizen's report, told to other systems: which kinds a city takes, and what it asks."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from novator.api.open311 import wire
from novator.api.open311.errors import unknown
from novator.api.open311.formats import Rows, Single
from novator.api.open311.manner import Asked
from novator.api.open311.who import channel_of
from novator.reports.life import local_day
from novator.reports.models import Category, Channel


def service_list(asked: Asked) -> Rows:
    """Every kind that is taken today."""
    taken = categories_taken(channel_of(asked.parameters), now=asked.now)
    rows = [wire.service_of(category) for category in taken.values()]
    return Rows("services", "service", rows)


def service_definition(asked: Asked) -> Single:
    """What is asked further of one kind."""
    channel = channel_of(asked.parameters)
    category = category_called(channel, asked.ident, now=asked.now)
    return Single("service_definition", wire.definition_of(category))


def categories_taken(channel: Channel, *, now: datetime) -> dict[str, Category]:
    """Return the kinds that a city takes on this day, by code. One query."""
    today = local_day(channel, now)
    rows = Category.objects.filter(municipality=channel.municipality_id, is_active=True)
    found = rows.select_related("parent", "department").order_by("position", "id")
    return {row.code: row for row in found if row.is_in_season(today)}


def category_called(channel: Channel, code: str, *, now: datetime) -> Category:
    """
    Return the kind with a code.

    :raises Refusal: 404 where the city does not take such a kind today
    """
    category = categories_taken(channel, now=now).get(code)
    if category is None:
        raise unknown(_("There is no service_code “%(code)s” here.") % {"code": code[:80]})
    return category
