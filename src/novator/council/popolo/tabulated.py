"""Who decides: a council as tables: people in bodies, voices, decisions."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from novator.core.tables import CSV_TYPE, csv_pieces, guarded
from novator.council.models import Organization
from novator.council.popolo.exporting import Document, popolo_of, written
from novator.council.popolo.words import PREFIX

Row = dict[str, Any]
FORMATS = ("popolo", "jsonl", "csv", "xlsx")
TABLES = ("memberships", "votes", "decisions")
CONTENT_TYPES = {
    "popolo": "application/json; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": CSV_TYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_council(
    council: Organization, file_format: str, *, table: str = "votes", is_public: bool = True
) -> Iterator[bytes]:
    """
    The council in one of `FORMATS`; CSV holds the one of `TABLES` that is named.

    :raises KeyError: no such format or table
    """
    document = popolo_of(council, is_public=is_public)
    yield from _WRITERS[file_format](document, table)


def rows_of(document: Document, table: str) -> list[Row]:
    """One flat row for each membership, voice or decision."""
    return list(_ROWS[table](document))


def _popolo(document: Document, _table: str) -> Iterator[bytes]:
    for piece in written(document):
        yield piece.encode()


def _jsonl(document: Document, _table: str) -> Iterator[bytes]:
    """Every object with the list in which it stands."""
    for place, rows in document.items():
        for row in rows if isinstance(rows, list) else [rows]:
            line = json.dumps({"list": place} | row, ensure_ascii=False)
            yield line.encode() + b"\n"


def _csv(document: Document, table: str) -> Iterator[bytes]:
    columns = _COLUMNS[table]
    rows = ([row.get(name, "") for name in columns] for row in rows_of(document, table))
    yield from csv_pieces(chain([columns], rows))


def _xlsx(document: Document, _table: str) -> Iterator[bytes]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in TABLES:
        sheet = book.create_sheet(table)
        sheet.append(list(_COLUMNS[table]))
        for row in rows_of(document, table):
            sheet.append([guarded(row.get(name, "")) for name in _COLUMNS[table]])
    written_to = io.BytesIO()
    book.save(written_to)
    yield written_to.getvalue()


def _memberships(document: Document) -> Iterator[Row]:
    people, bodies = _by_id(document, "persons"), _by_id(document, "organizations")
    for row in document["memberships"]:
        yield {
            "person": people[row["person_id"]]["name"],
            "body": bodies[row["organization_id"]]["name"],
            "body_kind": bodies[row["organization_id"]]["classification"],
            "role": row.get("role", ""),
            "label": row.get("label", ""),
            "nominated_by": _name(bodies, row.get("on_behalf_of_id")),
            "start": _date(row, "start_date"),
            "end": _date(row, "end_date"),
            "end_reason": row.get(PREFIX + "end_reason", ""),
        }


def _votes(document: Document) -> Iterator[Row]:
    people, bodies = _by_id(document, "persons"), _by_id(document, "organizations")
    sessions, motions = _by_id(document, "events"), _by_id(document, "motions")
    for event in document["vote_events"]:
        session = sessions.get(event.get("legislative_session_id", ""), {})
        motion = motions[event["motion_id"]]
        item = sessions.get(motion.get(PREFIX + "item_id", ""), {})
        common = {
            "session": session.get("name", ""),
            "date": session.get(PREFIX + "held", session.get("start_date", "")),
            "item": item.get("name", ""),
            "motion": motion["text"],
            "vote_event": event["id"],
            "result": event["result"],
        }
        for vote in event.get("votes", ()):
            yield common | {
                "person": people[vote["voter_id"]]["name"],
                "faction": _name(bodies, vote.get("group_id")),
                "option": vote["option"],
            }


def _decisions(document: Document) -> Iterator[Row]:
    for row in document[PREFIX + "decisions"]:
        yield {
            "number": row.get("number", ""),
            "date": _date(row, "date"),
            "title": row["title"],
            "status": row.get("status", ""),
            "initiated_as": row.get("initiated_as", ""),
            "effects": "; ".join(effect["kind"] for effect in row.get("effects", ())),
        }


def _by_id(document: Document, place: str) -> dict[str, Row]:
    return {row["id"]: row for row in document[place]}


def _name(bodies: dict[str, Row], key: str | None) -> str:
    return str(bodies[key]["name"]) if key else ""


def _date(row: Row, name: str) -> str:
    return str(row.get(name) or row.get(PREFIX + name) or "")


_ROWS: dict[str, Callable[[Document], Iterable[Row]]] = {
    "memberships": _memberships,
    "votes": _votes,
    "decisions": _decisions,
}
_COLUMNS = {
    "memberships": (
        "person", "body", "body_kind", "role", "label", "nominated_by", "start", "end",
        "end_reason",
    ),
    "votes": (
        "session", "date", "item", "motion", "vote_event", "result", "person", "faction", "option",
    ),
    "decisions": ("number", "date", "title", "status", "initiated_as", "effects"),
}  # fmt: skip
_WRITERS: dict[str, Callable[[Document, str], Iterator[bytes]]] = {
    "popolo": _popolo,
    "jsonl": _jsonl,
    "csv": _csv,
    "xlsx": _xlsx,
}
