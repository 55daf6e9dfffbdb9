"""`brief`: what to know before the next call with a client."""

from __future__ import annotations

import argparse

from django.conf import settings

from steadyhand.cli import output
from steadyhand.clients.models import Client
from steadyhand.commitments.listing import client_named
from steadyhand.core.actor import Actor
from steadyhand.desk.call_brief import call_brief
from steadyhand.desk.call_brief_words import as_data, as_letter
from steadyhand.playbook.models import Version

EXAMPLES = """\
  steadyhand brief --client "Halden Bikes"
  steadyhand brief --client halden-bikes --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `brief`."""
    parser.add_argument("--client", required=True, metavar="C", help="name, domain or short name")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Print the brief of the client's next call."""
    client = Client.objects.select_related("plan").get(pk=client_named(options.client).pk)
    brief = call_brief(client, Actor.system("command line"), version=Version.live())
    if options.json:
        output.answer_json(as_data(brief))
        return
    subject, text = as_letter(brief, f"{settings.BASE_URL}{client.get_absolute_url()}call-brief/")
    output.answer(f"{subject}\n\n{text}")
