"""
Before the law's first step: words for the terminal, in the language of the person at it.

Django is not configured yet when the database has to start, so this reads the same compiled
messages through the standard library.
"""

import gettext as catalogues
import os
import sys
from functools import cache
from pathlib import Path

_LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "locale"


def terminal_language() -> str:
    """Return "ru" or "en": NOVATOR_LANGUAGE first, then the locale; English when neither says."""
    for name in ("NOVATOR_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        stated = os.environ.get(name, "")
        if stated:
            return "ru" if stated.lower().startswith("ru") else "en"
    return "en"


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    return catalogues.translation(
        "django", localedir=_LOCALE_FOLDER, languages=[language], fallback=True
    )


def gettext(message: str) -> str:
    """Translate a message for the person at the terminal; named so that makemessages finds it."""
    return _catalogue(terminal_language()).gettext(message)


def complain(words: str) -> None:
    """Tell the person at the terminal, beside what a program might read from standard output."""
    print(words, file=sys.stderr, flush=True)
