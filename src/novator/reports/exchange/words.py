"""A citizen's report: its states in the words of Open311 and of its extension for updates."""

from __future__ import annotations

from novator.reports.states import OPEN

WORD_OF: dict[str, str] = {
    "unconfirmed": "OPEN",
    "received": "OPEN",
    "moderated": "OPEN",
    "accepted": "INVESTIGATING",
    "in_progress": "IN_PROGRESS",
    "scheduled": "ACTION_SCHEDULED",
    "forwarded": "INTERNAL_REFERRAL",
    "answered": "CLOSED",
    "solved": "FIXED",
    "refused": "NO_FURTHER_ACTION",
    "duplicate": "DUPLICATE",
    "reopened": "OPEN",
    "withdrawn": "CANCELLED",
}
"""What each state is called in an update that we give out."""

STATE_OF: dict[str, str] = {
    "OPEN": "",
    "FOR_TRIAGE": "",
    "INVESTIGATING": "accepted",
    "IN_PROGRESS": "in_progress",
    "ACTION_SCHEDULED": "scheduled",
    "FIXED": "answered",
    "CLOSED": "answered",
    "DUPLICATE": "duplicate",
    "NOT_COUNCILS_RESPONSIBILITY": "refused",
    "NO_FURTHER_ACTION": "refused",
    "INTERNAL_REFERRAL": "forwarded",
    "CANCELLED": "withdrawn",
    "REOPEN": "reopened",
}
"""
To which state a word of an update that we take leads; empty: it says nothing new.

`FIXED` leads to `answered`, not to `solved`: whether it is solved indeed the sender says.
"""


def plain_status(state: str) -> str:
    """The one of the two words of GeoReport v2 itself: open or closed."""
    return "open" if state in OPEN or state == "unconfirmed" else "closed"


def known_word(text: str) -> str:
    """One of the words, however it is written ("in progress", "In_Progress"); else empty."""
    word = "_".join(text.upper().replace("-", " ").replace("_", " ").split())
    return word if word in STATE_OF else ""
