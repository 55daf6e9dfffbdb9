"""`link`: a link that lets somebody at a client open one thing without an account."""

from __future__ import annotations

import argparse

from django.conf import settings

from steadyhand.cli import output
from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.desk.portal_waiting import SHARED, waiting_on

EXAMPLES = """\
  steadyhand link issue form --contact maya@client.example
  steadyhand link issue agreement:12 --contact maya@client.example --client halden-bikes --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `link`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    issue = acts.add_parser("issue", help="make a link and print it; it works for 30 days")
    kinds = ", ".join(sorted(SHARED))
    issue.add_argument(
        "kind", metavar="KIND", help=f"{kinds}: the one that waits on them, or KIND:NUMBER for a certain one"
    )
    issue.add_argument("--contact", required=True, metavar="E-MAIL", help="whom it is for")
    issue.add_argument("--client", default="", metavar="NAME", help="where the address is known at several")
    issue.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Print the link. Refuses what is not shared with them."""
    contact = _contact(options.contact, options.client)
    kind, _, number = options.kind.partition(":")
    pk = _item(contact, kind, number)
    grant, path = issue_link(contact, kind, pk, by=Actor.system("command line"))
    link = f"{settings.BASE_URL}{path}"
    if options.json:
        expires = grant.expires_at.isoformat() if grant.expires_at else None
        output.answer_json({"contact": contact.email, "item": grant.scope, "link": link, "until": expires})
    else:
        output.answer(link)


def _contact(email: str, client: str) -> Contact:
    known = Contact.objects.filter(email=email.strip().lower(), left_on=None).select_related("client")
    found = list(known.filter(client__ref=client) if client else known)
    if not found:
        raise Refusal(f"Nobody at a client has the address {email}.", remedy="Check it on the client's page.")
    if len(found) > 1:
        names = ", ".join(sorted(one.client.ref for one in found))
        raise Refusal(f"{email} is known at several clients: {names}.", remedy="Add --client NAME.")
    return found[0]


def _item(contact: Contact, kind: str, number: str) -> int:
    """The number of the item: the one that was asked for, or the first that waits on them, or the newest."""
    if kind not in SHARED:
        raise Refusal(f"Links open no “{kind}”.", remedy=f"Choose one of {', '.join(sorted(SHARED))}.")
    shared = SHARED[kind](contact)
    if number:
        found = shared.filter(pk=int(number)).first() if number.isdigit() else None
        if found is None:
            raise Refusal(f"No {kind} {number} is shared with {contact.name}.", remedy="Share it first.")
        return int(found.pk)
    waiting = [one.pk for one in waiting_on(contact) if one.kind == kind]
    newest = shared.order_by("-pk").first()
    if waiting:
        return waiting[0]
    if newest is None:
        raise Refusal(f"No {kind} is shared with {contact.name}.", remedy="Share one first.")
    return int(newest.pk)
