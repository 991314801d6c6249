"""The association: an invoice as tagged PDF and as Word."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from novator.association.models import Invoice
from novator.core.documents import add_table, new_document, tagged_pdf, word_bytes

_SOURCE = """
= #data.title
#for line in data.facts [ #par[*#line.at(0):* #line.at(1)] ]

== #data.names.payee
#lines(data.payee)

== #data.names.amount
#sheet((1fr, auto), data.head, data.rows)
#list(..data.notes.map(words))
"""


def invoice_pdf(invoice: Invoice, *, language: str) -> bytes:
    """The invoice as PDF/UA-1; the same invoice gives the same bytes."""
    with translation.override(language):
        data = _facts(invoice, language)
    made_at = datetime.combine(invoice.issued_on, time(9), tzinfo=UTC)
    return tagged_pdf(_SOURCE, data=data, made_at=made_at)


def invoice_word(invoice: Invoice, *, language: str) -> bytes:
    """The invoice as a Word document."""
    with translation.override(language):
        data = _facts(invoice, language)
    document = new_document(data["title"], language)
    for name, said in data["facts"]:
        document.add_paragraph(f"{name}: {said}")
    document.add_heading(data["names"]["payee"], level=1)
    for line in data["payee"].splitlines():
        document.add_paragraph(line)
    document.add_heading(data["names"]["amount"], level=1)
    add_table(document, head=data["head"], rows=data["rows"])
    for note in data["notes"]:
        document.add_paragraph(note, style="List Bullet")
    return word_bytes(document)


def reckoning_words(invoice: Invoice) -> list[str]:
    """How the amount came about, in sentences."""
    rule, reckoned = invoice.rule, invoice.reckoning
    people = reckoned.get("population")
    unbounded = _money(Decimal(reckoned["unbounded"]))
    found = []
    if reckoned.get("tier") is not None:
        found.append(
            _("%(people)s inhabitants: the tier from %(tier)s, %(amount)s roubles.")
            % {"people": _whole(people), "tier": _whole(reckoned["tier"]), "amount": unbounded}
        )
    elif rule.per_inhabitant:
        found.append(
            _("%(base)s + %(rate)s × %(people)s inhabitants = %(amount)s roubles.")
            % {
                "base": _money(rule.base),
                "rate": number_format(rule.per_inhabitant.normalize()),
                "people": _whole(people),
                "amount": unbounded,
            }
        )
    if reckoned["bound"] == "least":
        found.append(
            _("The least fee holds: %(amount)s roubles.") % {"amount": _money(invoice.amount)}
        )
    if reckoned["bound"] == "most":
        found.append(
            _("The greatest fee holds: %(amount)s roubles.") % {"amount": _money(invoice.amount)}
        )
    return [*found, _("The rule was set in: %(paper)s.") % {"paper": rule.decided_in.rstrip(".")}]


def _facts(invoice: Invoice, language: str) -> dict[str, Any]:
    city = invoice.member.municipality
    year = str(invoice.rule.year)
    return {
        "title": _("Invoice No. %(number)s") % {"number": invoice.number},
        "language": language[:2],
        "facts": [
            [_("Issued on"), date_format(invoice.issued_on, "DATE_FORMAT")],
            [_("To be paid by"), date_format(invoice.due_on, "DATE_FORMAT")],
            [_("Payer"), city.name_ru],
            [_("State"), str(invoice.get_state_display())],
        ],
        "names": {"payee": _("Payee"), "amount": _("Amount")},
        "payee": invoice.rule.payee or _("The association has not stated its bank details."),
        "head": [_("For what"), _("Roubles")],
        "rows": [
            [_("Membership fee for %(year)s") % {"year": year}, _money(invoice.amount)],
        ],
        "notes": reckoning_words(invoice),
    }


def _money(amount: Decimal) -> str:
    return number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)


def _whole(number: int | None) -> str:
    return number_format(number or 0, decimal_pos=0, use_l10n=True, force_grouping=True)
