"""After every step: following something, and ending it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality, Region
from novator.core.topics import TOPIC_BY_CODE
from novator.council.models import AgendaItem, Decision, Organization
from novator.notices.models import FREQUENCIES, KINDS, Follow
from novator.practices.models import Practice

MOST_FOLLOWS = 200


class CannotFollow(Exception):
    """This cannot be followed; the message is fit to show."""


@transaction.atomic
def follow(
    *,
    user: User,
    kind: str,
    key: str,
    params: dict[str, Any] | None = None,
    frequency: str = "weekly",
) -> Follow:
    """
    Tell a person from now on what is new in something; following it again changes how often.

    :raises CannotFollow: there is no such thing, or the person follows too much already
    """
    if kind not in KINDS or frequency not in FREQUENCIES or not _exists(kind, key, params or {}):
        raise CannotFollow(_("There is nothing here that can be followed."))
    User.objects.select_for_update().get(pk=user.pk)
    known = Follow.objects.filter(user=user, kind=kind, key=key).first()
    if known is not None:
        return change_frequency(follow=known, frequency=frequency)
    if Follow.objects.filter(user=user).count() >= MOST_FOLLOWS:
        raise CannotFollow(
            _("You follow %(number)s things already; end one of them first.")
            % {"number": MOST_FOLLOWS}
        )
    return Follow.objects.create(
        user=user, kind=kind, key=key, params=params or {}, frequency=frequency
    )


def change_frequency(*, follow: Follow, frequency: str) -> Follow:
    """
    Tell news of it every day or every Monday.

    :raises CannotFollow: there is no such frequency
    """
    if frequency not in FREQUENCIES:
        raise CannotFollow(_("There is nothing here that can be followed."))
    if follow.frequency != frequency:
        follow.frequency = frequency
        follow.save(update_fields=["frequency"])
    return follow


def end_follow(*, follow: Follow) -> None:
    """Tell no more of it."""
    follow.delete()


def _exists(kind: str, key: str, params: dict[str, Any]) -> bool:
    if kind == "topic":
        return key in TOPIC_BY_CODE
    if kind == "city":
        return Municipality.objects.filter(slug=key).exists()
    if kind == "card":
        return Practice.objects.published().filter(slug=key).exists()
    if kind == "region":
        return Region.objects.filter(code=key).exists()
    if kind == "council":
        return Organization.objects.filter(kind="council", municipality__slug=key).exists()
    if kind in {"decision", "item"}:
        return _is_shown(kind, key)
    return bool(params) and len(key) <= 700


def _is_shown(kind: str, key: str) -> bool:
    """Whether a decision or an item can be read by everybody; both go by their numbers."""
    if not (key.isascii() and key.isdigit()) or key != str(int(key)) or len(key) > 17:
        return False
    if kind == "decision":
        return Decision.objects.shown().filter(pk=int(key)).exists()
    open_items = AgendaItem.objects.filter(is_closed=False, session__is_closed=False)
    return open_items.filter(pk=int(key)).exists()
