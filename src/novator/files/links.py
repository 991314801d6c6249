"""Beside the law: to which files the rows of later packages point."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import ManyToManyField, Model
from django.db.models.fields.related import ForeignKey
from pghistory.models import Event

from novator.files.models import StoredFile

Linked = Callable[[Collection[int]], set[int]]
"""Given ids of stored files, those of which a package knows otherwise than by a foreign key."""

_REGISTERED: list[Linked] = []


def register(linked: Linked) -> None:
    """
    Have files kept that a package names otherwise than by a foreign key, say within JSON.

    Called in its `AppConfig.ready`. Foreign keys are found without it.
    """
    if linked not in _REGISTERED:
        _REGISTERED.append(linked)


def linked_among(ids: Collection[int]) -> set[int]:
    """Return those of the files to which anything points; the trail of changes does not count."""
    linked: set[int] = set()
    for model, field in _pointing_fields():
        rows = model._base_manager.filter(**{f"{field}__in": ids})
        linked.update(rows.values_list(field, flat=True))
    for told in _REGISTERED:
        linked |= told(ids)
    return linked


def _pointing_fields() -> list[tuple[type[Model], str]]:
    found = []
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if isinstance(field, (ForeignKey, ManyToManyField)) and not issubclass(field.model, Event):
            found.append((field.model, field.name))
    return found
