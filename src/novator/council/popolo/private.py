"""Who decides: what a file says of people's private lives is not taken, and that is said (P2)."""

from __future__ import annotations

from typing import Any

from novator.council.popolo.faults import Import

PRIVATE = (
    "birth_date",
    "death_date",
    "gender",
    "pronouns",
    "national_identity",
    "email",
    "contact_details",
    "image",
    "images",
    "summary",
    "biography",
    "identifiers",
    "links",
)
"""Fields of a person that are not read: no birth day, no home, no private contact."""


def told_private(document: dict[str, Any], report: Import) -> None:
    """Count what is left out, by field."""
    persons = document.get("persons")
    for person in persons if isinstance(persons, list) else []:
        if isinstance(person, dict):
            report.dropped.update(name for name in PRIVATE if person.get(name))
    memberships = document.get("memberships")
    for row in memberships if isinstance(memberships, list) else []:
        if isinstance(row, dict) and row.get("contact_details"):
            report.dropped["contact_details"] += 1
