"""A citizen's report: contacts, encrypted at rest; the only place that opens them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ContactUnreadable(Exception):
    """The contact was encrypted with a key that this installation no longer has."""


@dataclass(frozen=True)
class ContactDetails:
    """How somebody can be reached; any of the three may be empty."""

    email: str = ""
    phone: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.phone or self.name)


NO_CONTACT = ContactDetails()


def seal(details: ContactDetails) -> bytes:
    """Encrypt a contact with the first of the keys."""
    return _cipher().encrypt(json.dumps(asdict(details), ensure_ascii=False).encode())


def opened(sealed: bytes | memoryview) -> ContactDetails:
    """
    Decrypt a contact with whichever key fits.

    :raises ContactUnreadable: none fits
    """
    try:
        return ContactDetails(**json.loads(_cipher().decrypt(bytes(sealed))))
    except InvalidToken as fault:
        raise ContactUnreadable(_("The contact was encrypted with another key.")) from fault


def seal_text(text: str) -> bytes:
    """Encrypt a key or another short secret."""
    return _cipher().encrypt(text.encode())


def opened_text(sealed: bytes | memoryview) -> str:
    """
    Decrypt what `seal_text` encrypted.

    :raises ContactUnreadable: none of the keys fits
    """
    try:
        return _cipher().decrypt(bytes(sealed)).decode()
    except InvalidToken as fault:
        raise ContactUnreadable(_("The contact was encrypted with another key.")) from fault


def digest_of(email: str) -> str:
    """Return a keyed digest of an address, equal for equal addresses; empty for none."""
    folded = email.strip().casefold()
    if not folded:
        return ""
    key = hashlib.sha256(b"digest" + settings.PERSONAL_KEYS[-1].encode()).digest()
    return hmac.new(key, folded.encode(), hashlib.sha256).hexdigest()


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(_stretched(key)) for key in settings.PERSONAL_KEYS])


def _stretched(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"contact" + key.encode()).digest())
