"""After every step: cities are reminded of cards whose facts they have to confirm by a date."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.mail.operations import queue_letter
from novator.notices.naming import titles_of
from novator.practices.models import Practice

DAYS_BEFORE = (30, 7, 0)
_LATE_BY = timedelta(days=3)
_WHO = ("editor", "approver", "head")


def remind_to_confirm(*, on: date) -> int:
    """
    Write to the people of each city 30 and 7 days before a card must be confirmed, and on the day.

    A day that was missed is made up for within three days; nobody is told twice of the same.
    Returns how many letters there are for this day.
    """
    count = 0
    for days in DAYS_BEFORE:
        latest = on + timedelta(days=days)
        cards = Practice.objects.published().filter(
            is_by_its_city=True,
            origin="",
            confirm_by__gt=latest - _LATE_BY,
            confirm_by__lte=latest,
        )
        for practice in cards.select_related("municipality").order_by("pk"):
            count += _remind(practice, days, on)
    return count


@transaction.atomic
def _remind(practice: Practice, days: int, on: date) -> int:
    people = _people_of(practice.municipality_id, on)
    for user in people:
        with override(user.language):
            _write(user, practice, days, on)
    return len(people)


def _write(user: User, practice: Practice, days: int, on: date) -> None:
    title = titles_of([practice.slug], user.language).get(practice.slug, practice.slug)
    assert practice.confirm_by is not None
    facts = {
        "title": title,
        "day": date_format(practice.confirm_by, "DATE_FORMAT"),
        "address": f"{settings.SITE_ADDRESS}{reverse('practice', args=[practice.slug])}",
    }
    parts = [
        _("The facts on the practice “%(title)s” of your city must be confirmed by %(day)s."),
        _("Read the card, correct what has changed, and confirm it: %(address)s"),
        _("A card that nobody confirms in time is marked as overdue and loses its grade."),
    ]
    queue_letter(
        to=user.email,
        kind="confirm",
        subject=_("Please confirm by %(day)s: %(title)s") % facts,
        body="\n\n".join(part % facts for part in parts),
        language=user.language,
        key=f"confirm {practice.pk} {practice.confirm_by} {days} {user.pk}",
    )


def _people_of(municipality: int, on: date) -> list[User]:
    """Who writes and answers for this city on that day, each person once."""
    roles = roles_on(on).filter(municipality=municipality, kind__in=_WHO, user__is_active=True)
    found = {role.user_id: role.user for role in roles.select_related("user")}
    return [found[number] for number in sorted(found)]
