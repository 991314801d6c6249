"""Who decides: whether what is recorded of a vote can be true (rule K3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.council.majorities import Counts, Rule, is_quorate, result_of

__all__ = [
    "COUNTED",
    "IN_THE_ROOM",
    "NAMED",
    "VOICES",
    "Counts",
    "FactionVoices",
    "Fault",
    "Recorded",
    "Rule",
    "Voice",
    "counts_of",
    "faults_of_vote",
    "is_quorate",
    "result_of",
    "sum_of",
]
NAMED = frozenset({"by_name"})
"""Methods of which each voice is recorded with its name."""
COUNTED = frozenset({"by_name", "by_faction", "counts", "secret"})
"""Methods of which counts must be recorded; of a show of hands they may be missing."""
VOICES = ("yes", "no", "abstain")
IN_THE_ROOM = (*VOICES, "not_voting")


@dataclass(frozen=True)
class Voice:
    """
    One deputy's voice. `voter` and `faction` are any keys; `faction` None: of none.

    `was_present` None: the attendance is not recorded.
    """

    voter: Hashable
    option: str
    name: str = ""
    faction: Hashable | None = None
    faction_of_day: Hashable | None = None
    is_member: bool = True
    was_present: bool | None = None
    reason: str = ""


@dataclass(frozen=True)
class FactionVoices:
    """How a faction voted; `seats` None: unknown."""

    name: str
    counts: Counts
    seats: int | None = None
    is_known: bool = True


@dataclass(frozen=True)
class Recorded:
    """
    What is recorded of one vote.

    `present` counts whoever could vote, so not who recused; `result` None: to be reckoned.
    """

    method: str
    counts: Counts | None
    rule: Rule | None
    present: int | None = None
    elected: int | None = None
    established: int | None = None
    quorum: Rule | None = None
    voices: Sequence[Voice] = field(default_factory=tuple)
    factions: Sequence[FactionVoices] = field(default_factory=tuple)
    result: str | None = None


@dataclass(frozen=True)
class Fault:
    """Which rule a vote breaks, how, and what to mend."""

    rule: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message} {self.mend}"


def counts_of(voices: Iterable[Voice]) -> Counts:
    """Count recorded voices."""
    heads = Counter(voice.option for voice in voices)
    return Counts(
        yes=heads["yes"],
        no=heads["no"],
        abstain=heads["abstain"],
        not_voting=heads["not_voting"],
        recused=heads["recused"],
    )


def sum_of(factions: Iterable[FactionVoices]) -> Counts:
    """Add up the voices of factions."""
    rows = [faction.counts for faction in factions]
    return Counts(
        yes=sum(row.yes for row in rows),
        no=sum(row.no for row in rows),
        abstain=sum(row.abstain for row in rows),
        not_voting=sum(row.not_voting or 0 for row in rows),
    )


def faults_of_vote(vote: Recorded) -> list[Fault]:
    """Name every rule that the vote breaks; an empty list: it can be true."""
    return [
        *_faults_of_method(vote),
        *_faults_of_voices(vote),
        *_faults_of_factions(vote),
        *_faults_of_counts(vote),
        *_faults_of_numbers(vote),
        *_faults_of_result(vote),
    ]


def _faults_of_method(vote: Recorded) -> list[Fault]:
    found = []
    if vote.voices and vote.method not in NAMED:
        found.append(
            Fault(
                "K3.method",
                _("Names are given, but this kind of vote is recorded without names."),
                _("Take the names out, or say that the vote was by name."),
            )
        )
    if vote.method in NAMED and not vote.voices:
        found.append(
            Fault(
                "K3.method",
                _("The vote is by name, but no voice is recorded."),
                _("Enter the voices, or say that only counts are known."),
            )
        )
    if vote.method in COUNTED and vote.counts is None and vote.method not in NAMED:
        found.append(
            Fault(
                "K3.method",
                _("The counts of the vote are missing."),
                _("Enter for, against and abstained, or say that it was a show of hands."),
            )
        )
    return found


def _faults_of_voices(vote: Recorded) -> list[Fault]:
    found = []
    for voter, times in Counter(voice.voter for voice in vote.voices).items():
        if times > 1:
            name = next(voice.name for voice in vote.voices if voice.voter == voter)
            found.append(
                Fault(
                    "K3.one_voice",
                    _("%(name)s is recorded more than once in this vote.") % {"name": name},
                    _("Keep one voice for each deputy."),
                )
            )
    for voice in vote.voices:
        found.extend(_faults_of_voice(voice))
    return found


def _faults_of_voice(voice: Voice) -> list[Fault]:
    found = []
    if not voice.is_member:
        found.append(
            Fault(
                "K3.member",
                _("%(name)s was no deputy on that day.") % {"name": voice.name},
                _("Take the voice out, or mend the dates of the membership."),
            )
        )
    elif voice.faction != voice.faction_of_day:
        found.append(
            Fault(
                "K3.faction",
                _("%(name)s was in another faction on that day.") % {"name": voice.name},
                _("Leave the faction empty, or mend the membership of the faction."),
            )
        )
    if voice.was_present is False and voice.option in (*IN_THE_ROOM, "recused"):
        found.append(
            Fault(
                "K3.attendance",
                _("%(name)s is recorded as absent and has a voice.") % {"name": voice.name},
                _("Mend the attendance, or mark the deputy as absent in this vote."),
            )
        )
    if voice.option == "recused" and not voice.reason.strip():
        found.append(
            Fault(
                "K3.reason",
                _("The reason of the recusal of %(name)s is missing.") % {"name": voice.name},
                _("Say which conflict of interest was declared."),
            )
        )
    return found


def _faults_of_factions(vote: Recorded) -> list[Fault]:
    found = []
    for faction in vote.factions:
        if not faction.is_known:
            found.append(
                Fault(
                    "K3.faction",
                    _("There was no faction “%(name)s” on that day.") % {"name": faction.name},
                    _("Choose one of the factions of the council, or mend their dates."),
                )
            )
        elif faction.seats is not None and faction.counts.in_the_room > faction.seats:
            found.append(
                Fault(
                    "K3.counts",
                    ngettext(
                        "“%(name)s” has %(number)d voice, which is more than its seats"
                        " (%(seats)d).",
                        "“%(name)s” has %(number)d voices, which is more than its seats"
                        " (%(seats)d).",
                        faction.counts.in_the_room,
                    )
                    % {
                        "name": faction.name,
                        "number": faction.counts.in_the_room,
                        "seats": faction.seats,
                    },
                    _("Mend the voices of the faction, or its membership."),
                )
            )
    return found


def _faults_of_counts(vote: Recorded) -> list[Fault]:
    counts = vote.counts
    if counts is None:
        return []
    if min(counts.yes, counts.no, counts.abstain, counts.not_voting or 0, counts.recused) < 0:
        return [
            Fault("K3.counts", _("A count is less than zero."), _("Enter how many voices it was."))
        ]
    parts = counts_of(vote.voices) if vote.voices else None
    parts = parts or (sum_of(vote.factions) if vote.factions else None)
    if parts is None or _agree(counts, parts, with_recused=bool(vote.voices)):
        return []
    facts = {"said": _shown(counts), "added": _shown(parts)}
    if vote.voices:
        words = _("The counts (%(said)s) are not those of the recorded voices (%(added)s).")
    else:
        words = _("The counts (%(said)s) are not the sum of the factions (%(added)s).")
    return [Fault("K3.counts", words % facts, _("Mend the counts or the voices."))]


def _agree(said: Counts, added: Counts, *, with_recused: bool) -> bool:
    pairs = [(said.yes, added.yes), (said.no, added.no), (said.abstain, added.abstain)]
    if said.not_voting is not None:
        pairs.append((said.not_voting, added.not_voting or 0))
    if with_recused:
        pairs.append((said.recused, added.recused))
    return all(one == other for one, other in pairs)


def _shown(counts: Counts) -> str:
    return f"{counts.yes} / {counts.no} / {counts.abstain} / {counts.not_voting or 0}"


def _faults_of_numbers(vote: Recorded) -> list[Fault]:
    found = []
    counts, present = vote.counts, vote.present
    if counts is not None and present is not None:
        is_whole = counts.not_voting is not None
        if counts.in_the_room > present or (is_whole and counts.in_the_room != present):
            facts = {"voices": counts.in_the_room, "present": present}
            found.append(
                Fault(
                    "K3.present",
                    _("The voices add up to %(voices)d, but %(present)d could vote.") % facts,
                    _("Mend the counts, or how many were present."),
                )
            )
    heads = None if present is None else present + (counts.recused if counts else 0)
    names = (_("present"), _("elected"), _("established"))
    known = [
        (name, number)
        for name, number in zip(names, (heads, vote.elected, vote.established), strict=True)
        if number is not None
    ]
    for (less_name, less), (more_name, more) in pairwise(known):
        if less > more:
            pair = {"less": less_name, "number": less, "more": more_name, "other": more}
            found.append(
                Fault(
                    "K3.seats",
                    _("More are %(less)s (%(number)d) than %(more)s (%(other)d).") % pair,
                    _("Mend the numbers of the session or the composition of the council."),
                )
            )
    return found


def _faults_of_result(vote: Recorded) -> list[Fault]:
    if vote.counts is None or vote.rule is None:
        return [] if vote.result else [_no_result()]
    reckoned = result_of(
        vote.counts,
        vote.rule,
        present=vote.present,
        elected=vote.elected,
        established=vote.established,
        quorum=vote.quorum,
    )
    if reckoned is None:
        return [] if vote.result else [_no_result()]
    if vote.result in (None, reckoned):
        return []
    if reckoned == "no_quorum":
        return [
            Fault(
                "K3.quorum",
                _("There were too few present to decide anything."),
                _("Mend how many were present, or record that there was no quorum."),
            )
        ]
    carried = reckoned == "carried"
    return [
        Fault(
            "K3.result",
            _("By these counts the motion is carried, but another result is stated.")
            if carried
            else _("By these counts the motion is not carried, but another result is stated."),
            _("Mend the counts, the required majority or the result."),
        )
    ]


def _no_result() -> Fault:
    return Fault(
        "K3.result",
        _("What came of the vote cannot be reckoned from what is recorded."),
        _("State the result, or enter the counts, the required majority and its base."),
    )
