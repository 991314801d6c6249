"""Solutions chosen: in what the own city differs from the one that did it; no database."""

from __future__ import annotations

from dataclasses import dataclass

from novator.cities.models import Municipality
from novator.cities.peers import CityFacts, Likeness, likeness
from novator.practices.card import Card


@dataclass(frozen=True)
class CityDifferences:
    """
    The author city beside the own one, with how alike they are.

    Populations are those by which costs are scaled; None is not known.
    """

    likeness: Likeness
    author_population: int | None
    own_population: int | None


def differences(card: Card, city: Municipality, *, population: int | None) -> CityDifferences:
    """Compare the card's city with the own one by size, distance, region and kind."""
    author_population = card.population or card.city.population
    own_population = population or city.population
    author = CityFacts(
        slug=card.city.slug,
        population=author_population,
        latitude=card.city.latitude,
        longitude=card.city.longitude,
        region=card.city.region,
        kind=card.city.kind,
    )
    own = CityFacts(
        slug=city.slug,
        population=own_population,
        latitude=city.latitude,
        longitude=city.longitude,
        region=city.region.code if city.region else "",
        kind=city.kind,
    )
    return CityDifferences(likeness(author, own), author_population, own_population)
