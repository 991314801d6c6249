"""Solutions discussed: letters about what happened; private words never stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.translation import override

from novator.accounts.models import User
from novator.core.languages import reader_language
from novator.mail.operations import queue_letter
from novator.practices.models import Practice

Words = tuple[str, list[str]]


def send_to(people: Iterable[User], *, kind: str, key: str, words: Callable[[User], Words]) -> int:
    """
    Write a letter to each person in the person's language; count them.

    `words` gives subject and paragraphs, called under that language. With the same key nobody
    gets a second one.
    """
    count = 0
    for user in people:
        if not user.is_active or user.erased_at is not None:
            continue
        with override(user.language):
            subject, parts = words(user)
        queue_letter(
            to=user.email,
            kind=kind,
            subject=subject,
            body="\n\n".join(part for part in parts if part),
            language=user.language,
            key=f"{key}:{user.pk}",
        )
        count += 1
    return count


def link(path: str) -> str:
    """Full address of one of our pages."""
    return f"{settings.SITE_ADDRESS}{path}"


def title_of(practice: Practice) -> str:
    """Title of a card in the language now spoken, else in Russian, else its id."""

    language = reader_language()[:2]
    titles = {text.language: text.title for text in practice.texts.all() if text.title}
    return titles.get(language) or titles.get("ru") or practice.slug
