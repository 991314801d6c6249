"""
Who decides: whether a document keeps to Popolo itself, whoever wrote it.

The standard's schemas make nearly nothing compulsory; what they bind are types and the forms of
dates. These facts are told here in our own words, by class of object.
"""

from __future__ import annotations

import re
from typing import Any

DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
EVENT_DAY = re.compile(r"[0-9]{4}((-[0-9]{2}){0,2}|(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.\d+)?Z)")
MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_SHARED = {"id": "text", "sources": "links", "links": "links", "created_at": "moment",
           "updated_at": "moment"}  # fmt: skip
CLASSES: dict[str, dict[str, str]] = {
    "areas": {"name": "text", "identifier": "text", "classification": "text",
              "parent_id": "text", "geometry": "object"},
    "organizations": {"name": "text", "other_names": "names", "classification": "text",
                      "parent_id": "text", "area_id": "text", "founding_date": "day",
                      "dissolution_date": "day", "image": "text", "identifiers": "list",
                      "contact_details": "list"},
    "persons": {"name": "text", "other_names": "names", "family_name": "text",
                "given_name": "text", "additional_name": "text", "patronymic_name": "text",
                "sort_name": "text"},
    "posts": {"label": "text", "role": "text", "organization_id": "text", "area_id": "text",
              "start_date": "day", "end_date": "day"},
    "memberships": {"label": "text", "role": "text", "person_id": "text",
                    "organization_id": "text", "post_id": "text", "on_behalf_of_id": "text",
                    "area_id": "text", "start_date": "day", "end_date": "day"},
    "events": {"name": "text", "description": "text", "start_date": "event day",
               "end_date": "event day", "location": "text", "status": "text",
               "classification": "text", "organization_id": "text", "parent_id": "text"},
    "motions": {"organization_id": "text", "legislative_session_id": "text",
                "creator_id": "text", "text": "text", "classification": "text",
                "date": "moment", "requirement": "text", "result": "text"},
    "vote_events": {"organization_id": "text", "legislative_session_id": "text",
                    "identifier": "text", "motion_id": "text", "classification": "text",
                    "start_date": "moment", "end_date": "moment", "result": "text",
                    "counts": "counts", "votes": "votes"},
    "speeches": {"creator_id": "text", "role": "text", "attribution_text": "text",
                 "text": "text", "title": "text", "type": "text", "position": "number",
                 "event_id": "text", "date": "moment"},
}  # fmt: skip
_INNER: dict[str, dict[str, str]] = {
    "links": {"url": "text!", "note": "text"},
    "names": {"name": "text!", "note": "text", "lang": "text"},
    "counts": {"option": "text!", "value": "number!", "group_id": "text"},
    "votes": {"voter_id": "text", "option": "text", "group_id": "text", "role": "text",
              "weight": "number", "vote_event_id": "text"},
}  # fmt: skip
_FORMS = {"day": DAY, "event day": EVENT_DAY, "moment": MOMENT}


def breaches_of(document: dict[str, Any]) -> list[str]:
    """JSON pointers of values that the standard does not allow; ours, with a prefix, are free."""
    found: list[str] = []
    for place, fields in CLASSES.items():
        for position, row in enumerate(document.get(place) or ()):
            found += _breaches(row, _SHARED | fields, f"/{place}/{position}")
    return found


def _breaches(row: Any, fields: dict[str, str], pointer: str) -> list[str]:
    if not isinstance(row, dict):
        return [pointer]
    found = [f"{pointer}/{name}" for name in row if name not in fields and ":" not in name]
    for name, kind in fields.items():
        value = row.get(name)
        where = f"{pointer}/{name}"
        if value is None:
            found += [where] if kind.endswith("!") else []
        elif kind in _INNER:
            rows = value if isinstance(value, list) else [None]
            for position, inner in enumerate(rows):
                found += _breaches(inner, _INNER[kind], f"{where}/{position}")
        elif not _fits(value, kind.rstrip("!")):
            found.append(where)
    return found


def _fits(value: Any, kind: str) -> bool:
    if kind in {"list", "object"}:
        return isinstance(value, list if kind == "list" else dict)
    if kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    form = _FORMS.get(kind)
    return isinstance(value, str) and (form is None or form.fullmatch(value) is not None)
