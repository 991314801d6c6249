"""One row of a file: what is taken, what is refused and with which words."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from novator.core.partial_dates import as_text, earliest_and_latest
from novator.practices.rows import COLUMNS, BadRow, PracticeRow, is_known_column, row_from
from novator.practices.tests.files import row

COMPULSORY = {"id", "title_ru", "municipality", "country", "topic", "problem_ru", "solution_ru"}
COMPULSORY |= {"source_url"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def faults(**changes: Any) -> dict[str, str]:
    with translation.override("en"):
        try:
            row_from(row(**changes))
        except BadRow as bad:
            return {fault.field: fault.reason for fault in bad.faults}
    return {}


def test_takes_a_whole_row() -> None:
    card = row_from(row())

    assert card.cost is not None
    assert card.cost.amount == Decimal("870000.00")
    assert card.effects[0].change == -90
    assert card.sources[0].date == "2020-02"
    assert card.asked_as_ru == ("ждёшь автобус и коченеешь",)


def test_unknown_is_none_and_never_nought() -> None:
    card = row_from(row(population=None, cost_amount="", cost_currency=None, cost_basis=None))

    assert card.population is None
    assert card.cost is None
    assert card.cost_note == "Три остановки."


@pytest.mark.parametrize(
    "field",
    [name for name in COLUMNS if name in COMPULSORY],
)
@pytest.mark.parametrize("nothing", [None, "", "  ", ...])
def test_a_compulsory_field_must_be_there(field: str, nothing: Any) -> None:
    assert faults(**{field: nothing}) == {field: "is missing"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Глазов"),
        ("id", "a" * 81),
        ("country", "Russia"),
        ("topic", "дороги"),
        ("population", 0),
        ("population", -5),
        ("population", 1.5),
        ("population", "много"),
        ("population", True),
        ("population", float("nan")),
        ("population", float("inf")),
        ("population", 10**12),
        ("year_start", 20019),
        ("year_end", 2018),
        ("cost_amount", -1),
        ("cost_amount", "1e99"),
        ("cost_amount", float("nan")),
        ("cost_currency", "рубли"),
        ("cost_currency", None),
        ("cost_basis", "всего"),
        ("funding", ["lottery"]),
        ("funding", 5),
        ("effects", "[{]"),
        ("effects", "{}"),
        ("effects", [1]),
        ("effects", "[" * 100_000),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "https://"),
        ("source_url", "http://[::1"),
        ("source_url", "https://example.org/" + "a" * 600),
        ("source_date", "вчера"),
        ("source_date", "2020-13"),
        ("source_date", "2021-02-30"),
        ("confidence", 1.01),
        ("confidence", "NaN"),
        ("title_ru", "a\0b"),
        ("title_ru", "x" * 301),
        ("title_ru", ["list"]),
        ("oktmo", 94720000),
        ("oktmo", "94700000"),
        ("tags_ru", ["t"] * 0 + [str(n) for n in range(61)]),
        ("asked_as_ru", ["x" * 501]),
        ("more_sources", [{"title": "no address"}]),
    ],
)
def test_refuses_what_is_not_fit(field: str, value: Any) -> None:
    found = faults(**{field: value})

    assert len(found) == 1
    assert next(iter(found)).startswith(field)


def test_nought_roubles_need_a_note() -> None:
    assert faults(cost_amount=0) == {}
    assert faults(cost_amount=0, cost_note=None).keys() == {"cost_amount"}


def test_a_currency_without_an_amount_is_a_fault() -> None:
    assert faults(cost_amount=None).keys() == {"cost_currency", "cost_basis"}


def test_a_change_says_whether_it_is_percent() -> None:
    effect = row()["effects"][0] | {"change_kind": None}

    assert faults(effects=[effect]) == {"effects[1].change_kind": "is missing beside a change"}


def test_names_every_fault_of_a_row() -> None:
    found = faults(id=None, topic="x", population=0)

    assert found.keys() == {"id", "topic", "population"}


def test_says_the_reason_in_the_readers_language() -> None:
    with translation.override("en"), pytest.raises(BadRow, match="id: is missing"):
        row_from(row(id=None))


@pytest.mark.parametrize("text", ["87000", "87 000", "87\u00a0000", "87000.0", 87000.0])
def test_reads_numbers_as_people_write_them(text: Any) -> None:
    assert row_from(row(population=text)).population == 87_000


def test_reads_lists_and_objects_of_a_table() -> None:
    card = row_from(
        row(
            funding="municipal; private",
            tags_ru="зима;остановки;;зима",
            effects="",
            effect1_indicator_ru="Жалобы",
            effect1_after="30",
            effect1_evidence="self-reported",
            effect2_indicator_ru="Пассажиры",
            effect2_evidence="evaluation",
        )
    )

    assert card.funding == ("municipal", "private")
    assert card.tags_ru == ("зима", "остановки")
    assert [(e.indicator_ru, e.after) for e in card.effects] == [
        ("Жалобы", 30),
        ("Пассажиры", None),
    ]


def test_an_absent_column_of_formulations_is_not_an_empty_one() -> None:
    assert row_from(row(asked_as_ru=...)).asked_as_ru is None
    assert row_from(row(asked_as_ru="")).asked_as_ru == ()


def test_knows_its_columns() -> None:
    assert all(is_known_column(name) for name in COLUMNS)
    assert is_known_column("effect12_after")
    assert not is_known_column("effect0_after")
    assert not is_known_column("effect1_colour")


@given(st.sampled_from(COLUMNS), ANYTHING)
def test_any_value_is_taken_or_refused_but_never_breaks(column: str, value: Any) -> None:
    try:
        card = row_from(row(**{column: value}))
    except BadRow:
        return
    assert isinstance(card, PracticeRow)


@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(COLUMNS), ANYTHING))
def test_any_row_is_taken_or_refused_but_never_breaks(values: dict[str, Any]) -> None:
    with pytest.raises(BadRow):
        row_from({"id": "Ж", **{k: v for k, v in values.items() if k != "id"}})


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_partial_dates_come_back(day: Any, length: int) -> None:
    text = day.isoformat()[:length]
    earliest, latest = earliest_and_latest(text)

    assert earliest <= day <= latest
    assert as_text(earliest, latest) == text


def test_reads_a_date_of_a_table_program() -> None:
    assert row_from(row(source_date=datetime(2020, 2, 3))).sources[0].date == "2020-02-03"
    assert row_from(row(source_date=2020)).sources[0].date == "2020"


GLAZOV, KALUGA = "94720000", "29701000"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"oktmo": GLAZOV}, {}),
        ({"oktmo": GLAZOV, "oktmo_control": "2"}, {}),
        ({"oktmo": GLAZOV, "oktmo_control": 2}, {}),
        ({"oktmo": "99999999"}, {"oktmo": "does not belong to the stated region (94…)"}),
        ({"oktmo": KALUGA}, {"oktmo": "does not belong to the stated region (94…)"}),
        ({"oktmo": KALUGA, "region": "Калужская область"}, {}),
        ({"oktmo": KALUGA, "region": "край, которого нет"}, {}),
        ({"oktmo": GLAZOV, "oktmo_control": "3"}, {"oktmo": "control digit"}),
        ({"oktmo": GLAZOV, "oktmo_control": "22"}, {"oktmo_control": "must be one digit"}),
        ({"oktmo_control": "2"}, {"oktmo_control": "is stated without oktmo"}),
        ({"oktmo": GLAZOV, "country": "KZ"}, {"oktmo": "Only a municipality of Russia"}),
    ],
)
def test_a_code_is_one_of_the_stated_region(
    changes: dict[str, Any], expected: dict[str, str]
) -> None:
    found = faults(**changes)

    assert found.keys() == expected.keys()
    assert all(words in found[field] for field, words in expected.items())


def test_the_control_digit_is_a_column_that_is_only_checked() -> None:
    assert is_known_column("oktmo_control")
    assert "oktmo_control" not in COLUMNS
