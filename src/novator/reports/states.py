"""A citizen's report: the states of its life and every allowed transition, in one table."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES: dict[str, Promise] = {
    "unconfirmed": _("waits for the sender to confirm the address"),
    "received": _("received"),
    "moderated": _("checked"),
    "accepted": pgettext_lazy("a report", "accepted"),
    "in_progress": _("in progress"),
    "scheduled": _("work is scheduled"),
    "forwarded": _("forwarded"),
    "answered": _("answered"),
    "solved": _("solved"),
    "refused": _("refused"),
    "duplicate": _("repeats another report"),
    "reopened": _("opened again"),
    "withdrawn": _("withdrawn by the sender"),
}

_ENDINGS = frozenset({"refused", "duplicate", "withdrawn"})
_WORK = frozenset({"in_progress", "scheduled", "forwarded", "answered"})

TRANSITIONS: dict[str, frozenset[str]] = {
    "unconfirmed": frozenset({"received", "withdrawn"}),
    "received": _ENDINGS | _WORK | {"moderated", "accepted"},
    "moderated": _ENDINGS | _WORK | {"accepted"},
    "accepted": _ENDINGS | _WORK,
    "in_progress": _ENDINGS | (_WORK - {"in_progress"}),
    "scheduled": _ENDINGS | (_WORK - {"scheduled"}),
    "forwarded": _ENDINGS | _WORK | {"accepted"},
    "answered": frozenset({"solved", "reopened"}),
    "solved": frozenset({"reopened"}),
    "refused": frozenset({"reopened"}),
    "duplicate": frozenset({"reopened", "solved"}),
    "reopened": _ENDINGS | _WORK | {"accepted"},
    "withdrawn": frozenset(),
}
"""
From each state where a report may go. `forwarded` may follow `forwarded` (to another body).
`solved` follows `answered` alone: the sender confirmed, or did not object within the days given.
"""

REASON_NEEDED = frozenset({"refused", "forwarded", "answered", "scheduled", "duplicate"})
"""What the city says to the sender with it: without words such a step is refused."""

OPEN = frozenset(
    {"received", "moderated", "accepted", "in_progress", "scheduled", "forwarded", "reopened"}
)
"""Somebody of the city has to do something; its date counts."""

CLOSED = frozenset({"answered", "solved", "refused", "duplicate", "withdrawn"})
"""The city has done with it, which does not say that the citizen agrees."""

BY_CITIZEN = frozenset({"withdrawn", "reopened", "solved"})
"""Steps that the sender takes; staff takes only `reopened` of them, when it erred."""


def state_choices() -> list[tuple[str, object]]:
    """Every state with its name."""
    return list(STATES.items())


def is_allowed(before: str, after: str) -> bool:
    """Whether a report may go from one state to another."""
    return after in TRANSITIONS[before]
