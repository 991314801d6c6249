"""Every form: what was typed is given back where a form cannot be taken now."""

from __future__ import annotations

from django.http import HttpRequest

_SECRET = {"code", "credential", "csrfmiddlewaretoken"}
_LONGEST = 20_000


def kept_words(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and texts of the fields that were sent, without passwords, codes and tokens."""
    return [
        (name, value[:_LONGEST])
        for name, values in request.POST.lists()
        if name not in _SECRET and "password" not in name.lower()
        for value in values
        if isinstance(value, str) and value.strip()
    ]
