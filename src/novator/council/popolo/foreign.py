"""
Who decides: Popolo files of others, without our fields, in the shape that we read.

Identifiers of any form become UUIDs that are the same each time; legislative periods become
convocations; motions get the session and the question that our tables need around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.council.models import BODIES, Organization
from novator.council.people import parts_of_name
from novator.council.popolo.faults import Import
from novator.council.popolo.words import ITEM, OPTION_OF, PREFIX, SESSION, standing_id

Row = dict[str, Any]
_BODY_WORDS = {
    "legislature": "council",
    "chamber": "council",
    "parliament": "council",
    "executive": "administration",
    "government": "administration",
    "group": "faction",
    "caucus": "faction",
}
_ROLES = {"member": "member", "deputy": "deputy", "chair": "chair", "chairperson": "chair"}
_LISTS = ("organizations", "persons", "posts", "memberships", "events", "motions", "vote_events",
          "speeches")  # fmt: skip
_COUNTED = ("yes", "no", "abstain", "not_voting", "recused")


def as_own(document: Row, municipality: Municipality, report: Import) -> Row:
    """The document in our shape; what it says of private life is left out, what is new is told."""
    return _Foreign(document, municipality, report).taken()


class _Foreign:
    """One file and the city whose council it is of."""

    def __init__(self, document: Row, municipality: Municipality, report: Import) -> None:
        self.place, self.report = municipality, report
        self.rows = {name: list(_rows(document, name)) for name in _LISTS}
        self.areas = {row.get("id"): row.get("name") for row in _rows(document, "areas")}
        self.councils = self._councils()
        known = Organization.objects.filter(kind="council", municipality=municipality).first()
        self.council = str(known.public_id) if known and len(self.councils) == 1 else ""
        self.periods = {
            row.get("id"): row for row in self.rows["events"] if _is_period(row)
        }  # fmt: skip

    def taken(self) -> Row:
        """Every list in our shape."""
        sessions, items = self._sessions(), self._items()
        taken = {
            "areas": [_area(self.place)],
            "organizations": [*self._organizations(), *self._convocations()],
            "persons": [self._person(row) for row in self.rows["persons"]],
            "posts": [self._post(row) for row in self.rows["posts"]],
            "memberships": [self._membership(row) for row in self.rows["memberships"]],
            "events": [*sessions, *items],
            "motions": [self._motion(row) for row in self.rows["motions"]],
            "vote_events": [self._vote(row) for row in self._vote_rows()],
            "speeches": [],
        }
        if self.rows["speeches"]:
            words = _("Speeches without our fields are not read: %(count)s.")
            self.report.notes.append(words % {"count": len(self.rows["speeches"])})
        return taken

    def id_of(self, key: Any) -> Any:
        """Always the same UUID; the council that is there already keeps its own."""
        if not isinstance(key, str) or not key:
            return key
        if self.council and key in self.councils:
            return self.council
        try:
            return str(UUID(key))
        except ValueError:
            return standing_id(self.place.slug, key)

    def _councils(self) -> set[str]:
        rows = self.rows["organizations"]
        for word in ("legislature", "council", "chamber", "parliament"):
            found = {row.get("id") for row in rows if _lower(row.get("classification")) == word}
            if found:
                return {key for key in found if isinstance(key, str)}
        return set()

    def _organizations(self) -> Iterator[Row]:
        for row in self.rows["organizations"]:
            kind = self._kind(row)
            found = _some(row, "name", "founding_date", "dissolution_date", "other_names")
            found |= self._head(row) | {"classification": kind}
            if kind in {"council", "administration", "committee"}:
                found["area_id"] = self.place.slug
            if row.get("parent_id"):
                found["parent_id"] = self.id_of(row["parent_id"])
            elif kind in {"faction", "committee"} and len(self.councils) == 1:
                found["parent_id"] = self.id_of(next(iter(self.councils)))
            yield found

    def _kind(self, row: Row) -> str:
        said = _lower(row.get("classification"))
        if row.get("id") in self.councils:
            return "council"
        kind = said if said in BODIES else _BODY_WORDS.get(said, "other")
        if kind in {"council", "convocation"}:
            return "other"
        if said and kind == "other" and said != "other":
            words = _("“%(word)s” is taken as another body.")
            note = words % {"word": said[:40]}
            if note not in self.report.notes:
                self.report.notes.append(note)
        return kind

    def _convocations(self) -> Iterator[Row]:
        """Legislative periods; an unlimited council without any stays without."""
        council = self.id_of(min(self.councils)) if self.councils else None
        for row in self.periods.values():
            number = row.get("name") or row.get("id")
            found = self._head(row) | {"classification": "convocation", "parent_id": council}
            found |= {"name": number, "area_id": self.place.slug}
            found["founding_date"] = row.get("start_date")
            found["dissolution_date"] = row.get("end_date")
            if row.get("organization_id"):
                found["parent_id"] = self.id_of(row["organization_id"])
            yield found

    def _person(self, row: Row) -> Row:
        found = _some(row, "name", "family_name", "given_name", "patronymic_name", "other_names")
        if not found.get("family_name") and isinstance(row.get("name"), str):
            found |= named_parts(row["name"])
        return found | self._head(row)

    def _post(self, row: Row) -> Row:
        found = _some(row, "start_date", "end_date") | self._head(row)
        found["label"] = row.get("label") or row.get("role")
        found["role"] = _ROLES.get(_lower(row.get("role")), "other")
        found["organization_id"] = self.id_of(row.get("organization_id"))
        return found

    def _membership(self, row: Row) -> Row:
        found = self._head(row, fallback=str(sorted(row.items(), key=str)))
        found |= _some(row, "start_date", "end_date")
        body = row.get("organization_id")
        period = self.periods.get(row.get("legislative_period_id"))
        role = _lower(row.get("role"))
        found["role"] = _ROLES.get(role, "other" if role else "member")
        found["label"] = row.get("label") or ("" if role in _ROLES else row.get("role"))
        if period is not None and body in self.councils:
            body = period.get("id")
            found["role"] = "deputy" if found["role"] == "member" else found["role"]
            found["start_date"] = row.get("start_date") or period.get("start_date")
            found["end_date"] = row.get("end_date") or period.get("end_date")
        found["organization_id"] = self.id_of(body)
        for name in ("person_id", "post_id", "on_behalf_of_id"):
            if row.get(name):
                found[name] = self.id_of(row[name])
        if self.areas.get(row.get("area_id")):
            found[PREFIX + "election"] = str(self.areas[row["area_id"]])[:200]
        return found

    def _sessions(self) -> list[Row]:
        """Sittings that the file has, and one for each day of votes without one."""
        found = {}
        for row in self.rows["events"]:
            if _is_period(row) or not row.get("id"):
                continue
            if not row.get("organization_id") or row["organization_id"] in self.councils:
                found[self.id_of(row["id"])] = self._session(row)
        for row in self._motion_rows():
            key = self._session_of(row)
            if key not in found:
                day = _day_of(row)
                found[key] = self._made_session(key, day, row)
        return list(found.values())

    def _session(self, row: Row) -> Row:
        found = self._head(row) | _some(row, "name", "start_date", "end_date", "location")
        found |= {"classification": SESSION, "status": "held"}
        council = row.get("organization_id") or (min(self.councils) if self.councils else None)
        found["organization_id"] = self.id_of(council)
        found.setdefault("name", row.get("start_date") or row["id"])
        if not _is_moment(found.get("end_date")):
            found.pop("end_date", None)
        return found

    def _made_session(self, key: str, day: str, row: Row) -> Row:
        council = row.get("organization_id")
        if council not in self.councils:
            council = min(self.councils) if self.councils else council
        return {
            "id": key,
            "$pointer": row["$pointer"],
            "classification": SESSION,
            "name": _("Session of %(day)s") % {"day": day or "…"},
            "organization_id": self.id_of(council),
            "status": "held",
        } | ({"start_date": day} if day else {})

    def _session_of(self, row: Row) -> str:
        key = row.get("legislative_session_id")
        if key and key not in self.periods:
            return str(self.id_of(key))
        return standing_id(self.place.slug, "session", _day_of(row))

    def _items(self) -> list[Row]:
        places: Counter[str] = Counter()
        found = []
        for row in self._motion_rows():
            session = self._session_of(row)
            places[session] += 1
            title = str(row.get("text") or row.get("name") or row.get("identifier") or "…")
            found.append(
                {
                    "id": standing_id(self.place.slug, "item", str(row.get("id"))),
                    "$pointer": row["$pointer"],
                    "classification": ITEM,
                    "name": title[:600],
                    "parent_id": session,
                    PREFIX + "position": places[session],
                }
            )
        return found

    def _motion_rows(self) -> list[Row]:
        """Motions with the day of their vote, where they do not say one."""
        days = {row.get("motion_id"): row for row in self.rows["vote_events"]}
        found = []
        for row in self.rows["motions"]:
            event = days.get(row.get("id"), {})
            known = {name: event[name] for name in ("start_date", "legislative_session_id")
                     if event.get(name)}  # fmt: skip
            found.append(known | row)
        return found

    def _motion(self, row: Row) -> Row:
        found = self._head(row)
        found["text"] = str(row.get("text") or row.get("name") or row.get("identifier") or "…")
        found[PREFIX + "item_id"] = standing_id(self.place.slug, "item", str(row.get("id")))
        found["classification"] = "adopt"
        if row.get("creator_id"):
            found["creator_id"] = self.id_of(row["creator_id"])
        return found

    def _vote_rows(self) -> Iterator[Row]:
        yield from self.rows["vote_events"]
        for row in self.rows["motions"]:
            for position, event in enumerate(row.get("vote_events") or ()):
                if isinstance(event, dict):
                    where = f"{row['$pointer']}/vote_events/{position}"
                    yield event | {"$pointer": where, "motion_id": row.get("id")}

    def _vote(self, row: Row) -> Row:
        found = self._head(row, fallback=f"vote {row.get('motion_id')}")
        found["motion_id"] = self.id_of(row.get("motion_id"))
        if _is_moment(row.get("start_date")):
            found["start_date"] = row["start_date"]
        votes = [vote for vote in row.get("votes") or () if isinstance(vote, dict)]
        if votes:
            found["votes"] = [self._voice(vote) for vote in votes]
        counts = [count for count in row.get("counts") or () if isinstance(count, dict)]
        found["counts"] = self._counts(counts, votes)
        groups = any("group_id" in count for count in found["counts"])
        named = "by_name" if votes else "by_faction" if groups else "counts"
        found["classification"] = named if found["counts"] or votes else "show_of_hands"
        motion = next(
            (one for one in self.rows["motions"] if one.get("id") == row.get("motion_id")), {}
        )
        found["result"] = row.get("result") or motion.get("result")
        found[PREFIX + "is_result_stated"] = True
        return found

    def _voice(self, vote: Row) -> Row:
        found = {"voter_id": self.id_of(vote.get("voter_id")), "option": vote.get("option")}
        group = vote.get("group_id") or vote.get("party_id")
        kind = next((self._kind(row) for row in self.rows["organizations"]
                     if row.get("id") == group), "")  # fmt: skip
        if group and kind == "faction":
            found["group_id"] = self.id_of(group)
        elif group:
            self.report.dropped["group_id"] += 1
        return found

    def _counts(self, counts: list[Row], votes: list[Row]) -> list[Row]:
        if not counts and votes:
            heads = Counter(OPTION_OF.get(_lower(vote.get("option"))) for vote in votes)
            return [{"option": name, "value": heads[name]} for name in _COUNTED]
        found = [_some(count, "option", "value") | self._group(count) for count in counts]
        said = {OPTION_OF.get(_lower(count.get("option"))) for count in counts
                if not count.get("group_id")}  # fmt: skip
        if said & {"yes", "no"}:
            found += [{"option": name, "value": 0} for name in ("yes", "no", "abstain")
                      if name not in said]  # fmt: skip
        return found

    def _group(self, count: Row) -> Row:
        return {"group_id": self.id_of(count["group_id"])} if count.get("group_id") else {}

    def _head(self, row: Row, fallback: str = "") -> Row:
        key = row.get("id") or fallback
        return {"id": self.id_of(key), "$pointer": row["$pointer"]}


def named_parts(name: str) -> Row:
    """Family name, given name and patronymic, read from a whole name."""
    fields = ("family_name", "given_name", "patronymic_name")
    return {field: part for field, part in zip(fields, parts_of_name(name), strict=True) if part}


def _rows(document: Row, name: str) -> Iterator[Row]:
    listed = document.get(name)
    for position, row in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(row, dict):
            yield row | {"$pointer": f"/{name}/{position}"}


def _some(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names if row.get(name) not in (None, "", [])}


def _area(place: Municipality) -> Row:
    return {"id": place.slug, "name": place.name_ru}


def _is_period(row: Row) -> bool:
    return _lower(row.get("classification")) in {"legislative_period", "legislative_session"}


def _is_moment(text: Any) -> bool:
    return isinstance(text, str) and "T" in text and (text.endswith("Z") or "+" in text)


def _day_of(row: Row) -> str:
    text = str(row.get("start_date") or row.get("date") or "")[:10]
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _lower(value: Any) -> str:
    return "_".join(str(value or "").casefold().split())
