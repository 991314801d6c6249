"""The association: jobs of the worker."""

from __future__ import annotations

from django.db import OperationalError, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from novator.association.models import Poll, Position
from novator.association.poll_closing import close_due_polls
from novator.association.poll_letters import tell_about, tell_of_ends
from novator.association.poll_telling import CLEAN, TELL
from novator.association.position_letters import TELL as TELL_OF_POSITION
from novator.association.position_letters import tell_of
from novator.association.secret_ballots import clean_tables

_IN_USE = RetryStrategy(max_attempts=50, linear_wait=60, retry_exceptions=[OperationalError])


@app.task(name=TELL, pass_context=False)
def tell_about_poll(poll_id: int, what: str) -> str:
    """Write to whoever may vote in a poll; written twice it goes out once."""
    poll = Poll.objects.filter(pk=poll_id).first()
    return f"{tell_about(poll, what, on=timezone.localdate()) if poll else 0} people"


@app.task(name=CLEAN, retry=_IN_USE, pass_context=False)
def clean_secret_polls(poll_id: int) -> None:
    """Drop what is left in the database's files of deleted tokens and ballots."""
    with transaction.atomic():
        clean_tables()


@app.periodic(cron="*/2 * * * *")
@app.task(name="novator.association.close_polls", queueing_lock="close_polls", pass_context=False)
def close_polls(timestamp: int) -> str:
    """Count the polls whose time is over."""
    return f"{close_due_polls(now=timezone.now())} polls"


@app.periodic(cron="12 * * * *")
@app.task(name="novator.association.tell_of_ends", queueing_lock="poll_ends", pass_context=False)
def tell_of_poll_ends(timestamp: int) -> str:
    """Every hour, write to those who have not taken part in a poll that ends soon."""
    return f"{tell_of_ends(now=timezone.now())} people"


@app.task(name=TELL_OF_POSITION, pass_context=False)
def tell_of_position(position_id: int, what: str) -> str:
    """Write to representatives about a consultation or a signing; twice it goes out once."""
    position = Position.objects.filter(pk=position_id).first()
    return f"{tell_of(position, what, on=timezone.localdate()) if position else 0} people"
