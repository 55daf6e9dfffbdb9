"""`lead`: who may become a client: adding one, listing them, and the win."""

from __future__ import annotations

import argparse
from decimal import Decimal

from steadyhand.cli import output
from steadyhand.cli.days import day
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, EngagementKind, Stage
from steadyhand.commitments.listing import member_addressed
from steadyhand.core.actor import Actor
from steadyhand.core.money import parse_amount
from steadyhand.core.refusals import Refusal
from steadyhand.desk.newbusiness import cards_of, lead_data
from steadyhand.newbusiness.leads import add_lead
from steadyhand.newbusiness.models import Lead, LeadStage
from steadyhand.onboarding.winning import win_lead

EXAMPLES = """\
  steadyhand lead add "Fennel Foods" --owner callum@agency.example --source "Referred by Halden" \\
      --value 2400 --service SEO --service "Paid search" --contact "Nell Ash" --email nell@fennel.example
  steadyhand lead list --stage pitching
  steadyhand lead list --json
  steadyhand lead win 12 --lead jody@agency.example --starts 2026-12-01

`add` prints the number of the lead; `win` hands the client over at once and prints its short name."""

ACTOR = Actor.system("command line")
HEADINGS = ("NO", "WHO", "STAGE", "WORTH", "BROUGHT BY", "DECIDE BY", "MISSING")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lead`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="add | list | win")
    add = deeds.add_parser("add", help="somebody who may become a client")
    add.add_argument("name", help="the organisation; a prospect of that name is taken for them")
    add.add_argument("--owner", required=True, metavar="E", help="who brought it, by e-mail address")
    add.add_argument("--source", required=True, metavar="T", help="where it came from")
    add.add_argument(
        "--value", required=True, type=_amount, metavar="N", help="a month, or a project’s whole"
    )
    add.add_argument("--project", action="store_true", help="a project, not a retainer")
    add.add_argument("--currency", default="", metavar="C", help="as GBP; the agency’s otherwise")
    add.add_argument(
        "--service", action="append", default=[], metavar="S", help="what they want; again for more"
    )
    add.add_argument("--face-to-face", action="store_true", help="we pitch face to face")
    add.add_argument("--by", dest="expected", type=day, metavar="D", help="when they decide")
    add.add_argument("--industry", default="", metavar="T", help="what they do")
    add.add_argument("--domain", default="", metavar="D", help="as example.com")
    add.add_argument("--contact", default="", metavar="N", help="whom we speak to")
    add.add_argument("--email", default="", metavar="E", help="their e-mail address")
    listed = deeds.add_parser("list", help="leads, the newest first")
    listed.add_argument("--stage", choices=LeadStage.values, help="only these")
    listed.add_argument("--json", action="store_true", help="answer with JSON")
    win = deeds.add_parser("win", help="they said yes: win the lead and hand the client over")
    win.add_argument("id", type=int, metavar="NO", help="the number of the lead")
    win.add_argument("--lead", required=True, metavar="E", help="who leads the client, by e-mail address")
    win.add_argument("--starts", required=True, type=day, metavar="D", help="first day of the work")
    win.add_argument(
        "--value", type=_amount, metavar="N", help="what they pay, where it is not the lead’s value"
    )
    win.add_argument("--service", action="append", metavar="S", help="what they bought; again for more")


def run(options: argparse.Namespace) -> None:
    """Do it."""
    {"add": _add, "list": _list, "win": _win}[options.deed](options)


def _add(options: argparse.Namespace) -> None:
    known = Client.objects.filter(stage=Stage.PROSPECT, name__iexact=options.name.strip()).first()
    lead = add_lead(
        known or options.name,
        by=ACTOR,
        owner=member_addressed(options.owner),
        source=options.source,
        value=options.value,
        kind=EngagementKind.PROJECT if options.project else EngagementKind.RETAINER,
        currency=options.currency,
        services=options.service,
        face_to_face=options.face_to_face,
        expected_on=options.expected,
        industry=options.industry,
        domain=options.domain,
        contact_name=options.contact,
        contact_email=options.email,
    )
    output.answer(str(lead.pk))


def _list(options: argparse.Namespace) -> None:
    rows = Lead.objects.order_by("-pk")
    cards = cards_of(rows.filter(stage=options.stage) if options.stage else rows)
    if options.json:
        output.answer_json([lead_data(card) for card in cards])
        return
    if not cards:
        output.say("There are no such leads." if options.stage else "There are no leads yet.")
        return
    output.answer_table(
        [
            HEADINGS,
            *(
                (
                    card.lead.pk,
                    card.lead.client.name,
                    card.lead.get_stage_display(),
                    card.worth,
                    card.lead.owner.name,
                    card.lead.expected_on or "",
                    "; ".join(card.gaps),
                )
                for card in cards
            ),
        ]
    )


def _win(options: argparse.Namespace) -> None:
    lead = Lead.objects.filter(pk=options.id).first()
    if lead is None:
        raise Refusal(f"There is no lead {options.id}.", remedy="Look for it with: steadyhand lead list")
    handover = win_lead(
        lead,
        by=ACTOR,
        lead_person=member_addressed(options.lead),
        starts_on=options.starts,
        amount=options.value,
        services=[ServiceLine(name) for name in options.service] if options.service else None,
    )
    output.answer(handover.client.ref)


def _amount(text: str) -> Decimal:
    try:
        return parse_amount(text)
    except Refusal as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal
