"""A citizen's report, told to other systems: which city is meant, and who writes."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from novator.accounts.attempts import seconds_to_wait
from novator.api.open311.errors import bad, forbidden, too_often, unknown
from novator.api.open311.parameters import Parameters
from novator.reports.keys import key_of_text
from novator.reports.models import ApiKey, Channel

WRONG_KEYS_AN_HOUR = 200
_SLUG = re.compile(r"[-a-z0-9_]{1,120}")


def channel_of(parameters: Parameters) -> Channel:
    """
    Return the channel of the jurisdiction: the slug of a city; may be left out where there is one.

    One query.

    :raises Refusal: 404 for an unknown one, 400 where it is missing and there are several
    """
    slug = parameters.text("jurisdiction_id")
    channels = Channel.objects.select_related("municipality")
    if slug:
        found = _SLUG.fullmatch(slug) and channels.filter(municipality__slug=slug).first()
        if not found:
            words = _("There is no jurisdiction “%(slug)s” here.")
            raise unknown(words % {"slug": slug[:120]})
        return found
    served = list(channels.filter(is_open=True).order_by("municipality__slug")[:2])
    if len(served) > 1:
        words = _("jurisdiction_id is missing: several cities are served here (see discovery).")
        raise bad(words)
    if not served:
        raise unknown(_("No city takes reports here yet."))
    return served[0]


def writer_of(
    request: HttpRequest, parameters: Parameters, channel: Channel, *, now: datetime
) -> ApiKey:
    """
    Return whose key was sent, and count one writing.

    :raises Refusal: 403 without a standing key of this city, 429 beyond the limit
    """
    text = parameters.text("api_key")
    if not text:
        raise forbidden(_("api_key is missing: only systems with a key of the city write."))
    key = _checked(request, text, channel, now=now)
    most = settings.OPEN311_WRITES_AN_HOUR
    if wait := seconds_to_wait(key=f"open311:{key.pk}", most=most, now=now):
        raise too_often(wait)
    return key


def reader_of(
    request: HttpRequest, parameters: Parameters, channel: Channel, *, now: datetime
) -> ApiKey | None:
    """
    Return whose key was sent with a question that needs none; None where none was.

    :raises Refusal: 403 for a wrong one
    """
    text = parameters.text("api_key")
    return _checked(request, text, channel, now=now) if text else None


def _checked(request: HttpRequest, text: str, channel: Channel, *, now: datetime) -> ApiKey:
    key = key_of_text(text, municipality=channel.municipality, on=now.date())
    if key is not None:
        return key
    name = f"open311-wrong:{_asker(request, now.date())}"
    if wait := seconds_to_wait(key=name, most=WRONG_KEYS_AN_HOUR, now=now):
        raise too_often(wait)
    raise forbidden(_("This api_key is not valid for this city."))


def _asker(request: HttpRequest, on: date) -> str:
    """A digest of the address that changes every day."""
    address = get_adapter(request).get_client_ip(request)
    return hashlib.sha256(f"{settings.SECRET_KEY}:{on}:{address}".encode()).hexdigest()[:32]
