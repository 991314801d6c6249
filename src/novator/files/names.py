"""Beside the law: the name under which a file is offered, made harmless."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST = 120


def safe_name(name: str, *, ending: str, otherwise: str) -> str:
    """
    Return a name without folders, invisible or reserved characters, with the ending of its type.

    `otherwise` stands for a name of which nothing is left.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    seen = unicodedata.normalize("NFC", last)
    kept = "".join(
        " " if character in '<>:"/\\|?*%#' else character
        for character in seen
        if not unicodedata.category(character).startswith("C")
    )
    stem = PurePosixPath(" ".join(kept.split())).stem.strip(" .")[:LONGEST].strip(" .")
    return f"{stem or otherwise}.{ending}"
