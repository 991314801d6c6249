"""Solutions chosen: the letter that says that a collection was shared."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.briefings.models import Collection
from novator.mail.operations import queue_letter


def tell_of_share(*, collection: Collection, email: str, by: User) -> None:
    """Write to an address that belongs to an account; to any other nothing is sent."""
    found = EmailAddress.objects.filter(email=email.lower(), verified=True, user__is_active=True)
    address = found.select_related("user").first()
    if address is None:
        return
    with translation.override(address.user.language):
        queue_letter(
            to=address.email,
            kind="collection",
            subject=_("A collection was shared with you: %(title)s") % {"title": collection.title},
            body=_("%(name)s shared the collection “%(title)s” with you.\n\n%(address)s")
            % {
                "name": str(by),
                "title": collection.title,
                "address": f"{settings.SITE_ADDRESS}{collection.get_absolute_url()}",
            },
            language=address.user.language,
            key=f"share:{collection.public_id}:{address.pk}",
        )
