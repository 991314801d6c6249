"""Beside the law: in which of the two languages the current reader reads."""

from django.utils.translation import get_language


def reader_language() -> str:
    """Return the code of the language that is active, "ru" where none is."""
    return get_language() or "ru"


def reads_russian() -> bool:
    """Tell whether the current reader reads Russian."""
    return reader_language().startswith("ru")


def in_language(russian: str, english: str) -> str:
    """Whichever the current reader reads; the Russian where no English is stored."""
    return russian if not english or reads_russian() else english
