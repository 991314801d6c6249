"""The association: forms of votes of members."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.association.models import Poll, PollOption, Position
from novator.association.polls import FOR, MOST_OPTIONS, Option, Plan, mark_of_poll
from novator.association.voting_rules import FaultyRule, checked_weights
from novator.portal.form_fields import moment_input
from novator.portal.seen_form import SeenForm

_FRACTION = re.compile(r"\s*([0-9]{1,4})\s*/\s*([0-9]{1,4})\s*")
_KNOWN = {"for": "за|for", "against": "против|against", "abstain": "воздержался|abstain"}
_USUAL = "За | For\nПротив | Against\n- Воздержался | Abstain"


class VoteForm(forms.Form):
    """Which option."""

    option = forms.ModelChoiceField(
        label=gettext_lazy("Your choice"),
        queryset=PollOption.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        to_field_name="code",
    )
    all_required = True

    def __init__(self, *args: Any, poll: Poll, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["option"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = poll.options.all()


class CastForm(VoteForm):
    """A code and an option; never anything of a person."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("24 letters and digits; spaces and dashes do not matter."),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    field_order = ["code", "option"]


class ReadyForm(forms.Form):
    """That the reader is ready for the code."""

    is_ready = forms.BooleanField(
        label=gettext_lazy(
            "I am ready to write the code down: it is shown once and cannot be given again"
        )
    )
    all_required = True


class ExtendForm(forms.Form):
    """A later end."""

    closes_at = forms.DateTimeField(
        label=gettext_lazy("New end of the vote"),
        widget=moment_input(),
    )
    all_required = True


class CancelForm(forms.Form):
    """Why a poll is cancelled."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody sees it. Ballots of a secret vote are destroyed."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    all_required = True


class PlanForm(SeenForm):
    """Everything that the office writes of a poll."""

    title = forms.CharField(label=gettext_lazy("Title in Russian"), max_length=300)
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=300, required=False
    )
    question = forms.CharField(
        label=gettext_lazy("Question in Russian"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    question_en = forms.CharField(
        label=gettext_lazy("Question in English"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    position = forms.ModelChoiceField(
        label=gettext_lazy("On a position"),
        help_text=gettext_lazy(
            "One that members vote on. The first option adopts it; its state follows the result."
        ),
        queryset=Position.objects.none(),
        required=False,
        empty_label=gettext_lazy("on none"),
        to_field_name="public_id",
    )
    options = forms.CharField(
        label=gettext_lazy("Options"),
        help_text=gettext_lazy(
            "One a line: in Russian | in English. A line that begins with a dash is an abstention:"
            " it counts for the quorum only."
        ),
        max_length=20_000,
        initial=_USUAL,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_secret = forms.ChoiceField(
        label=gettext_lazy("Ballot"),
        choices=[
            ("", gettext_lazy("open: after the closing everybody sees who voted how")),
            ("secret", gettext_lazy("secret: nobody can tell who voted how")),
        ],
        initial="",
        required=False,
        widget=forms.RadioSelect,
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("End of the vote"),
        widget=moment_input(),
    )
    quorum = forms.CharField(
        label=gettext_lazy("Quorum"),
        help_text=gettext_lazy(
            "A fraction of all votes entitled that must be cast at least; 0 for none."
        ),
        max_length=12,
        initial="1/2",
    )
    majority = forms.CharField(
        label=gettext_lazy("Majority"),
        help_text=gettext_lazy(
            "A fraction of the votes cast, abstentions not counted; 0: the most votes win."
        ),
        max_length=12,
        initial="1/2",
    )
    needs = forms.ChoiceField(
        label=gettext_lazy("The winner needs"),
        choices=[
            ("over", gettext_lazy("more than this fraction")),
            ("least", gettext_lazy("at least this fraction")),
        ],
        initial="over",
        widget=forms.RadioSelect,
    )
    weights = forms.CharField(
        label=gettext_lazy("Weights by population"),
        help_text=gettext_lazy(
            "Empty: one city, one vote. Else one tier a line: from how many inhabitants = votes."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    extension_days = forms.IntegerField(
        label=gettext_lazy("Days of an extension"), min_value=1, max_value=60, initial=7
    )
    most_extensions = forms.IntegerField(
        label=gettext_lazy("Extensions at most"), min_value=0, max_value=3, initial=1
    )
    examples = {
        "options": gettext_lazy("За | For"),
        "quorum": "1/2",
        "majority": "2/3",
        "weights": "0 = 1, 100000 = 2",
    }

    def __init__(self, *args: Any, poll: Poll | None = None, **options: Any) -> None:
        options.setdefault("initial", stored_plan(poll))
        super().__init__(*args, **options)
        field = self.fields["position"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Position.objects.filter(state="vote").exclude(kind="letter")

    def clean_is_secret(self) -> bool:
        """Whether the ballot is secret."""
        return bool(self.cleaned_data["is_secret"])

    def clean_quorum(self) -> Fraction:
        """A fraction from 0 to 1."""
        return _fraction(self.cleaned_data["quorum"])

    def clean_majority(self) -> Fraction:
        """A fraction from 0 to 1."""
        return _fraction(self.cleaned_data["majority"])

    def clean_weights(self) -> dict[str, Any]:
        """The rule of weights as data."""
        return _weights(self.cleaned_data["weights"])

    def clean_options(self) -> list[Option]:
        """Options, one a line; known words get their known codes."""
        return _options(self.cleaned_data["options"])

    def plan(self) -> Plan:
        """The poll as it was written; on a position the first option is the one that adopts it."""
        asked = {name: said for name, said in self.cleaned_data.items() if name != "seen"}
        asked["is_over"] = asked.pop("needs") == "over"
        options = asked["options"]
        if asked["position"] is not None and FOR not in {one.code for one in options}:
            first = options[0]
            adopting = Option(FOR, first.text, first.text_en, first.is_abstention)
            asked["options"] = [adopting, *options[1:]]
        return Plan(**asked)


def end_of(days: int = 7) -> datetime:
    """A usual end: in so many days at noon."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=days)


