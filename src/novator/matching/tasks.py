"""Matching: jobs of the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from novator.matching.operations import rebuild_index


@app.task(name="novator.matching.refresh_index", queueing_lock="refresh_index", pass_context=False)
def refresh_index() -> str:
    """Make the index anew after cards have changed; returns its version."""
    return rebuild_index()
