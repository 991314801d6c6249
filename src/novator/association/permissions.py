"""The association: who may ask to join, admit, name representatives, see fees."""

from __future__ import annotations

from datetime import date

from novator.accounts.permissions import is_office
from novator.accounts.queries import AnyUser, holds, municipalities_of
from novator.association.models import Application, Invoice, Member
from novator.cities.models import Municipality

MAY_APPLY = ("head", "approver", "secretary")
"""Roles in a city that may ask for its membership and speak of it with the office."""


def is_association_office(user: AnyUser, *, on: date) -> bool:
    """Whether the person works in the office of the association."""
    return is_office(user, on=on)


def may_apply(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Whether the person may ask for this city to be admitted."""
    return holds(user, MAY_APPLY, municipality=municipality, on=on)


def may_keep_codes(user: AnyUser, *, on: date) -> bool:
    """Whether the person may enter and correct the OKTMO codes of municipalities."""
    return is_office(user, on=on)


def cities_to_apply_for(user: AnyUser, *, on: date) -> list[Municipality]:
    """Cities for which the person may ask."""
    return municipalities_of(user, MAY_APPLY, on=on)


def may_see_application(user: AnyUser, application: Application, *, on: date) -> bool:
    """Whether the person may read an application: its city, and the office once it has it."""
    is_handed_in = application.state != "draft"
    return (is_handed_in and is_office(user, on=on)) or may_apply(
        user, application.municipality, on=on
    )


def may_admit(user: AnyUser, *, on: date) -> bool:
    """Whether the person may decide on applications and on the standing of members."""
    return is_office(user, on=on)


def may_name_representatives(user: AnyUser, member: Member, *, on: date) -> bool:
    """Whether the person may tie accounts to mandates of this member."""
    return is_office(user, on=on) or holds(
        user, {"head", "secretary"}, municipality=member.municipality, on=on
    )


def may_see_representatives(user: AnyUser, member: Member, *, on: date) -> bool:
    """Whether the person may see who acts for this member, with accounts."""
    return is_office(user, on=on) or may_apply(user, member.municipality, on=on)


def may_keep_fees(user: AnyUser, *, on: date) -> bool:
    """Whether the person may set rules of fees, issue invoices and mark them as paid."""
    return is_office(user, on=on)


def may_see_invoice(user: AnyUser, invoice: Invoice, *, on: date) -> bool:
    """Whether the person may see an invoice: its city's own people and the office."""
    return is_office(user, on=on) or may_apply(user, invoice.member.municipality, on=on)
