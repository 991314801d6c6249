"""Problems of cities: the forms in which a city's people state, edit and ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.topics import TOPICS
from novator.portal.form_fields import day_input
from novator.portal.talk_forms import SpeakingForm
from novator.reports.models import Category, Report
from novator.reports.numbers import key_of

LONGEST = 4_000
MOST_NUMBERS = 200


class ProblemForm(forms.Form):
    """What the city says of a problem."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("What is wrong and where, in a few words."),
    )
    statement = forms.CharField(
        label=gettext_lazy("What the city says"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "What is behind it, whom it hits, what was tried. Everybody reads it once the problem "
            "is published; the search for solutions reads it too."
        ),
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"))
    owner = forms.ChoiceField(label=gettext_lazy("Who keeps an eye on it"), required=False)
    is_public = forms.BooleanField(
        label=gettext_lazy("Publish: everybody sees title, statement, counts and solutions"),
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(person.public_id): person for person in people}
        owner, topic = self.fields["owner"], self.fields["topic"]
        assert isinstance(owner, forms.ChoiceField)
        assert isinstance(topic, forms.ChoiceField)
        names = [(key, str(person)) for key, person in self.people.items()]
        owner.choices = [("", _("nobody yet")), *names]
        topic.choices = [(one.code, one.name) for one in TOPICS]

    def clean_owner(self) -> User | None:
        """The person chosen."""
        return self.people.get(self.cleaned_data["owner"])


class NewProblemForm(forms.Form):
    """A problem that the city sees itself."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    statement = forms.CharField(
        label=gettext_lazy("What the city says"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    category = forms.ChoiceField(label=gettext_lazy("Category of the reports"), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"))
    numbers = forms.CharField(
        label=gettext_lazy("Numbers of reports that show it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Separated by spaces or commas, for example 1042-3, 1057-1."),
    )

    def __init__(self, *args: Any, city: Municipality, **options: Any) -> None:
        super().__init__(*args, **options)
        self.city = city
        self.categories = {row.code: row for row in Category.objects.filter(municipality=city)}
        category, topic = self.fields["category"], self.fields["topic"]
        assert isinstance(category, forms.ChoiceField)
        assert isinstance(topic, forms.ChoiceField)
        names = [(code, row.name) for code, row in self.categories.items()]
        category.choices = [("", _("none")), *names]
        topic.choices = [(one.code, one.name) for one in TOPICS]

    def clean_category(self) -> Category | None:
        """The category chosen."""
        return self.categories.get(self.cleaned_data["category"])

    def clean_numbers(self) -> list[Report]:
        """The reports of the city with these numbers."""
        return reports_numbered(self.cleaned_data["numbers"], self.city)


class NumbersForm(forms.Form):
    """Reports that are to ground a problem too."""

    numbers = forms.CharField(label=gettext_lazy("Numbers of reports"), max_length=2_000)

    def __init__(self, *args: Any, city: Municipality, **options: Any) -> None:
        super().__init__(*args, **options)
        self.city = city

    def clean_numbers(self) -> list[Report]:
        """The reports of the city with these numbers."""
        return reports_numbered(self.cleaned_data["numbers"], self.city)


def reports_numbered(text: str, city: Municipality) -> list[Report]:
    """
    Return reports of a city by the numbers that somebody typed; one query.

    :raises ValidationError: a word that is no number, or a number that is none of the city
    """
    words = text.replace(",", " ").replace(";", " ").split()
    if len(words) > MOST_NUMBERS:
        raise forms.ValidationError(_("At most %(most)s numbers at once.") % {"most": MOST_NUMBERS})
    keys = {word: key_of(word) for word in words}
    known = {
        report.pk: report
        for report in Report.objects.filter(municipality=city, pk__in=filter(None, keys.values()))
    }
    wrong = [word for word, key in keys.items() if key not in known]
    if wrong:
        raise forms.ValidationError(
            _("No reports of this city: %(numbers)s.") % {"numbers": ", ".join(wrong[:10])}
        )
    return [known[key] for key in dict.fromkeys(keys.values()) if key is not None]


class AskAllForm(SpeakingForm):
    """A problem published as a question to all member cities."""

    text = forms.CharField(
        label=gettext_lazy("What you ask"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    open_until = forms.DateField(label=gettext_lazy("Answers until"), widget=day_input())
