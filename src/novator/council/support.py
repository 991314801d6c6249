"""Who decides: how united groups were and how broad the support of a vote was; no model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

FEW = 5
"""Below so many voices an index of unity says little (rule K4)."""


@dataclass(frozen=True)
class Tally:
    """Voices of a group for, against and abstaining; who did not vote is in none of them."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def all(self) -> int:
        """Everybody who voted."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True)
class Group:
    """
    One faction in one vote: its seats on that day and its voices.

    `is_faction` false: a deputy of none, who is a group of one.
    """

    key: str
    seats: int
    tally: Tally
    is_faction: bool = True

    @property
    def is_in_favour(self) -> bool:
        """Whether more than half of its seats voted for; who was absent was not in favour."""
        return 2 * self.tally.yes > self.seats


@dataclass(frozen=True)
class Breadth:
    """
    How broad the support of a vote was, by our own open definitions (rule K5).

    `factions` (B1): share of factions with a majority in favour. `seats` (B2): share of the seats
    that those factions and deputies of none in favour have. `likeness` (B3): 1 − dissimilarity
    (Duncan and Duncan 1955) of the shares of groups among "yes" and among seats. `variety` (B4):
    effective number of groups among "yes" over that of the council; it can exceed 1 where the
    "yes" are spread more evenly than the seats.
    """

    factions: float | None
    seats: float
    likeness: float
    variety: float
    in_favour: tuple[str, ...]


def rice(tally: Tally) -> float | None:
    """|Y − N| / (Y + N) (Rice 1925); None where nobody voted either way."""
    sided = tally.yes + tally.no
    return abs(tally.yes - tally.no) / sided if sided else None


def agreement(tally: Tally) -> float | None:
    """
    (max − ½(all − max)) / all over for, against, abstained (Hix, Noury, Roland 2005).

    It does not reduce to Rice: five against five gives 0.25. None where nobody voted.
    """
    most = max(tally.yes, tally.no, tally.abstain)
    return (most - (tally.all - most) / 2) / tally.all if tally.all else None


def laakso_taagepera(sizes: Iterable[float]) -> float | None:
    """Effective number of groups: 1 / Σp² (Laakso, Taagepera 1979); None for no seats."""
    shares = _shares(sizes)
    return 1 / sum(p * p for p in shares) if shares else None


def golosov(sizes: Iterable[float]) -> float | None:
    """Effective number of groups: Σ p / (p + p₁² − p²) (Golosov 2010); None for no seats."""
    shares = _shares(sizes)
    if not shares:
        return None
    largest = max(shares)
    return sum(p / (p + largest * largest - p * p) for p in shares)


def breadth(groups: Sequence[Group]) -> Breadth | None:
    """Reckon how broad the support was; None where nobody voted for or no seats are known."""
    seats = sum(group.seats for group in groups)
    yes = sum(group.tally.yes for group in groups)
    if not seats or not yes:
        return None
    factions = [group for group in groups if group.is_faction]
    in_favour = [group for group in groups if group.is_in_favour]
    apart = sum(abs(g.tally.yes / yes - g.seats / seats) for g in groups) / 2
    of_yes = laakso_taagepera(group.tally.yes for group in groups)
    of_seats = laakso_taagepera(group.seats for group in groups)
    assert of_yes is not None
    assert of_seats is not None
    return Breadth(
        factions=sum(g.is_in_favour for g in factions) / len(factions) if factions else None,
        seats=sum(group.seats for group in in_favour) / seats,
        likeness=1 - apart,
        variety=of_yes / of_seats,
        in_favour=tuple(group.key for group in in_favour),
    )


@dataclass(frozen=True)
class Together:
    """Of the votes in which both took part, how many they voted alike."""

    alike: int
    both: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.alike / self.both


def voting_together(
    votes: Iterable[Mapping[int, str]],
) -> dict[tuple[int, int], Together]:
    """
    Who votes with whom, over votes given as voter → "yes" | "no" | "abstain".

    Pairs stand with the smaller voter first; those who never voted in the same vote are left out.
    """
    alike: dict[tuple[int, int], int] = {}
    both: dict[tuple[int, int], int] = {}
    for vote in votes:
        for pair in combinations(sorted(vote), 2):
            both[pair] = both.get(pair, 0) + 1
            if vote[pair[0]] == vote[pair[1]]:
                alike[pair] = alike.get(pair, 0) + 1
    return {pair: Together(alike.get(pair, 0), count) for pair, count in both.items()}


def _shares(sizes: Iterable[float]) -> list[float]:
    counted = [size for size in sizes if size > 0]
    whole = sum(counted)
    return [size / whole for size in counted]
