"""Mail servers for tests: one that answers as told, in a thread."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from steadyhand.setting_values import MailServer


class Post:
    """A mail server that answers each mail as told, then takes everything.

    An answer is what it says to the end mark; `None` hangs up instead. `at` answers another command
    (“MAIL”, “RCPT”, “DATA”) for the mails to an address: `{("RCPT", "pam@agency.test"): "550 nobody"}`;
    None hangs up there.
    """

    def __init__(self, *answers: str | None, at: dict[tuple[str, str], str | None] | None = None) -> None:
        self.answers = list(answers)
        self.at = at or {}
        self.taken: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.connections = 0

    @property
    def mails(self) -> list[Message]:
        return [email.message_from_bytes(content) for content in self.taken]

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if ("RCPT", address) in self.at:
            answer = self.at["RCPT", address]
            if answer is None:
                server.transport.abort()
            return answer or "421 gone"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        told = ("DATA", envelope.rcpt_tos[0])
        answer = self.at[told] if told in self.at else (self.answers.pop(0) if self.answers else "250 taken")
        if answer is None:
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            self.taken.append(envelope.content)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return answer


@contextmanager
def mail_server(settings: Any, *answers: str | None, **more: Any) -> Iterator[Post]:
    """A server that the agency's mail leaves by."""
    post = Post(*answers, **more)
    with running(post) as server:
        settings.MAIL_SERVER = server
        yield post


@contextmanager
def running(post: Post, **options: Any) -> Iterator[MailServer]:
    """That server, started; ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield MailServer("127.0.0.1", port)
    finally:
        controller.stop()
