"""Who decides: the two councils that come with the product, each fact with its source."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.utils import translation

from novator.core.package import PackageDamaged, packaged
from novator.council.popolo.faults import Import
from novator.council.popolo.taking import take_document

DATA = Path(__file__).parent / "data"
STORIES = ("kaluga.json", "glazov.json")
_FORMAT = "1"


def starter_digest() -> str:
    """A fingerprint of the stories, by which a start knows that it has loaded them."""
    digest = hashlib.sha256(f"council {_FORMAT}".encode())
    for name in STORIES:
        with packaged(DATA / name):
            digest.update((DATA / name).read_bytes())
    return digest.hexdigest()


def story(name: str) -> dict[str, Any]:
    """One story as a Popolo document."""
    with packaged(DATA / name):
        document: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return document


def load_starter_councils() -> list[Import]:
    """Load the stories; whatever is there already stays as people have made it since."""
    with translation.override("en"):
        reports = [take_document(story(name), only_new=True) for name in STORIES]
    for name, report in zip(STORIES, reports, strict=True):
        if report.faults:
            raise PackageDamaged(DATA / name, str(report.faults[0]))
    return reports
