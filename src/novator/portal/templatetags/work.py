"""Reports worked on: figures of the staff's pages."""

from __future__ import annotations

from django import template

from novator.core.languages import reader_language
from novator.portal import figures
from novator.reports.statistics import Share

register = template.Library()


@register.filter
def percent_of(share: float) -> str:
    """A share from 0 to 1 in percent."""
    return figures.percent(share, reader_language())


@register.filter
def share_words(share: Share) -> str:
    """A share in percent with its base, or "3 of 4" where there are few."""
    if share.percent is None:
        return f"{share.part} / {share.whole}"
    return f"{share.percent} %"
