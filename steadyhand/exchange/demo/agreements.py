"""The demo agency's agreements: one signed, one talked over, one drafted; and the papers of new work."""

from __future__ import annotations

from steadyhand.clients.models import Contact
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.exchange.demo.sketch import FIRST_MONTH
from steadyhand.exchange.demo.world import A_DAY, World, lead_of
from steadyhand.onboarding.agreements import drafting, groundwork, sharing
from steadyhand.onboarding.agreements.signing import Ceremony, sign_for_agency, sign_for_client
from steadyhand.onboarding.models import Agreement, GroundworkKind

SIGNED = "Castellan Hotels"
TALKED_OVER = "Kestrel Outdoor"

PAPERS = {
    GroundworkKind.BRIEF: (
        "What they do, for whom, what they bought from us and why they came. Written after the kickoff and "
        "read back to them."
    ),
    GroundworkKind.OBJECTIVE: (
        "The one figure both of us look at, where it stands now and where it should be in six months."
    ),
    GroundworkKind.PLAN: "The first ninety days, week by week: who does what, and what we need from them.",
}

COMMENTS = (
    ("term", "Thirty days is short for us. Our buying happens twice a year; could it be sixty?"),
    ("fees", "Please send invoices to accounts and put the order number on them."),
)


def tell(world: World) -> None:
    """Put the story's agreements into the past."""
    _signed(world)
    _talked_over(world)
    _begun(world)


def _signed(world: World) -> None:
    """Drafted, shared and signed within a week; the worker seals it once it runs."""
    client = world.clients[SIGNED]
    lead, contact = lead_of(client), world.contact(client)
    if contact is None:
        return
    made: list[Agreement] = []

    def draft() -> None:
        _file_papers(world, SIGNED)
        row = drafting.draft_agreement(
            client,
            "contract",
            by=lead.actor,
            begins_on=world.working(-40),
            ends_on=world.today + 325 * A_DAY,
            notice_days=60,
        )
        sharing.share(row, by=lead.actor)
        sharing.make_ready(row, by=lead.actor)
        made.append(Agreement.objects.get(pk=row.pk))

    def sign_theirs() -> None:
        sign_for_client(made[0], contact, _ceremony(made[0], contact.name, "203.0.113.24"), by=_them(contact))

    def sign_ours() -> None:
        sign_for_agency(made[0], lead, _ceremony(made[0], lead.name, "198.51.100.7"), by=lead.actor)

    world.plan(world.moment(world.working(-46), "10:20"), draft)
    world.plan(world.moment(world.working(-42), "08:47"), sign_theirs)
    world.plan(world.moment(world.working(-42), "16:05"), sign_ours)


def _talked_over(world: World) -> None:
    client = world.clients[TALKED_OVER]
    lead, contact = lead_of(client), world.contact(client)
    if contact is None:
        return
    made: list[Agreement] = []

    def share() -> None:
        made.append(drafting.draft_agreement(client, "contract", by=lead.actor))
        sharing.share(made[0], by=lead.actor)

    def comment() -> None:
        for clause, text in COMMENTS:
            sharing.comment(made[0], text, by=_them(contact), clause_key=clause, contact=contact)

    def answer() -> None:
        said = made[0].versions.get().comments.get(clause_key="fees")
        words = "Gladly. You will have it from the next invoice on."
        sharing.comment(made[0], words, by=lead.actor, clause_key="fees", member=lead)
        sharing.settle_comment(said, by=lead.actor)

    world.plan(world.moment(world.working(-6), "11:40"), share)
    world.plan(world.moment(world.working(-4), "15:12"), comment)
    world.plan(world.moment(world.working(-1), "09:25"), answer)


def _begun(world: World) -> None:
    """Whoever began lately has their papers on file; one has service levels still in draft."""

    def draft() -> None:
        client = world.clients[FIRST_MONTH]
        _file_papers(world, FIRST_MONTH)
        drafting.draft_agreement(client, "sla", by=lead_of(client).actor)

    world.plan(world.moment(world.working(-2), "14:30"), draft)


def _file_papers(world: World, name: str) -> None:
    by = lead_of(world.clients[name]).actor
    for kind, text in PAPERS.items():
        groundwork.file_groundwork(world.engagements[name], kind, text, by=by)


def _ceremony(row: Agreement, name: str, address: str) -> Ceremony:
    version = row.shared_version
    return Ceremony(
        name=name,
        digest=version.digest if version else "",
        consents=True,
        address=address,
        agent="Mozilla/5.0 (invented for the demo)",
        through="a personal link sent to them",
    )


def _them(contact: Contact) -> Actor:
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)
