"""Fees follow from a rule that is data; invoices are numbered without gaps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from novator.accounts.testing import make_user
from novator.association.fees import CannotReckon, Terms, fee_of, read_tiers
from novator.association.invoice_documents import invoice_word
from novator.association.invoicing import (
    CannotInvoice,
    cancel_invoice,
    issue_for_all,
    issue_invoice,
    mark_paid,
    totals_of,
)
from novator.association.models import FeeRule, Invoice
from novator.association.testing import make_member
from novator.cities.testing import make_city

TODAY = date(2026, 11, 20)
TIERS = ((0, Decimal(50_000)), (100_000, Decimal(150_000)))


@pytest.mark.parametrize(
    ("terms", "population", "amount"),
    [
        (Terms(base=Decimal(10_000), per_inhabitant=Decimal("0.5")), 60_001, "40000.50"),
        (Terms(per_inhabitant=Decimal("0.333"), least=Decimal(30_000)), 60_000, "30000.00"),
        (Terms(per_inhabitant=Decimal(2), most=Decimal(90_000)), 60_000, "90000.00"),
        (Terms(tiers=TIERS), 99_999, "50000.00"),
        (Terms(tiers=TIERS), 100_000, "150000.00"),
        (Terms(base=Decimal(10_000)), None, "10000.00"),
    ],
)
def test_a_fee_follows_from_the_rule(terms: Terms, population: int | None, amount: str) -> None:
    assert fee_of(terms, population).amount == Decimal(amount)


@pytest.mark.parametrize("terms", [Terms(per_inhabitant=Decimal(1)), Terms(tiers=TIERS)])
def test_an_unknown_number_of_inhabitants_is_never_taken_for_zero(terms: Terms) -> None:
    with pytest.raises(CannotReckon):
        fee_of(terms, None)


def test_tiers_are_read_in_order_and_twice_is_refused() -> None:
    assert read_tiers("100 000 = 150000,50\n0=5") == [
        (0, Decimal(5)),
        (100_000, Decimal("150000.50")),
    ]
    for text in ("сто = 5", "0 = 5\n0 = 6", "0 = -5", "0 = NaN"):
        with pytest.raises(ValueError, match=text.splitlines()[-1]):
            read_tiers(text)


@pytest.mark.django_db
def test_invoices_are_numbered_without_gaps_and_told_why_not() -> None:
    office = make_user("office@association.example")
    make_member("Glazov")
    make_member(make_city("Vologda", population=None))
    rule = FeeRule.objects.create(
        year=2026, per_inhabitant=Decimal(1), decided_in="Решение собрания № 3"
    )

    issued, left = issue_for_all(rule=rule, by=office, on=TODAY)
    cancel_invoice(invoice=issued[0], because="Ошибка", on=TODAY)
    again = issue_invoice(member=issued[0].member, rule=rule, by=office, on=TODAY)
    with pytest.raises(CannotInvoice):
        issue_invoice(member=again.member, rule=rule, by=office, on=TODAY)
    mark_paid(invoice=again, paid_on=TODAY, on=TODAY)
    with pytest.raises(CannotInvoice):
        cancel_invoice(invoice=again, because="Поздно", on=TODAY)

    numbers = list(Invoice.objects.order_by("number").values_list("number", "state"))
    assert numbers == [("2026-0001", "cancelled"), ("2026-0002", "paid")]
    assert [str(member) for member, _reason in left] == ["Vologda"]
    totals = totals_of(rule, on=TODAY)
    assert (totals.invoices, totals.paid, totals.open) == (1, Decimal(60_000), Decimal(0))
    assert invoice_word(again, language="ru").startswith(b"PK")
