"""The association: forms of applications, of standing, of representatives, of fees."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.accounts.granting import person_with
from novator.accounts.models import User
from novator.association.checks import Checked
from novator.association.fees import read_tiers
from novator.association.models import STANDINGS, Application, FeeRule
from novator.council.decision_words import decided_on, number_of
from novator.council.models import Decision
from novator.files.models import StoredFile
from novator.files.operations import FileRefused, keep_file
from novator.portal.form_fields import day_input
from novator.portal.seen_form import SeenForm

MOST_ROUBLES = Decimal(10) ** 11


def decision_choices(decisions: Sequence[Decision]) -> list[tuple[str, str]]:
    """Decisions to choose from, with number and day."""
    return [(str(one.pk), f"{number_of(one)}, {decided_on(one)}: {one}") for one in decisions]


class ApplicationForm(forms.Form):
    """What a city writes: its decision, or the paper of a council that is not kept here."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision of your council"),
        help_text=gettext_lazy("Carried decisions kept here that say that the city joins."),
        required=False,
        widget=forms.RadioSelect,
    )
    document_number = forms.CharField(
        label=gettext_lazy("Number of the decision"), max_length=60, required=False
    )
    document_on = forms.DateField(
        label=gettext_lazy("Day of the decision"), required=False, widget=day_input()
    )
    document_body = forms.CharField(
        label=gettext_lazy("Body that decided"), max_length=300, required=False
    )
    document = forms.FileField(
        label=gettext_lazy("The decision as a file"),
        help_text=gettext_lazy("PDF, Word or a picture, signed."),
        required=False,
    )
    representative_name = forms.CharField(
        label=gettext_lazy("Who is to represent the city"),
        help_text=gettext_lazy("Full name, as the decision names the person."),
        max_length=200,
        required=False,
    )
    representative_position = forms.CharField(
        label=gettext_lazy("Office of the representative"), max_length=200, required=False
    )
    words = forms.CharField(
        label=gettext_lazy("On whose initiative, and what else the office should know"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    examples = {
        "document_number": gettext_lazy("25/114"),
        "representative_position": gettext_lazy("Глава города"),
    }
    outside = ("document_number", "document_on", "document_body", "document")

    def __init__(
        self, *args: Any, application: Application, decisions: Sequence[Decision], **options: Any
    ) -> None:
        names = ("document_number", "document_on", "document_body")
        more = ("representative_name", "representative_position", "words", "revision")
        initial = {name: getattr(application, name) for name in (*names, *more)}
        untouched = application.revision == 1 and not application.document_number
        latest = decisions[0].pk if decisions and untouched else ""
        initial["decision"] = str(application.decision_id or latest)
        super().__init__(*args, **{**options, "initial": initial})
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *decision_choices(decisions),
            ("", _("It is not kept here: the paper is described below")),
        ]
        self.kept = application.document
        self.outside_fields = [self[name] for name in self.outside]

    def clean_document(self) -> StoredFile | None:
        """The file, checked and kept; without a new one that of before."""
        upload = self.cleaned_data["document"]
        if not upload:
            return self.kept
        try:
            return keep_file(upload=upload)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def values(self) -> dict[str, Any]:
        """What was written, as the operation takes it."""
        found = {name: self.cleaned_data[name] for name in self.fields if name != "revision"}
        chosen = found["decision"]
        found["decision"] = Decision.objects.filter(pk=chosen).first() if chosen else None
        return found


class ChecksForm(SeenForm):
    """What the office saw for itself."""

    def __init__(self, *args: Any, checked: Sequence[Checked], **options: Any) -> None:
        super().__init__(*args, **options)
        for one in checked:
            if one.is_met is None or one.is_by_office:
                said = {True: "yes", False: "no", None: ""}[one.is_met]
                self.fields[one.check.code] = forms.ChoiceField(
                    label=one.check.name,
                    help_text=one.reason,
                    choices=[("yes", _("yes")), ("no", _("no")), ("", _("not looked at yet"))],
                    initial=said,
                    required=False,
                    widget=forms.RadioSelect,
                )


class RemarksForm(forms.Form):
    """What is to be mended, or why it is refused."""

    remarks = forms.CharField(
        label=gettext_lazy("Remarks for the city"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class StandingForm(forms.Form):
    """The next step of a membership."""

    standing = forms.ChoiceField(label=gettext_lazy("What happens"), widget=forms.RadioSelect)
    step_on = forms.DateField(label=gettext_lazy("From which day"), widget=day_input())
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision of the city's council to leave"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, or the paper it rests on"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        standings: Sequence[str],
        decisions: Sequence[Decision],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        names = {"admitted": _("resume the membership")}
        standing, decision = self.fields["standing"], self.fields["decision"]
        assert isinstance(standing, forms.ChoiceField)
        assert isinstance(decision, forms.ChoiceField)
        standing.choices = [(code, names.get(code, STANDINGS[code])) for code in standings]
        decision.choices = [("", _("none kept here")), *decision_choices(decisions)]
        if not decisions:
            del self.fields["decision"]


class AccountForm(forms.Form):
    """The account of whoever is to act, told by its address."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person's account"), max_length=254
    )

    def clean_email(self) -> User:
        """The account of this address."""
        user = person_with(self.cleaned_data["email"])
        if user is None:
            raise forms.ValidationError(
                _("There is no account with this address. The person opens one first.")
            )
        return user


class NamingForm(AccountForm):
    """On which mandate an account acts."""

    mandate = forms.ChoiceField(label=gettext_lazy("Mandate"), widget=forms.RadioSelect)
    field_order = ("mandate", "email")

    def __init__(self, *args: Any, mandates: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["mandate"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(mandates)
        if len(mandates) == 1:
            field.initial = mandates[0][0]


class SubstituteForm(AccountForm):
    """Who acts in the place of a representative, until when."""

    principal = forms.ChoiceField(label=gettext_lazy("In whose place"), widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=gettext_lazy("Until which day"), required=False, widget=day_input()
    )
    field_order = ("principal", "email", "ends_on")

    def __init__(self, *args: Any, principals: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["principal"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(principals)
        if len(principals) == 1:
            field.initial = principals[0][0]


class FeeRuleForm(forms.Form):
    """How the fee of a year is reckoned."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    base = forms.DecimalField(
        label=gettext_lazy("Base, roubles"), min_value=0, max_value=MOST_ROUBLES, decimal_places=2
    )
    per_inhabitant = forms.DecimalField(
        label=gettext_lazy("Per inhabitant, roubles"),
        min_value=0,
        max_value=99_999,
        decimal_places=4,
    )
    tiers = forms.CharField(
        label=gettext_lazy("Tiers"),
        help_text=gettext_lazy(
            "One a line: inhabitants from which it holds = roubles. They replace base and rate."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    least = forms.DecimalField(
        label=gettext_lazy("Not less than, roubles"),
        min_value=0,
        max_value=MOST_ROUBLES,
        decimal_places=2,
        required=False,
    )
    most = forms.DecimalField(
        label=gettext_lazy("Not more than, roubles"),
        min_value=0,
        max_value=MOST_ROUBLES,
        decimal_places=2,
        required=False,
    )
    due_days = forms.IntegerField(
        label=gettext_lazy("Days to pay"), min_value=1, max_value=365, initial=30
    )
    decided_in = forms.CharField(
        label=gettext_lazy("Paper of the association that set it"), max_length=300
    )
    payee = forms.CharField(
        label=gettext_lazy("Payee and bank details"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    examples = {
        "tiers": gettext_lazy("100000 = 150000"),
        "decided_in": gettext_lazy("Протокол общего собрания № 3 от 15.12.2025"),
    }

    def __init__(self, *args: Any, rule: FeeRule | None = None, **options: Any) -> None:
        if rule is not None:
            names = [name for name in self.base_fields if name != "tiers"]
            options["initial"] = {name: getattr(rule, name) for name in names} | {
                "tiers": "\n".join(f"{first} = {amount}" for first, amount in rule.tiers)
            }
        super().__init__(*args, **options)
        self.rule = rule

    def clean_year(self) -> int:
        """A year without a rule."""
        year: int = self.cleaned_data["year"]
        others = FeeRule.objects.filter(year=year)
        if self.rule is not None:
            others = others.exclude(pk=self.rule.pk)
        if others.exists():
            raise forms.ValidationError(_("This year has its rule already."))
        return year

    def clean_tiers(self) -> list[list[Any]]:
        """Pairs as the column keeps them."""
        try:
            found = read_tiers(self.cleaned_data["tiers"])
        except ValueError as fault:
            raise forms.ValidationError(
                _("The line “%(line)s” is no number of inhabitants = roubles.")
                % {"line": str(fault)[:60]}
            ) from fault
        return [[first, str(amount)] for first, amount in found]

    def clean(self) -> dict[str, Any]:
        """The least is not above the most."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        least, most = asked.get("least"), asked.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", _("It is less than the least fee."))
        return asked


class PaidForm(forms.Form):
    """On which day the money came."""

    paid_on = forms.DateField(label=gettext_lazy("Day of payment"), widget=day_input())


class ReasonForm(forms.Form):
    """Why something ends."""

    because = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
