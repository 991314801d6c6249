"""Who decides: the forms of a decision, its steps, effects, mandates and files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from novator.council.decision_words import event_in_words
from novator.council.models import EFFECTS, Decision, Organization, Person, Post, VoteEvent
from novator.council.models.decisions import STATES, TRANSITIONS
from novator.portal.form_fields import day_field
from novator.portal.people_choices import offer_people
from novator.portal.session_forms import DAY_HELP, DayField

MOST_DECISIONS = 200
_MANDATES = {"give_mandate", "withdraw_mandate"}


def posts_of(council: Organization) -> QuerySet[Post]:
    """Posts of the bodies of the council's municipality."""
    rows = Post.objects.filter(organization__municipality=council.municipality_id)
    return rows.select_related("organization").order_by("organization", "id")


def carried_decisions(council: Organization, *, but: Decision | None = None) -> Any:
    """The latest decisions of the council that stand, for a choice."""
    rows = Decision.objects.carried().filter(council=council).defer("text")
    rows = rows.exclude(pk=but.pk) if but is not None else rows
    latest = rows.order_by("-adopted_to", "-id").values_list("pk", flat=True)[:MOST_DECISIONS]
    return Decision.objects.filter(pk__in=list(latest)).order_by("-adopted_to", "-id")


def _words(label: Any, longest: int, *, rows: int = 0, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=widget, **options
    )


class _NumberedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Decisions by number and title."""

    def label_from_instance(self, obj: Any) -> str:
        """How a decision stands in the list."""
        return f"№ {obj.number}. {obj}" if obj.number else str(obj)


class _VoteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Votes by their motion and result."""

    def label_from_instance(self, obj: Any) -> str:
        """How a vote stands in the list."""
        return f"{obj.motion}: {event_in_words(obj)}"


