"""Problems of a city: everything that people write – accepted, edited, owned, asked of all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.problems.models import STATES, TRANSITIONS, Problem, ProblemReport
from novator.reports.models import Category, Report
from novator.talk.models import Request
from novator.talk.requests import CannotAskAll, ask_all
from novator.talk.voices import Voice

MATCH = "novator.matching.match_problem"


class ProblemRefused(Exception):
    """The problem cannot be changed so; the message is fit to show."""


def accept_problem(*, problem: Problem, by: User, now: datetime) -> Problem:
    """
    Say that this is a problem of the city; whoever accepts owns it until it is given on.

    :raises ProblemRefused: the table of states does not allow it
    """
    return _step(
        problem,
        "accepted",
        owner=problem.owner or by,
        accepted_at=now,
        accepted_by=by,
        dismissed_because="",
        subsided_on=None,
    )


def dismiss_problem(*, problem: Problem, because: str) -> Problem:
    """
    Say that this is none, with the reason; it is suggested anew only if it grows twofold.

    :raises ProblemRefused: no reason, or the table of states does not allow it
    """
    if not because.strip():
        raise ProblemRefused(_("Say why this is no problem of the city."))
    events = int(problem.evidence.get("reports", 0))
    return _step(
        problem,
        "dismissed",
        dismissed_because=because.strip()[:300],
        dismissed_events=events,
        is_public=False,
    )


@transaction.atomic
def edit_problem(
    *,
    problem: Problem,
    revision: int,
    title: str,
    statement: str,
    topic: str,
    owner: User | None,
    is_public: bool,
) -> Problem:
    """
    Change what the city says of a problem.

    :raises ProblemRefused: no title, somebody else changed it since, or published unaccepted
    """
    held = Problem.objects.select_for_update().get(pk=problem.pk)
    if held.revision != revision:
        raise ProblemRefused(
            _("Somebody else has changed this problem meanwhile. Look at it and save again.")
        )
    if not title.strip():
        raise ProblemRefused(_("A problem needs a title."))
    if is_public and held.state not in {"accepted", "subsided"}:
        raise ProblemRefused(_("Only an accepted problem can be published."))
    held.title, held.statement = " ".join(title.split())[:200], statement.strip()
    held.topic, held.owner, held.is_public = topic, owner, is_public
    held.revision += 1
    held.save(update_fields=["title", "statement", "topic", "owner", "is_public", "revision"])
    ask_to_match(held)
    return held


@transaction.atomic
def state_problem(
    *,
    municipality: Municipality,
    title: str,
    statement: str,
    topic: str,
    category: Category | None,
    reports: Collection[Report],
    by: User,
    now: datetime,
) -> Problem:
    """
    Write down a problem that staff sees, grounded in reports of the city if there are any.

    :raises ProblemRefused: no title
    """
    if not title.strip():
        raise ProblemRefused(_("A problem needs a title."))
    problem = Problem.objects.create(
        municipality=municipality,
        category=category,
        topic=topic,
        title=" ".join(title.split())[:200],
        statement=statement.strip(),
        state="accepted",
        owner=by,
        accepted_by=by,
        accepted_at=now,
        suggested_at=now,
        **_circle(reports),
    )
    add_reports(problem=problem, reports=reports, by=by, now=now)
    ask_to_match(problem)
    return problem


def _circle(reports: Collection[Report]) -> dict[str, Any]:
    placed = [
        (report.latitude, report.longitude)
        for report in reports
        if report.latitude is not None and report.longitude is not None
    ]
    if not placed:
        return {}
    from novator.reports.places import metres_between

    middle = (
        sum(lat for lat, _lon in placed) / len(placed),
        sum(lon for _lat, lon in placed) / len(placed),
    )
    reach = max(metres_between(middle, place) for place in placed)
    return {"latitude": middle[0], "longitude": middle[1], "radius": max(60, round(reach))}


@transaction.atomic
def add_reports(*, problem: Problem, reports: Collection[Report], by: User, now: datetime) -> int:
    """
    Ground a problem in further reports; return how many are new.

    :raises ProblemRefused: a report is of another city, or grounds another problem
    """
    added = 0
    for report in reports:
        if report.municipality_id != problem.municipality_id:
            raise ProblemRefused(
                _("Report %(number)s is of another city.") % {"number": report.number}
            )
        ground, is_new = ProblemReport.objects.get_or_create(
            report=report, defaults={"problem": problem, "added_by": by, "added_at": now}
        )
        if ground.problem_id != problem.pk and not ground.is_removed:
            raise ProblemRefused(
                _("Report %(number)s belongs to the problem “%(title)s”.")
                % {"number": report.number, "title": ground.problem.title}
            )
        if not is_new:
            ProblemReport.objects.filter(pk=ground.pk).update(
                problem=problem, is_removed=False, added_by=by
            )
        added += 1
    return added


def remove_report(*, problem: Problem, report: Report) -> bool:
    """Say that a report does not belong to a problem; the machine will not put it back."""
    rows = ProblemReport.objects.filter(problem=problem, report=report)
    return bool(rows.update(is_removed=True))


@transaction.atomic
def ask_all_cities(
    *,
    problem: Problem,
    voice: Voice,
    text: str,
    open_until: date,
    token: UUID,
    at: datetime,
    on: date,
) -> Request:
    """
    Publish a problem as a question to all member cities; it is published itself by that.

    :raises ProblemRefused: not accepted, asked already, or the last day does not fit
    """
    held = Problem.objects.select_for_update().get(pk=problem.pk)
    if held.state != "accepted":
        raise ProblemRefused(_("Only an accepted problem can be asked of all cities."))
    if held.asked is not None and held.asked.open_until >= on:
        raise ProblemRefused(_("This problem has been asked of all cities already."))
    try:
        request = ask_all(
            voice=voice,
            title=held.title,
            text=text,
            topic=held.topic,
            open_until=open_until,
            token=token,
            at=at,
            on=on,
        )
    except CannotAskAll as refusal:
        raise ProblemRefused(str(refusal)) from refusal
    Problem.objects.filter(pk=held.pk).update(asked=request, is_public=True)
    problem.refresh_from_db()
    return request


@transaction.atomic
def _step(problem: Problem, to: str, **changes: Any) -> Problem:
    held = Problem.objects.select_for_update().get(pk=problem.pk)
    if to not in TRANSITIONS[held.state]:
        raise ProblemRefused(
            _("A problem that is “%(before)s” cannot become “%(after)s”.")
            % {"before": STATES[held.state], "after": STATES[to]}
        )
    Problem.objects.filter(pk=held.pk).update(state=to, revision=held.revision + 1, **changes)
    problem.refresh_from_db()
    if to == "accepted":
        ask_to_match(problem)
    return problem


def ask_to_match(problem: Problem) -> None:
    """Queue the search for solutions of other cities, in the caller's transaction."""
    from procrastinate.contrib.django import app

    app.configure_task(MATCH, queue="index").defer(problem_id=problem.pk)
