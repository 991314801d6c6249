"""The association: invoices of fees, numbered without gaps, paid or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.fees import CannotReckon, Fee, Terms, fee_of
from novator.association.letters import tell_of_invoice
from novator.association.models import FeeRule, Invoice, Member
from novator.association.standing import standing_on
from novator.core.holding import hold


class CannotInvoice(Exception):
    """This invoice cannot be issued or changed so; the message is fit to show."""


@dataclass(frozen=True)
class Totals:
    """What invoices of a year come to; cancelled ones do not count."""

    invoices: int
    amount: Decimal
    paid: Decimal
    overdue: Decimal
    overdue_count: int

    @property
    def open(self) -> Decimal:
        """What is still to be paid."""
        return self.amount - self.paid


def terms_of(rule: FeeRule) -> Terms:
    """The rule of a year as the reckoning takes it."""
    return Terms(
        base=rule.base,
        per_inhabitant=rule.per_inhabitant,
        least=rule.least,
        most=rule.most,
        tiers=tuple((int(first), Decimal(amount)) for first, amount in rule.tiers),
    )


def fee_for(member: Member, rule: FeeRule) -> Fee:
    """
    What the member owes for the year.

    :raises CannotInvoice: it cannot be reckoned; says why
    """
    try:
        return fee_of(terms_of(rule), member.municipality.population)
    except CannotReckon as fault:
        words = {
            "population": _("The fee depends on the number of inhabitants, which is not known."),
            "tier": _("No tier of the rule holds for this number of inhabitants."),
        }
        raise CannotInvoice(words[fault.code]) from fault


@transaction.atomic
def issue_invoice(*, member: Member, rule: FeeRule, by: User, on: date) -> Invoice:
    """
    Issue a member's invoice of a year under the next number; one at a time for a year.

    :raises CannotInvoice: no member that day, invoiced already, or the fee cannot be reckoned
    """
    held = hold(FeeRule.objects.all(), rule.pk)
    if standing_on(member, on) not in {"admitted", "suspended"}:
        raise CannotInvoice(_("This city is not a member of the association on this day."))
    if held.invoices.filter(member=member).exclude(state="cancelled").exists():
        raise CannotInvoice(_("The member has an invoice of this year already."))
    fee = fee_for(member, held)
    invoice = Invoice.objects.create(
        member=member,
        rule=held,
        number=f"{held.year}-{held.invoices.count() + 1:04d}",
        amount=fee.amount,
        reckoning=fee.as_data(),
        issued_on=on,
        due_on=on + timedelta(days=held.due_days),
        made_by=by,
    )
    tell_of_invoice(invoice, on=on)
    return invoice


def issue_for_all(
    *, rule: FeeRule, by: User, on: date
) -> tuple[list[Invoice], list[tuple[Member, str]]]:
    """Issue what members in good standing do not have yet; with it those left out, and why."""
    has_one = Invoice.objects.filter(rule=rule).exclude(state="cancelled").values("member")
    rows = Member.objects.filter(standing="admitted").exclude(pk__in=has_one)
    issued: list[Invoice] = []
    left: list[tuple[Member, str]] = []
    for member in rows.select_related("municipality").prefetch_related("steps"):
        try:
            issued.append(issue_invoice(member=member, rule=rule, by=by, on=on))
        except CannotInvoice as refusal:
            left.append((member, str(refusal)))
    return issued, left


@transaction.atomic
def mark_paid(*, invoice: Invoice, paid_on: date, on: date) -> Invoice:
    """
    Record that the money came.

    :raises CannotInvoice: it is not open, or the day is before its issue or ahead
    """
    held = _open(invoice)
    if not held.issued_on <= paid_on <= on:
        raise CannotInvoice(_("The day of payment lies between the day of issue and today."))
    held.state, held.paid_on = "paid", paid_on
    held.save()
    return held


@transaction.atomic
def cancel_invoice(*, invoice: Invoice, because: str, on: date) -> Invoice:
    """
    Cancel an open invoice; its number stays taken.

    :raises CannotInvoice: it is not open, or no reason is given
    """
    if not because.strip():
        raise CannotInvoice(_("Say the reason."))
    held = _open(invoice)
    held.state, held.cancelled_because = "cancelled", because.strip()
    held.save()
    tell_of_invoice(held, on=on)
    return held


def totals_of(rule: FeeRule, *, on: date) -> Totals:
    """What a year's invoices come to. One query."""
    overdue = Q(state="issued", due_on__lt=on)
    found = rule.invoices.exclude(state="cancelled").aggregate(
        number=Count("pk"),
        whole=Sum("amount", default=Decimal(0)),
        paid=Sum("amount", filter=Q(state="paid"), default=Decimal(0)),
        overdue=Sum("amount", filter=overdue, default=Decimal(0)),
        late=Count("pk", filter=overdue),
    )
    return Totals(found["number"], found["whole"], found["paid"], found["overdue"], found["late"])


def overdue_invoices(*, on: date) -> Sequence[Invoice]:
    """Invoices that should have been paid before this day."""
    rows = Invoice.objects.filter(state="issued", due_on__lt=on)
    return list(rows.select_related("member__municipality").order_by("due_on", "number"))


def _open(invoice: Invoice) -> Invoice:
    held = hold(Invoice.objects.select_related("member__municipality", "rule"), invoice.pk)
    if held.state != "issued":
        raise CannotInvoice(_("This invoice is paid or cancelled already."))
    return held
