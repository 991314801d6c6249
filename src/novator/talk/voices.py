"""Solutions discussed: in whose name a person speaks, and who speaks for a city."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from novator.accounts.models import MUNICIPAL_ROLES, ROLES, User
from novator.accounts.queries import AnyUser, roles_of, roles_on
from novator.cities.models import Municipality

ANSWERING = frozenset({"head", "approver", "editor"})
ASKING = frozenset(MUNICIPAL_ROLES)
ANYBODY = frozenset(ROLES)
ASSOCIATION = "association"


@dataclass(frozen=True)
class Voice:
    """A person who speaks for a city, or for the association (None), in a role held there."""

    user: User
    city: Municipality | None
    role: str

    @property
    def key(self) -> str:
        """What stands for the place in a form."""
        return self.city.slug if self.city else ASSOCIATION

    @property
    def name(self) -> str:
        """The place and the role in words."""
        place = self.city.name if self.city else _("the association")
        return f"{place}, {ROLES[self.role]}"


def voices_of(user: AnyUser, kinds: Collection[str], *, on: date) -> list[Voice]:
    """One voice for each place where the person holds one of these roles, by name of the place."""
    order = list(ROLES)
    found: dict[int | None, Voice] = {}
    roles = [role for role in roles_of(user, on=on) if role.kind in kinds]
    for role in sorted(roles, key=lambda role: order.index(role.kind)):
        found.setdefault(role.municipality_id, Voice(role.user, role.municipality, role.kind))
    return sorted(found.values(), key=lambda voice: (voice.city is None, voice.key))


def people_of(city: Municipality, kinds: Collection[str], *, on: date) -> list[User]:
    """Everybody with an account who holds one of these roles in the city, once, in fixed order."""
    roles = roles_on(on).filter(municipality=city, kind__in=kinds, user__is_active=True)
    return list(User.objects.filter(pk__in=roles.values("user"), erased_at=None).order_by("pk"))


def office_people(*, on: date) -> list[User]:
    """Everybody of the association's office."""
    roles = roles_on(on).filter(municipality=None, kind="office", user__is_active=True)
    return list(User.objects.filter(pk__in=roles.values("user"), erased_at=None).order_by("pk"))


def moderating_people(*, on: date) -> list[User]:
    """Everybody of the association's office and its moderators."""
    roles = roles_on(on).filter(municipality=None, kind__in=["office", "moderator"])
    users = roles.filter(user__is_active=True).values("user")
    return list(User.objects.filter(pk__in=users, erased_at=None).order_by("pk"))


def is_here(city: str, *, on: date) -> bool:
    """Whether somebody is there to answer for the city, named by its slug; one query."""
    roles = roles_on(on).filter(municipality__slug=city, kind__in=ANSWERING)
    return roles.filter(user__is_active=True, user__erased_at=None).exists()


def cities_here(*, on: date) -> set[int]:
    """Keys of all municipalities in which somebody can answer; one query."""
    roles = roles_on(on).filter(municipality__isnull=False, kind__in=ANSWERING)
    roles = roles.filter(user__is_active=True, user__erased_at=None)
    return {pk for pk in roles.values_list("municipality", flat=True) if pk is not None}
