"""Solutions written: who is told by letter when a draft takes a step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.cities.models import Municipality
from novator.drafts.models import Draft
from novator.mail.operations import queue_letter

Words = str | Promise

TO_BE_RELEASED = (
    _("To be released: %(title)s"),
    _("%(who)s asks you to release a card in the name of %(city)s. Until you do, it goes nowhere."),
)
RELEASED = (
    _("Released: %(title)s"),
    _("%(who)s has released the card. A moderator of the association reads it now."),
)
SENT_BACK = (
    _("Sent back before release: %(title)s"),
    _("%(who)s asks for a change before the card goes out:"),
)
HANDED_OVER = (
    _("A draft is now yours: %(title)s"),
    _("%(who)s has handed over to you a draft of %(city)s."),
)
RETURNED = (
    _("Returned with remarks: %(title)s"),
    _("A moderator of the association asks for changes. Each remark stands at its field:"),
)
PUBLISHED = (
    _("Published: %(title)s"),
    _("The card of %(city)s is in the catalogue. Its facts are to be confirmed again in a year."),
)


def tell(
    people: Iterable[User],
    words: tuple[Words, Words],
    *,
    draft: Draft,
    event: str,
    by: User,
    kind: str = "draft",
    quoted: str = "",
    remarks: Sequence[tuple[Words, str]] = (),
) -> None:
    """
    Write each of them once about this event of the draft, in the language of each.

    The letter leads to the draft, or to the card once that is published. A remark is quoted behind
    the name of its field.
    """
    for person in {person.pk: person for person in people}.values():
        if person.pk == by.pk or not person.is_active or person.erased_at:
            continue
        with translation.override(person.language):
            facts = {
                "title": draft.title or str(draft),
                "city": draft.municipality.name,
                "who": by.name or str(by),
            }
            said = [f"— {name}: {text}" if name else f"— {text}" for name, text in remarks]
            parts = [str(words[1]) % facts, quoted, "\n".join(said), _address(draft)]
            queue_letter(
                to=person.email,
                kind=kind,
                subject=str(words[0]) % facts,
                body="\n\n".join(filter(None, parts)),
                language=person.language,
                key=f"draft-{draft.pk}-{event}-{draft.revision}-{person.pk}",
            )


def _address(draft: Draft) -> str:
    if draft.state == "published" and draft.practice is not None:
        return settings.SITE_ADDRESS + reverse("practice", args=[draft.practice.slug])
    return settings.SITE_ADDRESS + reverse("draft", args=[draft.public_id])


def holders_of(kinds: Collection[str], municipality: Municipality, *, on: date) -> list[User]:
    """People who hold one of these roles in the municipality on that day."""
    found = roles_on(on).filter(municipality=municipality, kind__in=list(kinds))
    return [role.user for role in found.select_related("user").order_by("user_id")]
