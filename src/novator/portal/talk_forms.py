"""Solutions discussed: the forms in which officials ask, answer, book and rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.core.topics import TOPICS
from novator.portal.form_fields import day_input, long_text
from novator.practices.models import Practice
from novator.talk.keeping import LONGEST_OBJECTION
from novator.talk.models import OUTCOMES, SCORES
from novator.talk.voices import Voice

LONGEST_QUESTION = 4_000
LONGEST_ANSWER = 8_000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class OnceForm(forms.Form):
    """A form that is kept once, however often it is sent: `token` comes with the page."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def clean_token(self) -> UUID:
        """The token of the page; a new one where it was lost."""
        try:
            return UUID(self.cleaned_data["token"])
        except ValueError:
            return uuid4()


class SpeakingForm(OnceForm):
    """A form in which a person speaks for one of the places where a role is held."""

    voice = forms.ChoiceField(label=gettext_lazy("In whose name"))
    field_order = ["voice"]

    def __init__(self, *args: Any, voices: Sequence[Voice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.voices = {voice.key: voice for voice in voices}
        field = self.fields["voice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(voice.key, voice.name) for voice in voices]
        field.initial = voices[0].key
        if len(voices) == 1:
            field.widget = forms.HiddenInput()
            field.required = False

    def clean_voice(self) -> Voice:
        """The voice that was chosen; the only one where there is no choice."""
        chosen = self.voices.get(self.cleaned_data["voice"])
        return chosen or next(iter(self.voices.values()))


class QuestionForm(SpeakingForm):
    """A question on a card."""

    text = long_text(
        gettext_lazy("Your question"),
        LONGEST_QUESTION,
        help_text=gettext_lazy("One matter in one question is answered soonest."),
        rows=7,
    )
    openness = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        widget=forms.RadioSelect,
        choices=[
            ("public", gettext_lazy("Everybody: it is shown on the card with its answers")),
            ("private", gettext_lazy("Only your city and the author city")),
        ],
        initial="public",
    )
    examples = {
        "text": gettext_lazy(
            "How much does the heating cost in a winter month, and who repairs it?"
        )
    }


class ReplyForm(OnceForm):
    """A reply in a thread; `side` is chosen only by who speaks for both cities."""

    side = forms.ChoiceField(label=gettext_lazy("In whose name"))
    text = long_text(gettext_lazy("Your reply"), LONGEST_ANSWER, rows=7)
    source = forms.CharField(
        label=gettext_lazy("Whose answer this is"),
        max_length=300,
        help_text=gettext_lazy("The office passes it on: say who answered, when and how."),
    )
    may_be_shown = forms.BooleanField(
        label=gettext_lazy("It may be shown publicly on the card"), required=False
    )
    examples = {"source": gettext_lazy("Letter of the administration of Glazov, 14 May 2026")}

    def __init__(
        self, *args: Any, sides: Sequence[tuple[str, Voice]], is_public: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.sides = dict(sides)
        field = self.fields["side"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(side, voice.name) for side, voice in sides]
        field.initial = sides[0][0]
        if len(sides) == 1:
            field.widget = forms.HiddenInput()
            field.required = False
        if "office" not in self.sides:
            del self.fields["source"]
        shown = self.fields["may_be_shown"]
        shown.initial = is_public
        if not is_public and list(self.sides) == ["asker"]:
            shown.label = _("It may be shown with the question once you open it to everybody")
        elif not is_public:
            shown.label = _("It may be shown publicly if who asked agrees")
            shown.help_text = _(
                "The question is private. Nothing is shown until its author opens it."
            )

    def clean_side(self) -> str:
        """The side that was chosen; the only one where there is no choice."""
        chosen = str(self.cleaned_data["side"])
        return chosen if chosen in self.sides else next(iter(self.sides))


class RequestForm(SpeakingForm):
    """A request to all cities; `has_seen` says that the cards found for it were looked at."""

    title = forms.CharField(
        label=gettext_lazy("The problem in one line"), min_length=10, max_length=200
    )
    text = long_text(
        gettext_lazy("What you need to know"),
        LONGEST_QUESTION,
        help_text=gettext_lazy("What happens, what you tried, what an answer should tell."),
        rows=7,
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"))
    open_until = forms.DateField(
        label=gettext_lazy("Answers are taken until"),
        widget=day_input(),
    )
    has_seen = forms.CharField(widget=forms.HiddenInput, required=False)
    examples = {"title": gettext_lazy("Who clears snow from narrow yards at night?")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["topic"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("choose…")), *((topic.code, topic.name) for topic in TOPICS)]


class RequestAnswerForm(SpeakingForm):
    """An answer to a request: an own card, any other card, words."""

    own_card = forms.ChoiceField(label=gettext_lazy("A card of your city"), required=False)
    other_card = forms.CharField(
        label=gettext_lazy("Or any other card"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The address of its page."),
    )
    text = long_text(gettext_lazy("In words"), LONGEST_ANSWER, required=False, rows=6)

    def __init__(self, *args: Any, own: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["own_card"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("none")), *own]
        if not own:
            del self.fields["own_card"]
            self.fields["other_card"].label = _("A card of the catalogue")

    def clean_other_card(self) -> Practice | None:
        """The card whose address or id was typed."""
        typed = str(self.cleaned_data["other_card"]).strip()
        if not typed:
            return None
        parts = [part for part in typed.split("?")[0].split("/") if _SLUG.fullmatch(part)]
        found = Practice.objects.published().filter(slug=parts[-1]).first() if parts else None
        if found is None:
            raise forms.ValidationError(_("There is no card at this address."))
        return found

    def clean(self) -> dict[str, Any]:
        """Either a card or words, and one card at most."""
        found = super().clean() or self.cleaned_data
        own = found.get("own_card")
        if own and found.get("other_card"):
            self.add_error("other_card", _("Choose one card: your own or another one."))
        elif not (own or found.get("other_card") or found.get("text") or self.errors):
            self.add_error("text", _("Name a card or answer in words."))
        card = Practice.objects.published().filter(slug=own).first() if own else None
        found["practice"] = card or found.get("other_card")
        return found


class CloseForm(forms.Form):
    """What came of a request."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        widget=forms.RadioSelect,
        choices=lambda: list(OUTCOMES.items()),
    )
    words = long_text(
        gettext_lazy("In words, for other cities"), LONGEST_QUESTION, required=False, rows=4
    )


class BookingForm(SpeakingForm):
    """Help that is wished for."""

    kind = forms.ChoiceField(label=gettext_lazy("What you wish for"), widget=forms.RadioSelect)
    wished_on = forms.DateField(
        label=gettext_lazy("Wished day"),
        required=False,
        widget=day_input(),
    )
    wished = forms.CharField(
        label=gettext_lazy("Or in words, when it suits you"), required=False, max_length=200
    )
    message = long_text(
        gettext_lazy("What you want to see or to ask"), LONGEST_QUESTION, required=False, rows=5
    )
    examples = {"wished": gettext_lazy("any Tuesday or Thursday in March, after 10 o'clock")}

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(kinds)
        if len(kinds) == 1:
            field.initial = kinds[0][0]


class MeetingForm(forms.Form):
    """The day that the author city agrees to, or proposes instead."""

    meeting_on = forms.DateField(label=gettext_lazy("Day"), widget=day_input())
    meeting_time = forms.TimeField(
        label=gettext_lazy("Hour"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    meeting_place = forms.CharField(
        label=gettext_lazy("Place, or address of the call"), required=False, max_length=200
    )
    note = forms.CharField(label=gettext_lazy("A word to them"), required=False, max_length=600)


class ReasonForm(forms.Form):
    """Why something is declined or hidden."""

    because = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class ObjectionForm(forms.Form):
    """Why hidden words should be shown again."""

    words = forms.CharField(
        label=gettext_lazy("Why it should be shown again"),
        max_length=LONGEST_OBJECTION,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class WishForm(forms.Form):
    """Other days that would suit."""

    wished = forms.CharField(label=gettext_lazy("Days that would suit you"), max_length=200)


class RatingForm(forms.Form):
    """How the help was."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("How was it?"),
        widget=forms.RadioSelect,
        coerce=int,
        choices=lambda: [(score, f"{score} — {SCORES[score]}") for score in sorted(SCORES)[::-1]],
    )
    comment = long_text(gettext_lazy("In words"), 2_000, required=False, rows=4)
