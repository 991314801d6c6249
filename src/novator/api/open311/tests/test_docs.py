"""The documentation of Open311 names every address, field, word, error and option."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from novator.api.open311 import errors, requests, routes, submitting, updates, wire
from novator.reports.exchange.words import STATE_OF
from novator.reports.models import Category

DOCS = Path(__file__).resolve().parents[5] / "docs"
READ = re.compile(
    r"""(?:text|texts|listed|moment|number|whole|flag)\(\s*"([a-z_]+)"|span\("(\w+)", "(\w+)"\)"""
)


def _parameters() -> set[str]:
    """Every parameter that our modules read."""
    source = "\n".join(inspect.getsource(module) for module in (requests, submitting, updates))
    found = {name for groups in READ.findall(source) for name in groups if name}
    return found - {"address"} | {"api_key", "jurisdiction_id"}


def _fields() -> set[str]:
    """Every field that our answers have."""
    category = Category(code="x", topic="roads", asks_asset="lamp", needs_photo=True)
    told = [wire.service_of(category), *wire.attributes_of(category)]
    told.append({"service_code": "", "attributes": [], "values": [], "key": "", "name": ""})
    source = inspect.getsource(wire)
    rows = re.findall(r'^        "([a-z_]+)": ', source, re.MULTILINE)
    assert {"service_request_id", "lat", "update_id", "detailed_status"} <= set(rows)
    return {name for row in told for name in row} | set(rows)


@pytest.mark.parametrize("name", ["open311.md", "ru/open311.md"])
def test_names_everything(name: str):
    text = (DOCS / name).read_text(encoding="utf-8")
    addresses = [
        *(f"/open311/v2/{word}`" for word in routes._LISTS),
        *(f"/open311/v2/{word}/" for word in set(routes._ONES) - {"service"}),
    ]
    codes = set(re.findall(r"Fault\((\d+)", inspect.getsource(errors)))

    assert [address for address in addresses if address not in text] == []
    assert sorted(word for word in _parameters() if f"`{word}`" not in text) == []
    assert sorted(word for word in _fields() if f"`{word}`" not in text) == []
    assert [word for word in STATE_OF if f"`{word}`" not in text] == []
    assert {code for code in codes if not re.search(rf"^\|.*\b{code}\b.*\|", text, re.M)} == set()
    assert len(codes) == 7
