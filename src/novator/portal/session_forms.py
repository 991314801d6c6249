"""Who decides: the forms of a session, of its questions, speeches and papers."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.core.partial_dates import Partial, read_stated, write_partial
from novator.council.composition import Seat
from novator.council.models import (
    FORMS,
    AgendaItem,
    Organization,
    Paper,
    Person,
    Session,
    Speech,
)
from novator.council.recording import SessionFacts
from novator.portal.people_choices import offer_people

_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


DAY_HELP = gettext_lazy("04.03.2026, March 2026 or 2026; “not later than 5 May 2016”.")


class DayField(forms.CharField):
    """A day, a month or a year, as people write it."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"max_length": 80} | facts)

    def to_python(self, value: Any) -> Any:
        """Read it as a partial date."""
        text = super().to_python(value) or ""
        try:
            return read_stated(text)
        except ValueError as fault:
            raise forms.ValidationError(
                _("“%(text)s” is no date such as 04.03.2026, March 2026 or 2026.") % {"text": text}
            ) from fault

    def validate(self, value: Any) -> None:
        """Ask for it where it is required."""
        if self.required and value == (None, None):
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """A pair of days needs no further check."""

    def prepare_value(self, value: Any) -> Any:
        """Show a stored pair as it is typed."""
        if isinstance(value, tuple):
            first, last = value
            if first is not None and first == last:
                return f"{first:%d.%m.%Y}"
            if first is None and last is not None:
                return _("not later than %(day)s") % {"day": f"{last:%d.%m.%Y}"}
            written = write_partial(first, last)
            is_month = len(written) == len("2026-03") and first is not None
            return f"{first:%m.%Y}" if is_month else written
        return value


class SessionForm(forms.Form):
    """A session itself; a new one takes its agenda too."""

    day = DayField(label=gettext_lazy("Day"))
    begins = forms.TimeField(label=gettext_lazy("Begins"), required=False, widget=_CLOCK)
    ends = forms.TimeField(label=gettext_lazy("Ends"), required=False, widget=_CLOCK)
    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=40)
    name = forms.CharField(
        label=gettext_lazy("Name of the session"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Left empty, it is made of the number and the day."),
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=300)
    form = forms.ChoiceField(label=gettext_lazy("How it is held"), required=False)
    is_extraordinary = forms.BooleanField(label=gettext_lazy("Extraordinary"), required=False)
    is_closed = forms.BooleanField(
        label=gettext_lazy("Closed session"),
        required=False,
        help_text=gettext_lazy("Its texts are shown to nobody outside; decisions and results are."),
    )
    closed_because = forms.CharField(
        label=gettext_lazy("Why it is closed"), required=False, max_length=300
    )
    chair = forms.ModelChoiceField(
        label=gettext_lazy("In the chair"), required=False, queryset=Person.objects.none()
    )
    secretary = forms.ModelChoiceField(
        label=gettext_lazy("Secretary of the session"),
        required=False,
        queryset=Person.objects.none(),
    )
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Paste the list: one question a line; numbers are recognised."),
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=300)
    examples = {"day": "04.03.2026"}

    def __init__(
        self, *args: Any, council: Organization, seats: list[Seat], is_new: bool, **facts: Any
    ) -> None:
        super().__init__(*args, **facts)
        offer_people(self, "chair", "secretary", council=council, seats=seats)
        form = self.fields["form"]
        assert isinstance(form, forms.ChoiceField)
        form.choices = list(FORMS.items())
        if not is_new:
            del self.fields["agenda"]

    def clean(self) -> dict[str, Any]:
        """A time needs a whole day."""
        said = super().clean() or {}
        day = said.get("day")
        if day and said.get("begins") and (day.earliest is None or day.earliest != day.latest):
            self.add_error("begins", _("A time needs a whole day, such as 04.03.2026."))
        if said.get("ends") and not said.get("begins"):
            self.add_error("begins", _("Enter when it began, as its end is known."))
        return said

    def told(self) -> SessionFacts:
        """What was said, as the records take it."""
        said = self.cleaned_data
        day: Partial = said["day"]
        return SessionFacts(
            name=said["name"] or _name_of(said["number"], day),
            name_en=said["name_en"],
            number=said["number"],
            is_extraordinary=said["is_extraordinary"],
            held=day,
            starts_at=_moment(day, said["begins"]),
            ends_at=_moment(day, said["ends"]),
            place=said["place"],
            form=said["form"] or "in_person",
            is_closed=said["is_closed"],
            closed_because=said["closed_because"],
            chair=said["chair"],
            secretary=said["secretary"],
        )


