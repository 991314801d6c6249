"""Solutions judged: moderators hear by letter what waits for them, at most once a day."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.drafts.models import Draft
from novator.drafts.queries import awaiting_moderation
from novator.mail.models import Letter
from novator.mail.operations import address_digest, queue_letter
from novator.reviews.permissions import may_decide

KIND = "moderation"
MOST_IN_A_LETTER = 10


@transaction.atomic
def tell_moderators(*, now: datetime) -> int:
    """
    Write to each moderator of drafts that came since the last such letter; returns how many.

    The first draft of a day is told of at once, the others in one letter on the next day. Nobody
    hears of drafts on which only colleagues may decide.
    """
    on = timezone.localdate(now)
    waiting = list(awaiting_moderation())
    roles = roles_on(on).filter(kind="moderator", user__is_active=True, user__erased_at=None)
    people = {role.user_id: role.user for role in roles.select_related("user")} if waiting else {}
    count = 0
    for user in people.values():
        told_at = _last_told(user)
        if told_at is not None and timezone.localdate(told_at) >= on:
            continue
        own = [draft for draft in waiting if may_decide(user, draft, on=on)]
        fresh = [d for d in own if told_at is None or (d.submitted_at or now) > told_at]
        if fresh:
            _write(user, fresh, waiting=len(own), key=f"{KIND} {on} {user.pk}")
            count += 1
    return count


def _last_told(user: User) -> datetime | None:
    letters = Letter.objects.filter(kind=KIND, to_digest=address_digest(user.email))
    return letters.order_by("-created_at").values_list("created_at", flat=True).first()


def _write(user: User, drafts: list[Draft], *, waiting: int, key: str) -> None:
    with override(user.language):
        subject = ngettext(
            "To moderate: %(title)s", "%(number)s drafts to moderate", len(drafts)
        ) % {"title": drafts[0].title, "number": len(drafts)}
        parts = [_("Cities have released these drafts; they wait for a moderator:")]
        parts += [_line(draft) for draft in drafts[:MOST_IN_A_LETTER]]
        if len(drafts) > MOST_IN_A_LETTER:
            parts.append(_("and %(number)s more") % {"number": len(drafts) - MOST_IN_A_LETTER})
        parts.append(
            _("All that waits (%(number)s): %(address)s")
            % {"number": waiting, "address": f"{settings.SITE_ADDRESS}{reverse('moderation')}"}
        )
        queue_letter(
            to=user.email,
            kind=KIND,
            subject=subject,
            body="\n\n".join(parts),
            language=user.language,
            key=key,
        )


def _line(draft: Draft) -> str:
    path = reverse("moderation_draft", args=[draft.public_id])
    return f"{draft.title or draft} ({draft.municipality.name})\n{settings.SITE_ADDRESS}{path}"
