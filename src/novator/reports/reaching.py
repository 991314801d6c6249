"""A citizen's report: to which address letters about it go, and in which language."""

from __future__ import annotations

from dataclasses import dataclass

from novator.reports.contacts import ContactUnreadable, opened
from novator.reports.models import Contact, Report, Subscription


@dataclass(frozen=True)
class Reach:
    """An address that was confirmed, and the language of its owner."""

    email: str
    language: str


def sender_of(report: Report) -> Reach | None:
    """Return where the sender is reached: the confirmed contact, else the account; else None."""
    contact = Contact.objects.filter(report=report).first()
    if contact is not None and contact.confirmed_at is not None:
        try:
            details = opened(contact.sealed)
        except ContactUnreadable:
            details = None
        if details and details.email:
            return Reach(details.email, contact.language)
    author = report.author
    if author is not None and author.is_active and author.erased_at is None:
        return Reach(author.email, author.language)
    return None


def subscriber_of(subscription: Subscription) -> Reach | None:
    """Return where somebody who follows is reached; None where the address cannot be read."""
    user = subscription.user
    if user is not None:
        is_here = user.is_active and user.erased_at is None
        return Reach(user.email, user.language) if is_here else None
    if subscription.sealed is None:
        return None
    try:
        return Reach(opened(subscription.sealed).email, subscription.language)
    except ContactUnreadable:
        return None
