"""The association: positions that wait for somebody: remarks, signatures, answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from novator.association.mandates import Acting, allows
from novator.association.models import Position, Remark, Signature


def consultations_waiting(actings: Collection[Acting], *, now: datetime) -> int:
    """In how many open consultations none of these members has remarked; two queries."""
    members = {acting.member.pk for acting in actings}
    if not members:
        return 0
    asked = Position.objects.filter(state="consultation", consultation_until__gt=now)
    said = Remark.objects.filter(member__in=members, version__position__in=asked)
    return asked.exclude(pk__in=said.values("version__position")).count()


def letters_waiting_for(actings: Collection[Acting], *, now: datetime) -> int:
    """How many signatures of these members open letters could still take; two queries."""
    members = {acting.member.pk for acting in actings if allows(acting.mandate, "sign")}
    if not members:
        return 0
    letters = Position.objects.filter(kind="letter", state="vote", signing_until__gt=now)
    signed = Signature.objects.filter(
        position__in=letters, member__in=members, withdrawn_at=None
    ).count()
    return letters.count() * len(members) - signed


def remarks_without_answer() -> int:
    """How many remarks nobody has answered; one query."""
    rows = Remark.objects.filter(state="open")
    return rows.exclude(version__position__state="withdrawn").count()
