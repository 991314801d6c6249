"""Reports to problems: jobs of the worker."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.reports.life import local_day
from novator.reports.models import Channel


@app.periodic(cron="41 2 * * *")
@app.task(name="novator.problems.ground", queueing_lock="ground_problems", pass_context=False)
def ground(timestamp: int) -> str:
    """Every night: suggest problems of every city that takes reports, renew those known."""
    from novator.problems.grounding import ground_problems  # statistics that only this needs

    now, told = timezone.now(), []
    for channel in Channel.objects.filter(is_open=True).select_related("municipality"):
        night = ground_problems(
            municipality=channel.municipality, now=now, today=local_day(channel, now)
        )
        told.append(f"{channel.municipality.slug}: {night.suggested} new, {night.subsided} over")
    return "; ".join(told)
