"""`message queue`: a mail to a client's contact, from a letter of the playbook or in words of one's own."""

from __future__ import annotations

import argparse
import datetime as dt

from django.db import transaction

from steadyhand.cli import output
from steadyhand.clients.models import Client, Position
from steadyhand.commitments.listing import client_named, member_addressed
from steadyhand.comms.mail import writing
from steadyhand.comms.mail.letters import contact_at
from steadyhand.comms.models import Message
from steadyhand.core.actor import Actor
from steadyhand.core.recurrence import local_instant
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

EXAMPLES = """\
  steadyhand message queue --client "Halden Bikes" --to maya@halden.example --template voicemail-follow-up \\
      --set request.text="the login" --set request.due="Friday 4 December"
  steadyhand message queue --client halden-bikes --to maya@halden.example --subject "March leads" \\
      --text "They are up." --at 2026-12-01T09:00 --json"""

BY = Actor.system("command line")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `message queue`."""
    queue = parser.add_subparsers(dest="act", required=True, metavar="queue").add_parser(
        "queue",
        help="write a mail and let it leave",
        epilog=f"examples:\n{EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    queue.add_argument("--client", required=True, metavar="C", help="name, domain or short name")
    queue.add_argument("--to", required=True, action="append", metavar="E", help="address; may be repeated")
    queue.add_argument("--copy", action="append", default=[], metavar="E", help="copy to; may be repeated")
    queue.add_argument("--template", default="", metavar="T", help="a letter of the playbook, by its key")
    queue.add_argument(
        "--set", dest="fields", action="append", default=[], type=_field, metavar="NAME=VALUE",
        help="what a merge field stands for; may be repeated",
    )  # fmt: skip
    queue.add_argument("--subject", default="", metavar="S", help="instead of the letter's")
    queue.add_argument("--text", default="", metavar="X", help="instead of the letter's")
    queue.add_argument("--from", dest="sender", default="", metavar="E", help="the member; else the lead")
    queue.add_argument(
        "--at", type=_moment, metavar="T", help="when it leaves (client's clock, or with an offset); else now"
    )
    queue.add_argument("--important", action="store_true", help="reviewed first where its sender is")
    queue.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Queue it and print its id in the outbox and its Message-ID."""
    client = client_named(options.client)
    at = options.at
    if at is not None and at.tzinfo is None:
        at = local_instant(at.date(), at.time(), client.zone)
    with transaction.atomic():  # a mail that is refused leaves no draft behind
        draft = writing.draft_message(
            client,
            by=BY,
            member=_sender(options.sender, client),
            contact=contact_at(client, options.to[0]),
            to=options.to,
            copies=options.copy,
            template=options.template,
            subject=options.subject,
            text=options.text,
            fields=dict(options.fields),
            important=options.important,
        )
        _answer(writing.queue_message(draft, by=BY, send_at=at, at_once=True), options.json)


def _answer(message: Message, as_json: bool) -> None:
    told = {
        "id": message.outbox_id,
        "message_id": message.message_id or None,
        "message": message.pk,
        "client": message.client.ref if message.client else None,
        "to": message.to,
        "state": message.state,
        "send_at": message.send_at,
    }
    if as_json:
        output.answer_json(told)
    elif message.outbox_id is None:
        output.say(f"Message {message.pk} waits to be reviewed before it leaves.")
    else:
        output.answer(f"{message.outbox_id} {message.message_id}")


def _sender(address: str, client: Client) -> Member | None:
    """The member it is from: the one named, else the client's lead."""
    if address:
        return member_addressed(address)
    lead = client.team.filter(until=None, position=Position.LEAD).select_related("member").first()
    if lead is None:
        raise Refusal(f"{client.name} has no lead.", remedy="Say who writes: --from and an e-mail address.")
    return lead.member


def _field(text: str) -> tuple[str, str]:
    name, given, value = text.partition("=")
    if not given or not name.strip():
        raise argparse.ArgumentTypeError(f"“{text}” is not NAME=VALUE; write request.text=the login")
    return name.strip(), value


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no moment; write it as 2026-12-01T09:00") from None
