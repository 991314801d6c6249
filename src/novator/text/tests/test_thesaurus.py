"""Thesaurus: its file keeps the rules, its phrases expand in both directions."""

from __future__ import annotations

from novator.text.thesaurus import KINDS, Entry, Thesaurus, starter_entries, starter_thesaurus
from novator.text.words import stems


def test_every_entry_has_a_kind_and_an_example_of_its_own() -> None:
    entries = starter_entries()

    assert len(entries) >= 450
    assert {entry.kind for entry in entries} == set(KINDS)
    assert all(entry.colloquial and entry.official and entry.example for entry in entries)
    assert len({entry.example for entry in entries}) == len(entries)
    assert len({(entry.colloquial, entry.kind) for entry in entries}) == len(entries)


def test_expands_in_both_directions() -> None:
    thesaurus = Thesaurus([Entry("мусорка", ("контейнерная площадка",), "colloquial", "-")])

    there = thesaurus.expansions(stems("мусорка"))
    back = thesaurus.expansions(stems("контейнерная площадка"))

    assert set(there) == set(stems("контейнерная площадка"))
    assert set(back) == set(stems("мусорка"))


def test_half_a_phrase_does_not_expand() -> None:
    thesaurus = Thesaurus([Entry("мусорка", ("контейнерная площадка",), "colloquial", "-")])

    assert thesaurus.expansions(stems("площадка")) == {}


def test_weights_are_shares() -> None:
    found = starter_thesaurus().expansions(stems("на нашей улице не горит фонарный столб"))

    assert found
    assert all(0 < weight <= 1 for weight in found.values())
