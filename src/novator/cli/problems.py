"""The command line: problems of a city, from its reports, with solutions beside them."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from novator.cli.setting_up import Refused, ended_with_message, ready_catalogue
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from novator.cities.models import Municipality
    from novator.problems.models import Problem


class CannotSuggest(Refused):
    """The city's reports cannot be read; the message says why."""


@ended_with_message
def problems(
    city: Annotated[str, typer.Option(help="Its id in the addresses of the site.")],
    on: Annotated[
        datetime | None,
        typer.Option(help="As if that day were today (past data).", formats=["%Y-%m-%d"]),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many are printed.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the data.")] = None,
) -> None:
    """Suggest problems from repeated reports now, as the worker does every night."""
    with ready_catalogue(data_dir):
        from django.utils.translation import override

        with override(terminal_language()):
            told = _suggested(city, on.date() if on else None, limit)
            if as_json:
                typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
            else:
                _print(told)


def _suggested(city: str, on: date | None, limit: int) -> dict[str, Any]:
    from django.utils import timezone

    from novator.problems.grounding import ground_problems
    from novator.problems.models import Problem
    from novator.reports.life import local_day
    from novator.reports.models import Channel

    municipality = _municipality(city)
    channel = Channel.objects.select_related("municipality").get(municipality=municipality)
    now = timezone.now()
    night = ground_problems(municipality=municipality, now=now, today=on or local_day(channel, now))
    rows = Problem.objects.standing().filter(municipality=municipality)
    shown = list(rows.select_related("municipality", "category")[:limit])
    return {
        "suggested": night.suggested,
        "subsided": night.subsided,
        "returned": night.returned,
        "problems": [_told(problem) for problem in shown],
    }


def _municipality(city: str) -> Municipality:
    from django.utils.translation import gettext as _

    from novator.cities.models import Municipality

    found = Municipality.objects.filter(slug=city, channel__isnull=False).first()
    if found is None:
        raise CannotSuggest(_("No city with the id “%(id)s” takes reports here.") % {"id": city})
    return found


def _told(problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.pk,
        "title": problem.title,
        "state": problem.state,
        "category": problem.category.code if problem.category else None,
        "latitude": problem.latitude,
        "longitude": problem.longitude,
        "radius": problem.radius,
        "evidence": problem.evidence,
        "trend": {key: value for key, value in problem.trend.items() if key != "by_month"},
        "solutions": _solutions(problem),
    }


def _solutions(problem: Problem) -> list[dict[str, Any]]:
    """What is found for it; nothing where there is no index."""
    from django.utils import timezone

    from novator.matching.problems import match_problem
    from novator.text.index import IndexDamaged, IndexMissing

    try:
        match_problem(problem=problem, now=timezone.now())
    except (IndexMissing, IndexDamaged):
        return []
    matches = problem.matches.filter(position__gt=0).select_related("practice")
    return [
        {"id": one.practice.slug, "score": round(one.score, 3), "is_sure": one.is_sure}
        for one in matches
    ]


def _print(told: dict[str, Any]) -> None:
    from django.utils.translation import gettext as _

    typer.echo(_("New suggestions: %(count)s") % {"count": told["suggested"]})
    for problem in told["problems"]:
        evidence = problem["evidence"]
        typer.echo(f"\n#{problem['id']} {problem['title']} [{problem['state']}]")
        typer.echo(
            _("  %(reports)s reports, %(people)s people, %(since)s – %(until)s")
            % {
                "reports": evidence.get("reports", 0),
                "people": evidence.get("people", 0),
                "since": evidence.get("first_on") or "?",
                "until": evidence.get("last_on") or "?",
            }
        )
        for solution in problem["solutions"][:3]:
            typer.echo(f"  → {solution['id']} {solution['score']:.2f}")
