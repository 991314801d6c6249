"""A citizen's report: a mapping says which column of a file is what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from novator.core.topics import TOPICS
from novator.reports.states import STATES

COLUMNS = frozenset(
    [
        "external_id",
        "requested_at",
        "closed_at",
        "category",
        "text",
        "address",
        "latitude",
        "longitude",
        "status",
        "asset_number",
    ]
)
COMPULSORY = ("external_id", "requested_at")
UNKNOWN_CATEGORIES = frozenset(["new", "none"])
NOT_TAKEN = frozenset({"unconfirmed", "duplicate"})


class BadMapping(Exception):
    """The mapping cannot be used; the message is fit to show."""


@dataclass(frozen=True)
class FileMapping:
    """
    How to read a file. `columns`: our field → its columns (several are joined).

    `states`: their word → our state, with `otherwise` for every other word. `categories`: their
    word → code of a category of the city; a word that is not there makes a category
    (`unknown_categories` "new") or leaves the report without one ("none").
    """

    origin: str
    time_zone: str
    time_formats: tuple[str, ...]
    language: str
    columns: Mapping[str, tuple[str, ...]]
    states: Mapping[str, str]
    otherwise: str
    categories: Mapping[str, str]
    unknown_categories: str
    topic: str


def read_mapping(path: Path) -> FileMapping:
    """
    Read a mapping file, or one of the package by its name without ending.

    :raises BadMapping: it cannot be read, or names what is not there
    """
    shipped = files("novator.reports.importing").joinpath(f"mappings/{path.name}.toml")
    try:
        text = (
            shipped.read_text("utf-8")
            if not path.suffix and not path.exists() and shipped.is_file()
            else path.read_text("utf-8")
        )
        return _mapping(tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadMapping(
            _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": fault}
        ) from fault


def _mapping(stated: dict[str, Any]) -> FileMapping:
    columns = {
        name: (value,) if isinstance(value, str) else tuple(value)
        for name, value in stated.get("columns", {}).items()
    }
    states = dict(stated.get("states", {}))
    categories = dict(stated.get("categories", {}))
    mapping = FileMapping(
        origin=str(stated.get("origin", "")),
        time_zone=str(stated.get("time_zone", "")),
        time_formats=tuple(stated.get("time_formats", ())),
        language=str(stated.get("language", "ru")),
        columns=columns,
        otherwise=states.pop("otherwise", "accepted"),
        states={word.casefold(): state for word, state in states.items()},
        unknown_categories=categories.pop("otherwise", "new"),
        topic=str(categories.pop("topic", "governance")),
        categories={word.casefold(): code for word, code in categories.items()},
    )
    _check(mapping)
    return mapping


def _check(mapping: FileMapping) -> None:
    if not mapping.origin or len(mapping.origin) > 200:
        raise BadMapping(_("The mapping must state an origin: the name of the other system."))
    unknown = sorted(set(mapping.columns) - COLUMNS)
    missing = [name for name in COMPULSORY if name not in mapping.columns]
    if unknown or missing:
        raise BadMapping(
            _("Columns of the mapping: unknown %(unknown)s; missing %(missing)s.")
            % {"unknown": ", ".join(unknown) or "–", "missing": ", ".join(missing) or "–"}
        )
    wrong = sorted({*mapping.states.values(), mapping.otherwise} - (set(STATES) - NOT_TAKEN))
    if wrong:
        raise BadMapping(_("The mapping names unknown states: %(names)s.") % {"names": wrong})
    if mapping.unknown_categories not in UNKNOWN_CATEGORIES:
        raise BadMapping(_("Categories otherwise: must be new or none."))
    if mapping.topic not in {topic.code for topic in TOPICS}:
        raise BadMapping(
            _("The mapping names an unknown topic: %(name)s.") % {"name": mapping.topic}
        )
    try:
        ZoneInfo(mapping.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise BadMapping(_("The mapping must state a time zone like Europe/Moscow.")) from fault
