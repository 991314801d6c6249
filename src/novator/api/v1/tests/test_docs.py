"""The written documentation names every address, parameter and error."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from novator.api.v1 import errors
from novator.api.v1.openapi import openapi
from novator.api.v1.routes import api

DOCS = Path(__file__).resolve().parents[5] / "docs"


@pytest.mark.parametrize("name", ["api.md", "ru/api.md"])
def test_names_every_address_parameter_and_error(name: str):
    text = (DOCS / name).read_text(encoding="utf-8")

    described = openapi(api)
    addresses = set(described["paths"])
    parameters = {
        parameter["name"]
        for operations in described["paths"].values()
        for parameter in operations["get"]["parameters"]
    }
    codes = set(re.findall(r'refusal\(\s*\d+, "(\w+)"', inspect.getsource(errors)))

    assert {code for code in codes if f"`{code}`" not in text} == set()
    assert {path for path in addresses if f"`{path}`" not in text} == set()
    assert {word for word in parameters if not re.search(rf"[`{{]{word}[`=}}]", text)} == set()
    assert len(codes) >= 6
