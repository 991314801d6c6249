"""A citizen's report: how often one device, one network and one address may send."""

from __future__ import annotations

import hashlib
import ipaddress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from novator.accounts.attempts import seconds_to_wait, seconds_to_wait_by
from novator.reports.contacts import digest_of

FROM_ADDRESS = 20
FROM_NETWORK = 300
WITH_CONTACT = 10
WITH_CONTACT_ANYWHERE = 60
LOOK_UPS = 600
PHOTOS_FROM_ADDRESS = 150
PHOTOS_FROM_NETWORK = 1500
"""
Within an hour. Whole districts share one address of a mobile network. Reports with one address for
the answer are counted by the network from which they come: who sends with a stranger's address
does not keep the stranger from reporting; only a flood from many networks does.
"""


def wait_to_send(request: HttpRequest, *, email: str = "") -> int:
    """Count one report; 0 where it may be sent, else the seconds to wait."""
    now = timezone.now()
    address = _address(request)
    limits = {
        _digest("report", address): FROM_ADDRESS,
        _digest("report-net", _network(address)): FROM_NETWORK,
    }
    if email:
        whose = digest_of(email)[:32]
        limits[_digest(f"report-to:{whose}", _network(address))] = WITH_CONTACT
        limits[f"report-to:{whose}"] = WITH_CONTACT_ANYWHERE
    return seconds_to_wait_by(limits, now=now)


def wait_to_keep_photo(request: HttpRequest) -> int:
    """Count one photo, sent or not yet: each costs disk and a second of work; seconds to wait."""
    now = timezone.now()
    address = _address(request)
    limits = {
        _digest("report-photo", address): PHOTOS_FROM_ADDRESS,
        _digest("report-photo-net", _network(address)): PHOTOS_FROM_NETWORK,
    }
    return seconds_to_wait_by(limits, now=now)


def wait_to_look_up(request: HttpRequest) -> int:
    """Count one look-up of addresses, kinds or like reports; seconds to wait, usually 0."""
    key = _digest("report-look", _address(request))
    return seconds_to_wait(key=key, most=LOOK_UPS, now=timezone.now())


def _address(request: HttpRequest) -> str:
    return str(get_adapter(request).get_client_ip(request))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def _digest(name: str, source: str) -> str:
    """No network address is stored: a digest that changes every day."""
    text = f"{settings.SECRET_KEY}:{timezone.localdate()}:{source}"
    return f"{name}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
