"""Bench: a process that only opens an index and asks, as the web process does; its memory, too."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from novator.bench.search_questions import Asked
    from novator.matching.catalogue import PracticeIndex


def measured(index: PracticeIndex, asked: Sequence[Asked]) -> dict[str, Any]:
    """Quality and times of an index; the questions as they are and by their length."""
    from novator.bench.search import timed, times_by_length
    from novator.bench.search_questions import figures
    from novator.bench.search_systems import novator_slugs

    search = novator_slugs(index)
    slugs, times = timed(search, [question.text for question in asked])
    return {**figures(slugs, asked), **times, **times_by_length(index, search, asked)}


def asked_of(folder: Path, asked: Sequence[Asked]) -> dict[str, Any]:
    """Open the index in a folder, ask everything, tell times and memory of this process."""
    from django.conf import settings

    from novator.matching.catalogue import PracticeIndex
    from novator.matching.search import find
    from novator.text.encoders import encoders_from_setting
    from novator.text.index import open_snapshot

    began = time.perf_counter()
    index = PracticeIndex(open_snapshot(folder), encoders_from_setting(settings.ENCODERS))
    opened = time.perf_counter()
    find("проба", index=index)
    first = time.perf_counter()
    told = measured(index, asked)
    for name in ("ndcg@10", "ndcg@10_interval", "success@3", "mrr"):
        told.pop(name, None)
    return {
        **told,
        "index_open_seconds": round(opened - began, 3),
        "first_question_seconds": round(first - opened, 3),
        "index_mb": round(index.size / 2**20, 1),
        **memory_mb(),
    }


def memory_mb() -> dict[str, float]:
    """
    Memory this process holds now: all that is resident, and its own part of that.

    The rest are pages of mapped files, which the system may take back and processes share.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return {}
    rows = dict(row.split(":", 1) for row in status.read_text("ascii").splitlines() if ":" in row)
    names = {"resident_mb": "VmRSS", "resident_mb_of_its_own": "RssAnon"}
    return {
        told: round(int(rows[name].split()[0]) / 1024, 1)
        for told, name in names.items()
        if name in rows
    }


def _main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    from novator.bench.search_questions import Asked

    asked = [Asked(*row) for row in json.load(sys.stdin)]
    print(json.dumps(asked_of(Path(sys.argv[1]), asked)))


if __name__ == "__main__":
    _main()
