"""`messages`: the mail that leaves: to whom, in which state, after how many attempts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from steadyhand.cli import output
from steadyhand.clients.models import Client
from steadyhand.commitments.listing import client_named
from steadyhand.core.models import MailState, OutboxMessage

EXAMPLES = """\
  steadyhand messages
  steadyhand messages --state uncertain
  steadyhand messages --client "Halden Bikes" --json"""

HEADINGS = ("ID", "STATE", "TO", "KIND", "ATTEMPTS", "SUBJECT", "REMARK")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `messages`."""
    parser.add_argument("--state", choices=MailState.values, metavar="S", help=", ".join(MailState.values))
    parser.add_argument("--client", metavar="C", help="one client: name, domain or short name")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Print them, the oldest first."""
    mails = OutboxMessage.objects.order_by("pk").defer("text", "html", "mime")
    if options.state:
        mails = mails.filter(state=options.state)
    if options.client:
        mails = mails.filter(client_id=client_named(options.client).pk)
    rows = mails.iterator(chunk_size=500)
    if options.json:
        _answer_array(rows)
    else:
        _answer_table(list(rows))


def _answer_array(mails: Iterator[OutboxMessage]) -> None:
    """One mail a line, written as it is read."""
    refs = dict(Client.objects.values_list("pk", "ref"))
    opening = "["
    for mail in mails:
        output.answer(opening + json.dumps(as_json(mail, refs), ensure_ascii=False))
        opening = ","
    output.answer("]" if opening == "," else "[]")


def as_json(mail: OutboxMessage, refs: dict[int, str]) -> dict[str, Any]:
    """One mail; `attempts` is how many there were."""
    return {
        "id": mail.pk,
        "message_id": mail.message_id,
        "to": mail.recipient,
        "kind": mail.kind,
        "state": mail.state,
        "attempts": mail.attempts,
        "copies": mail.copies,
        "subject": mail.subject,
        "client": refs.get(mail.client_id or 0),
        "queued_at": mail.made_at.isoformat(),
        "due_at": mail.next_at.isoformat() if mail.state == MailState.QUEUED else None,
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
        "remark": mail.last_error,
    }


def _answer_table(mails: list[OutboxMessage]) -> None:
    if not mails:
        output.say("No such mail.")
        return
    rows = (
        (m.pk, m.state, m.recipient, m.kind, m.attempts, m.subject[:60] or "-", m.last_error or "-")
        for m in mails
    )
    output.answer_table([HEADINGS, *rows])
