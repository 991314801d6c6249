"""A citizen's report: shares and waits in words, and the block on the page of a city."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from novator.cities.models import Municipality
from novator.core.languages import reader_language
from novator.portal.templatetags.novator import number
from novator.reports.listing import summary_of
from novator.reports.models import Channel
from novator.reports.statistics import Share, Wait

register = template.Library()


@register.filter
def share_words(share: Share) -> str:
    """A share in percent with its base, or "3 of 4" where they are few; a dash for none."""
    if not share.whole:
        return "–"
    language = reader_language()
    part, whole = number(share.part), number(share.whole)
    if share.percent is None:
        return gettext("%(part)s of %(whole)s") % {"part": part, "whole": whole}
    space = "\u00a0" if language.startswith("ru") else ""
    return gettext("%(percent)s (%(part)s of %(whole)s)") % {
        "percent": f"{share.percent}{space}%",
        "part": part,
        "whole": whole,
    }


@register.filter
def wait_words(wait: Wait) -> str:
    """Working days; "> 12" where the share is not reached yet."""
    if wait.days is None:
        return "–"
    return f">\u00a0{wait.days}" if wait.is_more else str(wait.days)


@register.inclusion_tag("portal/reports/of_city.html")
def reports_of_city(city: Municipality) -> dict[str, Any]:
    """What became of the reports to a city that came with its channel; one query, or none."""
    channel: Channel | None = getattr(city, "channel", None)
    summary = summary_of(city) if channel else None
    return {"city": city, "channel": channel, "summary": summary}
