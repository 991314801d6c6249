"""A citizen's report: keys with which other systems write; only digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.reports.models import ApiKey, Channel

MOST_KEYS = 100
LONGEST_NAME = 120


class KeyRefused(Exception):
    """The key cannot be made or ended; the message is fit to show."""


@transaction.atomic
def make_key(
    *, municipality: Municipality, name: str, may_update: bool = False, made_by: User | None = None
) -> tuple[ApiKey, str]:
    """
    Make a key of a city for another system; its text is known only now.

    `may_update`: its updates change states of reports; without, they are words of citizens.

    :raises KeyRefused: no name, a name in use, the city takes no reports, or too many keys
    """
    stated = " ".join(name.split())
    if not stated or len(stated) > LONGEST_NAME:
        raise KeyRefused(_("Name the system that gets the key, in at most 120 characters."))
    if not Channel.objects.select_for_update().filter(municipality=municipality).exists():
        raise KeyRefused(_("This city takes no reports here at present."))
    standing = ApiKey.objects.filter(municipality=municipality, ended_at=None)
    if standing.filter(name__iexact=stated).exists():
        words = _("There is a key with the name “%(name)s” already; end it first.")
        raise KeyRefused(words % {"name": stated})
    if standing.count() >= MOST_KEYS:
        raise KeyRefused(_("A city has at most %(most)s keys at a time.") % {"most": MOST_KEYS})
    text = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        municipality=municipality,
        name=stated,
        digest=_digest(text),
        may_update=may_update,
        made_by=made_by,
    )
    return key, text


def end_key(*, key: ApiKey, now: datetime) -> None:
    """Let a key write no more, at once; ending twice is once."""
    if key.ended_at is None:
        key.ended_at = now
        key.save(update_fields=["ended_at"])


def key_of_text(text: str, *, municipality: Municipality, on: date) -> ApiKey | None:
    """
    Return the standing key of a city with this text; None for a wrong or an ended one.

    One query; a second on the first use of a day.
    """
    found = ApiKey.objects.filter(
        municipality=municipality, digest=_digest(text), ended_at=None
    ).first()
    if found is not None and found.last_used_on != on:
        ApiKey.objects.filter(pk=found.pk).update(last_used_on=on)
    return found


def origin_of(key: ApiKey) -> str:
    """Name the system of a key in `origin` of reports and updates."""
    return f"open311:{key.public_id}"


def _digest(text: str) -> str:
    """A key is 32 random bytes, so a plain digest cannot be guessed back."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
