"""Who decides: one vote as its page shows and sends it: voices, factions, counts, majority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from novator.council.composition import Seat
from novator.council.majorities import Counts
from novator.council.models import METHODS, MOTIONS, OPTIONS, RESULTS, Organization, VoteEvent
from novator.council.recording import Entered, Spoken
from novator.council.room import Majority, Room
from novator.council.voice_lists import Unknown, VoiceList, read_voices
from novator.council.voting import Fault
from novator.portal.people_choices import NOBODY, seats_by_faction
from novator.portal.session_shown import name_of
from novator.portal.unprintable import printable

KEYS = {
    "yes": ("З", "Y"),
    "no": ("П", "N"),
    "abstain": ("В", "A"),
    "not_voting": ("Н", "-"),
    "recused": ("К", "R"),
    "absent": ("О", "O"),
}
OF_ONE = {
    "yes": pgettext_lazy("one deputy", "for"),
    "no": pgettext_lazy("one deputy", "against"),
    "abstain": pgettext_lazy("one deputy", "abstained"),
    "not_voting": pgettext_lazy("one deputy", "did not vote"),
    "recused": pgettext_lazy("one deputy", "recused (conflict of interest)"),
    "absent": pgettext_lazy("one deputy", "absent"),
}
REST = ("yes", "no", "abstain", "not_voting")
RECORDED = "as_recorded"
LONGEST_LIST = 100_000


def _count_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=10_000)


class VoteForm(forms.Form):
    """What was voted on and how; the voices stand beside it."""

    text = forms.CharField(
        label=gettext_lazy("What was voted on"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How it was voted"), choices=lambda: list(METHODS.items())
    )
    majority = forms.ChoiceField(label=gettext_lazy("Required majority"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of motion"), choices=lambda: list(MOTIONS.items())
    )
    moved_by = forms.ChoiceField(label=gettext_lazy("Moved by"), required=False)
    text_en = forms.CharField(
        label=gettext_lazy("What was voted on, in English"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_absentee = forms.BooleanField(
        label=gettext_lazy("By questionnaire, outside the session (absentee)"), required=False
    )
    yes = _count_field(gettext_lazy("For"))
    no = _count_field(gettext_lazy("Against"))
    abstain = _count_field(gettext_lazy("Abstained"))
    not_voting = _count_field(gettext_lazy("Did not vote"))
    recused = _count_field(gettext_lazy("Recused"))
    present = _count_field(gettext_lazy("Could vote"))
    result = forms.ChoiceField(
        label=gettext_lazy("Result, where it cannot be reckoned"),
        required=False,
        choices=lambda: [("", "—"), *RESULTS.items()],
    )

    all_required = True

    def __init__(self, *args: Any, room: Room, recorded: Majority | None, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.room = room
        self.recorded = recorded
        majority, moved_by = self.fields["majority"], self.fields["moved_by"]
        assert isinstance(majority, forms.ChoiceField)
        assert isinstance(moved_by, forms.ChoiceField)
        known = [(one.code, name_of(one)) for one in room.majorities]
        if recorded is not None:
            known.insert(0, (RECORDED, name_of(recorded)))
        majority.choices = [("", _("not stated")), *known]
        moved_by.choices = [NOBODY, *seats_by_faction(room.seats)]

    @property
    def chosen(self) -> Majority | None:
        """The majority that was chosen."""
        code = self.cleaned_data.get("majority", "")
        return self.recorded if code == RECORDED else self.room.majority(code)


@dataclass(frozen=True)
class Line:
    """A deputy's line of the sheet."""

    seat: Seat
    number: int
    option: str
    reason: str


@dataclass(frozen=True)
class FactionLine:
    """A faction's line where a vote is recorded by faction."""

    faction: Organization | None
    key: str
    seats: int
    counts: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """Voices as they were typed: options and reasons by the number of the person."""

    options: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    factions: dict[str, dict[str, str]] = field(default_factory=dict)
    rest: str = ""
    unknown: list[Unknown] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def typed_sheet(sent: QueryDict, room: Room) -> Sheet:
    """What was typed into the page, with names from the pasted list that were chosen."""
    options, reasons = {}, {}
    for seat in room.seats:
        key = seat.person.pk
        option = sent.get(f"v-{key}", "")
        if option in OPTIONS:
            options[key] = option
        reasons[key] = printable(sent.get(f"r-{key}", "")).strip()[:300]
    for place in range(100):
        who, option = sent.get(f"who-{place}", ""), sent.get(f"said-{place}", "")
        if who.isdecimal() and int(who) in room.seat_of and option in OPTIONS:
            options[int(who)] = option
    rest = sent.get("rest", "")
    sheet = Sheet(options, reasons, _typed_factions(sent, room), rest if rest in REST else "")
    pasted = sent.get("pasted", "")[:LONGEST_LIST]
    return _with(sheet, read_voices(pasted, [seat.person for seat in room.seats]))


def stored_sheet(event: VoteEvent) -> Sheet:
    """What is stored of a vote. Two queries."""
    votes = list(event.votes.values_list("voter", "option", "reason"))
    factions = {
        str(row.faction_id or 0): {name: str(getattr(row, name)) for name in REST}
        for row in event.by_faction.all()
    }
    return Sheet(
        {key: option for key, option, _reason in votes},
        {key: reason for key, _option, reason in votes},
        factions,
    )


