"""The association: positions written, remarked on, signed and moved on by who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from novator.association import joint_letters as letters
from novator.association import positions as work
from novator.association.common_permissions import (
    groups_led_by,
    may_lead_position,
    may_see_position,
    may_write_position,
)
from novator.association.mandates import Act, Acting, CannotAct, acting_as
from novator.association.models import (
    Member,
    Position,
    Remark,
    WorkingGroup,
)
from novator.association.models.common_work import position_kind_choices
from novator.association.permissions import is_association_office
from novator.association.position_steps import CannotMove
from novator.files.operations import FileRefused
from novator.portal.association_crumbs import association_crumbs
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.positions import position_or_404, position_page
from novator.portal.unprintable import typed

ACTS_AN_HOUR = 120
_KEPT = {
    **{"until": 40, "sent_on": 20, "number": 60, "how": 300},
    **{"answered_on": 20, "answer": 20_000, "result": 4000, "because": 400},
}
"""What is typed for an act of the office, with its most signs; a refused act shows it again."""


class PositionForm(forms.Form):
    """What is written of a position."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=position_kind_choices)
    title = forms.CharField(label=gettext_lazy("Title in Russian"), max_length=300)
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=300, required=False
    )
    subject = forms.CharField(
        label=gettext_lazy("On what"),
        max_length=600,
        required=False,
        help_text=gettext_lazy("The bill, law or programme, with number and date."),
    )
    addressee = forms.CharField(
        label=gettext_lazy("To whom it goes"), max_length=400, required=False
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Working group"), queryset=WorkingGroup.objects.none(), required=False
    )
    text = forms.CharField(
        label=gettext_lazy("Text in Russian"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("A blank line begins a paragraph; members remark by paragraph."),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        max_length=400_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    note = forms.CharField(
        label=gettext_lazy("What changed in this version"), max_length=400, required=False
    )

    def offer_groups(self, request: HttpRequest, position: Position | None = None) -> None:
        """Offer the office every group, a chair the own ones; who only writes leaves it as is."""
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        if is_association_office(request.user, on=today()):
            field.queryset = WorkingGroup.objects.all()
        else:
            led = {one.pk for one in groups_led_by(request.user, on=today())}
            if position is not None and position.group_id is not None:
                led = led if position.group_id in led else {position.group_id}
            field.queryset = WorkingGroup.objects.filter(pk__in=led)
            field.required = True

    def draft(self) -> work.Draft:
        """What was typed, as the operations take it."""
        return work.Draft(**self.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("position", per_hour=ACTS_AN_HOUR)
def position_new(request: HttpRequest) -> HttpResponse:
    """Begin a position or joint letter."""
    on = today()
    if not (is_association_office(request.user, on=on) or groups_led_by(request.user, on=on)):
        raise PermissionDenied(
            _("Positions are begun by the office or by the chair of a working group.")
        )
    kind = request.GET.get("kind", "")
    form = PositionForm(request.POST or None, initial={"kind": kind})
    form.offer_groups(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = work.begin_position(
                draft=form.draft(), by=reader(request), now=timezone.now(), on=on
            )
        except CannotMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Stored. Members see it when the consultation is opened."))
            return redirect(made)
    context = {"form": form, "crumbs": _crumbs((_("Write"), ""))}
    return render(request, "portal/positions/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("position", per_hour=ACTS_AN_HOUR)
def position_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write the next version of a draft."""
    found = position_or_404(request, public_id)
    if not may_write_position(request.user, found, on=today()):
        raise PermissionDenied(_("This position is written by others."))
    form = PositionForm(request.POST or None, initial=_initial(found))
    form.offer_groups(request, found)
    revision, stored = found.revision, None
    if request.method == "POST" and form.is_valid():
        try:
            work.write_version(
                position=found,
                draft=form.draft(),
                revision=_number(request.POST.get("revision", "")),
                by=reader(request),
                now=timezone.now(),
                on=today(),
            )
        except work.PositionChanged as refusal:
            form.add_error(None, str(refusal))
            found.refresh_from_db()
            revision, stored = found.revision, work.latest_version(found)
        except CannotMove as refusal:
            form.add_error(None, str(refusal))
            revision = _number(request.POST.get("revision", ""))
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    elif request.method == "POST":
        revision = _number(request.POST.get("revision", ""))
    context = {
        "form": form,
        "position": found,
        "revision": revision,
        "stored": stored,
        "crumbs": _crumbs((str(found), found.get_absolute_url()), (_("Next version"), "")),
    }
    return render(request, "portal/positions/edit.html", context)


@require_POST
@sign_in_needed
@limited("position_remark", per_hour=ACTS_AN_HOUR)
def position_remark(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Remark on a paragraph for a member."""
    found = position_or_404(request, public_id)
    said = {name: typed(request, name, 4000) for name in ("paragraph", "text", "proposed")}
    try:
        acting = _acting(request, "speak")
        work.remark(
            version=_version(found, request),
            paragraph=_number(said["paragraph"]),
            acting=acting,
            text=said["text"],
            proposed=said["proposed"],
            by=reader(request),
            now=timezone.now(),
        )
    except (CannotMove, CannotAct) as refusal:
        return position_page(request, found, fault=str(refusal), typed=said)
    messages.success(request, _("The remark is stored with the mandate it rests on."))
    return redirect(f"{found.get_absolute_url()}#p{_number(said['paragraph'])}")


@require_POST
@sign_in_needed
@limited("position_remark", per_hour=ACTS_AN_HOUR)
def remark_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a member what became of its remark."""
    rows = Remark.objects.select_related("version__position__group")
    row = get_object_or_404(rows, pk=pk)
    found = row.version.position
    if not may_see_position(request.user, found, on=today()):
        raise Http404(_("There is no such position."))
    if not may_lead_position(request.user, found.group, on=today()):
        raise PermissionDenied(
            _("This is done by the office or by the chair of the working group.")
        )
    try:
        work.answer_remark(
            remark=row,
            state=request.POST.get("state", ""),
            answer=typed(request, "answer", 2000),
            by=reader(request),
            now=timezone.now(),
            on=today(),
        )
    except CannotMove as refusal:
        answered = {
            "pk": row.pk,
            "text": typed(request, "answer", 2000),
            "state": typed(request, "state", 20),
        }
        return position_page(request, found, fault=str(refusal), answered=answered)
    return redirect(f"{found.get_absolute_url()}#p{row.paragraph}")


@require_POST
@sign_in_needed
@limited("position_act", per_hour=ACTS_AN_HOUR)
def position_act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Move a position on, or sign a letter."""
    found = position_or_404(request, public_id)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    try:
        act(request, found)
    except (CannotMove, CannotAct, FileRefused) as refusal:
        kept = {name: typed(request, name, most) for name, most in _KEPT.items()}
        return position_page(request, found, fault=str(refusal), kept=kept)
    messages.success(request, _("Done."))
    return redirect(found)


def _lead(request: HttpRequest) -> dict[str, Any]:
    return {"by": reader(request), "on": today()}


def _consult(request: HttpRequest, found: Position) -> None:
    until = _moment(request)
    work.open_consultation(position=found, until=until, now=timezone.now(), **_lead(request))


def _back(request: HttpRequest, found: Position) -> None:
    work.back_to_draft(position=found, **_lead(request))


def _vote(request: HttpRequest, found: Position) -> None:
    work.put_to_vote(position=found, now=timezone.now(), **_lead(request))


def _open_signing(request: HttpRequest, found: Position) -> None:
    until = _moment(request)
    letters.open_signing(position=found, until=until, now=timezone.now(), **_lead(request))


def _close_signing(request: HttpRequest, found: Position) -> None:
    letters.close_signing(position=found, now=timezone.now(), **_lead(request))


def _sign(request: HttpRequest, found: Position) -> None:
    acting = _acting(request, "sign")
    letters.sign_letter(position=found, acting=acting, by=reader(request), now=timezone.now())


def _unsign(request: HttpRequest, found: Position) -> None:
    letters.withdraw_signature(position=found, acting=_acting(request, "sign"), now=timezone.now())


def _send(request: HttpRequest, found: Position) -> None:
    how, number = typed(request, "how", _KEPT["how"]), typed(request, "number", _KEPT["number"])
    day = _day(request, "sent_on")
    work.send_position(position=found, sent_on=day, how=how, number=number, **_lead(request))


def _answered(request: HttpRequest, found: Position) -> None:
    work.record_answer(
        position=found,
        answered_on=_day(request, "answered_on"),
        answer=typed(request, "answer", _KEPT["answer"]),
        upload=request.FILES.get("file"),
        **_lead(request),
    )


def _close(request: HttpRequest, found: Position) -> None:
    result = typed(request, "result", _KEPT["result"])
    work.close_position(position=found, result=result, **_lead(request))


def _withdraw(request: HttpRequest, found: Position) -> None:
    because = typed(request, "because", _KEPT["because"])
    work.withdraw_position(position=found, because=because, **_lead(request))


_ACTS: dict[str, Callable[[HttpRequest, Position], None]] = {
    "consult": _consult,
    "draft": _back,
    "vote": _vote,
    "open_signing": _open_signing,
    "close_signing": _close_signing,
    "sign": _sign,
    "unsign": _unsign,
    "send": _send,
    "answered": _answered,
    "close": _close,
    "withdraw": _withdraw,
}


def _acting(request: HttpRequest, act: Act) -> Acting:
    """The mandate of the reader for the member that the form names."""
    key = _number(request.POST.get("member", ""))
    member = get_object_or_404(Member.objects.select_related("municipality"), pk=key)
    return acting_as(request.user, member, on=today(), act=act)


def _version(found: Position, request: HttpRequest) -> Any:
    number = _number(request.POST.get("version", ""))
    version = found.versions.filter(number=number).first()
    if version is None:
        raise CannotMove(_("There is no such version."))
    return version


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _moment(request: HttpRequest) -> datetime:
    field = forms.DateTimeField()
    try:
        moment: datetime = field.clean(request.POST.get("until", ""))
    except forms.ValidationError as fault:
        raise CannotMove(_("State a day and time.")) from fault
    return moment


def _day(request: HttpRequest, name: str) -> date:
    try:
        day: date = forms.DateField().clean(request.POST.get(name, ""))
    except forms.ValidationError as fault:
        raise CannotMove(_("State a day.")) from fault
    return day


def _initial(found: Position) -> dict[str, Any]:
    version = work.latest_version(found)
    return {
        "kind": found.kind,
        "title": found.title,
        "title_en": found.title_en,
        "subject": found.subject,
        "addressee": found.addressee,
        "group": found.group_id,
        "text": "\n\n".join(version.paragraphs),
        "text_en": "\n\n".join(version.paragraphs_en),
    }


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return association_crumbs(
        (_("Positions"), reverse("positions")),
        *more,
    )
