"""`interaction`: writing down from a script what was said to a client."""

from __future__ import annotations

import argparse

from steadyhand.cli import output
from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.listing import client_named, member_addressed
from steadyhand.comms.interactions import Said
from steadyhand.comms.models import Channel
from steadyhand.comms.writing_down import write_down
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

EXAMPLES = """\
  steadyhand interaction log --client "Halden Bikes" --kind call --with maya@halden.example --minutes 25 \\
      --note "Worried about March; wants the figures by Friday"
  steadyhand interaction log --client halden-bikes --kind note --note "Office closed until 4 January"
  steadyhand interaction log --client halden-bikes --kind call --member jody@agency.example --note "No answer"

It happened now. The number printed is its id: i12 in the API and on the timeline."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `interaction`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="log")
    log = deeds.add_parser("log", help="write down a call, an e-mail, a meeting or a note")
    log.add_argument("--client", required=True, metavar="C", help="name, domain or short name")
    log.add_argument(
        "--kind", required=True, choices=[str(channel) for channel in Channel], help="what it was"
    )
    log.add_argument("--with", dest="contact", metavar="E", help="the contact's e-mail address")
    log.add_argument("--minutes", type=_minutes, metavar="N", help="how long it took, 1 to 600")
    log.add_argument(
        "--note", required=True, metavar="T", help="what it was about; longer text is kept whole"
    )
    log.add_argument("--member", metavar="E", help="which colleague it was, by e-mail address")


def run(options: argparse.Namespace) -> None:
    """Write it down and print its id."""
    client = client_named(options.client)
    said = Said(
        client,
        Channel(options.kind),
        clock.now(),
        contact=_contact(client, options.contact) if options.contact else None,
        member=member_addressed(options.member) if options.member else None,
        body=options.note,
        minutes=options.minutes,
        source="command line",
    )
    output.answer(str(write_down(said, by=Actor.system("command line")).pk))


def _contact(client: Client, email: str) -> Contact:
    found = client.contacts.filter(email__iexact=email.strip()).order_by("pk").first()
    if found is None:
        raise Refusal(
            f"{client.name} has no contact with the address {email}.",
            remedy="Add the contact, or write an address that is on the client's page.",
            field="contact",
        )
    return found


def _minutes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 600:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of minutes from 1 to 600")
    return int(text)
