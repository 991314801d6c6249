"""My account: roles, days and browsers in words."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.accounts.models import Role

register = template.Library()

_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


@register.filter
def role_time(role: Role) -> str:
    """From which day until which a role counts, in words."""
    start = _day(role.starts_on)
    if role.ended_at:
        end = _day(timezone.localdate(role.ended_at))
        return _("from %(start)s, ended on %(end)s") % {"start": start, "end": end}
    if role.ends_on:
        return _("from %(start)s until %(end)s") % {"start": start, "end": _day(role.ends_on)}
    return _("from %(start)s") % {"start": start}


@register.filter
def browser_words(agent: str) -> str:
    """Browser and system as a person knows them; "unknown browser" where they cannot be told."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part) or _("unknown browser")
