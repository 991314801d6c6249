"""
Every figure of the pages: how soon a card is found after a moderator has published it.

Each card is released, waits as cards wait for a moderator, is published, and is then looked for on
the search page until it stands there. Run as a module it publishes one card after another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any
from urllib.parse import quote

from novator.bench.scratch import CannotMeasure

MOST_SECONDS = 5.0
_GIVEN_UP = 120.0
_WAITS_SECONDS = 8.0
_LOOK_EVERY = 0.2
_SYLLABLES = ("бо", "во", "го", "до", "жо", "зо", "ко", "ло", "мо", "но")


def run_publishing_bench(*, cards: int, practices: int) -> dict[str, Any]:
    """
    Publish cards one after another on a scratch site; seconds until each is found.

    :raises CannotMeasure: the site does not start, or a card is not found within two minutes
    """
    from novator.bench.scratch import scratch_site, worker_of

    with scratch_site(practices=practices) as (base_url, folder), worker_of(folder):
        command = [sys.executable, "-m", "novator.bench.publishing", base_url, str(cards)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        load = os.getloadavg()[0]
    if ended.returncode:
        raise CannotMeasure(ended.stderr.strip().splitlines()[-1] if ended.stderr else "?")
    seconds = sorted(json.loads(ended.stdout.splitlines()[-1]))
    return {
        "cards": cards,
        "practices": practices,
        "load": round(load, 1),
        "median_seconds": round(seconds[len(seconds) // 2], 2),
        "longest_seconds": round(seconds[-1], 2),
        "budgets": {"longest_seconds": seconds[-1] <= MOST_SECONDS},
    }


def _publish(base_url: str, number: int) -> float:
    """Publish one card; return the seconds from the commit until the search page shows it."""
    from django.utils import timezone

    from novator.accounts.models import User
    from novator.accounts.testing import make_role, make_user
    from novator.cities.testing import make_city
    from novator.drafts.operations import publish_draft, release
    from novator.drafts.testing import FULL, make_draft

    on, city = timezone.localdate(), make_city("Zarechny")
    head = User.objects.filter(email="head@zarechny.example").first()
    head = head or make_role("head", city=city, user=make_user("head@zarechny.example")).user
    moderator = User.objects.filter(email="moderator@association.example").first()
    moderator = moderator or make_role("moderator").user
    street = "".join(_SYLLABLES[int(digit)] for digit in f"{time.time_ns() // 1000 % 10**6:06}")
    told = f"На крутом спуске улицы {street} зимой падают пешеходы, дворники не успевают."
    content = FULL | {"title_ru": f"Песок на улице {street}", "problem_ru": f"{told} № {number}"}
    draft = make_draft(city=city, by=head, content=content, practice=None)
    release(draft=draft, by=head, on=on, consents=True)
    time.sleep(_WAITS_SECONDS)
    practice = publish_draft(draft=draft, moderator=moderator, on=on)
    return _seconds_until_found(base_url, f"песок на улице {street}", practice.slug)


def _seconds_until_found(base_url: str, question: str, slug: str) -> float:
    from novator.bench.timing import ask_once

    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < _GIVEN_UP:
        page = ask_once(base_url, f"/ru/search/?q={quote(question)}")
        if slug.encode() in page.body:
            return time.perf_counter() - began
        time.sleep(_LOOK_EVERY)
    raise CannotMeasure(f"{slug} is not found after {passed:.0f} s")


def _main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    base_url, cards = sys.argv[1], int(sys.argv[2])
    print(json.dumps([_publish(base_url, number) for number in range(cards)]))


if __name__ == "__main__":
    _main()
