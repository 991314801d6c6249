"""Solutions judged: letters about reviews, contests and twins."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from novator.accounts.models import User
from novator.mail.operations import queue_letter

Words = str | Promise


def tell(
    people: Iterable[User],
    *,
    kind: str,
    subject: Words,
    body: Words,
    facts: dict[str, object],
    address: object,
    key: str,
) -> None:
    """
    Write each of them once, in the language of each, inside the caller's transaction.

    `facts` fill the words; `address` is called there for the path of the page to look at.
    """
    for person in {person.pk: person for person in people}.values():
        if not person.is_active or person.erased_at:
            continue
        with translation.override(person.language):
            said = {name: str(value) for name, value in facts.items()}
            path = address() if callable(address) else address
            queue_letter(
                to=person.email,
                kind=kind,
                subject=str(subject) % said,
                body=f"{str(body) % said}\n\n{settings.SITE_ADDRESS}{path}",
                language=person.language,
                key=f"{key}-{person.pk}",
            )
