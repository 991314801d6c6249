"""The association's pages: the latest of what members do together."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from novator.association.models import Gathering, Member, Position, Signature
from novator.portal.news import ShownArticle
from novator.portal.news import latest_news as _latest_news
from novator.portal.positions import HIDDEN
from novator.portal.zone_words import zone_in_words

register = template.Library()


@register.filter
def zone_words(zone: str, at: datetime) -> str:
    """The time of which place an hour is meant in, as people write it."""
    return zone_in_words(zone, at=at)


@register.simple_tag
def latest_news(count: int) -> list[ShownArticle]:
    """The latest published news; two queries."""
    return _latest_news(count)


@register.simple_tag
def latest_positions(count: int) -> list[Position]:
    """The latest positions and letters that everybody may read; one query."""
    rows = Position.objects.exclude(state__in=HIDDEN).select_related("group")
    return list(rows.order_by("-changed_at", "-pk")[:count])


@register.simple_tag
def coming_events(count: int) -> list[Gathering]:
    """The next events; one query."""
    rows = Gathering.objects.filter(is_published=True, ends_at__gte=timezone.now())
    return list(rows.order_by("starts_at", "pk")[:count])


@register.simple_tag
def letters_signed_by(member: Member, count: int) -> list[Signature]:
    """The joint letters that a member signed, the latest first; one query."""
    rows = Signature.objects.filter(member=member, withdrawn_at=None).exclude(
        position__state__in=HIDDEN
    )
    return list(rows.select_related("position").order_by("-signed_at", "-pk")[:count])
