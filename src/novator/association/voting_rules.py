"""The association: weights, quorum, majority and what follows from the ballots of a poll."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from django.utils.translation import gettext as _

LEAST_OF_A_WEIGHT = 3
"""So many members at least must share a weight in a secret poll, or it would tell the city."""
MOST_TIERS = 20
HEAVIEST = 1000
MOST_INHABITANTS = 100_000_000
Verdict = Literal["carried", "no_ballots", "no_quorum", "tie", "no_majority"]


class FaultyRule(Exception):
    """The rule of a poll cannot be used; the message is fit to show."""


@dataclass(frozen=True)
class Choice:
    """One option of a poll. `is_abstention`: counts for the quorum only."""

    code: str
    is_abstention: bool = False


@dataclass(frozen=True)
class Rules:
    """
    When a poll is decided.

    `quorum` of all entitled weights must take part at least (0: none needed). The option with the
    most weight wins if it has more than `majority` (`is_over`), or at least that much, of the
    weights cast for any option but abstentions. A `majority` of 0 asks for the most votes only.
    """

    quorum: Fraction
    majority: Fraction
    is_over: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.quorum <= 1 or not 0 <= self.majority <= 1:
            raise FaultyRule(_("Quorum and majority are fractions from 0 to 1."))
        if self.majority == 1 and self.is_over:
            raise FaultyRule(_("Nothing can have more than all votes."))


@dataclass(frozen=True)
class Tally:
    """What one option has: ballots, their weight, its share of the weights that count."""

    code: str
    ballots: int
    weight: int
    share: Fraction | None


@dataclass(frozen=True)
class Outcome:
    """
    What follows from the ballots.

    `counted`: weights cast for any option but abstentions. `winner` only where the verdict is
    "carried". `leaders`: the option, or the options, with the most weight.
    """

    verdict: Verdict
    winner: str | None
    leaders: tuple[str, ...]
    entitled: int
    cast: int
    counted: int
    ballots: int
    tallies: tuple[Tally, ...]

    @property
    def has_quorum(self) -> bool:
        """Whether enough took part."""
        return self.verdict not in {"no_quorum", "no_ballots"}

    @property
    def turnout(self) -> Fraction:
        """Share of the entitled weights that took part."""
        return Fraction(self.cast, self.entitled) if self.entitled else Fraction(0)


def outcome_of(
    ballots: Iterable[tuple[str, int]], *, choices: Sequence[Choice], rules: Rules, entitled: int
) -> Outcome:
    """
    Reckon a poll from its ballots (code of the option, weight) in any order.

    :raises FaultyRule: a ballot for no option of the poll, or more weight than was entitled
    """
    numbers: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    for code, weight in ballots:
        numbers[code] += 1
        weights[code] += weight
    if not set(weights) <= {choice.code for choice in choices}:
        raise FaultyRule(_("There is a ballot for an option that the poll does not have."))
    cast = sum(weights.values())
    if cast > entitled:
        raise FaultyRule(_("There are more votes than may be cast."))
    counted = sum(weights[choice.code] for choice in choices if not choice.is_abstention)
    tallies = tuple(_tally(choice, numbers, weights, counted) for choice in choices)
    most = max((weights[c.code] for c in choices if not c.is_abstention), default=0)
    leaders = tuple(
        c.code for c in choices if not c.is_abstention and most and weights[c.code] == most
    )
    verdict = _verdict(
        rules, cast=cast, entitled=entitled, counted=counted, leaders=leaders, most=most
    )
    return Outcome(
        verdict=verdict,
        winner=leaders[0] if verdict == "carried" else None,
        leaders=leaders,
        entitled=entitled,
        cast=cast,
        counted=counted,
        ballots=sum(numbers.values()),
        tallies=tallies,
    )


def is_quorate(rules: Rules, *, cast: int, entitled: int) -> bool:
    """Whether enough of the entitled weights took part."""
    return cast >= rules.quorum * entitled


def checked_weights(rule: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a rule of weights in its one written form.

    {"kind": "equal"}, or {"kind": "population", "tiers": [[from how many inhabitants, weight], …]}
    with tiers that rise from 0.

    :raises FaultyRule: it is neither
    """
    kind = rule.get("kind", "equal")
    if kind == "equal":
        return {"kind": "equal"}
    if kind != "population":
        raise FaultyRule(_("Weights are equal or by population."))
    tiers = rule.get("tiers")
    if not isinstance(tiers, list | tuple) or not 1 <= len(tiers) <= MOST_TIERS:
        raise FaultyRule(
            _("Weights by population need from 1 to %(most)s tiers.") % {"most": MOST_TIERS}
        )
    pairs = [_checked_tier(tier) for tier in tiers]
    if pairs[0][0] != 0 or any(this[0] >= next_[0] for this, next_ in pairwise(pairs)):
        raise FaultyRule(_("Tiers begin at 0 inhabitants and rise."))
    return {"kind": "population", "tiers": pairs}


def weight_of(rule: Mapping[str, Any], population: int | None) -> int:
    """
    How much a member's vote weighs.

    :raises FaultyRule: by population, and the population is not known
    """
    checked = checked_weights(rule)
    if checked["kind"] == "equal":
        return 1
    if population is None:
        raise FaultyRule(_("The population is not known."))
    reached = [weight for least, weight in checked["tiers"] if least <= population]
    return int(reached[-1])


def telling_weights(weights: Iterable[int]) -> list[int]:
    """Weights held by so few that a secret ballot would tell whose it is; heaviest first."""
    held = Counter(weights)
    return sorted((w for w, number in held.items() if number < LEAST_OF_A_WEIGHT), reverse=True)


def _tally(choice: Choice, numbers: Counter[str], weights: Counter[str], counted: int) -> Tally:
    weight = weights[choice.code]
    has_share = counted and not choice.is_abstention
    share = Fraction(weight, counted) if has_share else None
    return Tally(choice.code, numbers[choice.code], weight, share)


def _verdict(
    rules: Rules, *, cast: int, entitled: int, counted: int, leaders: tuple[str, ...], most: int
) -> Verdict:
    if not cast:
        return "no_ballots"
    if not is_quorate(rules, cast=cast, entitled=entitled):
        return "no_quorum"
    if len(leaders) > 1:
        return "tie"
    needed = rules.majority * counted
    has_won = bool(leaders) and (most > needed if rules.is_over else most >= needed)
    return "carried" if has_won else "no_majority"


def _checked_tier(tier: Any) -> list[int]:
    is_pair = isinstance(tier, list | tuple) and len(tier) == 2
    if not is_pair or not all(type(number) is int for number in tier):
        raise FaultyRule(_("A tier is a pair of whole numbers: from how many inhabitants, weight."))
    least, weight = tier
    if not 0 <= least <= MOST_INHABITANTS or not 1 <= weight <= HEAVIEST:
        raise FaultyRule(_("A weight is a whole number from 1 to %(most)s.") % {"most": HEAVIEST})
    return [least, weight]