def _fraction(text: str) -> Fraction:
    if text.strip() in {"0", "1"}:
        return Fraction(int(text))
    found = _FRACTION.fullmatch(text)
    if found is None or not int(found[2]) or int(found[1]) > int(found[2]):
        raise forms.ValidationError(_("Write a fraction from 0 to 1, for example 2/3."))
    return Fraction(int(found[1]), int(found[2]))


def _weights(text: str) -> dict[str, Any]:
    parts = [part for part in re.split(r"[\n,;]", text) if part.strip()]
    if not parts:
        return {"kind": "equal"}
    tiers = []
    for part in parts:
        numbers = [number.replace(" ", "").replace("\u00a0", "") for number in part.split("=")]
        numbers = [number.strip() for number in numbers]
        if len(numbers) != 2 or not all(
            n.isascii() and n.isdigit() and len(n) < 10 for n in numbers
        ):
            raise forms.ValidationError(
                _("“%(line)s” is no tier: write 100000 = 2.") % {"line": part.strip()}
            )
        tiers.append([int(numbers[0]), int(numbers[1])])
    try:
        return checked_weights({"kind": "population", "tiers": tiers})
    except FaultyRule as fault:
        raise forms.ValidationError(str(fault)) from fault


def _options(text: str) -> list[Option]:
    found: list[Option] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        is_abstention = line.startswith(("-", "–", "—"))
        parts = [" ".join(part.split()) for part in line.lstrip("-–— ").split("|")]
        if len(parts) > 2 or not parts[0] or any(len(part) > 300 for part in parts):
            words = _("“%(line)s” does not look like the example.")
            raise forms.ValidationError(words % {"line": line[:60]})
        code = _code(parts[0], len(found) + 1, {one.code for one in found})
        found.append(Option(code, parts[0], parts[1] if len(parts) == 2 else "", is_abstention))
    if len(found) > MOST_OPTIONS:
        raise forms.ValidationError(_("At most %(count)s options.") % {"count": MOST_OPTIONS})
    return found


def _code(text: str, place: int, taken: set[str]) -> str:
    known = next((code for code, said in _KNOWN.items() if text.lower() in said.split("|")), "")
    return known if known and known not in taken else f"option-{place}"


def stored_plan(poll: Poll | None) -> dict[str, Any]:
    """A poll as its form shows it; a new one ends in a week."""
    if poll is None:
        return {"closes_at": end_of()}
    lines = [
        ("- " if one.is_abstention else "")
        + " | ".join(part for part in (one.text, one.text_en) if part)
        for one in poll.options.all()
    ]
    tiers = poll.weights.get("tiers", [])
    names = ("title", "title_en", "question", "question_en", "closes_at")
    return {name: getattr(poll, name) for name in (*names, "extension_days", "most_extensions")} | {
        "position": poll.position.public_id if poll.position else None,
        "options": "\n".join(lines),
        "is_secret": "secret" if poll.is_secret else "",
        "quorum": str(Fraction(poll.quorum_numerator, poll.quorum_denominator)),
        "majority": str(Fraction(poll.majority_numerator, poll.majority_denominator)),
        "needs": "over" if poll.is_over else "least",
        "weights": "\n".join(f"{least} = {weight}" for least, weight in tiers),
        "seen": mark_of_poll(poll),
    }
