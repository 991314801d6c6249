"""The association: rules of fees, invoices as documents, what is paid and what is overdue."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.association.invoice_documents import invoice_pdf, invoice_word, reckoning_words
from novator.association.invoicing import (
    CannotInvoice,
    cancel_invoice,
    issue_for_all,
    mark_paid,
    overdue_invoices,
    totals_of,
)
from novator.association.models import FeeRule, Invoice
from novator.association.permissions import may_keep_fees, may_see_invoice, may_see_representatives
from novator.core.documents import PDF_TYPE, WORD_TYPE
from novator.core.languages import reader_language
from novator.portal.association import member_called
from novator.portal.association_crumbs import association_crumbs
from novator.portal.association_forms import FeeRuleForm, PaidForm, ReasonForm
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.tables import csv_answer

CHANGES_AN_HOUR = 120
FILES = {"pdf": PDF_TYPE, "docx": WORD_TYPE}
COLUMNS = (
    "number",
    "city",
    "oktmo",
    "amount",
    "state",
    "issued_on",
    "due_on",
    "paid_on",
    "is_overdue",
)
_ROWS = Invoice.objects.select_related("member__municipality__region", "rule")


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("association_fees", per_hour=CHANGES_AN_HOUR)
def fees(request: HttpRequest) -> HttpResponse:
    """A year's fees as the office sees them: its rule, totals, invoices; all are issued here."""
    _only_office(request)
    on = today()
    rules = list(FeeRule.objects.all())
    rule = _rule_asked_for(request, rules)
    if request.method == "POST" and rule is not None:
        issued, left = issue_for_all(rule=rule, by=reader(request), on=on)
        messages.success(request, _("Invoices issued: %(count)s.") % {"count": len(issued)})
        for member, reason in left[:20]:
            messages.warning(request, f"{member}: {reason}")
        return redirect(f"{reverse('fees')}?year={rule.year}")
    invoices = _ROWS.filter(rule=rule).order_by("number") if rule else []
    context = {
        "rules": rules,
        "rule": rule,
        "totals": totals_of(rule, on=on) if rule else None,
        "invoices": [(one, one.is_overdue(on)) for one in invoices],
        "overdue": [one for one in overdue_invoices(on=on) if rule is None or one.rule != rule],
        "crumbs": [*_crumbs(), (_("Membership fees"), "")],
    }
    return render(request, "portal/association/fees.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("association_fees", per_hour=CHANGES_AN_HOUR)
def fee_rule(request: HttpRequest, year: int = 0) -> HttpResponse:
    """Write the rule of a year; once an invoice rests on it, only the payee can be changed."""
    _only_office(request)
    rule = get_object_or_404(FeeRule, year=year) if year else None
    is_used = rule is not None and rule.invoices.exists()
    form = FeeRuleForm(request.POST or None, rule=rule)
    if is_used:
        for name, field in form.fields.items():
            field.disabled = name not in {"payee", "due_days"}
    if request.method == "POST" and form.is_valid():
        kept = rule or FeeRule()
        for name, value in form.cleaned_data.items():
            setattr(kept, name, value)
        kept.save()
        messages.success(request, _("The rule is kept."))
        return redirect(f"{reverse('fees')}?year={form.cleaned_data['year']}")
    context = {
        "form": form,
        "rule": rule,
        "is_used": is_used,
        "crumbs": [*_crumbs(), (_("Membership fees"), reverse("fees")), (_("Rule"), "")],
    }
    return render(request, "portal/association/fee_rule.html", context)


@require_safe
@sign_in_needed
def fees_csv(request: HttpRequest, year: int) -> HttpResponse:
    """A year's invoices as a table."""
    _only_office(request)
    rule = get_object_or_404(FeeRule, year=year)
    rows = [_cells(one, today()) for one in _ROWS.filter(rule=rule).order_by("number")]
    return csv_answer([COLUMNS, *rows], f"novator-fees-{year}.csv")


@require_safe
@sign_in_needed
def member_fees(request: HttpRequest, slug: str) -> HttpResponse:
    """A member's own invoices."""
    found = member_called(slug)
    on = today()
    if not may_see_representatives(request.user, found, on=on):
        raise PermissionDenied(_("Only the city's own people and the office see its fees."))
    own = _ROWS.filter(member=found).order_by("-issued_on", "-number")
    context = {
        "member": found,
        "invoices": [(one, one.is_overdue(on)) for one in own],
        "crumbs": association_crumbs(
            (found.municipality.name, found.get_absolute_url()),
            (_("Membership fees"), ""),
        ),
    }
    return render(request, "portal/association/member_fees.html", context)


@require_safe
@sign_in_needed
def invoice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One invoice, how it was reckoned, its documents; the office records the payment here."""
    found = _invoice(request, public_id)
    return _page(request, found, PaidForm(initial={"paid_on": today()}), ReasonForm())


@require_safe
@sign_in_needed
def invoice_file(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """The invoice as PDF or Word."""
    found = _invoice(request, public_id)
    if kind not in FILES:
        raise Http404(_("There is no such file."))
    made = invoice_pdf if kind == "pdf" else invoice_word
    body = made(found, language=reader_language())
    response = HttpResponse(body, content_type=FILES[kind])
    name = f"{_('invoice')}-{found.number}.{kind}"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return response


@require_POST
@sign_in_needed
@limited("association_fees", per_hour=CHANGES_AN_HOUR)
def invoice_act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record the payment, or cancel."""
    _only_office(request)
    found = _invoice(request, public_id)
    paid, reason = PaidForm(), ReasonForm()
    try:
        if request.POST.get("act") == "cancel":
            reason = ReasonForm(request.POST)
            if not reason.is_valid():
                return _page(request, found, paid, reason)
            cancel_invoice(invoice=found, because=reason.cleaned_data["because"], on=today())
        else:
            paid = PaidForm(request.POST)
            if not paid.is_valid():
                return _page(request, found, paid, reason)
            mark_paid(invoice=found, paid_on=paid.cleaned_data["paid_on"], on=today())
    except CannotInvoice as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Recorded."))
    return redirect(found)


def invoices_overdue() -> int:
    """How many invoices should have been paid."""
    return Invoice.objects.filter(state="issued", due_on__lt=today()).count()


def _page(request: HttpRequest, found: Invoice, paid: PaidForm, reason: ReasonForm) -> HttpResponse:
    on = today()
    bound = next((form for form in (paid, reason) if form.is_bound), None)
    context: dict[str, Any] = {
        "invoice": found,
        "member": found.member,
        "is_overdue": found.is_overdue(on),
        "reckoning": reckoning_words(found),
        "keeps": may_keep_fees(request.user, on=on) and found.state == "issued",
        "paid_form": paid,
        "reason_form": reason,
        "form": bound,
        "crumbs": association_crumbs(
            (found.member.municipality.name, found.member.get_absolute_url()),
            (_("Invoice No. %(number)s") % {"number": found.number}, ""),
        ),
    }
    return render(request, "portal/association/invoice.html", context)


def _invoice(request: HttpRequest, public_id: UUID) -> Invoice:
    found = get_object_or_404(_ROWS, public_id=public_id)
    if not may_see_invoice(request.user, found, on=today()):
        raise PermissionDenied(_("Only the city's own people and the office see its fees."))
    return found


def _rule_asked_for(request: HttpRequest, rules: list[FeeRule]) -> FeeRule | None:
    year = request.GET.get("year") or request.POST.get("year") or ""
    named = next((rule for rule in rules if str(rule.year) == year), None)
    return named or (rules[0] if rules else None)


def _cells(one: Invoice, on: date) -> list[str]:
    city = one.member.municipality
    return [
        one.number,
        city.name,
        city.oktmo,
        str(one.amount),
        one.state,
        one.issued_on.isoformat(),
        one.due_on.isoformat(),
        one.paid_on.isoformat() if one.paid_on else "",
        "true" if one.is_overdue(on) else "false",
    ]


def _only_office(request: HttpRequest) -> None:
    if not may_keep_fees(request.user, on=today()):
        raise PermissionDenied(_("Only the association's office keeps the fees."))


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Office of the association"), reverse("office"))]
