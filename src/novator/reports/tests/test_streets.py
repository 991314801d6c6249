"""Addresses of the city's list: taken from a file, found while typing, named at a point."""

from __future__ import annotations

import io

import pytest

from novator.reports.models import Street
from novator.reports.streets import (
    StreetsRefused,
    address_called,
    find_addresses,
    house_key,
    import_streets,
    nearest_address,
    street_key,
)
from novator.reports.testing import make_channel

pytestmark = pytest.mark.django_db
_LIST = (
    "Улица;Дом;Широта;Долгота\n"
    "улица Ленина;5;57,001;53,002\n"
    "улица Ленина;5к2;57,0012;53,002\n"
    "проспект Ленина;7;57,01;53,01\n"
    "улица 8 Марта;12;57,02;53,03\n"
)


def _take(text=_LIST, name="streets.csv", **options):
    city = make_channel().municipality
    file = io.BytesIO(text.encode())
    return city, import_streets(municipality=city, file=file, name=name, **options)


def test_takes_a_list_once_and_again():
    city, first = _take()
    _city, second = _take(_LIST.replace("57,02", "57,03"))

    assert (first.rows, second.rows, first.faults) == (4, 4, [])
    assert Street.objects.filter(municipality=city).count() == 4
    assert Street.objects.get(key="8 марта").latitude == 57.03


@pytest.mark.parametrize(
    ("row", "field"),
    [("улица;1;57;53", "name"), ("Мира;1;57;x", "longitude"), ("Мира;1;10;53", "latitude")],
)
def test_a_bad_row_is_named_and_nothing_is_taken(row, field):
    _city, report = _take(_LIST + row)

    assert [(fault.line, fault.field) for fault in report.faults] == [(6, field)]
    assert not Street.objects.exists()


def test_what_is_no_list_is_refused_in_words():
    with pytest.raises(StreetsRefused):
        _take("a,b\n1,2\n")
    with pytest.raises(StreetsRefused):
        _take("nothing", name="streets.xlsx")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ленина 5", ["улица Ленина, 5", "улица Ленина, 5к2"]),
        ("ул. Ленина, д. 5, корп. 2", ["улица Ленина, 5к2"]),
        ("8 марта", ["улица 8 Марта, 12"]),
        ("Мира", []),
    ],
)
def test_finds_addresses_while_typing(typed, found):
    city, _report = _take()

    assert [str(row) for row in find_addresses(city, typed)] == found


def test_an_unclear_address_has_no_point():
    city, _report = _take()

    assert str(address_called(city, "Ленина, 5")) == "улица Ленина, 5"
    assert address_called(city, "Ленина") is None
    assert str(nearest_address(city, 57.00105, 53.0021)) == "улица Ленина, 5"
    assert nearest_address(city, 57.1, 53.1) is None


def test_spellings_that_are_one():
    assert street_key("ул. Академика Королёва") == street_key("Академика Королева улица")
    assert house_key("5, корп. 2") == house_key("5к2") == "5/2"
