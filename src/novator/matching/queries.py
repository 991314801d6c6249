"""Matching: the index that this process searches, cards like a card, cities like a city."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
from django.conf import settings
from django.db import Error

from novator.cities.models import Municipality
from novator.cities.peers import CityFacts, Likeness, likeness
from novator.cities.queries import facts_of, known_cities
from novator.matching.catalogue import PracticeIndex
from novator.matching.operations import index_root
from novator.practices.models import Practice
from novator.practices.operations import ask_for_whole_index
from novator.text.encoders import EncoderUnavailable, encoders_from_setting
from novator.text.index import CurrentIndex, IndexDamaged, IndexMissing, Snapshot

log = logging.getLogger(__name__)


def _opened(snapshot: Snapshot) -> PracticeIndex:
    return PracticeIndex(snapshot, encoders_from_setting(settings.ENCODERS))


@lru_cache(maxsize=4)
def _current(root: str) -> CurrentIndex[PracticeIndex]:
    return CurrentIndex(index_root(), _opened)


def current_index() -> PracticeIndex:
    """
    The index as it is now; a newer version is taken up within a second, without a restart.

    :raises IndexMissing: none was made yet
    :raises IndexDamaged: it is damaged and must be made anew
    """
    return _current(str(index_root())).get()


class EncoderSilent(IndexMissing):
    """An encoder that the index was made with does not answer now; the message is fit to show."""


@contextmanager
def guarded(index: PracticeIndex) -> Iterator[None]:
    """
    Find out whether a fault of the block comes of an index whose files were damaged meanwhile.

    Such an index is let go and its renewal asked for; the next version heals.

    :raises IndexDamaged: the files are not what was written; any other fault goes on as it was
    :raises EncoderSilent: an encoder cannot read the question now
    """
    try:
        yield
    except EncoderUnavailable as fault:
        log.warning("A question cannot be read: %s", fault)
        raise EncoderSilent(str(fault)) from fault
    except Error:
        raise
    except Exception as fault:
        if index.is_as_written():
            raise
        log.warning("The search index %s is damaged: %s", index.version, fault)
        _current(str(index_root())).reject(index)
        try:
            ask_for_whole_index()
        except Error as refusal:
            log.warning("A fresh search index cannot be asked for now: %s", refusal)
        raise IndexDamaged(index.version) from fault


def similar_practices(
    practice: Practice, limit: int = 4, *, index: PracticeIndex | None = None
) -> list[str]:
    """
    Slugs of the cards nearest in meaning to a card, nearest first, itself left out.

    :raises IndexMissing: none was made yet
    :raises IndexDamaged: it is damaged and must be made anew
    """
    index = index or current_index()
    with guarded(index):
        return _nearest_to(practice, limit, index)


def _nearest_to(practice: Practice, limit: int, index: PracticeIndex) -> list[str]:
    place = index.place_of.get(practice.slug)
    if place is None:
        return []
    total = np.zeros(index.cards)
    for table in index.card_vectors:
        found = table.scores(table.at(np.array([place])))[0].astype(np.float64)
        total += (found - found.mean()) / max(float(found.std()), 1e-9)
    total[place] = -np.inf
    order = np.argsort(-total, kind="stable")[: max(0, min(limit, index.cards - 1))]
    return [index.slugs[int(other)] for other in order]


class LikenessTo(Mapping[str, Likeness]):
    """How alike each of some cities is to one, by slug; reckoned when it is asked for."""

    def __init__(self, city: CityFacts, others: Iterable[CityFacts]) -> None:
        self._city = city
        self._others = {other.slug: other for other in others}

    def __getitem__(self, slug: str) -> Likeness:
        return likeness(self._city, self._others[slug])

    def __iter__(self) -> Iterator[str]:
        return iter(self._others)

    def __len__(self) -> int:
        return len(self._others)


def likeness_to(city: Municipality) -> Mapping[str, Likeness]:
    """How alike each city is to this one, by slug; one query."""
    return LikenessTo(facts_of(city), known_cities().table.cities)
