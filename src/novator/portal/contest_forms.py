"""Solutions judged: the forms of a call, of an entry, of a juror's points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.accounts.granting import person_with
from novator.accounts.models import User
from novator.cities.models import KINDS
from novator.core.topics import TOPICS
from novator.portal.form_fields import day_field
from novator.reviews.contests import Call
from novator.reviews.models import Contest, Nomination, Score
from novator.reviews.scales import Category, Criterion, contest_rules

LONGEST_CALL = 20_000
MOST_CRITERIA = 8


class CallForm(forms.Form):
    """Everything the office writes of a contest, in plain lines."""

    title_ru = forms.CharField(label=gettext_lazy("Title in Russian"), max_length=200)
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    text_ru = forms.CharField(
        label=gettext_lazy("Text of the call in Russian"),
        max_length=LONGEST_CALL,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text of the call in English"),
        max_length=LONGEST_CALL,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    opens_on = day_field(gettext_lazy("First day for entries"))
    closes_on = day_field(gettext_lazy("Last day for entries"))
    scores_by = day_field(gettext_lazy("Last day for scores of the jury"))
    nominations = forms.CharField(
        label=gettext_lazy("Nominations"),
        help_text=gettext_lazy("One a line: in Russian | in English."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    criteria = forms.CharField(
        label=gettext_lazy("Criteria"),
        help_text=gettext_lazy("One a line: in Russian | in English | weight."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    least_scores = forms.IntegerField(
        label=gettext_lazy("Least number of scores for a place"), min_value=1, max_value=50
    )
    rural_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Who competes as rural"),
        help_text=gettext_lazy(
            "All other municipalities compete as urban. With none chosen all compete together."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    examples = {
        "nominations": gettext_lazy("Транспорт | Transport"),
        "criteria": gettext_lazy("Эффект | Effect | 30"),
    }

    def __init__(self, *args: Any, contest: Contest | None = None, **options: Any) -> None:
        options.setdefault("initial", _initial(contest))
        super().__init__(*args, **options)
        field = self.fields["rural_kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, str(name)) for code, name in _competing_kinds()]

    def clean_nominations(self) -> tuple[tuple[str, str], ...]:
        """Pairs of words, one a line."""
        return tuple((row[0], row[1]) for row in _rows(self.cleaned_data["nominations"], 2))

    def clean_criteria(self) -> tuple[Criterion, ...]:
        """Criteria with whole weights, one a line."""
        found = []
        for place, (ru, en, weight) in enumerate(_rows(self.cleaned_data["criteria"], 3), start=1):
            if not weight.isascii() or not weight.isdigit() or not 0 < int(weight) <= 1000:
                words = _("Line %(line)s: the weight must be a whole number from 1 to 1000.")
                raise forms.ValidationError(words % {"line": place})
            found.append(Criterion(f"c{place}", ru, en, int(weight)))
        if len(found) > MOST_CRITERIA:
            raise forms.ValidationError(_("At most %(count)s criteria.") % {"count": MOST_CRITERIA})
        return tuple(found)

    def call(self) -> Call:
        """The call as it was written."""
        asked = self.cleaned_data
        return Call(
            title=(asked["title_ru"], asked["title_en"]),
            text=(asked["text_ru"], asked["text_en"]),
            opens_on=asked["opens_on"],
            closes_on=asked["closes_on"],
            scores_by=asked["scores_by"],
            nominations=asked["nominations"],
            criteria=asked["criteria"],
            categories=_categories(asked["rural_kinds"]),
            least_scores=asked["least_scores"],
        )


class JurorForm(forms.Form):
    """A person with an account, told by the address."""

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


class EntryForm(forms.Form):
    """Which card goes into which nomination."""

    nomination = forms.ModelChoiceField(
        label=gettext_lazy("Nomination"),
        queryset=Nomination.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    practice = forms.ChoiceField(
        label=gettext_lazy("Card of your municipality"), widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, contest: Contest, cards: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        nomination, practice = self.fields["nomination"], self.fields["practice"]
        assert isinstance(nomination, forms.ModelChoiceField)
        assert isinstance(practice, forms.ChoiceField)
        nomination.queryset = contest.nominations.all()
        practice.choices = list(cards)


class PointsForm(forms.Form):
    """A juror's points for one entry, by criterion."""

    comment = forms.CharField(
        label=gettext_lazy("Comment for the protocol's file"),
        help_text=gettext_lazy("Only you see it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, contest: Contest, score: Score | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.contest = contest
        if score is not None:
            self.fields["comment"].initial = score.comment
        for criterion in contest.all_criteria:
            self.fields[f"points-{criterion.code}"] = forms.IntegerField(
                label=criterion.name,
                help_text=_("From %(least)s to %(most)s; weight %(weight)s.")
                % {
                    "least": contest.least_points,
                    "most": contest.most_points,
                    "weight": criterion.weight,
                },
                min_value=contest.least_points,
                max_value=contest.most_points,
                initial=score.points.get(criterion.code) if score else None,
            )
        self.order_fields([*(f"points-{code}" for code in contest.weights), "comment"])

    def points(self) -> dict[str, int]:
        """Points by criterion."""
        return {code: self.cleaned_data[f"points-{code}"] for code in self.contest.weights}


class RecusalForm(forms.Form):
    """Why a juror does not judge an entry."""

    reason = forms.CharField(
        label=gettext_lazy("Why you do not judge this entry"),
        help_text=gettext_lazy("It stands in the protocol under your code."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _rows(text: str, width: int) -> list[list[str]]:
    """Lines of words parted by bars; the first is needed, the last of three too."""
    found = []
    for place, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        parts = [" ".join(part.split())[:200] for part in line.split("|")]
        if len(parts) > width or not parts[0]:
            raise forms.ValidationError(
                _("Line %(line)s does not look like the example.") % {"line": place}
            )
        if width == 3 and len(parts) == 2:
            parts.insert(1, "")
        found.append(parts + [""] * (width - len(parts)))
    return found


def _initial(contest: Contest | None) -> dict[str, Any]:
    if contest is None:
        rules = contest_rules()
        return {
            "criteria": _criteria_lines(rules.criteria),
            "least_scores": rules.least_scores,
            "rural_kinds": next(c.kinds for c in rules.categories if c.code == "rural"),
            "nominations": "\n".join(f"{t.name_ru} | {t.name_en}" for t in TOPICS[:1]),
        }
    rural = [kind for one in contest.all_categories if one.code == "rural" for kind in one.kinds]
    names = ("title_ru", "title_en", "text_ru", "text_en", "opens_on", "closes_on", "scores_by")
    return {name: getattr(contest, name) for name in names} | {
        "least_scores": contest.least_scores,
        "criteria": _criteria_lines(contest.all_criteria),
        "nominations": "\n".join(
            " | ".join(part for part in (one.title_ru, one.title_en) if part)
            for one in contest.nominations.all()
        ),
        "rural_kinds": rural,
    }


def _criteria_lines(criteria: Sequence[Criterion]) -> str:
    return "\n".join(f"{one.name_ru} | {one.name_en} | {one.weight}" for one in criteria)


def _competing_kinds() -> list[tuple[str, Any]]:
    """Kinds that the rules let compete at all."""
    known = {kind for category in contest_rules().categories for kind in category.kinds}
    return [(code, name) for code, name in KINDS.items() if code in known]


def _categories(rural: Sequence[str]) -> tuple[Category, ...]:
    if not rural:
        return ()
    names = {one.code: one for one in contest_rules().categories}
    urban = tuple(code for code, _name in _competing_kinds() if code not in rural)
    kinds = {"urban": urban, "rural": tuple(rural)}
    return tuple(
        Category(code, names[code].name_ru, names[code].name_en, kinds[code])
        for code in ("urban", "rural")
    )
