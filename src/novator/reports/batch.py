"""A citizen's report: one act on many, each by its own rule; refusals are told row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.reports.life import StepRefused
from novator.reports.models import Report

MOST_AT_ONCE = 200

Act = Callable[[Report], object]


@dataclass(frozen=True)
class Outcome:
    """What became of one row: `refusal` is empty where it was done, else fit to show."""

    number: str
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the act was carried out."""
        return not self.refusal


def act_on_each(*, municipality: Municipality, keys: Sequence[int], act: Act) -> list[Outcome]:
    """
    Carry out `act` on each report in the order given, each in a transaction of its own.

    A refused row changes nothing of itself and stops no other one. Keys of other cities are told
    as unknown.

    :raises StepRefused: more than `MOST_AT_ONCE` are named
    """
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST_AT_ONCE:
        raise StepRefused(
            _("At most %(most)s reports can be changed at once.") % {"most": MOST_AT_ONCE}
        )
    rows = Report.objects.filter(municipality=municipality, pk__in=wanted)
    found = rows.select_related("municipality", "category", "area").in_bulk()
    return [_outcome(key, found.get(key), act) for key in wanted]


def _outcome(key: int, report: Report | None, act: Act) -> Outcome:
    if report is None:
        return Outcome(str(key), _("There is no such report in this city."))
    try:
        with transaction.atomic():
            act(report)
    except StepRefused as refusal:
        return Outcome(report.number, str(refusal))
    return Outcome(report.number)
