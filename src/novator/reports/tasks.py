"""A citizen's report: jobs of the worker."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from novator.reports.exchange import jobs as exchange_jobs  # noqa: F401
from novator.reports.letters import TELL_SENDER
from novator.reports.life import AFTER_UPDATE
from novator.reports.submitting import AFTER_SUBMIT

_RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.task(name=AFTER_SUBMIT, retry=_RETRY)
def after_submit(report_id: int) -> None:
    """Everything that follows from a new report: suggestions, letters, forwarding."""
    from novator.reports.following import follow_submission

    follow_submission(report_id=report_id)


@app.task(name=AFTER_UPDATE, retry=_RETRY)
def after_update(update_id: int) -> None:
    """Everything that follows from a step: letters to sender and subscribers, forwarding."""
    from novator.reports.following import follow_update

    follow_update(update_id=update_id)


@app.periodic(cron="23 * * * *")
@app.task(name="novator.reports.remove_unconfirmed", queueing_lock="remove_unconfirmed_reports")
def remove_unconfirmed_reports(timestamp: int) -> str:
    """Every hour, take back reports whose address nobody confirmed in three days."""
    from novator.reports.confirming import remove_unconfirmed

    return f"removed {remove_unconfirmed(now=timezone.now())}"


@app.task(name=TELL_SENDER, retry=_RETRY)
def tell_sender_of_steps(report_id: int) -> str:
    """One letter about all steps that gathered in the last minutes."""
    from novator.reports.letters import tell_sender

    return f"written {tell_sender(report_id=report_id, now=timezone.now())}"


@app.periodic(cron="12 * * * *")
@app.task(name="novator.reports.close_unjudged", queueing_lock="close_unjudged_reports")
def close_unjudged_reports(timestamp: int) -> str:
    """Every hour (cities lie in many time zones), count answers as solved that nobody refuted."""
    from novator.reports.verdicts import close_unjudged

    return f"closed {close_unjudged(now=timezone.now())}"


@app.periodic(cron="20 6 * * *")
@app.task(name="novator.reports.remind_to_judge", queueing_lock="remind_to_judge_reports")
def remind_to_judge_reports(timestamp: int) -> str:
    """Every morning, remind senders whose verdict is awaited for three more days."""
    from novator.reports.letters import remind_to_judge

    return f"letters {remind_to_judge(now=timezone.now())}"


@app.periodic(cron="45 4-8 * * *")
@app.task(name="novator.reports.write_news", queueing_lock="write_report_news")
def write_report_news(timestamp: int) -> str:
    """Every morning, tell who follows a street, a circle, a category or a report what is new."""
    from novator.reports.news import write_news

    return f"letters {write_news(now=timezone.now())}"


@app.periodic(cron="*/10 * * * *")
@app.task(name="novator.reports.tally", queueing_lock="tally_reports")
def tally_reports(timestamp: int) -> str:
    """Every ten minutes, count again the weeks in which something changed."""
    from novator.reports.tallying import refresh_tallies

    return f"weeks {refresh_tallies(now=timezone.now())}"


@app.periodic(cron="17 1 * * 0")
@app.task(name="novator.reports.tally_all", queueing_lock="tally_all_reports")
def tally_all_reports(timestamp: int) -> str:
    """Every Sunday night, count all weeks anew: days off may have been changed since."""
    from novator.reports.tallying import refresh_tallies

    return f"weeks {refresh_tallies(now=timezone.now(), everything=True)}"


@app.periodic(cron="33 2 * * *")
@app.task(name="novator.reports.erase_old", queueing_lock="erase_old_reports")
def erase_old(timestamp: int) -> str:
    """Every night, erase what the cities keep no longer, and wishes that nobody confirmed."""
    from novator.reports.retention import erase_old_reports
    from novator.reports.subscribing import forget_unconfirmed

    now = timezone.now()
    erased = erase_old_reports(now=now)
    return f"erased {erased}, unconfirmed {forget_unconfirmed(now=now)}"


@app.periodic(cron="50 1 * * *")
@app.task(name="novator.reports.learn_likeness", queueing_lock="learn_likeness")
def learn_likeness_of_pairs(timestamp: int) -> str:
    """Every night, learn from the pairs that people confirmed or refused."""
    from novator.reports.likeness_learning import learn_likeness

    model = learn_likeness(now=timezone.now())
    return "too few pairs" if model is None else (model.refused_because or "taken into use")


@app.periodic(cron="5 * * * *")
@app.task(name="novator.reports.write_duty_letters", queueing_lock="write_duty_letters")
def write_letters_of_the_day(timestamp: int) -> str:
    """Every hour, as each city has its own morning, tell officers what is late and what is due."""
    from novator.reports.officer_letters import write_duty_letters

    return f"letters {write_duty_letters(now=timezone.now())}"


@app.periodic(cron="*/5 * * * *")
@app.task(name="novator.reports.put_counts_together", queueing_lock="put_counts_together")
def put_map_counts_together(timestamp: int) -> str:
    """Every five minutes, make one row of all counts of the map that say the same."""
    from novator.reports.clusters import put_counts_together

    return f"rows gone {put_counts_together()}"


@app.periodic(cron="7 3 * * *")
@app.task(name="novator.reports.retrain_categories", queueing_lock="retrain_report_categories")
def retrain_categories(timestamp: int) -> str:
    """Every night, after the erasing, learn from the categories that people chose."""
    from novator.reports.retraining import retrain_all

    return f"taken into use {retrain_all(now=timezone.now())}"
