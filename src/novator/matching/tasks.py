"""Matching: jobs of the worker."""

from __future__ import annotations

import threading

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.drafts.content import row_to_publish
from novator.drafts.models import Draft
from novator.practices.queries import catalogue_version
from novator.practices.rows import BadRow
from novator.problems.models import Problem
from novator.problems.operations import MATCH

_built: str | None = None
"""The catalogue of which this process made the index last."""
_turn = threading.Lock()


@app.task(name="novator.matching.refresh_index", queue="index", pass_context=False)
def refresh_index(*, is_damaged: bool = False) -> str:
    """
    Make the index anew after cards have changed; returns the catalogue's version it is of.

    A job that finds the catalogue as the last one left it ends at once, so that many changes in a
    row cost little.
    """
    global _built
    from novator.matching.operations import rebuild_index  # what only the worker needs

    with _turn:
        version = catalogue_version()
        if is_damaged or version != _built:
            rebuild_index()
            _built = version
        return version


@app.task(name="novator.matching.keep_vectors_of_draft", queue="index", pass_context=False)
def keep_vectors_of_draft(*, draft_id: int) -> bool:
    """
    Make what the search needs of a draft while it waits for its moderator.

    Vectors are most of the work of a new card; published, it is then found at once. False where
    the draft is not waiting any more.
    """
    from novator.matching.cards import card_of_row
    from novator.matching.operations import keep_vectors

    draft = Draft.objects.filter(pk=draft_id, state="submitted").first()
    if draft is None:
        return False
    try:
        row = row_to_publish(draft, on=timezone.localdate())
    except BadRow:
        return False
    keep_vectors(card_of_row(row))
    return True


@app.task(name=MATCH, queue="index", pass_context=False)
def match_one_problem(*, problem_id: int) -> int:
    """Find solutions for a problem that was accepted or changed; returns how many are kept."""
    from novator.matching.problems import match_problem

    problem = Problem.objects.select_related("municipality", "category").get(pk=problem_id)
    return len(match_problem(problem=problem, now=timezone.now()).worth_showing)


@app.periodic(cron="31 3 * * *")
@app.task(
    name="novator.matching.match_problems",
    queue="index",
    queueing_lock="match_problems",
    pass_context=False,
)
def match_problems(timestamp: int) -> int:
    """Every night, after the reports were grouped: find solutions for all problems that stand."""
    problems = Problem.objects.standing().order_by("id").values_list("pk", flat=True)
    for key in problems.iterator(chunk_size=500):
        match_one_problem(problem_id=key)
    return problems.count()