def fresh_sheet(room: Room) -> Sheet:
    """Nothing typed yet: whoever is not there by the attendance is absent."""
    away = [seat.person.pk for seat in room.seats if room.was_present(seat.person.pk) is False]
    return Sheet(dict.fromkeys(away, "absent"))


def filled(sheet: Sheet, room: Room) -> Sheet:
    """The sheet with everybody who is not marked and was there counted among the rest."""
    if not sheet.rest:
        return sheet
    options = dict(sheet.options)
    for seat in room.seats:
        key = seat.person.pk
        if key not in options:
            options[key] = sheet.rest if room.was_present(key) is not False else "absent"
    return replace(sheet, options=options)


def faults_of_sheet(sheet: Sheet, room: Room, method: str) -> list[Fault]:
    """Tell who is not marked, and which names of the list are nobody's."""
    found = []
    if sheet.unknown:
        names = ", ".join(one.name for one in sheet.unknown)
        found.append(
            Fault(
                "K3.member",
                _("Names that are of no deputy, or of several: %(names)s.") % {"names": names},
                _("Choose below who is meant."),
            )
        )
    if sheet.unread:
        found.append(
            Fault(
                "K3.voices",
                _("Lines without a voice: %(lines)s.") % {"lines": "; ".join(sheet.unread[:5])},
                _("Write a name and a word such as “for” on each line."),
            )
        )
    left = [str(seat.person) for seat in room.seats if seat.person.pk not in sheet.options]
    if method == "by_name" and left:
        more = "…" if len(left) > 6 else "."
        found.append(
            Fault(
                "K3.voices",
                _("Not marked yet, %(number)d: %(names)s")
                % {"number": len(left), "names": ", ".join(left[:6]) + more},
                _("Mark them, or say how everybody else voted."),
            )
        )
    return found


def entered_of(form: VoteForm, sheet: Sheet) -> Entered:
    """What was typed, as the records take it."""
    said = form.cleaned_data
    method, chosen = said["method"], form.chosen
    named, by_faction = method == "by_name", method == "by_faction"
    person = form.room.seat_of.get(int(said["moved_by"] or 0))
    return Entered(
        method=method,
        text=said["text"],
        text_en=said["text_en"],
        kind=said["kind"],
        is_absentee=said["is_absentee"],
        majority=(chosen.name or "") if chosen else "",
        rule=chosen.rule if chosen else None,
        voices=_voices(sheet) if named else {},
        factions=_factions(sheet) if by_faction else {},
        counts=None if named or by_faction else _counts(said),
        present=None if named else said["present"],
        result=said["result"] or None,
        moved_by=person.person if person else None,
    )


def stored_form(event: VoteEvent) -> dict[str, Any]:
    """What is stored of a vote, as its form shows it."""
    motion = event.motion
    names = ("method", "is_absentee", "yes", "no", "abstain", "not_voting", "recused", "present")
    return {
        **{name: getattr(event, name) for name in names},
        "text": motion.text,
        "text_en": motion.text_en,
        "kind": motion.kind,
        "moved_by": motion.moved_by_id,
        "result": event.result if event.is_result_stated else "",
    }


def recorded_majority(event: VoteEvent) -> Majority | None:
    """The majority that is stored with a vote."""
    rule = event.rule
    return Majority(RECORDED, event.majority, rule) if rule else None


def groups_of(sheet: Sheet, room: Room) -> list[tuple[Organization | None, list[Line]]]:
    """The lines of the sheet by faction."""
    places = {seat.person.pk: place for place, seat in enumerate(room.seats, start=1)}
    return [
        (
            faction,
            [
                Line(
                    seat,
                    places[seat.person.pk],
                    sheet.options.get(seat.person.pk, ""),
                    sheet.reasons.get(seat.person.pk, ""),
                )
                for seat in seats
            ],
        )
        for faction, seats in room.factions
    ]


def factions_of(sheet: Sheet, room: Room) -> list[FactionLine]:
    """The lines of a vote by faction."""
    return [
        FactionLine(
            faction,
            key := str(faction.pk if faction else 0),
            len(seats),
            sheet.factions.get(key, {}),
        )
        for faction, seats in room.factions
    ]


def _with(sheet: Sheet, read: VoiceList) -> Sheet:
    twice = [_("%(name)s (twice)") % {"name": name} for name in read.twice]
    return replace(
        sheet,
        options={**sheet.options, **read.known},
        unknown=read.unknown,
        unread=[*read.unread, *twice],
    )


def _typed_factions(sent: QueryDict, room: Room) -> dict[str, dict[str, str]]:
    keys = [str(faction.pk if faction else 0) for faction, _seats in room.factions]
    return {key: {name: sent.get(f"f-{key}-{name}", "").strip() for name in REST} for key in keys}


def _voices(sheet: Sheet) -> dict[int, Spoken]:
    return {
        key: Spoken(option, sheet.reasons.get(key, "")) for key, option in sheet.options.items()
    }


def _factions(sheet: Sheet) -> dict[int | None, Counts]:
    rows: dict[int | None, Counts] = {}
    for key, typed in sheet.factions.items():
        numbers = {name: _number(text) for name, text in typed.items()}
        if any(typed.values()):
            rows[int(key) or None] = Counts(**numbers)
    return rows


def _counts(said: Mapping[str, Any]) -> Counts | None:
    if all(said[name] is None for name in ("yes", "no", "abstain")):
        return None
    return Counts(
        yes=said["yes"] or 0,
        no=said["no"] or 0,
        abstain=said["abstain"] or 0,
        not_voting=said["not_voting"],
        recused=said["recused"] or 0,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
