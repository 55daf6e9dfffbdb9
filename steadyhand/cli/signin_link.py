"""`signin-link`: lets a member in who cannot get in otherwise, or a script that tests pages."""

from __future__ import annotations

import argparse

from django.conf import settings

from steadyhand.cli import output
from steadyhand.core.actor import Actor
from steadyhand.people import invitations

EXAMPLES = """\
  steadyhand signin-link ada@agency.example
  open "$(steadyhand signin-link ada@agency.example)" """


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `signin-link`."""
    parser.add_argument("email", metavar="E-MAIL", help="the member's address")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Print the link. It works once, for ten minutes; an older one stops working."""
    path = invitations.issue_signin_link(options.email, by=Actor.system("command line"))
    link = f"{settings.BASE_URL}{path}"
    if options.json:
        output.answer_json({"email": options.email.strip().lower(), "link": link})
    else:
        output.answer(link)
