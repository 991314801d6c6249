"""Solutions written: builders of drafts and of filled forms for tests."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from novator.accounts.models import User
from novator.accounts.testing import make_role
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.drafts.fields import typed_from
from novator.drafts.form import ALL_FIELDS
from novator.drafts.models import Draft
from novator.drafts.steps import value_in

FULL: dict[str, Any] = {
    "title_ru": "Ящики с песком у спусков",
    "topic": "safety",
    "problem_ru": "Зимой на крутых спусках падают пешеходы.",
    "solution_ru": "Поставили 40 ящиков с песком; посыпают сами жители и дворники.",
    "core_idea_ru": "Песок под рукой у каждого, ящик не запирается.",
    "baseline": [
        {
            "indicator_ru": "Травмы при падении на улице",
            "value": 31,
            "unit": "за зиму",
            "date": "2024-12",
            "source": "Городская больница",
        }
    ],
    "steps": [{"what_ru": "Выбрать места", "duration": "2 недели", "role": "Управление ЖКХ"}],
    "participants_ru": "Управление ЖКХ, старшие по домам, школьники.",
    "residents_reached": 12_000,
    "year_start": 2025,
    "cost_amount": 320_000,
    "cost_currency": "RUB",
    "cost_basis": "total",
    "price_year": 2025,
    "yearly_cost_amount": 90_000,
    "yearly_cost_currency": "RUB",
    "off_budget_share": 0.1,
    "funding": ["municipal"],
    "effects": [
        {
            "indicator_ru": "Травмы при падении на улице",
            "unit": "за зиму",
            "before": 31,
            "after": 12,
            "evidence": "before-after",
        }
    ],
    "how_measured_ru": "Число обращений в травмпункт за декабрь–март.",
    "what_failed_ru": "Первые ящики запирали, и ими никто не пользовался.",
    "lessons_ru": "Ящик должен открываться без ключа.",
    "conditions_ru": "Кто-то должен раз в неделю досыпать песок.",
    "legal_basis": "Постановление администрации от 01.10.2025 № 101",
    "copying": "directly",
    "help_offered": ["call"],
}
"""What a draft holds that tells everything a city must tell."""


def make_draft(
    *,
    city: Municipality | None = None,
    by: User | None = None,
    content: dict[str, Any] | None = None,
    **facts: Any,
) -> Draft:
    """A draft of Glazov by its editor that tells everything; `content={}` for an empty one."""
    place = city or make_city("Glazov", population=87_000)
    editor = by or make_role("editor", city=place).user
    return Draft.objects.create(
        **{
            "municipality": place,
            "author": editor,
            "holder": editor,
            "changed_by": editor,
            "content": dict(FULL) if content is None else content,
        }
        | facts
    )


def answers(content: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """What a clerk writes beside each question, in the words of the form; and the lists."""
    plain: dict[str, str] = {}
    lists: dict[str, list[dict[str, str]]] = {}
    for field in ALL_FIELDS:
        typed = typed_from(field, value_in(field, content))
        names = dict(field.options)
        if field.kind == "rows":
            lists[field.name] = [
                {c.name: dict(c.options).get(row[c.name], row[c.name]) for c in field.cells}
                for row in typed
            ]
        elif field.kind == "choices":
            plain |= {f"{field.name}={code}": "да" if code in typed else "" for code in names}
        else:
            plain[field.name] = names.get(typed, typed)
    return plain, lists


def filled_word(blank: bytes, content: Mapping[str, Any]) -> bytes:
    """The Word form filled in with what a draft holds."""
    import docx

    plain, lists = answers(content)
    document = docx.Document(io.BytesIO(blank))
    for table in document.tables:
        head = [cell.text.rpartition("[")[2].rstrip("]") for cell in table.rows[0].cells]
        if "." in head[0]:
            for row, told in zip(table.rows[1:], lists[head[0].partition(".")[0]], strict=False):
                for cell, key in zip(row.cells, head, strict=True):
                    cell.text = told[key.partition(".")[2]]
            continue
        for row in table.rows:
            row.cells[1].text = plain[row.cells[0].text.rpartition("[")[2].rstrip("]")]
    return saved(document)


def filled_excel(blank: bytes, content: Mapping[str, Any]) -> bytes:
    """The Excel form filled in with what a draft holds."""
    from openpyxl import load_workbook

    plain, lists = answers(content)
    book = load_workbook(io.BytesIO(blank))
    for sheet in book.worksheets:
        head = [str(cell.value or "").strip("[]") for cell in sheet[1]]
        if "." in head[0]:
            for number, told in enumerate(lists[head[0].partition(".")[0]], start=4):
                for column, key in enumerate(head, start=1):
                    sheet.cell(number, column).value = told[key.partition(".")[2]]
            continue
        for row in sheet.iter_rows(min_row=2, max_col=3):
            key = str(row[0].value or "").strip("[]")
            if key in plain:
                row[2].value = plain[key]
    return saved(book)


def saved(document: Any) -> bytes:
    """A document or workbook as bytes."""
    page = io.BytesIO()
    document.save(page)
    return page.getvalue()
