"""Who decides: what is wrong in a file, where, by which rule, and what to mend."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


@dataclass(frozen=True)
class Fault:
    """`pointer` is a JSON pointer (RFC 6901), or a place in a workbook; `line` 0: not known."""

    pointer: str
    rule: str
    message: str
    mend: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.rule}: {self.message} {self.mend}".strip()


@dataclass
class Import:
    """What an import did, or would have done; counts are by table."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_written: bool = False

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        counts = {
            name: dict(getattr(self, name))
            for name in ("new", "changed", "unchanged", "kept", "dropped")
        }
        faults = [
            {
                "pointer": fault.pointer,
                "line": fault.line or None,
                "rule": fault.rule,
                "message": fault.message,
                "mend": fault.mend,
            }
            for fault in self.faults
        ]
        return counts | {
            "skipped": self.skipped,
            "notes": self.notes,
            "faults": faults,
            "is_written": self.is_written,
        }


def with_lines(faults: Sequence[Fault], text: str, most: int = 200) -> list[Fault]:
    """The first faults with the lines of the file in which they lie."""
    wanted = {fault.pointer for fault in faults[:most]}
    lines = lines_of(wanted, text)
    return [
        Fault(fault.pointer, fault.rule, fault.message, fault.mend, lines.get(fault.pointer, 0))
        for fault in faults
    ]


def lines_of(pointers: Iterable[str], text: str) -> dict[str, int]:
    """The line at which each value begins; of a missing field that of the object around it."""
    wanted = {above for pointer in pointers for above in _above(pointer)}
    found: dict[str, int] = {}
    path: list[str | int] = []
    kinds: list[str] = []
    line, seen, key = 1, 0, ""
    has_key = False
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        seen = token.start()
        sign = token[0]
        if sign == ":":
            has_key = True
        elif sign == ",":
            has_key = False
            if kinds and kinds[-1] == "[":
                path[-1] = int(path[-1]) + 1
        elif sign in "]}":
            kinds.pop()
            path.pop()
        elif sign[0] == '"' and kinds and kinds[-1] == "{" and not has_key:
            key = sign[1:-1]
            path[-1] = key
        else:
            here = "".join(f"/{_escaped(part)}" for part in path)
            if here in wanted:
                found.setdefault(here, line)
            if sign in "[{":
                kinds.append(sign)
                path.append(0 if sign == "[" else "")
                has_key = False
    return {
        pointer: next((found[above] for above in _above(pointer) if above in found), 0)
        for pointer in wanted
    }


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _above(pointer: str) -> list[str]:
    parts = pointer.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
