"""A citizen's report: what an officer does with it – category, body, colleague, step, words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.reports.deadlines import moved_by_working_days, working_days_of
from novator.reports.holding import held, settle
from novator.reports.life import StepRefused, change_state, tell_of_update
from novator.reports.models import Category, CategoryChoice, Channel, Department, Report
from novator.reports.models import ReportUpdate as Update
from novator.reports.permissions import may_work
from novator.reports.routing import department_for
from novator.reports.states import OPEN, TRANSITIONS

_BY_OTHERS = frozenset({"withdrawn", "solved", "received", "duplicate"})
"""Steps that staff does not take itself: the sender's, the machine's, and that of a pair."""


def steps_of_staff(report: Report) -> list[str]:
    """States into which an officer may bring the report now, in the order of the table."""
    if report.erased_at is not None:
        return []
    return [state for state in TRANSITIONS if state in TRANSITIONS[report.status] - _BY_OTHERS]


@transaction.atomic
def take_step(
    *,
    report: Report,
    to: str,
    by: User,
    now: datetime,
    text: str = "",
    department: Department | None = None,
    seen: str = "",
) -> Update:
    """
    Bring a report into its next state, in the city's name.

    :raises StepRefused: the table does not allow it, words or the body are missing
    :raises ChangedMeanwhile: a colleague was quicker
    """
    row = held(report, seen=seen)
    if to not in steps_of_staff(row):
        raise StepRefused(_("This step is not open to the city from the state it is in."))
    if to == "reopened" and not text.strip():
        raise StepRefused(_("Say to the sender in words what was decided and why."))
    _refuse_body(row, department)
    if to == "forwarded" and department is not None and not department.is_outside:
        raise StepRefused(_("Forwarding goes to an outside body; give it to a department instead."))
    return change_state(report=report, to=to, now=now, text=text, by=by, department=department)


@transaction.atomic
def choose_category(
    *, report: Report, category: Category, by: User, now: datetime, seen: str = ""
) -> Update | None:
    """
    Choose the category, or confirm the one it has; body and date follow, the choice is learned.

    The body follows as long as the rules had chosen it and nobody works on it yet. The date moves
    by the difference of working days, unless the sender was told another one by an extension.
    Confirming what a person chose before is no news: None.
    """
    row = held(report, seen=seen)
    if category.municipality_id != row.municipality_id:
        raise StepRefused(_("This category belongs to another city."))
    if row.category_id == category.pk and row.category_by == "staff":
        return None
    before = row.category
    _learn(row, category, by=by, now=now)
    details = {
        "from": before.code if before else "",
        "to": category.code,
        **_follow_category(row, before, category),
    }
    row.category, row.category_by, row.category_probability = category, "staff", None
    row.is_danger = row.is_danger or category.is_danger
    row.changed_at = now
    names = ["category", "category_by", "category_probability", "is_danger", "department", "due_on"]
    settle(row, report, *names)
    return _written(report, "category", by=by, now=now, details=details)


@transaction.atomic
def assign(
    *, report: Report, to: User | None, by: User, on: date, now: datetime, seen: str = ""
) -> Update:
    """Give a report to a colleague (None: to nobody); the other officers see to whom."""
    row = held(report, seen=seen)
    _refuse_colleague(row, to, on=on)
    row.assignee, row.changed_at = to, now
    settle(row, report, "assignee")
    details = {"to": to.pk if to else None}
    return _written(report, "assigned", by=by, now=now, details=details)


@transaction.atomic
def give_to(
    *,
    report: Report,
    department: Department,
    by: User,
    now: datetime,
    text: str = "",
    seen: str = "",
) -> Update:
    """
    Give a report to a department of the city, or forward it to an outside body.

    Forwarding is a step of its life, told to the sender in words; within the city the text is a
    note for the department.
    """
    row = held(report, seen=seen)
    _refuse_body(row, department)
    if department.is_outside:
        return take_step(
            report=report, to="forwarded", by=by, now=now, text=text, department=department
        )
    if row.status not in OPEN:
        raise StepRefused(_("The city has done with this report; open it again first."))
    row.department, row.changed_at = department, now
    settle(row, report, "department")
    update = _written(report, "routed", by=by, now=now, text=text, department=department)
    tell_of_update(update)
    return update


@transaction.atomic
def reply(*, report: Report, text: str, by: User, now: datetime, seen: str = "") -> Update:
    """Say something to the sender without a change of state; everybody may read it."""
    held(report, seen=seen)
    update = _written(report, "reply", by=by, now=now, text=_needed(text), is_public=True)
    Report.objects.filter(pk=report.pk).update(changed_at=now)
    tell_of_update(update)
    return update


@transaction.atomic
def note(*, report: Report, text: str, by: User, now: datetime) -> Update:
    """Write down something that only the officers of the city read."""
    held(report)
    return _written(report, "note", by=by, now=now, text=_needed(text))


@transaction.atomic
def hand_over(
    *, report: Report, to: User, text: str, by: User, on: date, now: datetime, seen: str = ""
) -> Update:
    """Give a report to a colleague with a note on what has been done and what waits."""
    row = held(report, seen=seen)
    _refuse_colleague(row, to, on=on)
    words = _needed(text)
    row.assignee, row.changed_at = to, now
    settle(row, report, "assignee")
    update = _written(report, "handover", by=by, now=now, text=words, details={"to": to.pk})
    tell_of_update(update)
    return update


@transaction.atomic
def set_facts(
    *,
    report: Report,
    by: User,
    now: datetime,
    asset_number: str | None = None,
    is_danger: bool | None = None,
    is_hidden: bool | None = None,
    seen: str = "",
) -> Update | None:
    """
    Set what an officer found out: the number of the lamp or container, danger, hidden or not.

    None where nothing of it is new.
    """
    row = held(report, seen=seen)
    asked = {"asset_number": asset_number, "is_danger": is_danger, "is_hidden": is_hidden}
    new = {
        name: value
        for name, value in asked.items()
        if value is not None and value != getattr(row, name)
    }
    if not new:
        return None
    details = {name: [getattr(row, name), value] for name, value in new.items()}
    for name, value in new.items():
        setattr(row, name, value)
    row.changed_at = now
    settle(row, report, *new)
    update = _written(report, "facts", by=by, now=now, details=details)
    if new.get("is_danger"):
        tell_of_update(update)
    return update


def _learn(row: Report, category: Category, *, by: User, now: datetime) -> None:
    """Keep the choice beside what the machine had said."""
    is_proposed = row.category_by == "machine"
    CategoryChoice.objects.create(
        report=row,
        category=category,
        proposed=row.category if is_proposed else None,
        probability=row.category_probability,
        made_by=by,
        made_at=now,
    )


def _follow_category(row: Report, before: Category | None, after: Category) -> dict[str, Any]:
    """Set body and date of the row after its category; return what changed of them."""
    changed: dict[str, Any] = {}
    city = row.municipality
    by_rule = department_for(city, category=before, area=row.area)
    is_untouched = row.status in {"received", "moderated", "accepted", "reopened"}
    if is_untouched and row.department_id in (None, by_rule.pk if by_rule else None):
        row.department = department_for(city, category=after, area=row.area)
        changed["department"] = row.department.name if row.department else ""
    if row.due_on is not None and row.extended_on is None and row.status in OPEN:
        channel = Channel.objects.get(municipality=city)
        days = _days(after, channel) - _days(before, channel)
        moved = moved_by_working_days(row.due_on, days, is_working=working_days_of(city))
        if moved != row.due_on:
            changed["due"] = [row.due_on.isoformat(), moved.isoformat()]
        row.due_on = moved
    return changed


def _days(category: Category | None, channel: Channel) -> int:
    if category is None or category.days_to_work is None:
        return channel.days_to_work
    return category.days_to_work


def _refuse_body(row: Report, department: Department | None) -> None:
    if department is None:
        return
    if department.municipality_id != row.municipality_id or not department.is_active:
        raise StepRefused(_("This body does not work on reports of this city."))


def _refuse_colleague(row: Report, to: User | None, *, on: date) -> None:
    if to is not None and not may_work(to, row.municipality, on=on):
        raise StepRefused(_("This person does not work on reports of this city."))


def _needed(text: str) -> str:
    if not text.strip():
        raise StepRefused(_("Write something first."))
    return text.strip()


def _written(
    report: Report,
    kind: str,
    *,
    by: User,
    now: datetime,
    text: str = "",
    is_public: bool = False,
    department: Department | None = None,
    details: dict[str, Any] | None = None,
) -> Update:
    return Update.objects.create(
        report_id=report.pk,
        kind=kind,
        text=text.strip(),
        is_public=is_public,
        department=department,
        details=details or {},
        made_by=by,
        made_at=now,
    )
