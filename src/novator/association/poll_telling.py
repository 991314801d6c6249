"""The association: jobs that an act of a poll leaves to the worker, within its transaction."""

from __future__ import annotations

from novator.association.models import Poll

TELL = "novator.association.tell_about_poll"
CLEAN = "novator.association.clean_secret_polls"


def ask_to_tell(poll: Poll, what: str) -> None:
    """Let the worker write to whoever may vote: "opened", "extended", "cancelled", "closed"."""
    from procrastinate.contrib.django import app

    app.configure_task(TELL).defer(poll_id=poll.pk, what=what)


def ask_for_cleaning(poll: Poll) -> None:
    """Let the worker drop what is left of deleted tokens and ballots."""
    from procrastinate.contrib.django import app

    app.configure_task(CLEAN).defer(poll_id=poll.pk)
