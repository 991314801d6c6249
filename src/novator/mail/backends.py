"""Beside the law: ways for a letter to leave; each tells a refusal from an outcome not known."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

_GO_ON = 354


class OutcomeUnknown(Exception):
    """The letter may have been taken: the conversation broke off after its text was begun."""


class _Watched(smtplib.SMTP):
    """A conversation that knows whether the server was given the text."""

    _is_text_begun = False

    def getreply(self) -> tuple[int, bytes]:
        reply = super().getreply()
        if reply[0] == _GO_ON:
            self._is_text_begun = True
        return reply

    def data(self, msg: Any) -> tuple[int, bytes]:
        """
        Hand over the text.

        :raises SMTPDataError: the server refused to take a text at all
        :raises OutcomeUnknown: the conversation broke off after that
        """
        self._is_text_begun = False
        try:
            return super().data(msg)
        except (smtplib.SMTPException, OSError) as fault:
            if self._is_text_begun:
                raise OutcomeUnknown from fault
            raise


class _WatchedSecret(_Watched, smtplib.SMTP_SSL):
    """The same, enciphered from the first byte."""


class SmtpBackend(EmailBackend):
    """Django's own, with a conversation that knows how far it got."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSecret if self.use_ssl else _Watched

    def close(self) -> None:
        """Take leave; a server that does not answer it has the letter all the same."""
        with suppress(smtplib.SMTPException, OSError):
            super().close()


class FolderBackend(BaseEmailBackend):
    """Keeps each letter as one .eml file: the default while no mail server is set."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the letters; a file appears only when it is whole."""
        folder = Path(settings.LETTERS_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = uuid4().hex
            unfinished = folder / f".{name}"
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message.message().as_bytes())
            unfinished.replace(folder / f"{name}.eml")
        return len(email_messages)
