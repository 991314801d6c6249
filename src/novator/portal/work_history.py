"""Reports worked on: what happened to a report, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.accounts.models import User
from novator.reports.models import Category, Report, ReportUpdate
from novator.reports.models.report import UPDATE_KINDS
from novator.reports.states import STATES


@dataclass(frozen=True)
class Event:
    """One line of the history: when, who, what, the words, and whether everybody reads them."""

    at: datetime
    who: str
    what: str
    text: str
    is_public: bool
    kind: str


def history_of(report: Report) -> list[Event]:
    """Return everything that happened, the newest first; three queries."""
    updates = list(
        report.updates.select_related("made_by", "department").order_by("-made_at", "-id")
    )
    names = _colleagues(updates)
    kinds = _categories(report, updates)
    return [
        Event(
            at=update.made_at,
            who=_who(update),
            what=_what(update, names=names, categories=kinds),
            text=update.text,
            is_public=update.is_public,
            kind=update.kind,
        )
        for update in updates
    ]


def _who(update: ReportUpdate) -> str:
    is_first = update.kind == "state" and not update.before
    if update.by_citizen or is_first:
        return _("the sender")
    if update.made_by is not None:
        return str(update.made_by)
    return update.origin or _("by the product itself")


def _what(update: ReportUpdate, *, names: dict[int, str], categories: dict[str, str]) -> str:
    facts = update.details
    if update.kind == "state":
        words = str(STATES[update.after])
        return f"{words}: {update.department}" if update.department else words
    if update.kind == "category":
        before, after = (
            categories.get(facts.get(name, ""), facts.get(name) or "—") for name in ("from", "to")
        )
        said = _("category: %(before)s → %(after)s") % {"before": before, "after": after}
        return said + _dates(facts.get("due"))
    if update.kind == "routed" and update.department:
        return _("given to %(body)s") % {"body": update.department}
    if update.kind in {"assigned", "handover"}:
        name = names.get(facts.get("to") or 0)
        if name is None:
            return _("given to no colleague any more")
        if update.kind == "handover":
            return _("handed over to %(name)s") % {"name": name}
        return _("assigned to %(name)s") % {"name": name}
    if update.kind in {"extended", "resumed"} and facts.get("until"):
        return f"{UPDATE_KINDS[update.kind]}{_dates([facts['from'], facts['until']])}"
    if update.kind == "moderation":
        return _checked(facts)
    if update.kind == "facts":
        return _found_out(facts)
    return str(UPDATE_KINDS[update.kind])


def _dates(pair: Any) -> str:
    if not isinstance(pair, list) or len(pair) != 2:
        return ""
    before, after = (date_format(date.fromisoformat(day), "DATE_FORMAT") for day in pair)
    return f" ({before} → {after})"


def _checked(facts: dict[str, Any]) -> str:
    if "photo" in facts:
        told = {"number": facts["photo"]}
        if "blurred" in facts:
            words = ngettext(
                "photo %(number)s: %(areas)s part blurred",
                "photo %(number)s: %(areas)s parts blurred",
                facts["blurred"],
            )
            return words % {**told, "areas": facts["blurred"]}
        if facts.get("shown"):
            return _("photo %(number)s: shown to everybody") % told
        return _("photo %(number)s: hidden") % told
    if not facts.get("shown"):
        return _("text: not shown")
    return _("text: shown, edited") if facts.get("is_edited") else _("text: shown as it came")


def _found_out(facts: dict[str, Any]) -> str:
    said = []
    if "asset_number" in facts:
        said.append(_("number of the object: %(number)s") % {"number": facts["asset_number"][1]})
    if "is_danger" in facts:
        said.append(_("danger to life") if facts["is_danger"][1] else _("no danger to life"))
    if "is_hidden" in facts:
        said.append(_("hidden from everybody") if facts["is_hidden"][1] else _("no longer hidden"))
    return "; ".join(said)


def _colleagues(updates: list[ReportUpdate]) -> dict[int, str]:
    keys = {update.details.get("to") for update in updates if update.kind in _PEOPLE}
    known = User.objects.in_bulk({key for key in keys if isinstance(key, int)})
    return {key: str(user) for key, user in known.items()}


def _categories(report: Report, updates: list[ReportUpdate]) -> dict[str, str]:
    codes = {
        update.details.get(name)
        for update in updates
        if update.kind == "category"
        for name in ("from", "to")
    }
    known = Category.objects.filter(municipality=report.municipality_id, code__in=codes - {None})
    return {category.code: category.name for category in known}


_PEOPLE = frozenset({"assigned", "handover"})
