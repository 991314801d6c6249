"""
Interface messages without the gettext programs: `messages.py check | update | compile`.

`update` adds new messages to the Russian catalogue, drops stale ones and compiles it; `check` fails
on an untranslated, stale or uncompiled message. Messages are found in Python by its own syntax
tree and in templates by Django's own reading of them.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "novator"
CATALOGUE = SOURCE / "locale" / "ru" / "LC_MESSAGES" / "django.po"

SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop", "N_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}

HEADER = {
    "Project-Id-Version": "novator",
    "Language": "ru",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    ),
}


@dataclass(frozen=True)
class Message:
    """One message as the source calls for it."""

    text: str
    plural: str = ""
    context: str = ""


def messages_in_python(text: str) -> Iterator[Message]:
    """Messages of one module, in the order of its syntax tree."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            words = [
                a.value
                for a in node.args
                if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            yield from _message(name, words)


def _message(name: str, words: list[str]) -> Iterator[Message]:
    if name in SINGLE and words:
        yield Message(words[0])
    elif name in PLURAL and len(words) >= 2:
        yield Message(words[0], plural=words[1])
    elif name in CONTEXT and len(words) >= 2:
        yield Message(words[1], context=words[0])


TEMPLATE_CALL = re.compile(
    r"\b(n?p?gettext)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?:\s*,\s*"
    r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))*)"
)
LITERAL = re.compile(r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")


def messages_in_template(text: str) -> Iterator[Message]:
    """Messages of one template."""
    from django.utils.translation.template import templatize

    for name, arguments in TEMPLATE_CALL.findall(templatize(text)):
        yield from _message(name, [ast.literal_eval(w) for w in LITERAL.findall(arguments)])


def source_messages() -> dict[Message, list[str]]:
    """Every message of the product with the files that use it."""
    found: dict[Message, list[str]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            messages = messages_in_python(path.read_text(encoding="utf-8"))
        elif "templates" in path.parts and path.suffix in {".html", ".txt", ".xml"}:
            messages = messages_in_template(path.read_text(encoding="utf-8"))
        else:
            continue
        place = path.relative_to(SOURCE).as_posix()
        for message in messages:
            places = found.setdefault(message, [])
            if place not in places:
                places.append(place)
    return found


def _catalogue() -> polib.POFile:
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=98)
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = dict(HEADER)
    return catalogue


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _is_translated(entry: polib.POEntry) -> bool:
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(forms) and all(forms) and not entry.fuzzy


def faults() -> list[str]:
    """What is wrong with the catalogue, a line each."""
    wanted, catalogue = source_messages(), _catalogue()
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    lines = [f"missing: {m.text!r} ({', '.join(wanted[m])})" for m in wanted if m not in known]
    lines += [f"stale: {m.text!r}" for m in known if m not in wanted]
    lines += [f"untranslated: {m.text!r}" for m, e in known.items() if not _is_translated(e)]
    lines += [f"placeholders differ: {m.text!r}" for m, e in known.items() if _differ(e)]
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        lines.append("django.mo is not what django.po compiles to: run `make messages`")
    return lines


def _differ(entry: polib.POEntry) -> bool:
    names = re.compile(r"%\((\w+)\)|\{(\w+)\}")
    wanted = set(names.findall(entry.msgid)) | set(names.findall(entry.msgid_plural or ""))
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return any(form and not set(names.findall(form)) <= wanted for form in forms) or (
        not entry.msgid_plural
        and bool(entry.msgstr)
        and set(names.findall(entry.msgstr)) != set(names.findall(entry.msgid))
    )


def update() -> None:
    """Bring the catalogue in step with the source and compile it."""
    old = {_key(entry): entry for entry in _catalogue()}
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = dict(HEADER)
    for message, places in sorted(
        source_messages().items(), key=lambda pair: (pair[0].text, pair[0].context)
    ):
        entry = old.get(message) or polib.POEntry(
            msgid=message.text, msgid_plural=message.plural, msgctxt=message.context or None
        )
        if message.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: "", 2: ""}
        entry.occurrences = [(place, "") for place in places]
        entry.obsolete = False
        entry.flags = ["python-format"] if "%(" in message.text else []
        catalogue.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    compile_catalogue()


def compile_catalogue() -> None:
    """Write the compiled catalogue beside its source."""
    CATALOGUE.with_suffix(".mo").write_bytes(_catalogue().to_binary())


def main(verb: str) -> int:
    """Run one verb; the exit status is 1 where `check` finds a fault."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    if verb == "update":
        update()
        left = [line for line in faults() if line.startswith("untranslated")]
        print("\n".join(left) or "All messages are translated.")
        return 0
    if verb == "compile":
        compile_catalogue()
        return 0
    found = faults()
    print("\n".join(found) or "Messages: every one is translated, none is stale.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
