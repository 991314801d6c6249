"""The association's front page: its latest votes."""

from __future__ import annotations

from django import template

from novator.association.models import POLL_STATES, Poll
from novator.portal.polls import ORDER, shown_polls

register = template.Library()
LATEST = 3


@register.simple_tag
def latest_polls() -> list[tuple[Poll, object]]:
    """The latest polls that were opened, with the names of their states. One query."""
    rows = shown_polls(state="", kind="", with_drafts=False).order_by(*ORDER)[:LATEST]
    return [(one, POLL_STATES[one.state]) for one in rows]
