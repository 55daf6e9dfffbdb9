"""`prepare`: what must be true before the first page: tables, static files, on a first start the demo.

Answers with JSON for `run`: a sign-in link and whom it is for, when somebody can sign in.
"""

from __future__ import annotations

import argparse

from django.conf import settings

from steadyhand.cli import output, static_files
from steadyhand.core.actor import Actor
from steadyhand.people import invitations
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Role

EXAMPLES = ""

# Who sees most of the product, first.
GREETED = (Role.HEAD, Role.MANAGING_DIRECTOR, Role.ADMINISTRATOR)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `prepare`."""
    parser.add_argument("--demo", action="store_true", help="load the demo agency when there is nothing yet")
    parser.add_argument("--link", action="store_true", help="make a sign-in link")


def run(options: argparse.Namespace) -> None:
    """The tables are there already (the registry saw to it)."""
    static_files.collect()
    member = greeted() if options.link else None
    answer = {}
    if member is not None:
        path = invitations.issue_signin_link(member.email, by=Actor.system("start"))
        answer = {"who": member.name, "link": f"{settings.BASE_URL}{path}"}
    output.answer_json(answer)


def greeted() -> Member | None:
    """Whom a start on one's own machine signs in; None when nobody can sign in yet."""
    active = Member.objects.filter(state=MemberState.ACTIVE).order_by("id")
    by_role = {member.role: member for member in reversed(active)}
    return next((by_role[role] for role in GREETED if role in by_role), active.first())
