"""A citizen's report: "me too" instead of writing the same again; one person counts once."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.reports.contacts import digest_of
from novator.reports.models import Contact, Report, Subscription, Support
from novator.reports.states import OPEN
from novator.reports.subscribing import (
    CannotSubscribe,
    Wish,
    confirm_subscription,
    end_subscription,
    subscribe,
)

SUPPORTED = OPEN | {"answered"}


class CannotSupport(Exception):
    """This report cannot be supported by this person; the message is fit to show."""


@transaction.atomic
def support(
    *, report: Report, now: datetime, user: User | None = None, address_digest: str = ""
) -> bool:
    """
    Count a person, known by account or by the digest of a confirmed address; False if counted.

    A person who supports by an account and by its address is one.

    :raises CannotSupport: the sender of the report, or one that is closed
    """
    held = Report.objects.select_for_update().get(pk=report.pk)
    digest = digest_of(user.email) if user else address_digest
    _refuse(held, user, digest)
    mine = Support.objects.filter(report=held)
    if mine.filter(address_digest=digest).exists():
        return False
    try:
        with transaction.atomic():
            Support.objects.create(report=held, user=user, address_digest=digest, made_at=now)
    except IntegrityError:  # the account has changed its address since
        return False
    Report.objects.filter(pk=held.pk).update(supports=F("supports") + 1)
    report.refresh_from_db()
    return True


def ask_for_support(*, report: Report, email: str, language: str, now: datetime) -> None:
    """
    Ask the owner of an address by letter whether the "me too" is meant.

    What the page says is the same for every address, so that nobody learns whose report it is.

    :raises CannotSupport: the report is closed, or that is no address
    """
    _refuse_closed(report)
    digest = digest_of(email)
    if Contact.objects.filter(report=report, digest=digest).exclude(digest="").exists():
        return
    if Support.objects.filter(report=report, address_digest=digest).exists():
        return
    try:
        subscribe(
            municipality=report.municipality,
            wish=Wish(kind="report", report=report),
            email=email,
            language=language,
            now=now,
            is_support=True,
        )
    except CannotSubscribe as refusal:
        raise CannotSupport(str(refusal)) from refusal


@transaction.atomic
def confirm_support(*, subscription: Subscription, wants_news: bool, now: datetime) -> bool:
    """
    Count the owner of a confirmed address; told further only if that is wanted.

    :raises CannotSupport: the report was closed meanwhile, or is the person's own
    """
    assert subscription.report is not None
    is_new = support(report=subscription.report, address_digest=subscription.digest, now=now)
    confirm_subscription(subscription=subscription, now=now)
    if not wants_news:
        end_subscription(subscription=subscription, now=now)
    return is_new


def _refuse(report: Report, user: User | None, digest: str) -> None:
    _refuse_closed(report)
    is_own = user is not None and report.author_id == user.pk
    if is_own or (digest and Contact.objects.filter(report=report, digest=digest).exists()):
        raise CannotSupport(_("This is your own report; you are counted already."))


def _refuse_closed(report: Report) -> None:
    if report.status == "duplicate" and report.duplicate_of_id:
        raise CannotSupport(_("This report repeats another one. Support that one."))
    if report.status not in SUPPORTED or report.erased_at is not None:
        raise CannotSupport(_("This report is closed. If it is still so, send a new one."))
