"""Set-up: which services of new engagements run, and which lack something, since when (O6, B10)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from steadyhand.clients.models import Assignment, Client, Engagement, Position
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event
from steadyhand.delivery.first_week import KICKOFF_BY, FirstWeek, Standing, first_week, missing
from steadyhand.delivery.models import ServiceSetup, SetupContact, Task
from steadyhand.delivery.setting_up import ABOUT
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

#: The playbook's agenda of the meeting that warns when it comes late.
KICKOFF = "client-kickoff"
#: Set-ups on one page.
MOST = 200

WORDS = {
    Standing.CONFIRMED: "set up",
    Standing.READY: "to be confirmed",
    Standing.MISSING: "in preparation",
    Standing.LATE: "late",
}
#: The mark beside each, as for health: a shape and a colour, and the word above.
MARKS = {Standing.CONFIRMED: "well", Standing.READY: "watch", Standing.MISSING: "watch", Standing.LATE: "act"}


@dataclass(frozen=True, slots=True)
class Line:
    """One service: how far it is, and what was done about it."""

    setup: ServiceSetup
    standing: Standing
    last_day: dt.date | None
    chased: Commitment | None

    @property
    def words(self) -> str:
        return WORDS[self.standing]

    @property
    def mark(self) -> str:
        return MARKS[self.standing]

    @property
    def lacks(self) -> list[str]:
        return missing(self.setup)

    @property
    def tasks(self) -> list[Task]:
        return list(self.setup.service.tasks.all())

    @property
    def done(self) -> int:
        """How many of its tasks are done."""
        return sum(task.done_at is not None for task in self.tasks)

    @property
    def contacts(self) -> list[SetupContact]:
        return list(self.setup.contacts.all())

    @property
    def may_be_chased(self) -> bool:
        """Whether one click can still ask for what is missing."""
        return self.standing is not Standing.CONFIRMED and self.chased is None


@dataclass(slots=True)
class Card:
    """One engagement in its first weeks, with its services."""

    client: Client
    engagement: Engagement
    lead: Member | None
    today: dt.date
    ends_on: dt.date
    won_on: dt.date | None
    assigned_on: dt.date | None
    kickoff: Meeting | None
    may_act: bool
    lines: list[Line] = field(default_factory=list)

    @property
    def day(self) -> int:
        """The day of the engagement it is, the first being 1; 0 or less before it starts."""
        return (self.today - self.engagement.starts_on).days + 1

    @property
    def since_win(self) -> int | None:
        return (self.today - self.won_on).days if self.won_on else None

    @property
    def since_assignment(self) -> int | None:
        return (self.today - self.assigned_on).days if self.assigned_on else None

    @property
    def kickoff_day(self) -> int | None:
        """On which day of the engagement the kickoff is."""
        if self.kickoff is None:
            return None
        on = self.kickoff.starts_at.astimezone(clock.zone_info(self.client.zone)).date()
        return (on - self.engagement.starts_on).days + 1

    @property
    def kickoff_is_late(self) -> bool:
        """Later than the fifth day, or not planned by then."""
        day = self.kickoff_day
        return day > KICKOFF_BY if day is not None else self.day > KICKOFF_BY

    @property
    def is_late(self) -> bool:
        return any(line.standing is Standing.LATE for line in self.lines)


@dataclass(frozen=True, slots=True)
class SetUpPage:
    """All of it, the late engagements first."""

    cards: list[Card]
    more: bool

    @property
    def lines(self) -> list[Line]:
        return [line for card in self.cards for line in card.lines]

    @property
    def late(self) -> int:
        return sum(line.standing is Standing.LATE for line in self.lines)

    @property
    def to_chase(self) -> int:
        """How many one click asks for."""
        return len(self.wanted)

    @property
    def wanted(self) -> list[ServiceSetup]:
        """What one click asks for: all that the first week binds, of clients one may act for."""
        lines = [line for card in self.cards if card.may_act for line in card.lines]
        return [line.setup for line in lines if line.may_be_chased and line.last_day is not None]


def set_up_page(
    actor: Actor, zone: str, *, member: Member | None = None, client: Client | None = None
) -> SetUpPage:
    """Services of running engagements as far as one sees them: one client's all, else the unfinished.

    With `member` only of clients they lead. Ten queries, however many services there are.
    """
    today = clock.today(zone)
    rows = ServiceSetup.objects.visible_to(actor).standing(today).preloaded()
    rows = rows.filter(client=client) if client is not None else rows.unconfirmed()
    if member is not None:
        rows = rows.filter(
            client__team__member=member, client__team__position="lead", client__team__until=None
        )
    found = list(rows[: MOST + 1])
    cards = _cards(found[:MOST], today, first_week(), actor)
    return SetUpPage(sorted(cards, key=lambda card: not card.is_late), len(found) > MOST)


def _cards(setups: list[ServiceSetup], today: dt.date, week: FirstWeek, actor: Actor) -> list[Card]:
    clients = {setup.client_id for setup in setups}
    acts = _acted_on(clients, actor)
    leads = _leads(clients)
    won = _won_on(clients)
    kickoffs = _kickoffs(clients)
    chased = _chased(setups)
    cards: dict[int, Card] = {}
    for setup in setups:
        engagement = setup.service.engagement
        if engagement.pk not in cards:
            place = leads.get(setup.client_id)
            cards[engagement.pk] = Card(
                client=setup.client,
                engagement=engagement,
                lead=place.member if place else None,
                today=today,
                ends_on=week.ends_on(engagement),
                won_on=won.get(setup.client_id),
                assigned_on=place.since if place else None,
                kickoff=_kickoff_of(engagement, kickoffs[setup.client_id]),
                may_act=setup.client_id in acts,
            )
        line = Line(setup, week.standing(setup, today), week.last_day(setup.service), chased.get(setup.pk))
        cards[engagement.pk].lines.append(line)
    return list(cards.values())


def _acted_on(clients: Collection[int], actor: Actor) -> Collection[int]:
    """Those of these clients for whom one may act, as `may_act_for` says of each."""
    if not actor.may(Capability.KEEP_PROMISES):
        return ()
    if actor.may(Capability.SEE_TEAM):
        return clients
    return set(Client.objects.in_full(actor).filter(pk__in=clients).values_list("pk", flat=True))


def _leads(clients: Iterable[int]) -> dict[int, Assignment]:
    rows = Assignment.objects.filter(client__in=clients, position=Position.LEAD, until=None)
    return {row.client_id: row for row in rows.select_related("member")}


def _won_on(clients: Iterable[int]) -> dict[int, dt.date]:
    rows = Event.objects.filter(verb="client.won", client_id__in=clients).order_by("at")
    return {pk: at.date() for pk, at in rows.values_list("client_id", "at") if pk is not None}


def _kickoffs(clients: Iterable[int]) -> dict[int, list[Meeting]]:
    rows = Meeting.objects.filter(client__in=clients, agenda_key=KICKOFF, cancelled_at=None)
    found: dict[int, list[Meeting]] = defaultdict(list)
    for row in rows.order_by("starts_at"):
        found[row.client_id or 0].append(row)
    return found


def _kickoff_of(engagement: Engagement, kickoffs: list[Meeting]) -> Meeting | None:
    """The first one from a fortnight before the engagement begins."""
    since = engagement.starts_on - dt.timedelta(days=14)
    return next((one for one in kickoffs if one.starts_at.date() >= since), None)


def _chased(setups: list[ServiceSetup]) -> dict[int, Commitment]:
    rows = Commitment.objects.filter(
        about_type=ABOUT, about_id__in=[setup.pk for setup in setups], state__in=OWED
    )
    return {row.about_id or 0: row for row in rows.select_related("owner")}
