"""Two clients the demo agency has just won: one met by our own people already, one won yesterday.

No mail leaves: what counts as sent was never in the outbox.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from steadyhand.clients.models import EngagementKind
from steadyhand.comms.mail.drafting import save_draft
from steadyhand.comms.mail.letters import gaps
from steadyhand.comms.mail.writing import queue_message
from steadyhand.comms.meetings import holding, minutes
from steadyhand.comms.models import Message
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.demo.mail import count_as_sent
from steadyhand.exchange.demo.world import A_DAY, World
from steadyhand.newbusiness.leads import add_lead
from steadyhand.newbusiness.models import Lead
from steadyhand.onboarding import handover as handovers
from steadyhand.onboarding.enclosing import enclose_papers
from steadyhand.onboarding.goals import hear_success, set_goal
from steadyhand.onboarding.kickoffs import note_pitch_promise
from steadyhand.onboarding.models import Handover
from steadyhand.onboarding.smart import Wording
from steadyhand.onboarding.winning import win_lead


@dataclass(frozen=True, slots=True)
class Win:
    """A lead that became a client; days are counted in weekdays from today, `lead` is a key of the team."""

    name: str
    industry: str
    contact: str
    source: str
    lead: str
    amount: int
    services: tuple[str, ...]
    won: int
    time: str
    starts: int
    kind: EngagementKind = EngagementKind.RETAINER

    @property
    def domain(self) -> str:
        """An address that exists nowhere."""
        return f"{''.join(c for c in self.name.lower() if c.isalnum())}.example"


SALTMARSH = Win(
    "Saltmarsh Brewing",
    "Food and drink",
    "Edie Marram",
    "Referred by Wickham Brewing",
    "hannah",
    3400,
    ("SEO", "Paid search", "Content"),
    won=-3,
    time="10:05",
    starts=6,
)
BELLWETHER = Win(
    "Bellwether Books",
    "Retail",
    "Otto Quill",
    "Met at the trade fair in Leeds",
    "grace",
    9500,
    ("Website build", "SEO"),
    won=-1,
    time="15:20",
    starts=10,
    kind=EngagementKind.PROJECT,
)
WINS = (SALTMARSH, BELLWETHER)

PITCHED = ("A named contact who knows beer", "The first three articles before Christmas")
DECIDED = "Hannah leads; Yuki writes the articles with the brewer, not about him"
SUCCESS = "That a Saturday in February looks like a Saturday in July. The beer is good enough."
GOAL = Wording(
    text="Taproom bookings on Saturdays from November to March",
    measure="120 a month, in their booking system; 70 today",
    achievable="Last summer brought 210 a month without advertising",
    relevant="The taproom earns four times what a crate in a shop earns",
)


def tell(world: World) -> None:
    """Plan both into the last days."""
    for win in WINS:
        world.plan(world.moment(world.working(-20), "11:40"), partial(_meet, world, win))
        world.plan(_at(world, win), partial(_won, world, win))


def _meet(world: World, win: Win) -> None:
    callum = world.team["callum"]
    first = win.contact.split()[0].lower()
    lead = add_lead(
        win.name,
        by=callum.actor,
        owner=callum,
        source=win.source,
        value=Decimal(win.amount),
        kind=win.kind,
        services=win.services,
        industry=win.industry,
        domain=win.domain,
        contact_name=win.contact,
        contact_email=f"{first}@{win.domain}",
    )
    world.clients[win.name] = lead.client
    world.contacts[win.name] = list(lead.client.contacts.all())


def _won(world: World, win: Win) -> None:
    client, callum = world.clients[win.name], world.team["callum"]
    lead = Lead.objects.running().filter(client=client).first()
    if lead is None:
        return
    try:
        made = win_lead(
            lead,
            by=callum.actor,
            lead_person=world.team[win.lead],
            starts_on=world.working(win.starts),
        )
    except Refusal:
        return  # nobody has an hour for it in this demo
    world.engagements[win.name] = made.engagement
    client.refresh_from_db()
    at = _at(world, win)
    if win is BELLWETHER:
        world.plan(at + dt.timedelta(minutes=25), lambda: _rang(made))
        return
    world.plan(at + dt.timedelta(minutes=12), lambda: _send(made.answer))
    world.plan(at + dt.timedelta(minutes=38), lambda: _send(made.introduction))
    world.plan(at + dt.timedelta(hours=3), lambda: _reply(made))
    world.plan(at + dt.timedelta(hours=4), lambda: _promise(made))
    meeting = made.internal_kickoff
    if meeting is not None:
        world.plan(meeting.ends_at, lambda: _hold(made))


def _rang(made: Handover) -> None:
    if made.won_by is not None:
        by = made.won_by.actor
        handovers.answer_by_call(made, by=by, minutes=8, note="Otto rang his mother while we were on.")


def _reply(made: Handover) -> None:
    if made.led_by is not None:
        _send(enclose_papers(made, by=made.led_by.actor).reply)


def _promise(made: Handover) -> None:
    if made.won_by is not None:
        for text in PITCHED:
            note_pitch_promise(made, text, by=made.won_by.actor)


def _hold(made: Handover) -> None:
    meeting = made.internal_kickoff
    if meeting is None or meeting.led_by is None:
        return
    by = meeting.led_by.actor
    minutes.decide(meeting, DECIDED, by=by)
    holding.close_meeting(meeting, by=by, minutes=75)
    if made.led_by is not None:
        hear_success(made.client, SUCCESS, by=made.led_by.actor, contact=made.contact)
        in_a_year = meeting.starts_at.date() + 120 * A_DAY
        goal = Wording(GOAL.text, GOAL.measure, GOAL.achievable, GOAL.relevant, in_a_year)
        set_goal(made.client, goal, by=made.led_by.actor)


def _send(message: Message | None) -> None:
    """It counts as sent; lines that nobody has filled in are left out."""
    if message is None or message.member is None:
        return
    by = message.member.actor
    lines = [line for line in message.text.splitlines() if not gaps(line)]
    row = save_draft(message, by=by, text="\n".join(lines))
    count_as_sent(queue_message(row, by=by))


def _at(world: World, win: Win) -> dt.datetime:
    return world.moment(world.working(win.won), win.time)
