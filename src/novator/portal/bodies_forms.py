"""Who decides: the forms in which people, bodies, memberships and rules are entered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from novator.core.partial_dates import Partial
from novator.council.bodies import cite_source
from novator.council.models import (
    BASES,
    ROLES,
    LifeEvent,
    Membership,
    Organization,
    Post,
    Source,
)
from novator.council.refusals import CannotRecord
from novator.portal.seen_form import SeenForm
from novator.portal.session_forms import DAY_HELP, DayField


class SourcedForm(forms.Form):
    """A form whose facts rest on a source; `folded` are fields that are seldom needed."""

    folded: tuple[str, ...] = ()
    source_title = forms.CharField(
        label=gettext_lazy("Source: title"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("A page, a newspaper, a protocol, a decision."),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Source: address on the web"),
        required=False,
        max_length=600,
        assume_scheme="https",
    )
    source_day = DayField(label=gettext_lazy("Source: published"), required=False)

    def clean(self) -> dict[str, Any]:
        """A source has a title."""
        said = super().clean() or {}
        if said.get("source_url") and not said.get("source_title"):
            self.add_error("source_title", _("Say what stands at this address."))
        return said

    def has_folded_faults(self) -> bool:
        """Whether a field that is folded up must be opened."""
        return any(name in self.errors for name in self.folded)

    def cited(self) -> Source | None:
        """The source, if one is named."""
        said = self.cleaned_data
        if not said["source_title"]:
            return None
        return cite_source(
            title=said["source_title"], url=said["source_url"], published=said["source_day"]
        )

    def refuse(self, refusal: CannotRecord) -> None:
        """Show what the rules do not allow, with the rule's name."""
        self.add_error(None, f"{refusal} ({_('rule')} {refusal.rule})")


class NamedForm(SourcedForm):
    """A body's names."""

    folded = ("short_name", "short_name_en", "website", "dissolved")
    name = forms.CharField(label=pgettext_lazy("a body", "Name"), max_length=300)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=300)
    short_name = forms.CharField(label=gettext_lazy("Short name"), required=False, max_length=80)
    short_name_en = forms.CharField(
        label=gettext_lazy("Short name in English"), required=False, max_length=80
    )

    def names(self) -> dict[str, Any]:
        """The names as they are stored."""
        fields = ("name", "name_en", "short_name", "short_name_en")
        return {field: self.cleaned_data[field] for field in fields}


class CouncilForm(NamedForm):
    """The council of a city, with the convocation that sits."""

    seats = forms.IntegerField(
        label=gettext_lazy("Established number of deputies"),
        required=False,
        min_value=1,
        max_value=500,
    )
    convocation = forms.CharField(
        label=gettext_lazy("Number of the convocation that sits"), required=False, max_length=20
    )
    convocation_from = DayField(label=gettext_lazy("Since when it sits"), help_text=DAY_HELP)
    website = forms.URLField(
        label=gettext_lazy("Site of the council"),
        required=False,
        max_length=300,
        assume_scheme="https",
    )
    examples = {"name": "Городская Дума города Заречного", "convocation": "VII"}
    field_order = [
        "name",
        "name_en",
        "seats",
        "convocation",
        "convocation_from",
        "short_name",
        "short_name_en",
        "website",
    ]


class BodyForm(NamedForm):
    """A part of a council, or another body of the city."""

    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=20)
    seats = forms.IntegerField(
        label=gettext_lazy("Established number of deputies"),
        required=False,
        min_value=1,
        max_value=500,
    )
    party = forms.ModelChoiceField(
        label=gettext_lazy("Party"),
        required=False,
        empty_label="—",
        queryset=Organization.objects.none(),
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place from the left"), required=False, min_value=0, max_value=99
    )
    founded = DayField(label=gettext_lazy("Since"), required=False, help_text=DAY_HELP)
    dissolved = DayField(label=gettext_lazy("Until"), required=False)
    field_order = ["name", "name_en", "number", "party", "position", "seats", "founded"]
    _only_for = {
        "number": {"convocation"},
        "seats": {"convocation", "council"},
        "party": {"faction", "party_branch"},
        "position": {"faction"},
    }

    def __init__(self, *args: Any, kind: str, **facts: Any) -> None:
        super().__init__(*args, **facts)
        for name, kinds in self._only_for.items():
            if kind not in kinds:
                del self.fields[name]
        if kind == "convocation":
            self.fields["founded"].required = True
        if "party" in self.fields:
            field = self.fields["party"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Organization.objects.filter(kind="party").order_by("name", "id")
            field.required = kind == "party_branch"

    def facts(self) -> dict[str, Any]:
        """Everything but the names and the source."""
        said = self.cleaned_data
        fields = ("number", "seats", "party")
        kept: dict[str, Any] = {name: said[name] for name in fields if name in said}
        return {
            **kept,
            "position": said.get("position") or 0,
            "founded": said["founded"],
            "dissolved": said["dissolved"],
        }


class WhyForm(forms.Form):
    """Why something that was entered is put right."""

    why = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        max_length=300,
        help_text=gettext_lazy("Kept in the trail with what stood there before."),
    )


