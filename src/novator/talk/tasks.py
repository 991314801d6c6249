"""Solutions discussed: jobs of the worker."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.talk.reminders import remind_author_cities, remind_of_bookings, tell_of_requests


@app.periodic(cron="23 6 * * *")
@app.task(name="novator.talk.remind", queueing_lock="talk_remind", pass_context=False)
def remind(timestamp: int) -> str:
    """Once a day: questions and bookings that wait, meetings of tomorrow and of yesterday."""
    now, on = timezone.now(), timezone.localdate()
    questions = remind_author_cities(now=now, on=on)
    return f"questions {questions}, bookings {remind_of_bookings(now=now, on=on)}"


@app.periodic(cron="47 6 * * *")
@app.task(name="novator.talk.tell_of_requests", queueing_lock="talk_requests", pass_context=False)
def tell_cities(timestamp: int) -> str:
    """Once a day: requests of other cities, in one letter to whom they fit."""
    return f"letters {tell_of_requests(now=timezone.now(), on=timezone.localdate())}"