def stored_facts(session: Session) -> dict[str, Any]:
    """What is stored of a session, as its form shows it."""
    begins = timezone.localtime(session.starts_at).time() if session.starts_at else None
    ends = timezone.localtime(session.ends_at).time() if session.ends_at else None
    names = ("name", "name_en", "number", "is_extraordinary", "place", "form", "is_closed")
    return {
        **{name: getattr(session, name) for name in names},
        "closed_because": session.closed_because,
        "day": Partial(session.held_from, session.held_to),
        "begins": begins,
        "ends": ends,
        "chair": session.chair,
        "secretary": session.secretary,
    }


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is said of a question besides its place in the agenda."""

    class Meta:
        model = AgendaItem
        fields = [
            "title",
            "is_closed",
            "initiated_by",
            "initiated_as",
            "outcome",
            "title_en",
            "initiated_as_en",
            "outcome_en",
        ]
        labels = {
            "title": gettext_lazy("Question"),
            "is_closed": gettext_lazy("Closed question"),
            "initiated_by": gettext_lazy("Brought by"),
            "initiated_as": gettext_lazy("In which capacity"),
            "outcome": gettext_lazy("What came of it, where nothing was voted on"),
            "title_en": gettext_lazy("Question in English"),
            "initiated_as_en": gettext_lazy("In which capacity, in English"),
            "outcome_en": gettext_lazy("What came of it, in English"),
        }
        widgets = {"title": forms.Textarea(attrs={"rows": 3})}

    examples = {"initiated_as": "Глава города"}

    def __init__(self, *args: Any, seats: list[Seat], **facts: Any) -> None:
        super().__init__(*args, **facts)
        offer_people(self, "initiated_by", council=self.instance.session.council, seats=seats)


class SpeechForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who spoke, in which capacity, and what was argued."""

    class Meta:
        model = Speech
        fields = ["speaker", "capacity", "stance", "text", "is_in_session"]
        labels = {
            "speaker": gettext_lazy("Who spoke"),
            "capacity": gettext_lazy("In which capacity"),
            "stance": gettext_lazy("On which side"),
            "text": gettext_lazy("What was argued"),
            "is_in_session": gettext_lazy("Said in the session"),
        }
        help_texts = {
            "speaker": gettext_lazy("A deputy by name, or anybody else who was heard."),
        }
        widgets = {
            "speaker": forms.TextInput(attrs={"list": "people"}),
            "text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["speaker"].required = True


class PaperForm(forms.ModelForm):  # type: ignore[type-arg]
    """A paper of a question, with its file."""

    upload = forms.FileField(label=gettext_lazy("File"), required=False)
    dated = DayField(label=gettext_lazy("Date of the paper"), required=False)
    url = forms.URLField(
        label=gettext_lazy("Address on the web"),
        required=False,
        max_length=600,
        assume_scheme="https",
    )

    class Meta:
        model = Paper
        fields = ["kind", "title", "number", "url", "is_public"]
        labels = {
            "kind": gettext_lazy("What it is"),
            "title": gettext_lazy("Title"),
            "number": gettext_lazy("Number"),
            "is_public": gettext_lazy("Public"),
        }

    field_order = ["upload", "title", "kind", "number", "dated", "url", "is_public"]

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Left empty, it is called as its file.")

    def clean(self) -> dict[str, Any]:
        """A paper is a file or an address; its title may be that of its file."""
        said = super().clean() or {}
        if not said.get("upload") and not said.get("url"):
            self.add_error("upload", _("Choose a file, or enter an address."))
        elif not said.get("title"):
            self.add_error("title", _("Enter a title: there is no file to call it by."))
        return said


def _moment(day: Partial, clock: time | None) -> datetime | None:
    if clock is None or day.latest is None:
        return None
    return timezone.make_aware(datetime.combine(day.latest, clock))


def _name_of(number: str, day: Partial) -> str:
    """A session's name is content, so in the language of the council."""
    if number:
        return f"Заседание № {number}"
    return f"Заседание {day.latest:%d.%m.%Y}" if day.latest else "Заседание"
