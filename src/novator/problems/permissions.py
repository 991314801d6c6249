"""Problems of a city: who may see and settle them; one function for each rule."""

from __future__ import annotations

from datetime import date

from novator.accounts.queries import AnyUser, holds
from novator.cities.models import Municipality
from novator.problems.models import Problem

SETTLERS = frozenset({"reports_officer", "head", "editor"})


def may_settle(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Accept, edit, own, dismiss, publish: the city's reports officers, editors and head."""
    return holds(user, SETTLERS, municipality=municipality, on=on)


def may_see(user: AnyUser, problem: Problem, *, on: date) -> bool:
    """Everybody what is published; the rest its city's people alone."""
    return is_shown(problem) or may_settle(user, problem.municipality, on=on)


def is_shown(problem: Problem) -> bool:
    """Whether everybody may know of it."""
    return problem.is_public and problem.state in {"accepted", "subsided"}
