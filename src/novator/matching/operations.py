"""Matching: the index of all cards, made anew from the database when the cards have changed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from novator.matching.cards import cards_for_index, questions_for_index
from novator.matching.fields import SearchCard, fingerprint, index_arrays, passage_vectors, passages
from novator.text.encoders import (
    DEFAULT_SETTING,
    Encoder,
    Kind,
    Matrix,
    encoders_from_setting,
    unavailable_encoders,
)
from novator.text.index import (
    IndexDamaged,
    IndexMissing,
    check_snapshot,
    current_version,
    open_snapshot,
    write_snapshot,
)
from novator.text.vectors import silent, vectors_for

Progress = Callable[[int, int], None]

log = logging.getLogger(__name__)

_LOCK = 20260112
"""Number of the advisory lock that lets one process at a time make the index."""


_ANY_WORDS = "ямы на дороге"


def index_root() -> Path:
    """
    Folder of the index's versions; each choice of encoders has its own.

    So a command that is run with other encoders leaves the index of the running site alone.
    """
    if settings.ENCODERS == DEFAULT_SETTING:
        return Path(settings.DATA_DIR) / "index"
    choice = hashlib.blake2b(settings.ENCODERS.encode(), digest_size=4).hexdigest()
    return Path(settings.DATA_DIR) / f"index-{choice}"


def warm_up() -> None:
    """
    Load the encoders, so that the first card after a start is found as soon as later ones.

    :raises EncoderUnavailable: one cannot be loaded
    """
    for encoder in encoders_from_setting(settings.ENCODERS):
        encoder.encode([_ANY_WORDS], kind="passage")


def rebuild_index(*, progress: Progress = silent) -> str:
    """
    Make the index anew if cards, encoders or format have changed or the current one is damaged.

    Vectors that the database keeps are not computed again, so that a run that was killed goes on
    where it stopped; readers use the old version until the new one is whole. Of several processes
    that want a new one, the first makes it and the others wait. Returns the version.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            return _rebuilt(progress)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def keep_vectors(card: SearchCard) -> None:
    """Compute and keep the vectors of a card that will be published, so that it is found sooner."""
    for encoder in encoders_from_setting(settings.ENCODERS):
        passage_vectors(passages(card), encoder, _counted(silent, 1))


def _rebuilt(progress: Progress) -> str:
    for refusal in unavailable_encoders(settings.ENCODERS):
        log.warning("%s", refusal)
    encoders = encoders_from_setting(settings.ENCODERS)
    cards, questions = cards_for_index(), questions_for_index()
    wanted = fingerprint(cards, questions, encoders)
    if version := _sound_version(wanted):
        progress(1, 1)
        return version
    vectors_of = _counted(progress, len(encoders))
    arrays, facts = index_arrays(cards, questions, encoders, vectors_of)
    return write_snapshot(index_root(), arrays=arrays, facts=facts)


def _sound_version(wanted: str) -> str | None:
    root = index_root()
    try:
        version = current_version(root)
        check_snapshot(root / version)
        found = open_snapshot(root, version).facts.get("fingerprint")
    except (IndexMissing, IndexDamaged):
        return None
    return version if found == wanted else None


def _counted(progress: Progress, encoders: int) -> Callable[[Sequence[str], Encoder, Kind], Matrix]:
    """Vectors by the database store; each call's missing ones are shown as one run of progress."""

    def vectors_of(texts: Sequence[str], encoder: Encoder, kind: Kind) -> Matrix:
        return vectors_for(texts, encoder, kind=kind, progress=progress)

    return vectors_of
