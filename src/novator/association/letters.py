"""The association: letters about applications, standing, representatives and fees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.association.models import (
    APPLICATION_STATES,
    STANDINGS,
    Application,
    Invoice,
    Member,
    MemberStep,
    Representative,
)
from novator.association.models.membership import INVOICE_STATES
from novator.association.permissions import MAY_APPLY
from novator.cities.models import Municipality
from novator.reviews.letters import tell

KIND = "association"


def people_of_city(city: Municipality, *, on: date) -> list[User]:
    """Who speaks of membership for a city: its head, approvers, secretaries."""
    rows = roles_on(on).filter(municipality=city, kind__in=MAY_APPLY)
    return [role.user for role in rows.select_related("user")]


def tell_office(application: Application, *, by: User, on: date) -> None:
    """An application waits for the office."""
    office = roles_on(on).filter(municipality=None, kind="office").select_related("user")
    tell(
        [role.user for role in office if role.user_id != by.pk],
        kind=KIND,
        subject=_("%(city)s asks to join the association"),
        body=_("%(city)s has handed in its application. It waits for the office."),
        facts={"city": application.municipality},
        address=application.get_absolute_url,
        key=f"application-{application.pk}-{application.revision}",
    )


def tell_city(application: Application, *, on: date) -> None:
    """The office decided on an application, or gave it back."""
    people = [application.made_by, *people_of_city(application.municipality, on=on)]
    remarks: str | Promise = application.remarks
    tell(
        people,
        kind=KIND,
        subject=_("Application of %(city)s to join the association: %(state)s"),
        body=_("The application of %(city)s: %(state)s. %(remarks)s"),
        facts={
            "city": application.municipality,
            "state": APPLICATION_STATES[application.state],
            "remarks": remarks,
        },
        address=application.get_absolute_url,
        key=f"application-{application.pk}-{application.revision}",
    )


def tell_of_standing(step: MemberStep, member: Member, *, on: date) -> None:
    """The standing of a member changed."""
    tell(
        people_of_city(member.municipality, on=on),
        kind=KIND,
        subject=_("Membership of %(city)s: %(standing)s"),
        body=_("Membership of %(city)s in the association: %(standing)s. %(reason)s"),
        facts={
            "city": member.municipality,
            "standing": STANDINGS[step.standing],
            "reason": step.reason,
        },
        address=member.get_absolute_url,
        key=f"standing-{step.pk}",
    )


def tell_of_naming(row: Representative, *, is_ended: bool) -> None:
    """Somebody may, or may no longer, act for a city."""
    if row.user is None:
        return
    named = _("You are named to act for %(city)s in the association")
    ended = _("You no longer act for %(city)s in the association")
    tell(
        [row.user],
        kind=KIND,
        subject=ended if is_ended else named,
        body=_("City: %(city)s. The mandate: %(mandate)s. %(reason)s"),
        facts={
            "city": row.member.municipality,
            "mandate": row.mandate,
            "reason": row.ended_because,
        },
        address=row.member.get_absolute_url,
        key=f"naming-{row.pk}-{'ended' if is_ended else 'named'}",
    )


def tell_of_invoice(invoice: Invoice, *, on: date) -> None:
    """A fee is to be paid, or the invoice was cancelled."""
    people: Iterable[User] = people_of_city(invoice.member.municipality, on=on)
    tell(
        people,
        kind=KIND,
        subject=_("Membership fee of %(city)s: invoice %(number)s, %(state)s"),
        body=_("Invoice %(number)s for %(amount)s roubles, due on %(due)s: %(state)s."),
        facts={
            "city": invoice.member.municipality,
            "number": invoice.number,
            "amount": invoice.amount,
            "due": f"{invoice.due_on:%d.%m.%Y}",
            "state": INVOICE_STATES[invoice.state],
        },
        address=invoice.get_absolute_url,
        key=f"invoice-{invoice.pk}-{invoice.state}",
    )
