"""Receiving mail by SMTP: for an agency that points a mail domain, or its own mail server, at Steadyhand.

Only our own addresses are accepted, and “250” is said once the mail is committed: whatever goes wrong
before, the sending server keeps it and tries again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from steadyhand.comms.mail import addresses
from steadyhand.comms.mail.receiving import receive
from steadyhand.comms.mail.receiving.letter import LARGEST
from steadyhand.core.actor import Actor

log = logging.getLogger(__name__)

BY = Actor.system("mail")
MOST_RECIPIENTS = 50

TAKEN = "250 2.0.0 Taken in"
NOT_NOW = "451 4.3.0 Not now; try again later"
NOBODY = "550 5.1.1 Nobody is reached by that address here"
TOO_MANY = "452 4.5.3 Too many recipients at once"


class Receipt:
    """What the SMTP server asks us about each mail; the database is spoken to in threads of their own."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept our own addresses alone."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            is_ours = await self._in_thread(partial(addresses.is_ours, address))
        except Exception:
            log.exception("Whether an address is ours could not be looked up.")
            return NOT_NOW
        if not is_ours:
            return NOBODY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Accepted"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail in; anything but a committed one is tried again by the sender."""
        raw = envelope.content
        content = raw if isinstance(raw, bytes) else str(raw or "").encode(errors="replace")
        try:
            await self._in_thread(partial(receive, content, by=BY, envelope_to=list(envelope.rcpt_tos)))
        except Exception:
            log.exception("A mail could not be taken in; its sender will try again.")
            return NOT_NOW
        return TAKEN

    async def _in_thread[T](self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _with_fresh_connection, act)


async def listen(host: str, port: int, *, until: asyncio.Event, started: Callable[[int], None]) -> None:
    """Answer on this address until told to stop; `started` is given the port."""
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="receipt") as threads:
        receipt: Any = Receipt(threads)
        protocol = partial(SMTP, receipt, data_size_limit=LARGEST, ident="Steadyhand", enable_SMTPUTF8=True)
        server = await asyncio.get_running_loop().create_server(protocol, host, port)
        async with server:
            started(int(server.sockets[0].getsockname()[1]))
            await until.wait()


def _with_fresh_connection[T](act: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return act()
    finally:
        close_old_connections()
