"""Solutions written: what is stored of a person who wrote, released or remarked on drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from novator.accounts.models import User
from novator.drafts.models import Draft


def drafts_of(user: User) -> Iterable[Mapping[str, Any]]:
    """Drafts in which the person had a part; they belong to the city and stay when he leaves."""
    part = Q(author=user) | Q(holder=user) | Q(consent_by=user) | Q(released_by=user)
    for draft in Draft.objects.filter(part).select_related("municipality").order_by("id"):
        yield {
            "id": draft.public_id,
            "municipality": draft.municipality.name_ru,
            "title": draft.title,
            "state": draft.state,
            "begun": draft.author_id == user.pk,
            "consented_at": draft.consent_at if draft.consent_by_id == user.pk else None,
            "released_at": draft.released_at if draft.released_by_id == user.pk else None,
        }
