"""Beside the law: later packages say here which files their rows point to."""

from __future__ import annotations

from collections.abc import Callable, Collection

Linked = Callable[[Collection[int]], set[int]]
"""Given ids of stored files, those to which rows of the package point."""

_REGISTERED: list[Linked] = []


def register(linked: Linked) -> None:
    """Have files kept to which rows of a package point; called in its `AppConfig.ready`."""
    if linked not in _REGISTERED:
        _REGISTERED.append(linked)


def linked_among(ids: Collection[int]) -> set[int]:
    """Return those of the files to which anything points."""
    return set().union(*(linked(ids) for linked in _REGISTERED)) if _REGISTERED else set()
