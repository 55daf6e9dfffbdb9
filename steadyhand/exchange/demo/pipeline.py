"""Whom the demo agency is trying to win: leads at every stage, with answers, proposals and pairings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from steadyhand.clients.models import Client, EngagementKind
from steadyhand.exchange.demo.handing_over import WINS
from steadyhand.exchange.demo.world import World
from steadyhand.newbusiness import leads, pairing, pitching, proposals
from steadyhand.newbusiness.models import Lead, Verdict


@dataclass(frozen=True, slots=True)
class Prospect:
    """A lead; days are counted in weekdays from today. `answers` are in the playbook's order."""

    name: str
    industry: str
    contact: str
    source: str
    amount: int
    services: tuple[str, ...]
    added: int
    decides: int | None = None
    answers: tuple[int, ...] = ()
    why: str = ""
    kind: EngagementKind = EngagementKind.RETAINER
    size: str = ""
    face_to_face: bool = False
    then: Callable[[World, Lead], object] | None = field(default=None)

    @property
    def domain(self) -> str:
        """An address that exists nowhere."""
        return f"{''.join(c for c in self.name.lower() if c.isalnum())}.example"


def _everything_is_ready(world: World, lead: Lead) -> None:
    callum = world.team["callum"].actor
    asked = lead.consultations.select_related("member").get()
    said = "Grace has the hours from January. They will want to be rung, not written to."
    pitching.answer_consultation(asked, said, by=asked.member.actor)
    contact = lead.client.contacts.first()
    reason = "Grace grew up on a farm and asks short questions; so does the practice."
    pairing.propose_pairing(lead, world.team["grace"], reason, by=callum, contact=contact)
    offer = proposals.draft_proposal(lead, by=callum)
    proposals.mark_sent(offer, by=callum)


def _priced_by_hand(world: World, lead: Lead) -> None:
    callum = world.team["callum"].actor
    pairing.propose_pairing(lead, world.team["tomasz"], "He knows the trade from Holloway.", by=callum)
    offer = proposals.draft_proposal(lead, by=callum)
    reason = "One owner who decides alone: an hour a month is enough."
    proposals.price_by_hand(
        offer, 60, Decimal(65), agreed_with=world.team["imogen"], reason=reason, by=callum
    )


def _lost(reason: str) -> Callable[[World, Lead], object]:
    return lambda world, lead: leads.lose_lead(lead, reason, by=world.team["callum"].actor)


def _withdrawn(reason: str) -> Callable[[World, Lead], object]:
    return lambda world, lead: leads.withdraw_lead(lead, reason, by=world.team["callum"].actor)


PROSPECTS = (
    Prospect(
        "Pennant Outdoor",
        "Retail",
        "Rhian Vaughan",
        "Wrote through our website",
        2200,
        ("SEO", "Email"),
        added=-2,
        decides=25,
    ),
    Prospect(
        "Quayside Climbing",
        "Leisure",
        "Jonas Adeyemi",
        "Met at the chamber of commerce",
        700,
        ("Social",),
        added=-9,
        decides=10,
        answers=(2, 1, 2, 1, 1, 3),
        size="small",
    ),
    Prospect(
        "Larkhill Veterinary",
        "Health",
        "Dr Imke Sommer",
        "Referred by Castellan Hotels",
        4200,
        ("SEO", "Paid search", "Content"),
        added=-16,
        decides=9,
        answers=(4, 3, 3, 2, 3, 4),
        size="large",
        face_to_face=True,
        then=_everything_is_ready,
    ),
    Prospect(
        "Copperfield Joinery",
        "Manufacturing",
        "Stan Osei",
        "A former colleague of Priya's",
        12000,
        ("Website build",),
        added=-7,
        decides=14,
        answers=(2, 2, 3, 2, 1, 3),
        why="They are two streets away and would be glad of a short project first.",
        kind=EngagementKind.PROJECT,
        size="small",
        then=_priced_by_hand,
    ),
    Prospect(
        "Merrow Travel",
        "Travel",
        "Colette Brand",
        "Found us in a directory",
        3600,
        ("Paid search",),
        added=-40,
        answers=(3, 3, 2, 1, 3, 3),
        then=_lost("They chose an agency in their own town; ours was the dearer offer by a tenth."),
    ),
    Prospect(
        "Brightwater Lettings",
        "Property",
        "Owen Pryce",
        "Rang after a talk of Dominic's",
        1500,
        ("SEO",),
        added=-33,
        answers=(1, 1, 1, 0, 2, 1),
        then=_withdrawn("They wanted first place in a month, in writing."),
    ),
)

