"""Who decides: people, bodies and memberships in a workbook that a secretary fills in."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.db.models import F
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.core.partial_dates import read_stated, write_partial
from novator.council.composition import council_of
from novator.council.models import BODIES, ROLES, Membership, Organization, Person, Post
from novator.council.popolo.faults import Fault, Import
from novator.council.popolo.foreign import named_parts
from novator.council.popolo.reading import BrokenFile
from novator.council.popolo.taking import take_document
from novator.council.popolo.words import PREFIX, source_id, standing_id
from novator.council.sheet_import import check_book, import_book
from novator.council.sheets import BookRefused, read_book
from novator.council.workbooks import LARGEST_BOOK, NotABook, Table, tables_of

Row = dict[str, str]
BODY_COLUMNS = {
    "name": "Название",
    "kind": "Вид",
    "parent": "Входит в",
    "party": "Партия фракции",
    "number": "Номер созыва",
    "seats": "Число мест",
    "start": "С",
    "end": "По",
}
PEOPLE_COLUMNS = {
    "person": "Фамилия Имя Отчество",
    "body": "Орган",
    "role": "Роль",
    "post": "Должность",
    "label": "Как называется",
    "party": "Кем выдвинут",
    "start": "С",
    "end": "По",
    "end_reason": "Почему окончилось",
    "source": "Источник",
    "url": "Адрес источника",
}
SHEETS = {"Органы": BODY_COLUMNS, "Люди": PEOPLE_COLUMNS}
KIND_WORDS = {
    "созыв": "convocation", "фракция": "faction", "комитет": "committee",
    "комиссия": "committee", "партия": "party", "отделение партии": "party_branch",
    "администрация": "administration", "союз": "union", "дума": "council", "совет": "council",
    "другое": "other",
}  # fmt: skip
ROLE_WORDS = {
    "депутат": "deputy", "член": "member", "председатель": "chair",
    "заместитель председателя": "deputy_chair", "секретарь": "secretary", "глава": "head",
    "заместитель главы": "deputy_head", "другое": "other",
}  # fmt: skip
Progress = Callable[[int, int], None]


def take_roster(
    *,
    file: BinaryIO,
    municipality: Municipality,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> Import:
    """
    Take people and bodies of one city from the workbook, by the rules of every import.

    Whoever is known by name in this council is not added again, and stays as recorded; so do
    parties and unions, which are of no one city.

    :raises NotABook: no workbook, or one without sheets of people and bodies
    """
    book = _Roster(municipality, _sheets(tables_of(file)))
    document = book.document()
    if book.faults and not skip_bad:
        return Import(faults=book.faults)
    report = take_document(document, dry_run=dry_run, skip_bad=skip_bad, progress=progress)
    report.faults = [*book.faults, *(book.placed(fault) for fault in report.faults)]
    return report


def import_workbook(
    *,
    path: Path,
    municipality: Municipality | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> Import:
    """
    Take a workbook from the disk: one of people and bodies, or one of a session and its votes.

    :raises BrokenFile: it is neither, or the city is not named
    """
    if municipality is None:
        raise BrokenFile(_("The file does not say of which city it is: name it (--city)."))
    try:
        with path.open("rb") as file:
            content = io.BytesIO(file.read(LARGEST_BOOK + 1))
        is_roster = bool(set(SHEETS) & set(tables_of(content)))
        content.seek(0)
        if not is_roster:
            return _session_book(content, municipality, dry_run=dry_run)
        return take_roster(
            file=content,
            municipality=municipality,
            dry_run=dry_run,
            skip_bad=skip_bad,
            progress=progress,
        )
    except OSError as fault:
        words = _("The file cannot be read: %(reason)s")
        raise BrokenFile(words % {"reason": fault.strerror or fault}) from fault
    except NotABook as fault:
        raise BrokenFile(str(fault)) from fault


def _session_book(file: BinaryIO, municipality: Municipality, *, dry_run: bool) -> Import:
    """A session's workbook, taken as the secretary's desk takes it."""
    council = council_of(municipality)
    if council is None:
        raise BrokenFile(_("This city has no council here."))
    take = check_book if dry_run else import_book
    try:
        taken = take(council=council, book=read_book(file))
    except BookRefused as refusal:
        faults = [
            Fault(f"{fault.sheet}:{fault.row}", fault.rule, fault.message, fault.mend)
            for fault in refusal.faults
        ]
        return Import(faults=faults)
    report = Import(is_written=not dry_run)
    report.new["sessions"] = int(taken.is_new)
    report.changed.update(taken.changed)
    report.unchanged["sessions"] = int(taken.is_unchanged)
    return report


class _Roster:
    """The rows of a workbook beside what the city has already."""

    def __init__(self, place: Municipality, sheets: dict[str, list[tuple[int, Row]]]) -> None:
        self.place, self.sheets = place, sheets
        self.faults: list[Fault] = []
        self.places: dict[str, str] = {}
        rows = Organization.objects.filter(municipality=place) | Organization.objects.filter(
            municipality__isnull=True
        )
        rows = rows.order_by(F("dissolved_to").asc(nulls_last=True), "id")  # the living one counts
        self.bodies = {row.name: str(row.public_id) for row in rows}
        sitting = (r.name for r in rows if r.kind == "council" and r.dissolved_to is None)
        self.council = next(sitting, None)
        self.shared = {str(row.public_id) for row in rows if row.municipality_id is None}
        self.kinds = {row.name: row.kind for row in rows}
        members = Person.objects.filter(memberships__organization__municipality=place).distinct()
        self.people = {_key(row.name): str(row.public_id) for row in members}
        self.posts = {
            (str(post.organization.public_id), post.label): str(post.public_id)
            for post in Post.objects.filter(organization__municipality=place).select_related(
                "organization"
            )
        }
        held = Membership.objects.filter(person__public_id__in=self.people.values())
        listed = held.select_related("person", "organization").order_by("recorded_at", "id")
        self.members = {_of_member(row): row for row in listed}
        self.foreign = _of_other_cities(place, listed)
        self.known = set(self.people.values()) | self.shared

    def document(self) -> dict[str, Any]:
        """The rows as a document of the standard in our own shape."""
        fresh: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("organizations", "persons", "posts", "memberships")
        }
        sources: dict[str, dict[str, Any]] = {}
        for line, row in self.sheets["Органы"]:
            self._name_body(row, line)
        for line, row in self.sheets["Органы"]:
            if self.bodies[row["name"]] not in self.known:
                fresh["organizations"].append(self._body(row, line))
        seen = set(self.known)
        for line, row in self.sheets["Люди"]:
            pointer = self._at("Люди", line)
            person = self._person(row)
            if person not in seen:
                seen.add(person)
                name = " ".join(row["person"].split())
                told = {"id": person, "$pointer": pointer, "name": name}
                fresh["persons"].append(told | named_parts(name))
            body = self._called(row["body"], "Люди", line)
            if body is None:
                continue
            post = self._post(row, body, pointer, fresh["posts"])
            fresh["memberships"].append(self._membership(row, line, person, body, post))
            if row["source"]:
                key = source_id(row["url"], row["source"])
                sources[key] = {"id": key, "title": row["source"], "url": row["url"]}
        meta = {"meta": {}, "areas": [{"id": self.place.slug, "name": self.place.name_ru}]}
        return meta | fresh | {PREFIX + "sources": list(sources.values()), "$partial": True}

    def _called(self, name: str, sheet: str, line: int) -> str | None:
        """A body of this city or of none by its name; never one of another city by its number."""
        found = self.bodies.get(name)
        if found is None:
            words = _("There is no body “%(name)s”.") % {"name": name}
            mend = _("Add it to the sheet of bodies, or mend the name.")
            self.faults.append(Fault(f"{sheet}:{line}", "K1.no_body", words, mend))
        return found

    def placed(self, fault: Fault) -> Fault:
        """A fault of the document at its row of the workbook."""
        top = "/".join(fault.pointer.split("/")[:3])
        where = self.places.get(top, fault.pointer)
        return Fault(where, fault.rule, fault.message, fault.mend)

    def _at(self, sheet: str, line: int) -> str:
        pointer = f"/{sheet}/{line}"
        self.places[pointer] = f"{sheet}:{line}"
        return pointer

    def _name_body(self, row: Row, line: int) -> None:
        kind = KIND_WORDS.get(row["kind"].casefold(), row["kind"])
        if kind not in BODIES:
            words = _("“%(said)s” is no kind of body.") % {"said": row["kind"]}
            mend = _("Known are: %(words)s.") % {"words": ", ".join(KIND_WORDS)}
            self.faults.append(Fault(f"Органы:{line}", "K1.kind", words, mend))
        if kind == "council" and self.council is not None and row["name"] not in self.bodies:
            words = _("The city has a sitting council already: “%(name)s”.")
            mend = _("Write its name as it is recorded, in every row that names it.")
            at = f"Органы:{line}"
            self.faults.append(Fault(at, "K1.council", words % {"name": self.council}, mend))
        self.kinds[row["name"]] = kind
        self.bodies.setdefault(row["name"], standing_id(self.place.slug, "body", row["name"]))

    def _body(self, row: Row, line: int) -> dict[str, Any]:
        kind = self.kinds[row["name"]]
        found: dict[str, Any] = {
            "id": self.bodies[row["name"]],
            "$pointer": self._at("Органы", line),
            "name": row["name"],
            "classification": kind,
        }
        if kind not in {"party", "union"}:
            found["area_id"] = self.place.slug
        for name, column in (("parent_id", "parent"), (PREFIX + "party_id", "party")):
            if row[column]:
                found[name] = self._called(row[column], "Органы", line) or "?"
        if row["number"]:
            found[PREFIX + "number"] = row["number"]
        if row["seats"]:
            found[PREFIX + "seats"] = int(row["seats"]) if row["seats"].isdecimal() else -1
        return found | _dated(row, "founding_date", "dissolution_date")

    def _person(self, row: Row) -> str:
        key = _key(row["person"])
        return self.people.setdefault(key, standing_id(self.place.slug, "person", *key))

    def _post(self, row: Row, body: str, pointer: str, fresh: list[dict[str, Any]]) -> str | None:
        if not row["post"]:
            return None
        key = (body, row["post"])
        if key not in self.posts:
            self.posts[key] = str(uuid4())
            fresh.append(
                {
                    "id": self.posts[key],
                    "$pointer": pointer,
                    "label": row["post"],
                    "role": ROLE_WORDS.get(row["role"].casefold(), "other"),
                    "organization_id": body,
                }
            )
        return self.posts[key]

    def _refuse_foreign(self, row: Row, line: int, person: str, known: Membership | None) -> None:
        """In a party or union only the city that answers for a person says something new."""
        is_shared = self.bodies.get(row["body"]) in self.shared
        is_shared = is_shared or self.kinds.get(row["body"]) in {"party", "union"}
        if not is_shared or person not in self.foreign:
            return
        if known is None or not _is_as_recorded(row, known):
            words = _("Another city answers for this person.")
            mend = _("Leave the row out: that city enters memberships in parties and unions.")
            self.faults.append(Fault(f"Люди:{line}", "K2.another_city", words, mend))

    def _membership(
        self, row: Row, line: int, person: str, body: str, post: str | None
    ) -> dict[str, Any]:
        role = ROLE_WORDS.get(row["role"].casefold(), row["role"] or "member")
        if role not in ROLES:
            words = _("“%(said)s” is no role.") % {"said": row["role"]}
            mend = _("Known are: %(words)s.") % {"words": ", ".join(ROLE_WORDS)}
            self.faults.append(Fault(f"Люди:{line}", "K2.role", words, mend))
        key = (person, body, role, _plain(row["start"]))
        known = self.members.get(key)
        self._refuse_foreign(row, line, person, known)
        fresh = standing_id(self.place.slug, "membership", *map(str, key))
        found: dict[str, Any] = {
            "id": str(known.public_id) if known else fresh,
            "$pointer": self._at("Люди", line),
            "person_id": person,
            "organization_id": body,
            "role": role,
        }
        if post:
            found["post_id"] = post
        if row["party"]:
            found["on_behalf_of_id"] = self._called(row["party"], "Люди", line) or "?"
        for name, column in (("label", "label"), (PREFIX + "end_reason", "end_reason")):
            if row[column]:
                found[name] = row[column]
        if row["source"]:
            found[PREFIX + "source"] = source_id(row["url"], row["source"])
        return found | _dated(row, "start_date", "end_date")


def _of_other_cities(place: Municipality, held: Iterable[Membership]) -> set[str]:
    """People for whom another city answers: it was the first to record them."""
    first: dict[str, int] = {}
    for row in held:
        if row.organization.municipality_id is not None:
            first.setdefault(str(row.person.public_id), row.organization.municipality_id)
    return {person for person, city in first.items() if city != place.pk}


def _of_member(row: Membership) -> tuple[str, str, str, str]:
    start = write_partial(row.starts_from, row.starts_to)
    return (str(row.person.public_id), str(row.organization.public_id), row.role, start)


def _is_as_recorded(row: Row, known: Membership) -> bool:
    end = write_partial(known.ends_from, known.ends_to)
    return (_plain(row["end"]), row["end_reason"]) == (end, known.end_reason)


def _dated(row: Row, first: str, last: str) -> dict[str, str]:
    found = {PREFIX + first: _plain(row["start"]), PREFIX + last: _plain(row["end"])}
    return {name: text for name, text in found.items() if text}


def _plain(text: str) -> str:
    """A date as it is kept; what is none stays as it is, for the check to name it."""
    try:
        return write_partial(*read_stated(text))
    except ValueError:
        return text


def _key(name: str) -> tuple[str, ...]:
    """A name in whichever order it is written."""
    return tuple(sorted(name.casefold().replace("ё", "е").split()))


def _sheets(tables: dict[str, Table]) -> dict[str, list[tuple[int, Row]]]:
    if not set(SHEETS) <= set(tables):
        words = _("The workbook has no sheets “%(names)s”: begin with the blank one.")
        raise NotABook(words % {"names": "”, “".join(SHEETS)})
    return {name: list(_rows(name, tables[name], columns)) for name, columns in SHEETS.items()}


def _rows(sheet: str, table: Table, columns: dict[str, str]) -> Iterator[tuple[int, Row]]:
    titles = [title.casefold() for title in table[0]] if table else []
    places = {
        name: titles.index(title.casefold())
        for name, title in columns.items()
        if title.casefold() in titles
    }
    key = next(iter(columns))
    if key not in places:
        words = _("The first row of the sheet “%(name)s” has no column “%(column)s”.")
        raise NotABook(words % {"name": sheet, "column": columns[key]})
    for line, cells in enumerate(table[1:], start=2):
        row = {
            name: " ".join(cells[places[name]].split())
            if name in places and places[name] < len(cells)
            else ""
            for name in columns
        }
        if row[key]:
            yield line, row
