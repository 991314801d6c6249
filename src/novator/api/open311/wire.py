"""A citizen's report, told to other systems: names of Open311 for what has other names here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from novator.core.languages import reads_russian
from novator.core.topics import topic_name
from novator.reports.exchange.words import WORD_OF, plain_status
from novator.reports.models import Category, Channel, Report, ReportUpdate
from novator.reports.models.report import MOST_PHOTOS
from novator.reports.public_place import public_address

ASSET = "asset_number"
PHOTO = "photo"
_LISTS = frozenset({"singlevaluelist", "multivaluelist"})


@dataclass(frozen=True)
class Beside:
    """What is told with requests beside their own rows: by the key of the report."""

    channel: Channel
    photos: Mapping[int, list[str]] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    is_extended: bool = False


def service_of(category: Category) -> dict[str, Any]:
    """A kind of report as a service."""
    language = _language()
    keywords = category.keywords_ru if language == "ru" else category.keywords_en
    group = category.parent.name if category.parent else topic_name(category.topic, language)
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": category.description,
        "metadata": bool(attributes_of(category)),
        "type": "realtime",
        "keywords": ", ".join(keywords or category.keywords_ru),
        "group": group,
    }


def definition_of(category: Category) -> dict[str, Any]:
    """What is asked further of a kind."""
    return {"service_code": category.code, "attributes": attributes_of(category)}


def attributes_of(category: Category) -> list[dict[str, Any]]:
    """The further questions of a kind, with that for a number and the want of a photo."""
    rows = [_attribute(question) for question in category.attributes]
    if category.asks_asset:
        words = _("Number as it stands on the object: %(what)s.") % {"what": category.asks_asset}
        rows.append(_plain(ASSET, category.asks_asset, words))
    if category.needs_photo:
        words = _("This kind of report needs a photo: send it as media_url or media[].")
        rows.append(_plain(PHOTO, words, "", variable=False))
    return [{**row, "order": place} for place, row in enumerate(rows, start=1)]


def request_of(report: Report, beside: Beside) -> dict[str, Any]:
    """
    A report as a request: what everybody may know of it (C4).

    Its text and photos where they are shown, its address once it was checked, its sender never.
    """
    category, photos = report.category, beside.photos.get(report.pk, [])
    is_checked = report.status not in {"unconfirmed", "received"}
    has_public_place = has_place_for_all(report)
    row = {
        "service_request_id": report.number,
        "status": plain_status(report.status),
        "status_notes": beside.notes.get(report.pk),
        "service_name": category.name if category else None,
        "service_code": category.code if category else None,
        "description": report.public_text or None,
        "agency_responsible": report.department.name if report.department else None,
        "service_notice": None,
        "requested_datetime": report.requested_at,
        "updated_datetime": report.changed_at,
        "expected_datetime": _expected(report, beside.channel),
        "address": (public_address(report.address) or None) if is_checked else None,
        "address_id": None,
        "zipcode": None,
        "lat": report.latitude if has_public_place else None,
        "long": report.longitude if has_public_place else None,
        "media_url": photos[0] if photos else None,
    }
    return row | ({"extended_attributes": _extended(report, beside)} if beside.is_extended else {})


def has_place_for_all(report: Report) -> bool:
    """Whether its place is told: it was checked, or another system shows it already."""
    return report.status not in {"unconfirmed", "received"} or report.source == "open311"


def update_of(update: ReportUpdate, *, state: str) -> dict[str, Any]:
    """A step as an update of FixMyStreet's extension; `state` is that of the report after it."""
    return {
        "update_id": str(update.public_id),
        "service_request_id": update.report.number,
        "status": WORD_OF[state],
        "updated_datetime": update.made_at,
        "description": "" if update.by_citizen else update.text,
        "media_url": None,
    }


def _extended(report: Report, beside: Beside) -> dict[str, Any]:
    return {
        "jurisdiction_id": beside.channel.municipality.slug,
        "state": report.status,
        "detailed_status": WORD_OF[report.status],
        "supports": report.supports,
        "times_reopened": report.times_reopened,
        "times_refuted": report.times_refuted,
        "is_confirmed": report.is_confirmed,
        "duplicate_of": _repeated(report),
        "photos": beside.photos.get(report.pk, [])[:MOST_PHOTOS],
    }


def _repeated(report: Report) -> str | None:
    return report.duplicate_of.number if report.duplicate_of else None


def _expected(report: Report, channel: Channel) -> datetime | None:
    """The end of the day by which the city must answer, while it must."""
    if report.due_on is None or not report.is_open:
        return None
    return datetime.combine(report.due_on, time(23, 59, 59), ZoneInfo(channel.time_zone))


def _attribute(question: Mapping[str, Any]) -> dict[str, Any]:
    datatype = question.get("datatype") or "string"
    values = [
        {"key": str(value.get("key", "")), "name": _named(value, "name")}
        for value in question.get("values") or []
    ]
    return {
        "variable": True,
        "code": str(question.get("code", "")),
        "datatype": datatype,
        "required": bool(question.get("required")),
        "datatype_description": _named(question, "help") or None,
        "order": 0,
        "description": _named(question, "name"),
        "values": values if datatype in _LISTS else None,
    }


def _plain(code: str, description: str, explained: str, *, variable: bool = True) -> dict[str, Any]:
    return {
        "variable": variable,
        "code": code,
        "datatype": "string",
        "required": False,
        "datatype_description": explained or None,
        "order": 0,
        "description": description,
        "values": None,
    }


def _named(named: Mapping[str, Any], what: str) -> str:
    """The words in the reader's language, else in Russian."""
    return str(named.get(f"{what}_{_language()}") or named.get(f"{what}_ru") or "")


def _language() -> str:
    return "ru" if reads_russian() else "en"
