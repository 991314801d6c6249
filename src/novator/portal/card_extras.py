"""Every card: what other packages tell on its page, beside the card's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from novator.portal.claims import own_card
from novator.portal.neighbours import copy_from_elsewhere
from novator.portal.scoring import opinion_on_card
from novator.practices.models import Practice

CardExtra = Callable[[HttpRequest, Practice], Mapping[str, Any]]

# One line for each package. A function gets the card's row with `municipality__region` fetched
# and gives names for the templates below; each part of the page is one included template:
# portal/parts/card_extras.html (under the card's own words: scores, questions, versions) and
# portal/parts/card_actions.html (at the side: follow, ask, keep in a collection, own card).
EXTRAS: tuple[CardExtra, ...] = (own_card, opinion_on_card, copy_from_elsewhere)


def card_extras(request: HttpRequest, practice: Practice) -> dict[str, Any]:
    """Names for the templates of everything that stands beside the card's own words."""
    told: dict[str, Any] = {}
    for extra in EXTRAS:
        told.update(extra(request, practice))
    return told
