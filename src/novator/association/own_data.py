"""The association: what is stored of a person who applies, represents, names (rule P4)."""

from __future__ import annotations

from django.utils import timezone

from novator.accounts.models import User
from novator.accounts.own_data import Rows, tell_own_data
from novator.association.models import Application, Representative


def tell_of_membership() -> None:
    """
    Register applications and representations of a person.

    When the account is erased, whoever acted by it acts no more; that a city was represented, on
    which mandate and when, stays without the name.
    """
    tell_own_data("association_applications", _applications)
    tell_own_data("association_representations", _representations, forgetting=_end_all)


def _applications(user: User) -> Rows:
    for one in Application.objects.filter(made_by=user).select_related("municipality"):
        yield {
            "municipality": one.municipality.slug,
            "state": one.state,
            "words": one.words,
            "made_at": one.made_at,
            "submitted_at": one.submitted_at,
        }


def _representations(user: User) -> Rows:
    rows = Representative.objects.filter(user=user)
    for one in rows.select_related("member__municipality", "mandate"):
        yield {
            "municipality": one.member.municipality.slug,
            "mandate": one.mandate.subject,
            "is_substitute": one.substitute_of_id is not None,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "ended_because": one.ended_because,
        }


def _end_all(user: User) -> None:
    day = timezone.localdate()
    for row in Representative.objects.filter(user=user, ended_because=""):
        if row.ends_on is None or row.ends_on >= day:
            row.ends_on = max(day, row.starts_on) if row.starts_on else day
            row.ended_because = "учётная запись закрыта"
            row.save()
