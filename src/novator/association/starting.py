"""The association: the members that come with the product, each with what its source says."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from novator.association.checks import JOINING
from novator.association.models import Member, MemberStep
from novator.cities.models import Municipality
from novator.cities.operations import place_municipality
from novator.core.package import packaged
from novator.council.models import Decision

DATA = Path(__file__).parent / "data" / "members.json"
_FORMAT = "1"


def members_digest() -> str:
    """A fingerprint of the file, by which a start knows that it has loaded it."""
    with packaged(DATA):
        return hashlib.sha256(f"members {_FORMAT}".encode() + DATA.read_bytes()).hexdigest()


@transaction.atomic
def load_starter_members() -> int:
    """
    Write those members that are not there yet; return how many are new.

    Comes after the councils of the start: a decision to join is looked for there.
    """
    with packaged(DATA):
        rows = json.loads(DATA.read_text(encoding="utf-8"))["members"]
    return sum(_written(row) for row in rows)


def _written(row: dict[str, Any]) -> bool:
    city = _city(row)
    decision = _decision(city) if row.get("has_decision") else None
    member, is_new = Member.objects.get_or_create(
        municipality=city,
        defaults={
            "decision": decision,
            "standing": "admitted",
            "source_note": row.get("note", ""),
        },
    )
    if is_new:
        MemberStep.objects.create(
            member=member,
            standing="admitted",
            on=date.fromisoformat(row["on"]) if row.get("on") else None,
            reason=row.get("reason", ""),
            decision=decision,
        )
    return is_new


def _city(row: dict[str, Any]) -> Municipality:
    known = Municipality.objects.filter(slug=row["slug"]).first()
    if known is not None:
        return known
    if not row.get("is_unplaced"):
        return place_municipality(name=row["name"], region_text=row["region"], country="RU")
    # Without keys no search by a name takes this row for one of the cities that are called so.
    return Municipality.objects.create(
        slug=row["slug"],
        name_ru=row["name"],
        short_name_ru=row["short"],
        short_name_en=row["short_en"],
        country="RU",
    )


def _decision(city: Municipality) -> Decision | None:
    rows = Decision.objects.carried().filter(council__municipality=city, effects__kind=JOINING)
    return rows.order_by("pk").first()
