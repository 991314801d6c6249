"""Beside the law: later packages say here who may read the files that their rows point to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from novator.files.models import StoredFile

Access = Literal["everybody", "reader", "nobody"]
AnyPerson = AbstractBaseUser | AnonymousUser
Rule = Callable[[AnyPerson, StoredFile], Access | bool | None]
"""
"everybody" (public, may be cached by all) · True or "reader" (this person) · False or "nobody" ·
None (knows nothing of this file).
"""

_RULES: list[Rule] = []


def register(rule: Rule) -> None:
    """Have a package's rule asked; called in its `AppConfig.ready`."""
    if rule not in _RULES:
        _RULES.append(rule)


def access_to(file: StoredFile, *, user: AnyPerson) -> Access:
    """
    Tell who may read a file: one package that allows is enough; nobody speaks for it: nobody.

    A public answer is preferred to a private one.
    """
    answers = [rule(user, file) for rule in _RULES]
    if "everybody" in answers:
        return "everybody"
    return "reader" if True in answers or "reader" in answers else "nobody"
