"""Before the law's first step: what the person at the terminal sees while Novator starts."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is."""

_PLAIN_PERCENT = 10


def say(words: str) -> None:
    """Print a line as it is, without colours or wrapping."""
    print(words, flush=True)


@contextmanager
def step(title: str) -> Iterator[Advance]:
    """Show that a step runs, how far it is if it says so, and how long it took."""
    began = time.monotonic()
    console = Console()
    with _lively(console, title) if console.is_terminal else _plain(title) as advance:
        yield advance
    say(f"  {title}: {time.monotonic() - began:.1f} s")


@contextmanager
def _lively(console: Console, title: str) -> Iterator[Advance]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    columns_at_the_end = (TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, *columns_at_the_end, console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def _plain(title: str) -> Iterator[Advance]:
    told = 0

    def advance(done: int, total: int) -> None:
        nonlocal told
        percent = 100 * done // max(total, 1)
        if percent < told:
            told = 0
        if percent >= told + _PLAIN_PERCENT:
            told = percent - percent % _PLAIN_PERCENT
            say(f"  {title}: {told} %")

    yield advance
