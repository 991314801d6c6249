"""Who decides: whom a written name means: «Иванов И. И.», «Иванов», the whole name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from itertools import permutations

from novator.council.models import Person

_MOST_TOKENS = 5


def person_called(name: str, people: Collection[Person]) -> Person | None:
    """Return the one person whom a name means; None if it is none of them, or more than one."""
    found = people_called(name, people)
    return found[0] if len(found) == 1 else None


def people_called(name: str, people: Collection[Person]) -> list[Person]:
    """Return everybody whom a name may mean: whole names before shortened ones."""
    wanted = _tokens(name)
    if not wanted:
        return []
    whole = [person for person in people if sorted(wanted) in _names(person)]
    if whole:
        return whole
    return [person for person in people if any(_means(wanted, own) for own in _names(person))]


def likeliest(name: str, people: Collection[Person]) -> list[Person]:
    """Return the people in the order in which they are probably meant."""
    wanted = " ".join(sorted(_tokens(name)))

    def likeness(person: Person) -> tuple[float, str, int]:
        best = max(SequenceMatcher(None, wanted, " ".join(own)).ratio() for own in _names(person))
        return (-best, person.name, person.pk)

    return sorted(people, key=likeness)


def _names(person: Person) -> list[list[str]]:
    known = [_tokens(person.name), _tokens(person.name_en)]
    parts = f"{person.family_name} {person.given_name} {person.patronymic}"
    if person.family_name:
        known.append(_tokens(parts))
    return [sorted(own) for own in known if own] or [[""]]


def _means(wanted: Sequence[str], own: Sequence[str]) -> bool:
    """Each written part stands for another part of the name; at least one is written out."""
    if len(wanted) > len(own) or len(wanted) > _MOST_TOKENS or len(own) > _MOST_TOKENS:
        return False
    return any(
        any(len(part) > 1 for part in wanted)
        and all(
            part == name or (len(part) == 1 and name.startswith(part))
            for part, name in zip(wanted, order, strict=True)
        )
        for order in permutations(own, len(wanted))
    )


def _tokens(name: str) -> list[str]:
    plain = name.casefold().replace("ё", "е")
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()
