"""`prepare`: what must be true before the first page: tables, static files, on a first start the demo.

Answers with JSON for `run`: what to say to whoever started it, and the link to open.
"""

from __future__ import annotations

import argparse

from django.conf import settings

from steadyhand.cli import demo, output, readiness, static_files
from steadyhand.core.actor import Actor
from steadyhand.people import first_run, invitations, setting_up
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Role
from steadyhand.settings import CONFIG

EXAMPLES = ""

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
START = Actor.system("start")

# Who sees most of the product, first.
GREETED = (Role.HEAD, Role.MANAGING_DIRECTOR, Role.ADMINISTRATOR)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `prepare`."""
    parser.add_argument("--demo", action="store_true", help="load the demo agency when there is nothing yet")
    parser.add_argument("--link", action="store_true", help="make a link that lets in who started it")


def run(options: argparse.Namespace) -> None:
    """A demo that was removed does not come back: only a database without any tables is a first start."""
    is_first_start = readiness.is_empty()
    readiness.migrate()
    static_files.collect()
    if options.demo and is_first_start:
        demo.load(START)
    output.answer_json(welcome() if options.link else {})


def welcome() -> dict[str, str]:
    """The link that opens this installation for whoever starts it: the wizard, or a sign-in."""
    by = START
    if first_run.is_needed():
        path = setting_up.issue_setup_path(by=by)
        return {"says": "Set up your agency", "link": f"{settings.BASE_URL}{path}"}
    member = greeted()
    if member is None or CONFIG.bind not in LOOPBACK:  # in a server's log a sign-in link has no place
        return {}
    path = invitations.issue_signin_link(member.email, by=by)
    says = f"Sign in as {member.name} with this link, which works once"
    return {"says": says, "link": f"{settings.BASE_URL}{path}"}


def greeted() -> Member | None:
    """Whom a start on one's own machine signs in."""
    active = Member.objects.filter(state=MemberState.ACTIVE).order_by("id")
    by_role = {member.role: member for member in reversed(active)}
    return next((by_role[role] for role in GREETED if role in by_role), active.first())
