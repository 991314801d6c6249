"""Who acts at every step: an account is closed for good; a row without a name remains (P4)."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import Consent, Invitation, Role, User
from novator.accounts.operations import is_last_of_office, lapse_invitations
from novator.accounts.own_data import forget_own_data
from novator.mail.operations import forget_letters_to


class CannotErase(Exception):
    """The account cannot be erased now; the message is fit to show."""


@transaction.atomic
def erase_person(*, user: User, at: datetime) -> User:
    """
    End every role and session, forget name, position, address and second factors.

    The row stays with the date, so that what was decided stays attributable to "somebody". What
    other packages store of the person is removed by what they registered in `own_data`.

    :raises CannotErase: nobody else is left in the office of the association
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if is_last_of_office(user, on=timezone.localdate(at)):
        raise CannotErase(
            _("You are the last person of the office. Name another one first, then erase.")
        )
    forget_own_data(user)
    own = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    for address in {user.email, *own}:
        forget_letters_to(address=address)
    Role.objects.filter(user=user, ended_at=None).update(ended_at=at, ended_by=user)
    Consent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=at)
    Invitation.objects.filter(email=user.email.lower()).update(email="", withdrawn_at=at)
    end_sessions(user)
    lapse_invitations(by=user, at=at)
    for model in (EmailAddress, Authenticator, SocialAccount):
        model._default_manager.filter(user=user).delete()
    user.email = f"erased-{user.public_id}@invalid"
    user.name = user.position = ""
    user.is_active = False
    user.erased_at = at
    user.last_login = None
    user.set_unusable_password()
    user.save()
    _forget_in_history(user)
    return user


def end_sessions(user: User, *, but: str = "") -> None:
    """Sign the person out everywhere, on request except in the session of this key."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but):
        SessionStore(session.session_key).delete()
        session.delete()


def _forget_in_history(user: User) -> None:
    """The trail keeps that something changed, not the name that stood there."""
    events = apps.get_model("accounts", "UserEvent")._default_manager
    events.filter(pgh_obj_id=user.pk).update(name="", position="")
