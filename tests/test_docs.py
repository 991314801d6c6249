"""The documents tell of every setting, command and address that there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BETWEEN_OUR_PROCESSES = {"NOVATOR_HOST", "NOVATOR_PORT", "NOVATOR_SUPERVISOR"}
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)")


def _source() -> Iterator[str]:
    for path in (ROOT / "src" / "novator").rglob("*.py"):
        if "tests" not in path.parts and path.name != "testing.py":
            yield path.read_text(encoding="utf-8")


def _settings() -> set[str]:
    return {name for text in _source() for name in re.findall(r"\bNOVATOR_[A-Z_]+\b", text)} - (
        BETWEEN_OUR_PROCESSES
    )


def _commands(group: object, prefix: str = "novator") -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "commands", None):
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


@pytest.mark.parametrize("guide", ["operator-guide.md", "ru/operator-guide.md"])
def test_every_setting_is_in_the_operator_guide(guide: str):
    text = (DOCS / guide).read_text(encoding="utf-8")

    assert {name for name in _settings() if name not in text} == set()


def test_every_command_is_in_the_documents():
    from novator.cli.main import app

    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))

    known = list(_commands(typer.main.get_command(app)))
    assert len(known) > 5
    assert [name for name in known if name not in text] == []


@pytest.mark.parametrize("guide", ["api.md", "ru/api.md"])
def test_every_address_of_the_interface_is_in_its_document(guide: str):
    from novator.api.v1.openapi import openapi
    from novator.api.v1.routes import api

    text = (DOCS / guide).read_text(encoding="utf-8")

    assert [
        path for path in openapi(api)["paths"] if path.removeprefix("/api/v1") not in text
    ] == []


@pytest.mark.parametrize(
    "path",
    sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")]),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_between_documents_lead_somewhere(path: Path):
    targets = [
        target
        for target in LINK.findall(re.sub(r"`[^`]*`", "", path.read_text(encoding="utf-8")))
        if "://" not in target and not target.startswith("mailto:")
    ]

    assert [target for target in targets if not (path.parent / target).exists()] == []
