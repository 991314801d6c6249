"""Solutions chosen: what the parts of a paper are made from, and words that all of them use."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from novator.briefings.models import Briefing
from novator.cities.models import Municipality
from novator.portal.briefing_paper import Line, line
from novator.portal.shown import ShownCard
from novator.reviews.scoring import Opinion


@dataclass(frozen=True)
class Choice:
    """One option of a paper: its number, the card, the official's words, what experts think."""

    number: int
    card: ShownCard
    changes: str
    opinion: Opinion | None
    address: str

    @property
    def name(self) -> str:
        """How tables call it."""
        return f"{self.number}. {self.card.city_name}"


@dataclass(frozen=True)
class Told:
    """All that the parts are made of."""

    paper: Briefing
    choices: tuple[Choice, ...]
    language: str

    @property
    def city(self) -> Municipality | None:
        return self.paper.city

    @property
    def population(self) -> int | None:
        """Inhabitants to whom costs are scaled, None where they are not known."""
        return self.paper.population or (self.city.population if self.city else None)


def not_stated() -> Line:
    """What stands where a card says nothing."""
    return line(_("not stated"), is_quiet=True)
