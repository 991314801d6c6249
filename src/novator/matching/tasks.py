"""Matching: jobs of the worker."""

from __future__ import annotations

import threading

from procrastinate.contrib.django import app

from novator.practices.queries import catalogue_version

_built: str | None = None
"""The catalogue of which this process made the index last."""
_turn = threading.Lock()


@app.task(name="novator.matching.refresh_index", queue="index", pass_context=False)
def refresh_index(*, is_damaged: bool = False) -> str:
    """
    Make the index anew after cards have changed; returns the catalogue's version it is of.

    A job that finds the catalogue as the last one left it ends at once, so that many changes in a
    row cost little.
    """
    global _built
    from novator.matching.operations import rebuild_index  # what only the worker needs

    with _turn:
        version = catalogue_version()
        if is_damaged or version != _built:
            rebuild_index()
            _built = version
        return version
