"""Solutions found elsewhere: the office's pages of other catalogues and of what disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from novator.drafts.fields import Field, typed_from
from novator.drafts.form import ALL_FIELDS
from novator.interchange.fetching import CannotRead
from novator.interchange.models import RHYTHMS, Conflict, ForeignCard, Neighbour, PassedOn
from novator.interchange.operations import (
    add_neighbour,
    ask_to_read,
    begin_anew,
    change_neighbour,
    forget_neighbour,
    pass_on,
    take_passed_on,
)
from novator.interchange.ordering import own_installation
from novator.interchange.permissions import may_run_exchange
from novator.interchange.queries import neighbours, open_conflicts
from novator.interchange.settling import (
    CannotSettle,
    differing,
    settle_conflict,
    state_of,
)
from novator.portal.limits import limited
from novator.portal.paging import page_of
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.told_fields import column_name
from novator.practices.models import Practice
from novator.practices.values import NOTHING

EACH = 20
ACTS_AN_HOUR = 120
FAILURES = {
    "address": gettext_lazy("This is no address of a site."),
    "another": gettext_lazy("Another installation than before answers there."),
    "busy": gettext_lazy("Another process was reading it at that moment."),
    "certificate": gettext_lazy("Its certificate cannot be trusted: %(detail)s"),
    "format": gettext_lazy("It does not answer as a catalogue of Novator."),
    "impostor": gettext_lazy("It says that it is a catalogue that is read already at %(detail)s"),
    "itself": gettext_lazy("This is our own address."),
    "name": gettext_lazy("There is no site of this name."),
    "private": gettext_lazy("It lies in a private network; only the operator may name it."),
    "redirects": gettext_lazy("It leads to a place that is not followed: %(detail)s"),
    "size": gettext_lazy("Its answer is too large."),
    "slow": gettext_lazy("It does not answer in time."),
    "status": gettext_lazy("It answers with status %(detail)s."),
    "tls": gettext_lazy("No secure connection: %(detail)s"),
    "unreachable": gettext_lazy("It cannot be reached: %(detail)s"),
}
COUNTS = {
    "new": gettext_lazy("new cards"),
    "changed": gettext_lazy("changed cards"),
    "withdrawn": gettext_lazy("withdrawn cards"),
    "unchanged": gettext_lazy("cards as before"),
    "conflicts": gettext_lazy("conflicts"),
    "bad": gettext_lazy("faulty entries"),
    "own": gettext_lazy("our own, come back"),
    "not_taken": gettext_lazy("from elsewhere, not taken"),
    "kept": gettext_lazy("withdrawn here, stay so"),
}
_FIELDS = {field.name: field for field in ALL_FIELDS}


class AddForm(forms.Form):
    """Which catalogue is to be read."""

    examples = {"url": "https://novator.glazov.example"}
    url = forms.CharField(
        label=gettext_lazy("Address of the other site"),
        max_length=300,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)


class SettingsForm(forms.Form):
    """What the office decides about a catalogue."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Read it"),
        choices=lambda: list(RHYTHMS.items()),
        widget=forms.RadioSelect,
    )
    passed_on = forms.MultipleChoiceField(
        label=gettext_lazy("Of whose cards that it passes on is it believed"),
        help_text=gettext_lazy(
            "Only those that you trust it to pass on unchanged. Cards of its own are always taken."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, origins: Sequence[PassedOn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not origins:
            del self.fields["passed_on"]
            return
        field = self.fields["passed_on"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.public_id), _name_of_origin(one)) for one in origins]


def _name_of_origin(one: PassedOn) -> str:
    number = ngettext("%(count)s card", "%(count)s cards", one.cards) % {"count": one.cards}
    name = f"{one.address} ({one.public_id})" if one.address else str(one.public_id)
    return f"{name}, {number}"


@dataclass(frozen=True)
class Row:
    """One field that reads differently here and there, as words."""

    name: str
    label: str
    ours: str
    theirs: str


def copy_from_elsewhere(request: HttpRequest, practice: Practice) -> dict[str, Any]:
    """For the page of a card that came from elsewhere: its page and its files over there."""
    if not practice.origin:
        return {}
    return {"copied": ForeignCard.objects.filter(practice=practice).first()}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("neighbours", per_hour=ACTS_AN_HOUR)
def office(request: HttpRequest) -> HttpResponse:
    """Show the catalogues that we read, what disagrees, and what we offer; add a catalogue."""
    _check(request)
    form = AddForm(request.POST or None)
    if form.is_valid():
        try:
            neighbour = add_neighbour(**form.cleaned_data)
        except CannotRead as refusal:
            form.add_error("url", str(refusal))
        else:
            ask_to_read(neighbour=neighbour)
            messages.success(request, _("The catalogue is added and will be read in a moment."))
            return redirect(neighbour)
    waiting = page_of(list(open_conflicts()), request.GET.get("page", ""), each=EACH)
    context = {
        "form": form,
        "neighbours": neighbours(),
        "conflicts": waiting.rows,
        "conflicts_total": waiting.total,
        "page": waiting.number,
        "pages": waiting.pages,
        "own": own_installation(),
    }
    return render(request, "portal/neighbours/office.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("neighbour", per_hour=ACTS_AN_HOUR)
def neighbour(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a catalogue that we read: how it is read, and what the last reading brought."""
    _check(request)
    found = get_object_or_404(neighbours(), pk=pk)
    origins = list(found.passed_on.all())
    stored = {
        "name": found.name,
        "rhythm": found.rhythm,
        "passed_on": [str(one.public_id) for one in origins if one.is_taken],
    }
    form = SettingsForm(request.POST or None, initial=stored, origins=origins)
    if form.is_valid():
        said = form.cleaned_data
        change_neighbour(neighbour=found, name=said["name"], rhythm=said["rhythm"])
        take_passed_on(neighbour=found, origins={UUID(one) for one in said.get("passed_on", ())})
        messages.success(request, _("Saved."))
        return redirect(found)
    context = {
        "neighbour": found,
        "form": form,
        "failure": _failure(found),
        "counts": [(name, found.counts[key]) for key, name in COUNTS.items() if _has(found, key)],
    }
    return render(request, "portal/neighbours/neighbour.html", context)


@require_POST
@sign_in_needed
@limited("neighbour", per_hour=ACTS_AN_HOUR)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a catalogue now, begin anew with it, or read it no more."""
    _check(request)
    found = get_object_or_404(Neighbour, pk=pk)
    wanted = request.POST.get("act", "")
    if wanted == "forget":
        forget_neighbour(neighbour=found)
        messages.success(request, _("The catalogue is read no more. Cards that came from it stay."))
        return redirect("office_neighbours")
    if wanted == "anew":
        begin_anew(neighbour=found)
    elif wanted != "read":
        raise Http404
    ask_to_read(neighbour=found)
    messages.success(request, _("It will be read in a moment; look again then."))
    return redirect(found)


@require_POST
@sign_in_needed
@limited("neighbours", per_hour=ACTS_AN_HOUR)
def passing_on(request: HttpRequest) -> HttpResponse:
    """Decide whether we offer cards of others too."""
    _check(request)
    pass_on(is_wanted=request.POST.get("passes_on") == "yes")
    messages.success(request, _("Saved."))
    return redirect("office_neighbours")


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("neighbours", per_hour=ACTS_AN_HOUR)
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a card says here and there, field by field, and settle it."""
    _check(request)
    found = get_object_or_404(Conflict.objects.select_related("practice", "origin"), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            settle_conflict(
                conflict=found,
                theirs=_chosen(request, found),
                by=reader(request),
                seen=request.POST.get("seen", ""),
                withdraws=request.POST.get("verdict") == "withdraw",
            )
        except CannotSettle as fault:
            refusal = str(fault)
            found.refresh_from_db()
        else:
            messages.success(request, _("The conflict is settled."))
            return redirect("office_neighbours")
    context = {
        "conflict": found,
        "card": found.practice.texts.filter(language="ru").first(),
        "rows": [] if found.settled_at else _rows(found),
        "chosen": set(request.POST.getlist("theirs")),
        "seen": state_of(found),
        "refusal": refusal,
    }
    return render(request, "portal/neighbours/conflict.html", context)


def _chosen(request: HttpRequest, found: Conflict) -> list[str]:
    """Fields that are to be taken from there, by the button that was pressed."""
    verdict = request.POST.get("verdict", "")
    if verdict == "theirs":
        return [difference.field for difference in differing(found)]
    return request.POST.getlist("theirs") if verdict == "mixed" else []


def _rows(found: Conflict) -> list[Row]:
    return [
        Row(d.field, column_name(d.field), _words(d.field, d.before), _words(d.field, d.after))
        for d in differing(found)
    ]


def _words(name: str, value: Any) -> str:
    """A value of the catalogue's schema as people read it."""
    if value in NOTHING:
        return ""
    field = _FIELDS.get(name)
    if field is None:
        return _listed(value)
    typed = typed_from(field, value)
    if field.kind == "rows":
        return "\n".join(_cells(field.cells, row) for row in typed)
    names = dict(field.options)
    if isinstance(typed, list):
        return "; ".join(names.get(code, str(code)) for code in typed)
    return names.get(typed, str(typed))


def _cells(cells: Sequence[Field], row: dict[str, Any]) -> str:
    said = []
    for cell in cells:
        text = str(row.get(cell.name) or "")
        said.append(dict(cell.options).get(text, text))
    return " · ".join(part for part in said if part)


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_listed(item) for item in value)
    if isinstance(value, dict):
        return " · ".join(str(item) for item in value.values() if item not in NOTHING)
    return str(value)


def _failure(found: Neighbour) -> str:
    words = FAILURES.get(found.failure) if found.outcome == "failed" else None
    return str(words) % {"detail": found.failure_detail} if words else ""


def _has(found: Neighbour, key: str) -> bool:
    return bool(found.counts.get(key))


def _check(request: HttpRequest) -> None:
    if not may_run_exchange(reader(request), on=today()):
        raise PermissionDenied(_("This page is for the office of the association."))
