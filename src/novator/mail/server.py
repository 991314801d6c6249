"""Beside the law: which mail server takes the letters, read from one address; without Django."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 20
_PORTS = {"": 25, "starttls": 587, "ssl": 465}


@dataclass(frozen=True)
class MailServer:
    """A mail server; without a host letters are kept as files."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: str = ""


def mail_server(url: str) -> MailServer:
    """
    Read `smtp://user:pass@host:port?tls=starttls|ssl`; empty: no server.

    :raises ValueError: it is no such address; the message does not repeat it
    """
    if not url:
        return MailServer()
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", [""])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in _PORTS:
        raise ValueError(
            "NOVATOR_MAIL_URL must look like smtp://user:password@host:587?tls=starttls"
        )
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[tls],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
    )


def settings_of(server: MailServer) -> dict[str, Any]:
    """Return what Django's settings say of a mail server."""
    kind = "SmtpBackend" if server.host else "FolderBackend"
    return {
        "EMAIL_BACKEND": f"novator.mail.backends.{kind}",
        "EMAIL_HOST": server.host,
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": server.user,
        "EMAIL_HOST_PASSWORD": server.password,
        "EMAIL_USE_TLS": server.tls == "starttls",
        "EMAIL_USE_SSL": server.tls == "ssl",
        "EMAIL_TIMEOUT": SECONDS,
    }