#: What the two that were won answered, before they were.
WON = (4, 3, 4, 3, 2, 4)

STYLES = {
    "grace": ("Rings before writing; likes to visit.", ["savvy"], ["Sheepdogs", "Hill walking"]),
    "hannah": ("Writes short and early in the day.", ["novice"], ["Choir singing", "Allotment gardening"]),
    "tomasz": ("Draws things on paper until both agree.", ["novice", "thinks_savvy"], ["Woodwork", "Chess"]),
    "priya": ("Figures first, then the story.", ["savvy", "thinks_savvy"], ["Cricket"]),
}


def tell(world: World) -> None:
    """Plan every lead into its days."""
    for prospect in PROSPECTS:
        added = world.moment(world.working(prospect.added), "14:10")
        world.plan(added, partial(_meet, world, prospect))
        if prospect.answers:
            tested = world.moment(world.working(prospect.added + 1), "15:30")
            world.plan(tested, partial(_decide, world, prospect))
        if prospect.then:
            then = world.moment(world.working(prospect.added + 4), "16:20")
            world.plan(then, partial(_go_on, world, prospect))
    for win in WINS:
        tested = world.moment(world.working(-18), "12:10")
        world.plan(tested, partial(_won, world, win.name, win.lead))
    for key, (works, suits, interests) in STYLES.items():
        member = world.team[key]
        said = world.moment(world.working(-21), "08:50")
        describe = partial(pairing.describe_style, member, by=member.actor)
        world.plan(said, partial(describe, works=works, suits=suits, interests=interests))


def _meet(world: World, prospect: Prospect) -> None:
    callum = world.team["callum"]
    first = prospect.contact.removeprefix("Dr ").split()[0].lower()
    lead = leads.add_lead(
        prospect.name,
        by=callum.actor,
        owner=callum,
        source=prospect.source,
        value=Decimal(prospect.amount),
        kind=prospect.kind,
        services=prospect.services,
        size=prospect.size,
        face_to_face=prospect.face_to_face,
        expected_on=world.working(prospect.decides) if prospect.decides else None,
        industry=prospect.industry,
        domain=prospect.domain,
        contact_name=prospect.contact,
        contact_email=f"{first}@{prospect.domain}",
    )
    world.made.setdefault(Client._meta.label_lower, []).append(lead.client_id)


def _decide(world: World, prospect: Prospect) -> None:
    verdict = Verdict.GO if prospect.why else ""
    _answer(world, prospect.name, prospect.answers, verdict=verdict, reason=prospect.why)


def _won(world: World, name: str, lead: str) -> None:
    _answer(world, name, WON)
    asked = Lead.objects.get(client__name=name).consultations.select_related("member").get()
    said = f"Yes. {world.team[lead].name.split()[0]} has the time."
    pitching.answer_consultation(asked, said, by=asked.member.actor)


def _answer(
    world: World, name: str, answers: tuple[int, ...], *, verdict: str = "", reason: str = ""
) -> None:
    callum = world.team["callum"]
    keys = [question.key for question in pitching.rules().pitch_questions]
    pitching.decide_pitch(
        Lead.objects.get(client__name=name),
        dict(zip(keys, answers, strict=True)),
        by=callum.actor,
        verdict=verdict,
        reason=reason,
        decided_by=callum,
    )


def _go_on(world: World, prospect: Prospect) -> None:
    if prospect.then is not None:
        prospect.then(world, Lead.objects.get(client__name=prospect.name))
