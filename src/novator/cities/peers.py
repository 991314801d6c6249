"""Where the loop happens: which cities are most like this one, and why; arithmetic only."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext, gettext_noop, ngettext, override

Aspect = Literal["population", "distance", "region", "kind"]
Column = npt.NDArray[np.float64]

WEIGHTS: dict[Aspect, float] = {"population": 0.5, "distance": 0.2, "region": 0.15, "kind": 0.15}
_EARTH_RADIUS_KM = 6371.0
_HALF_DISTANCE_KM = 400.0
_NO_MATCH_RATIO = 10.0
_ROUNDING = 1e-5

_MISSING: dict[Aspect, str] = {
    "population": gettext_noop("population not known of both"),
    "distance": gettext_noop("place on the map not known of both"),
    "region": gettext_noop("region not known of both"),
    "kind": gettext_noop("kind of municipality not known of both"),
}
_SAME: dict[Aspect, tuple[str, str]] = {
    "region": (gettext_noop("same region"), gettext_noop("another region")),
    "kind": (
        gettext_noop("same kind of municipality"),
        gettext_noop("another kind of municipality"),
    ),
}


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What is compared of a city; what is not known is None or empty."""

    slug: str
    name: str = ""
    population: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    region: str = ""
    kind: str = "unknown"


@dataclass(frozen=True)
class LikenessReason:
    """
    One aspect of likeness: how alike (0 to 1, None if a fact is missing) and the figure behind it.

    `value` is the larger population divided by the smaller, or the distance in km.
    """

    aspect: Aspect
    likeness: float | None
    value: float | None = None

    def text(self, language: str) -> str:
        """Say the reason in words."""
        with override(language):
            return self._words(language)

    def _words(self, language: str) -> str:
        if self.likeness is None:
            return gettext(_MISSING[self.aspect])
        if self.aspect == "distance":
            return gettext("%(km)s km away") % {"km": round(self.value or 0)}
        if self.aspect == "population":
            return self._words_on_population(self.value or 1, language)
        same, other = _SAME[self.aspect]
        return gettext(same if self.likeness >= 1 else other)

    def _words_on_population(self, ratio: float, language: str) -> str:
        if ratio < 1.15:
            return gettext("about as many inhabitants")
        figure = _figure(ratio, language)
        words = ngettext(
            "population differs by a factor of %(ratio)s",
            "population differs by a factor of %(ratio)s",
            int(figure) if figure.isdigit() else 2,
        )
        return words % {"ratio": figure}


@dataclass(frozen=True)
class Likeness:
    """How alike two cities are, 0 to 1, over the aspects that are known of both."""

    score: float
    reasons: tuple[LikenessReason, ...]


@dataclass(frozen=True)
class Peer:
    """A city with its likeness to the one that was asked about."""

    city: CityFacts
    likeness: Likeness


def likeness(a: CityFacts, b: CityFacts) -> Likeness:
    """Compare two cities by population (log), distance, region and kind; symmetric."""
    reasons = (_by_population(a, b), _by_distance(a, b), _by_region(a, b), _by_kind(a, b))
    known = [(WEIGHTS[r.aspect], r.likeness) for r in reasons if r.likeness is not None]
    weight = sum(weight for weight, _ in known)
    score = sum(weight * like for weight, like in known) / weight if weight else 0.0
    return Likeness(score=round(min(score, 1.0), 6), reasons=reasons)