class DecisionForm(forms.Form):
    """A decision as it is drafted; what was adopted takes only what explains it."""

    folded: tuple[str, ...] = ("title_en", "summary_en", "initiated_as_en", "legal_basis")
    title = forms.CharField(label=_("Title"), max_length=600)
    title_en = _words(_("Title in English"), 600)
    event = _VoteChoice(
        label=_("Vote that decides"),
        empty_label="—",
        queryset=VoteEvent.objects.none(),
        required=False,
        help_text=_("Without a vote here the decision needs its document: a file or a source."),
    )
    number = _words(_("Number"), 60, help_text=_("May be given later, before it is signed."))
    is_number_unstated = forms.BooleanField(
        label=_("The source does not state the number"), required=False
    )
    adopted = DayField(label=_("Day"), required=False, help_text=DAY_HELP)
    text = _words(_("Text"), 400_000, rows=12)
    summary = _words(_("In short"), 4000, rows=3)
    summary_en = _words(_("In short, in English"), 4000, rows=3)
    initiated_by = forms.ModelChoiceField(
        label=_("Who initiated it"), queryset=Person.objects.none(), required=False
    )
    initiated_as = _words(_("As whom"), 200, help_text=_("For example: head of the city."))
    initiated_as_en = _words(_("As whom, in English"), 200)
    legal_basis = _words(_("Act it rests on"), 300)
    source_title = _words(_("Source: its name"), 400)
    source_url = forms.URLField(
        label=_("Source: its address"), max_length=600, required=False, assume_scheme="https"
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        council: Organization,
        events: Sequence[VoteEvent] = (),
        only: Iterable[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        offer_people(self, "initiated_by", council=council)
        votes = self.fields["event"]
        assert isinstance(votes, forms.ModelChoiceField)
        chosen = VoteEvent.objects.filter(pk__in=[event.pk for event in events])
        votes.queryset = chosen.select_related("motion")
        if not events:
            del self.fields["event"]
        for name in [name for name in self.fields if only and name not in only]:
            del self.fields[name]
        if only:
            self.folded = ()

    def has_folded_faults(self) -> bool:
        """Whether something folded up is at fault or filled in."""
        shown = (self[name] for name in self.folded if name in self.fields)
        return any(field.errors or field.value() for field in shown)

    def values(self) -> dict[str, Any]:
        """What is typed, by the columns of a decision."""
        names = (
            *("number", "is_number_unstated", "title_en", "text", "summary", "summary_en"),
            *("initiated_as", "initiated_as_en", "legal_basis"),
        )
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class StepForm(forms.Form):
    """The next step of a decision's life."""

    state = forms.ChoiceField(label=_("Step"), widget=forms.RadioSelect)
    on = DayField(label=_("Day"), help_text=DAY_HELP)
    number = _words(
        _("Number of the decision"), 60, help_text=_("Needed before it is signed or published.")
    )
    note = _words(
        _("Note"),
        600,
        rows=2,
        help_text=_("Where it was published; why it was returned; which court repealed it."),
    )
    person = forms.ModelChoiceField(
        label=_("Who acted"), queryset=Person.objects.none(), required=False
    )
    by_decision = _NumberedChoice(
        label=_("By which decision"),
        empty_label="—",
        queryset=Decision.objects.none(),
        required=False,
        help_text=_("The decision that amends or repeals this one."),
    )

    def __init__(self, *args: Any, decision: Decision, **options: Any) -> None:
        super().__init__(*args, **options)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        following = TRANSITIONS[decision.state]
        state.choices = [(code, name) for code, name in STATES.items() if code in following]
        council = decision.council
        offer_people(self, "person", council=council)
        changing = carried_decisions(council, but=decision)
        self.fields["by_decision"].queryset = changing  # type: ignore[attr-defined]
        if decision.number or decision.is_number_unstated:
            del self.fields["number"]
        if not following & {"amended", "repealed"}:
            del self.fields["by_decision"]


class EffectForm(forms.Form):
    """What a decision effects; a practice is chosen among those found."""

    kind = forms.ChoiceField(label=pgettext_lazy("a decision", "Effect"))
    practice = forms.ChoiceField(
        label=_("Practice"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Only for the adoption of a practice: find it above and choose it."),
    )
    text = _words(_("In words"), 600, rows=2)
    text_en = _words(_("In words, in English"), 600, rows=2)

    def __init__(self, *args: Any, cards: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        kind, practice = self.fields["kind"], self.fields["practice"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(practice, forms.ChoiceField)
        kind.choices = [(code, name) for code, name in EFFECTS.items() if code not in _MANDATES]
        practice.choices = list(cards)
        if not cards:
            del self.fields["practice"]

    def clean(self) -> dict[str, Any]:
        """An adopted practice is named."""
        told = super().clean() or {}
        if told.get("kind") == "adopt_practice" and not told.get("practice"):
            words = _("Find the practice by words first, then choose it.")
            self.add_error("practice" if "practice" in self.fields else "kind", str(words))
        return told


class MandateForm(forms.Form):
    """Who may act for the city, for what, towards whom, from when until when."""

    holder_post = forms.ModelChoiceField(
        label=_("Post"),
        empty_label="—",
        queryset=Post.objects.none(),
        required=False,
        help_text=_("Whoever holds the post may act; or choose a person below."),
    )
    holder = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), required=False
    )
    subject = forms.CharField(
        label=_("For what"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    subject_en = _words(_("For what, in English"), 600, rows=2)
    towards = _words(_("Towards whom"), 400)
    towards_en = _words(_("Towards whom, in English"), 400)
    is_towards_association = forms.BooleanField(
        label=_("It counts in this association"), required=False, initial=True
    )
    may_vote = forms.BooleanField(label=_("May vote"), required=False, initial=True)
    may_sign = forms.BooleanField(label=_("May sign"), required=False, initial=True)
    may_substitute = forms.BooleanField(label=_("May name a substitute"), required=False)
    starts_on = day_field(
        _("First day"), help_text=_("Empty: from the day of the decision."), required=False
    )
    ends_on = day_field(
        _("Last day"),
        help_text=_("Empty: until it is withdrawn; it may outlive the council."),
        required=False,
    )

    def __init__(self, *args: Any, council: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_people(self, "holder", council=council)
        self.fields["holder_post"].queryset = posts_of(council)  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Which decision ends a mandate, from which day on."""

    decision = _NumberedChoice(
        label=_("By which decision"), empty_label="—", queryset=Decision.objects.none()
    )
    on = day_field(_("From which day on"), required=False)
    because = _words(_("Reason"), 300)

    def __init__(self, *args: Any, council: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["decision"].queryset = carried_decisions(council)  # type: ignore[attr-defined]
        self.fields["on"].required = True


class FileForm(forms.Form):
    """A file that belongs to a decision."""

    file = forms.FileField(label=_("File"))
    title = forms.CharField(label=_("What it is"), max_length=300)
    examples = {"title": _("signed text; annex 1")}


class SignForm(forms.Form):
    """Who signs a protocol, and when; a correction says why."""

    signed_by = forms.ModelChoiceField(label=_("Who signed it"), queryset=Person.objects.none())
    signed_on = day_field(_("Day of signing"), required=False)
    reason = forms.CharField(
        label=_("Why it is corrected"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, council: Organization, is_correction: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        offer_people(self, "signed_by", council=council)
        self.fields["signed_on"].required = True
        if not is_correction:
            del self.fields["reason"]