class BodyChangeForm(BodyForm, WhyForm, SeenForm):
    """A body that was entered wrongly."""


class BodyEndForm(SourcedForm):
    """A body's end."""

    dissolved = DayField(label=gettext_lazy("Ended"), help_text=DAY_HELP)
    reason = forms.CharField(
        label=gettext_lazy("Why its members left"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "With a reason, everybody in it, in its factions and committees leaves on that day."
        ),
    )
    examples = {"reason": "Истечение срока полномочий созыва"}


class RosterForm(SourcedForm):
    """Many people at once."""

    people = forms.CharField(
        label=gettext_lazy("People"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        strip=False,
    )
    starts = DayField(label=gettext_lazy("Since"), required=False, help_text=DAY_HELP)
    is_founding = forms.BooleanField(
        label=gettext_lazy("Found factions and parties that are named for the first time"),
        required=False,
    )

    def __init__(self, *args: Any, kind: str, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["people"].help_text = (
            _("One a line: name; faction; party or list; how the seat was won.")
            if kind == "convocation"
            else _("One a line: name; role; what it is called.")
        )
        if kind != "convocation":
            del self.fields["is_founding"]


class PersonForm(SourcedForm):
    """Somebody new."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_en = forms.CharField(
        label=pgettext_lazy("a person", "Name in English"), required=False, max_length=200
    )
    examples = {"name": "Анна Петровна Берёзкина", "name_en": "Anna Beryozkina"}


class PersonChangeForm(WhyForm, SeenForm):
    """How somebody is called."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_en = forms.CharField(
        label=pgettext_lazy("a person", "Name in English"), required=False, max_length=200
    )
    family_name = forms.CharField(label=gettext_lazy("Family name"), required=False, max_length=100)
    given_name = forms.CharField(label=gettext_lazy("Given name"), required=False, max_length=100)
    patronymic = forms.CharField(label=gettext_lazy("Patronymic"), required=False, max_length=100)
    field_order = ["name", "name_en", "family_name", "given_name", "patronymic", "why"]


class MembershipForm(SourcedForm):
    """An office, a seat or a membership."""

    folded = ("label_en", "on_behalf_of", "election", "ends", "end_reason", "end_reason_en")
    organization = forms.ModelChoiceField(
        label=gettext_lazy("In which body"), empty_label="—", queryset=Organization.objects.none()
    )
    post = forms.ModelChoiceField(
        label=gettext_lazy("Post"),
        required=False,
        empty_label="—",
        queryset=Post.objects.none(),
        help_text=gettext_lazy("Only where one person at a time holds it."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    label = forms.CharField(
        label=gettext_lazy("What it is called"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Left empty, it is called as the post or the role."),
    )
    label_en = forms.CharField(
        label=gettext_lazy("What it is called in English"), required=False, max_length=200
    )
    on_behalf_of = forms.ModelChoiceField(
        label=gettext_lazy("Nominated by"),
        required=False,
        empty_label="—",
        queryset=Organization.objects.none(),
    )
    election = forms.CharField(
        label=gettext_lazy("How the seat was won"), required=False, max_length=200
    )
    starts = DayField(label=gettext_lazy("Since"), required=False, help_text=DAY_HELP)
    ends = DayField(label=gettext_lazy("Until"), required=False)
    end_reason = forms.CharField(label=gettext_lazy("Why it ended"), required=False, max_length=300)
    end_reason_en = forms.CharField(
        label=gettext_lazy("Why it ended, in English"), required=False, max_length=300
    )

    def __init__(self, *args: Any, bodies: Any, parties: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self._choose("organization", bodies)
        self._choose("post", Post.objects.filter(organization__in=bodies).order_by("label", "id"))
        self._choose("on_behalf_of", parties)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [("", _("as the post has it, else a member")), *ROLES.items()]

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def facts(self) -> dict[str, Any]:
        """The membership as it is recorded."""
        fields = (
            "organization",
            "post",
            "role",
            "label",
            "label_en",
            "on_behalf_of",
            "election",
            "starts",
            "ends",
            "end_reason",
            "end_reason_en",
        )
        said = self.cleaned_data
        role = said["role"] or (said["post"].role if said["post"] else "member")
        return {field: said[field] for field in fields} | {"role": role}


class MembershipChangeForm(MembershipForm, WhyForm, SeenForm):
    """A membership that was entered wrongly."""


class MembershipEndForm(SourcedForm):
    """The end of a membership."""

    ends = DayField(label=gettext_lazy("Ended"), help_text=DAY_HELP)
    reason = forms.CharField(label=gettext_lazy("Why it ended"), max_length=300)
    reason_en = forms.CharField(
        label=gettext_lazy("Why it ended, in English"), required=False, max_length=300
    )
    examples = {"reason": "Сложение полномочий по собственному желанию"}


class StatementForm(SourcedForm):
    """What somebody said in public."""

    made = DayField(label=gettext_lazy("Said on"), help_text=DAY_HELP)
    text = forms.CharField(
        label=gettext_lazy("Words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    text_en = forms.CharField(
        label=gettext_lazy("Words in English"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    membership = forms.ModelChoiceField(
        label=gettext_lazy("About which office"),
        required=False,
        empty_label="—",
        queryset=Membership.objects.none(),
    )

    def __init__(self, *args: Any, memberships: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        field = self.fields["membership"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = memberships


class LifeForm(SourcedForm):
    """A line of life and career."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    text = forms.CharField(
        label=gettext_lazy("What"),
        max_length=400,
        help_text=gettext_lazy("Only what concerns public life: no birthday, no home."),
    )
    text_en = forms.CharField(label=gettext_lazy("In English"), required=False, max_length=400)
    starts = DayField(label=gettext_lazy("Since"), required=False, help_text=DAY_HELP)
    ends = DayField(label=gettext_lazy("Until"), required=False)
    examples = {"text": "Директор городского дома культуры"}

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(LifeEvent.KINDS.items())


class PostForm(forms.Form):
    """A position that one person at a time holds."""

    label = forms.CharField(label=gettext_lazy("Name of the post"), max_length=200)
    label_en = forms.CharField(
        label=gettext_lazy("Name in English"), required=False, max_length=200
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    starts = DayField(label=gettext_lazy("Exists since"), required=False)
    examples = {"label": "Глава города"}

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(ROLES.items())


class PostEndForm(forms.Form):
    """A post that exists no more."""

    ends = DayField(label=gettext_lazy("Ended"), help_text=DAY_HELP)


class RuleForm(SeenForm):
    """A rule of quorum or majority."""

    name = forms.CharField(label=pgettext_lazy("a body", "Name"), max_length=160)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=160)
    is_over = forms.TypedChoiceField(
        label=gettext_lazy("How much is needed"),
        choices=[
            ("1", gettext_lazy("more than the fraction")),
            ("0", gettext_lazy("the fraction or more")),
        ],
        coerce=lambda written: written == "1",
        widget=forms.RadioSelect,
    )
    numerator = forms.IntegerField(
        label=gettext_lazy("Numerator of the fraction"), min_value=1, max_value=100
    )
    denominator = forms.IntegerField(
        label=gettext_lazy("Denominator of the fraction"), min_value=1, max_value=100
    )
    base = forms.ChoiceField(label=gettext_lazy("Of whom"))
    legal_basis = forms.CharField(label=gettext_lazy("Legal basis"), required=False, max_length=300)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=24,
        help_text=gettext_lazy(
            "Latin letters, for exchange with other systems; left empty, one is given."
            " “quorum” is the quorum."
        ),
    )
    examples = {"legal_basis": "регламент, ст. 12", "numerator": "2", "denominator": "3"}

    def __init__(self, *args: Any, is_new: bool, **facts: Any) -> None:
        super().__init__(*args, **facts)
        field = self.fields["base"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(BASES.items())
        if not is_new:
            del self.fields["code"]

    def facts(self, taken: Collection[str]) -> dict[str, Any]:
        """The rule as it is set, with a code that no other has where none is typed."""
        said = dict(self.cleaned_data)
        if "code" in said and not said["code"]:
            free = (f"rule-{place}" for place in range(1, len(taken) + 2))
            said["code"] = next(code for code in free if code not in taken)
        return said


def dates_of(row: Any, *names: str) -> dict[str, Partial]:
    """Partial dates of a row, as a form shows them."""
    return {
        name: Partial(getattr(row, f"{name}_from"), getattr(row, f"{name}_to")) for name in names
    }
