"""The association: times of places, named as people write them and not as programs do."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PLACES: dict[str, str | Promise] = {
    "Europe/Kaliningrad": gettext_lazy("Kaliningrad"),
    "Europe/Moscow": gettext_lazy("Moscow"),
    "Europe/Samara": gettext_lazy("Samara"),
    "Asia/Yekaterinburg": gettext_lazy("Yekaterinburg"),
    "Asia/Omsk": gettext_lazy("Omsk"),
    "Asia/Krasnoyarsk": gettext_lazy("Krasnoyarsk"),
    "Asia/Irkutsk": gettext_lazy("Irkutsk"),
    "Asia/Yakutsk": gettext_lazy("Yakutsk"),
    "Asia/Vladivostok": gettext_lazy("Vladivostok"),
    "Asia/Magadan": gettext_lazy("Magadan"),
    "Asia/Kamchatka": gettext_lazy("Kamchatka"),
}
UTC = "UTC"


def zone_in_words(zone: str, *, at: datetime) -> str:
    """The time of a zone as it stands beside an hour: Moscow by its name, others as UTC+5."""
    offset = _offset(zone, at)
    if zone == "Europe/Moscow":
        return _("Moscow time (%(offset)s)") % {"offset": offset}
    return offset


def zone_choices() -> list[tuple[str, str]]:
    """Zones to choose from, each by a city that people know, with its distance from UTC today."""
    now = timezone.now()
    named = [(zone, f"{place} ({_offset(zone, now)})") for zone, place in PLACES.items()]
    return [*named, (UTC, UTC)]


def _offset(zone: str, at: datetime) -> str:
    apart = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = round(apart.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return UTC
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"
