"""Who acts at every step: what people agree to, by which version of which text (152-FZ; P2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import Consent, User


@dataclass(frozen=True)
class Purpose:
    """One thing that a person agrees to; the text of that version stands on a page of its own."""

    name: str | Promise
    version: str
    is_needed: bool


PROCESSING = "processing"
PUBLICATION = "publication"
PURPOSES = {
    PROCESSING: Purpose(_("processing of my personal data"), "2026-11-22", is_needed=True),
    PUBLICATION: Purpose(
        _("my name and position shown beside what I publish"), "2026-11-22", is_needed=False
    ),
}


@transaction.atomic
def give_consent(*, user: User, purpose: str, at: datetime) -> Consent:
    """Store that a person agrees by the present version of the text; giving it twice is once."""
    version = PURPOSES[purpose].version
    standing = Consent.objects.filter(user=user, purpose=purpose, withdrawn_at=None)
    known = standing.select_for_update().first()
    if known is not None and known.text_version == version:
        return known
    standing.update(withdrawn_at=at)
    return Consent.objects.create(user=user, purpose=purpose, text_version=version)


@transaction.atomic
def withdraw_consent(*, user: User, purpose: str, at: datetime) -> bool:
    """Store that a person no longer agrees; tell whether there was anything to withdraw."""
    standing = Consent.objects.filter(user=user, purpose=purpose, withdrawn_at=None)
    return bool(standing.update(withdrawn_at=at))


def public_names(users: Iterable[User]) -> dict[int, str]:
    """
    By their keys, name and position of those who consented to be named on public pages.

    One query (152-FZ, article 10.1). Pages for the own city, the office or the other party of a
    talk need no such consent.
    """
    known = {user.pk: user for user in users}
    agreed = Consent.objects.filter(user__in=known, purpose=PUBLICATION, withdrawn_at=None)
    return {
        key: ", ".join(part for part in (known[key].name, known[key].position) if part)
        for key in agreed.values_list("user_id", flat=True)
    }


def has_consented(user: User, purpose: str) -> bool:
    """Whether a consent of the person stands."""
    return Consent.objects.filter(user=user, purpose=purpose, withdrawn_at=None).exists()
