"""`feed`: prints a calendar, as the private address of a member or a client would answer."""

from __future__ import annotations

import argparse

from django.conf import settings

from steadyhand.cli import output
from steadyhand.commitments.feed_file import client_feed, member_feed
from steadyhand.commitments.listing import client_named, member_addressed

EXAMPLES = """\
  steadyhand feed --member jody@agency.example > jody.ics
  steadyhand feed --client "Halden Bikes" > halden.ics"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `feed`."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--member", metavar="E", help="everything this colleague owns, by e-mail address")
    whose.add_argument("--client", metavar="C", help="what this client may see: name, domain or short name")


def run(options: argparse.Namespace) -> None:
    """Print the calendar (RFC 5545); nothing is stored and no address is made."""
    if options.member:
        made = member_feed(member_addressed(options.member), base_url=settings.BASE_URL)
    else:
        made = client_feed(client_named(options.client))
    output.answer_bytes(made.body)
