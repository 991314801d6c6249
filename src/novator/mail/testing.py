"""Beside the law: builders of letters, and mail servers that take, refuse or die, for tests."""

from __future__ import annotations

from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from novator.mail.models import Letter
from novator.mail.operations import queue_letter


def make_letter(
    kind: str = "answer", *, to: str = "clerk@zarechny.example", **facts: Any
) -> Letter:
    """A letter that waits to be sent."""
    words = {
        "subject": "Ответ на ваш вопрос",
        "body": "Глазов ответил на ваш вопрос о дворах.",
        "language": "ru",
    }
    return queue_letter(to=to, kind=kind, **(words | facts))


@dataclass
class Post:
    """
    A mail server that keeps what it takes.

    `behaviour`: "takes", "refuses" (the recipient), "refuses text" (after reading it), "dies"
    (hangs up after reading the text), "hangs" (says nothing any more after reading it).
    """

    behaviour: str = "takes"
    taken: list[bytes] = field(default_factory=list)
    begun: Event = field(default_factory=Event)
    texts: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.behaviour == "refuses":
            return f"550 no such box {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        import asyncio

        self.texts += 1
        self.begun.set()
        if self.behaviour == "refuses text":
            return "451 full"
        if self.behaviour == "dies":
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        if self.behaviour == "hangs":
            await asyncio.sleep(60)
        content = envelope.content
        self.taken.append(content if isinstance(content, bytes) else b"")
        return "250 taken"


@contextmanager
def post_office(behaviour: str = "takes") -> Iterator[tuple[Post, int]]:
    """Yield a mail server that runs in a thread of this process, and its port."""
    post = Post(behaviour)
    controller = Controller(post, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield post, controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
