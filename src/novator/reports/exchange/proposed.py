"""A citizen's report: the kind of a foreign request, where the machine is sure of it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from novator.cities.models import Municipality
from novator.reports.models import Category

SURE = 0.8


def surely_proposed(text: str, municipality: Municipality) -> Category | None:
    """Return the kind that the machine proposes with at least `SURE`; None where it is unsure."""
    if find_spec("novator.reports.proposing") is None:
        return None
    propose = import_module("novator.reports.proposing").propose_categories
    best = next(iter(propose(text, municipality)), None)
    return best.category if best is not None and best.probability >= SURE else None