class CityTable:
    """Many cities in columns, so that one is compared with all of them at once."""

    def __init__(self, cities: Iterable[CityFacts]) -> None:
        self.cities = tuple(cities)
        self.slugs = np.array([city.slug for city in self.cities], dtype=np.str_)
        self.kinds = np.array([city.kind for city in self.cities], dtype=np.str_)
        self.populations = _column(city.population or None for city in self.cities)
        self._regions = np.array([city.region for city in self.cities], dtype=np.str_)
        self._latitudes = _column(city.latitude for city in self.cities)
        self._longitudes = _column(city.longitude for city in self.cities)

    def __len__(self) -> int:
        return len(self.cities)

    def scores(self, city: CityFacts) -> Column:
        """The score of `likeness` for every city, without the reasons and unrounded."""
        alike = np.column_stack(
            [
                _alike_in_population(city, self.populations),
                _alike_in_distance(city, self._latitudes, self._longitudes),
                _alike_in_name(city.region, self._regions, ""),
                _alike_in_name(city.kind, self.kinds, "unknown"),
            ]
        )
        weights = np.where(np.isnan(alike), 0.0, np.array(list(WEIGHTS.values())))
        total = weights.sum(axis=1)
        found = (weights * np.nan_to_num(alike)).sum(axis=1)
        return np.asarray(found / np.where(total > 0, total, 1.0), dtype=np.float64)

    def peers_of(
        self, city: CityFacts, limit: int = 5, *, among: npt.NDArray[np.bool_] | None = None
    ) -> list[Peer]:
        """
        The cities most like this one, best first, ties by slug; never the city itself.

        :param among: which cities may be named, all if not given
        """
        others = self.slugs != city.slug
        places = np.flatnonzero(others if among is None else others & among)
        likest = (self.cities[place] for place in self._likest(city, places, limit))
        found = [Peer(other, likeness(city, other)) for other in likest]
        found.sort(key=lambda peer: (-peer.likeness.score, peer.city.slug))
        return found[:limit]

    def _likest(
        self, city: CityFacts, places: npt.NDArray[np.intp], limit: int
    ) -> npt.NDArray[np.intp]:
        """Cities of which some are the likest; nobody that may be among them is left out."""
        if not 0 < limit < len(places):
            return places
        scores = self.scores(city)[places]
        least = np.partition(scores, -limit)[-limit]
        return np.compress(scores >= least - _ROUNDING, places)


def distance_km(a: CityFacts, b: CityFacts) -> float | None:
    """Great-circle distance by the haversine formula, or None if a point is missing."""
    if a.latitude is None or b.latitude is None or a.longitude is None or b.longitude is None:
        return None
    phi, psi = math.radians(a.latitude), math.radians(b.latitude)
    half_lat = math.sin((psi - phi) / 2) ** 2
    half_lon = math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    chord = half_lat + math.cos(phi) * math.cos(psi) * half_lon
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def _column(values: Iterable[float | None]) -> Column:
    """Numbers with NaN for what is not known."""
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _alike_in_population(city: CityFacts, populations: Column) -> Column:
    ratio = np.abs(np.log(populations / (city.population or math.nan)))
    return np.where(np.isnan(ratio), ratio, np.maximum(0.0, 1 - ratio / math.log(_NO_MATCH_RATIO)))


def _alike_in_distance(city: CityFacts, latitudes: Column, longitudes: Column) -> Column:
    if city.latitude is None or city.longitude is None:
        return np.full(len(latitudes), math.nan)
    phi, psi = math.radians(city.latitude), np.radians(latitudes)
    half_lat = np.sin((psi - phi) / 2) ** 2
    half_lon = np.sin(np.radians(longitudes - city.longitude) / 2) ** 2
    chord = np.minimum(1.0, half_lat + math.cos(phi) * np.cos(psi) * half_lon)
    distance = 2 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))
    return np.asarray(1.0 / (1.0 + distance / _HALF_DISTANCE_KM), dtype=np.float64)


def _alike_in_name(mine: str, names: npt.NDArray[np.str_], unknown: str) -> Column:
    if mine == unknown:
        return np.full(len(names), math.nan)
    return np.where(names == unknown, math.nan, names == mine)


def _by_population(a: CityFacts, b: CityFacts) -> LikenessReason:
    if not a.population or not b.population:
        return LikenessReason("population", None)
    ratio = max(a.population, b.population) / min(a.population, b.population)
    alike = max(0.0, 1.0 - math.log(ratio) / math.log(_NO_MATCH_RATIO))
    return LikenessReason("population", alike, ratio)


def _by_distance(a: CityFacts, b: CityFacts) -> LikenessReason:
    distance = distance_km(a, b)
    if distance is None:
        return LikenessReason("distance", None)
    return LikenessReason("distance", 1.0 / (1.0 + distance / _HALF_DISTANCE_KM), distance)


def _by_region(a: CityFacts, b: CityFacts) -> LikenessReason:
    if not a.region or not b.region:
        return LikenessReason("region", None)
    return LikenessReason("region", 1.0 if a.region == b.region else 0.0)


def _by_kind(a: CityFacts, b: CityFacts) -> LikenessReason:
    if "unknown" in {a.kind, b.kind}:
        return LikenessReason("kind", None)
    return LikenessReason("kind", 1.0 if a.kind == b.kind else 0.0)


def _figure(ratio: float, language: str) -> str:
    text = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language.startswith("ru") else text
