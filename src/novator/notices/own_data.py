"""After every step: what is stored of a person here and in letters, told and forgotten (P4)."""

from __future__ import annotations

from django.apps import apps

from novator.accounts.models import User
from novator.accounts.own_data import Rows, tell_own_data
from novator.mail.models import Letter
from novator.mail.operations import address_digest, forget_letters_to
from novator.notices.models import Follow


def register() -> None:
    """Have it told in a person's own export and forgotten with the account."""
    tell_own_data("follows", _follows, forgetting=_forget_follows)
    tell_own_data("letters", _letters, forgetting=_forget_letters)


def _follows(user: User) -> Rows:
    yield from Follow.objects.filter(user=user).values("kind", "key", "frequency", "created_at")


def _letters(user: User) -> Rows:
    """
    Letters to the person; not the text of those about the account itself.

    It holds the keys of a new password: whoever sits at an open session could ask for one and read
    the key here, without the person's mailbox.
    """
    theirs = Letter.objects.filter(to_digest=address_digest(user.email))
    for letter in theirs.values("kind", "subject", "body", "state", "created_at", "sent_at"):
        yield letter | ({"body": ""} if letter["kind"] == "account" else {})


def _forget_follows(user: User) -> None:
    Follow.objects.filter(user=user).delete()
    apps.get_model("notices", "FollowEvent")._default_manager.filter(user_id=user.pk).delete()


def _forget_letters(user: User) -> None:
    forget_letters_to(address=user.email)
