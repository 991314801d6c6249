"""Who acts at every step: what a new second factor changes for sessions that began without it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from novator.accounts.erasure import end_sessions
from novator.accounts.models import User


def end_sessions_without_it(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """
    End all other sessions of the person: they were opened by the password alone.

    Otherwise whoever had learnt the password earlier would act in the roles that begin with the
    second factor.
    """
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        end_sessions(user, but=request.session.session_key or "")
