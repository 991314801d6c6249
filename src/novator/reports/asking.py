"""A citizen's report: letters that ask an address whether it is meant; nobody gets many of them."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _

from novator.accounts.attempts import seconds_to_wait
from novator.reports.contacts import digest_of

MOST_AN_HOUR = 10
"""Letters to one address that never asked for any, whoever sends the forms and from where."""
_LEADS_AWAY = re.compile(
    r"://|@|\bwww\.|[\w-]{3,}\.(?:рф|[a-z]{2,})(?![\w.])|\.[a-z]{2,}/|[<>{}|\\]", re.IGNORECASE
)


class AskedTooOften(Exception):
    """Enough letters went to this address within the hour; the message is fit to show."""


def count_letter(*, email: str, now: datetime) -> None:
    """
    Count one letter that asks for a confirmation.

    :raises AskedTooOften: the address got enough of them
    """
    key = f"report-asked:{digest_of(email)[:32]}"
    if seconds_to_wait(key=key, most=MOST_AN_HOUR, now=now):
        raise AskedTooOften(
            _("Enough letters were sent to this address within the hour. Try again later.")
        )


def leads_away(words: str) -> bool:
    """Whether words that are to stand in a letter to a stranger name a page or an address."""
    return _LEADS_AWAY.search(words) is not None
