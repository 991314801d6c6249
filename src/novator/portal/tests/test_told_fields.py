"""What a draft or version tells in words, and what differs between two texts."""

from __future__ import annotations

import time

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from novator.drafts.testing import FULL
from novator.portal.told_fields import column_name, lines_of, told_steps
from novator.portal.versions_pages import compared
from novator.portal.word_differences import Part, differing_parts
from novator.practices.rows import COLUMNS

words = st.lists(st.sampled_from(["снег", "лёд", "и", "песок,", "на", "дороге."]), max_size=30)


def test_words_that_changed_stand_apart():
    assert differing_parts("Зимой очень темно.", "Зимой темно и скользко.") == [
        Part("same", "Зимой "),
        Part("removed", "очень темно."),
        Part("added", "темно и скользко."),
    ]


@given(words.map(" ".join), words.map("\n".join))
@settings(max_examples=200, deadline=None)
def test_the_parts_make_up_both_texts(before, after):
    parts = differing_parts(before, after)

    assert "".join(part.text for part in parts if part.kind != "added") == before
    assert "".join(part.text for part in parts if part.kind != "removed") == after


def test_the_longest_texts_are_compared_in_a_moment():
    before = "слово " * 16_000
    start = time.process_time()
    parts = differing_parts(before, before.replace("слово ", "дело "))

    assert parts
    assert time.process_time() - start < 2


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_column_has_a_name(language):
    with translation.override(language):
        for column in COLUMNS:
            assert "_" not in column_name(column), column


def test_lists_are_told_line_by_line_with_their_words():
    with translation.override("en"):
        lines = lines_of("effects", FULL["effects"])

    assert len(lines) == 1
    assert "Травмы при падении на улице" in lines[0]
    assert "31" in lines[0]


def test_codes_are_told_in_words():
    with translation.override("en"):
        assert lines_of("copying", "directly") == ("can be copied directly",)
        assert lines_of("help_offered", ["call"]) == ("a call",)
        assert lines_of("off_budget_share", 0.1) == ("10 %",)


def test_everything_a_draft_tells_is_shown_part_by_part():
    steps = told_steps(FULL)
    told = {field.column for step in steps for field in step.fields if field.is_told}

    assert set(FULL) - {"source_title", "source_date"} <= told | {"cost_currency", "price_year"}


def test_only_columns_that_differ_are_compared():
    fields = compared(FULL, FULL | {"lessons_ru": "Ящик открывается сразу."})

    assert [field.column for field in fields] == ["lessons_ru"]


def test_faulty_values_are_shown_as_they_were_typed():
    assert lines_of("cost_amount", "много") == ("много",)
    assert lines_of("steps", "не список") == ()
    assert lines_of("funding", ["municipal", "кто-то"])[1] == "кто-то"
