"""Who decides: the workbook of people and bodies as it is given out, to be filled in."""

from __future__ import annotations

import io

from novator.cities.models import Municipality
from novator.core.partial_dates import write_partial
from novator.council.models import Organization
from novator.council.roster_sheets import KIND_WORDS, ROLE_WORDS, SHEETS

_EXAMPLES = {
    "Органы": [
        ["Городская Дума", "дума", "", "", "", "25", "", ""],
        ["Созыв 7", "созыв", "Городская Дума", "", "7", "25", "2025-09-14", ""],
        ["Сад", "фракция", "Созыв 7", "", "", "", "2025-09-30", ""],
    ],
    "Люди": [
        ["Берёзкина Анна Ильинична", "Созыв 7", "депутат", "", "", "", "2025", "", "", "", ""],
        ["Берёзкина Анна Ильинична", "Сад", "член", "", "", "", "2025-10", "", "", "", ""],
    ],
}  # fmt: skip


def blank_roster(municipality: Municipality | None = None) -> bytes:
    """
    The workbook to fill in: with the bodies that the city has and no people.

    Where it has none, or no city is named, with invented examples that are to be overwritten.
    """
    bodies = _bodies_of(municipality) if municipality else []
    rows = {"Органы": bodies, "Люди": []} if bodies else _EXAMPLES
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append(list(columns.values()))
        for row in rows[name]:
            sheet.append(row)
    notes = book.create_sheet("Пояснения")
    notes.append(["Виды: " + ", ".join(KIND_WORDS)])
    notes.append(["Роли: " + ", ".join(ROLE_WORDS)])
    notes.append(["Даты: 2025, сентябрь 2025, 14.09.2025, не позднее 14.09.2025."])
    notes.append(["Дни рождения, адреса и телефоны людей сюда не вносят."])
    for row in _EXAMPLES["Люди"] if bodies else []:
        notes.append(["Например:", *row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _bodies_of(municipality: Municipality) -> list[list[str]]:
    """Bodies of the city that have not ended, the whole before its parts."""
    rows = Organization.objects.filter(municipality=municipality, dissolved_to=None)
    if not rows.filter(kind="council").exists():
        return []
    said = {code: word for word, code in reversed(KIND_WORDS.items())}
    order = ["council", "convocation", "faction", "committee"]
    listed = sorted(
        rows.select_related("parent", "party").order_by("position", "id"),
        key=lambda row: order.index(row.kind) if row.kind in order else len(order),
    )
    return [
        [
            row.name,
            said.get(row.kind, row.kind),
            row.parent.name if row.parent else "",
            row.party.name if row.party else "",
            row.number,
            str(row.seats or ""),
            write_partial(row.founded_from, row.founded_to),
            "",
        ]
        for row in listed
    ]
