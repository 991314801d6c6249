"""Who decides: how many voices carry a motion, and how many deputies may decide at all (K3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A required majority or a quorum: a fraction of a base, more than it or at least it."""

    numerator: int
    denominator: int
    base: str
    is_over: bool = True

    def is_met(self, number: int, of: int) -> bool:
        """Whether a number is enough of a base; nobody at all is never enough."""
        if number <= 0:
            return False
        have, needed = number * self.denominator, self.numerator * of
        return have > needed if self.is_over else have >= needed

    def least(self, of: int) -> int:
        """Least number that is enough of a base."""
        whole, rest = divmod(self.numerator * of, self.denominator)
        return max(1, whole + 1 if self.is_over or rest else whole)


@dataclass(frozen=True)
class Counts:
    """Voices of a vote. `not_voting` None: not recorded."""

    yes: int
    no: int
    abstain: int
    not_voting: int | None = 0
    recused: int = 0

    @property
    def voted(self) -> int:
        """How many said anything."""
        return self.yes + self.no + self.abstain

    @property
    def in_the_room(self) -> int:
        """How many took part, as far as it is recorded; who recused could not."""
        return self.voted + (self.not_voting or 0)


def result_of(
    counts: Counts,
    rule: Rule,
    *,
    present: int | None,
    elected: int | None,
    established: int | None,
    quorum: Rule | None = None,
) -> str | None:
    """
    Tell what came of a vote: "carried", "lost", "no_quorum"; None where the base is not known.

    Who recused counts for the quorum, being there, and not in the base "present", which is of
    those who could vote.
    """
    bases = {
        "present": present,
        "elected": elected,
        "established": established,
        "voted": counts.voted,
    }
    if (
        quorum is not None
        and is_quorate(
            quorum,
            present=present,
            recused=counts.recused,
            elected=elected,
            established=established,
        )
        is False
    ):
        return "no_quorum"
    of = bases[rule.base]
    if of is None:
        return None
    return "carried" if rule.is_met(counts.yes, of) else "lost"


def is_quorate(
    quorum: Rule,
    *,
    present: int | None,
    elected: int | None,
    established: int | None,
    recused: int = 0,
) -> bool | None:
    """Tell whether enough were there to decide; None where a number needed is not recorded."""
    of = {"elected": elected, "established": established}.get(quorum.base)
    if of is None or present is None:
        return None
    return quorum.is_met(present + recused, of)
