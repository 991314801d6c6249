"""The law of the layout holds for foreign keys too, which the import checker cannot see."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model, OneToOneField

ROOT = Path(__file__).resolve().parent.parent


def _rank_by_package() -> dict[str, int]:
    """Package to layer, 0 the lowest; packages of one layer share a rank."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    ranks: dict[str, int] = {}
    for rank, layer in enumerate(reversed(layers)):
        for name in layer.split("|"):
            ranks[name.strip(" ()")] = rank
    return ranks


def forbidden_relations(models: list[type[Model]], ranks: dict[str, int]) -> list[str]:
    """Relations that point from an earlier stage to a later one or to its neighbour."""
    found = []
    for model in models:
        here = model._meta.app_label
        for field in model._meta.get_fields():
            if not isinstance(field, (ForeignKey, OneToOneField)):
                continue
            there = field.related_model._meta.app_label
            if here in ranks and there in ranks and here != there and ranks[there] >= ranks[here]:
                found.append(f"{here}.{model.__name__}.{field.name} -> {there}")
    return found


def test_no_foreign_key_points_to_a_later_stage():
    assert forbidden_relations(apps.get_models(), _rank_by_package()) == []


def test_the_check_itself_sees_a_wrong_direction():
    ranks = _rank_by_package() | {"practices": 0}
    practice = [apps.get_model("practices", "Practice")]

    assert forbidden_relations(practice, ranks) == ["practices.Practice.municipality -> cities"]


def test_every_package_has_its_place_in_the_law():
    packages = {
        path.parent.name
        for path in (ROOT / "src" / "novator").glob("*/__init__.py")
        if path.parent.name != "locale"
    }

    assert packages <= set(_rank_by_package())


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.name)
def test_every_module_says_what_it_is_for(path: Path):
    text = path.read_text(encoding="utf-8")
    if "migrations" in path.parts or not text.strip():
        return

    assert re.match(r'(#!.*\n)?r?"""', text), f"{path} has no docstring"
