"""`mail`: mail that reaches us, from a mail server's pipe or by SMTP."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys

from django.conf import settings

from steadyhand.cli import output
from steadyhand.comms.mail import smtp_receipt
from steadyhand.comms.mail.receiving import receive
from steadyhand.comms.mail.receiving.letter import LARGEST
from steadyhand.comms.models import Arrival, Fate, Message
from steadyhand.core.actor import Actor

EXAMPLES = """\
  steadyhand mail receive < message.eml
  steadyhand mail receive --to clients+c12-k3x…@in.agency.example < message.eml
  steadyhand mail listen                  receive by SMTP, at STEADYHAND_RECEIVE_SMTP

Exit codes of `mail receive`: 0 taken in, 75 try again later (as mail servers expect of a pipe)."""

TRY_AGAIN = os.EX_TEMPFAIL
BY = Actor.system("mail")

log = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mail`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    receiving = actions.add_parser("receive", help="take in one message from standard input")
    receiving.add_argument(
        "--to", action="append", default=[], metavar="E", help="an address it was delivered to (repeatable)"
    )
    receiving.add_argument("--json", action="store_true", help="answer with JSON")
    actions.add_parser("listen", help="receive by SMTP until stopped")


def run(options: argparse.Namespace) -> int:
    """Receive one, or listen."""
    return _listen() if options.action == "listen" else _receive(options)


def _receive(options: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read(LARGEST + 1)
    try:
        message = receive(raw, by=BY, envelope_to=options.to)
    except Exception:
        log.exception("A mail could not be taken in.")
        output.say("steadyhand: the mail could not be taken in; try again later.")
        return TRY_AGAIN
    if options.json:
        client = message.client.ref if message and message.client else None
        found = {"id": message.pk if message else None, "state": message.state if message else "dropped"}
        output.answer(json.dumps(found | {"client": client}))
    else:
        output.answer(_told(message))
    return 0


def _told(message: Message | None) -> str:
    if message is None:
        return "Nothing to keep: a report, an automatic answer, or nobody's mail. Mail › Received says which."
    if message.client is not None:
        return f"On the timeline of {message.client.name}: “{message}”."
    if Arrival.objects.filter(message=message, fate=Fate.TRIAGE).exists():
        return f"Waits to be filed: “{message}” from {message.from_address}."
    return f"Came before: “{message}”."


def _listen() -> int:
    if settings.RECEIVE_SMTP is None:
        output.say("steadyhand: set STEADYHAND_RECEIVE_SMTP to the address to listen on, as 0.0.0.0:25.")
        return 1
    if not settings.RECEIVING_ADDRESS:
        output.say("steadyhand: set STEADYHAND_RECEIVING_ADDRESS too: no other address is accepted.")
        return 1
    host, port = settings.RECEIVE_SMTP
    asyncio.run(_until_stopped(host, port))
    return 0


async def _until_stopped(host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await smtp_receipt.listen(
        host, port, until=stop, started=lambda found: output.say(f"Receiving mail by SMTP at {host}:{found}.")
    )
