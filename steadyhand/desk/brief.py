"""The account brief: what one must know of a client, on one page to print (O8).

Business, what success is for them, goals, strategy, what they buy and until when, what we promised, their
people and ours, whom they turn to in which order; and who of us has read it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from steadyhand.clients.models import Assignment, BriefReading, Client, Contact, Engagement, Position
from steadyhand.core import clock
from steadyhand.delivery.models import Deliverable, StrategyVersion
from steadyhand.desk.client_page import account_team
from steadyhand.desk.plan_page import PlanPage, Section, plan_page
from steadyhand.onboarding.escalation import Rung, escalation_path
from steadyhand.onboarding.models import Agreement, Goal, SuccessWords
from steadyhand.onboarding.models.agreement import IN_FORCE
from steadyhand.playbook.models.version import one_version

#: More than this fits no page; the rest is counted.
MOST_CONTACTS = 12
MOST_DELIVERABLES = 8
MOST_GOALS = 6

#: So much of a strategy stands on the brief, in characters; the whole of it is a click away.
MOST_OF_STRATEGY = 600


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement in force with its dates; `ends_on` None runs on until somebody gives notice."""

    agreement: Agreement
    begins_on: dt.date | None
    ends_on: dt.date | None
    notice_by: dt.date | None


@dataclass(frozen=True, slots=True)
class Direction:
    """The latest strategy, as much of it as fits; `signed` says who of them agreed to it."""

    version: StrategyVersion
    text: str
    is_cut: bool
    signed: str


@dataclass(slots=True)
class Brief:
    """Everything on the brief. `more_…` count what did not fit."""

    client: Client
    plan: PlanPage
    engagements: list[Engagement]
    contacts: list[Contact]
    team: list[Assignment]
    path: list[Rung]
    terms: list[Terms]
    success: SuccessWords | None
    goals: list[Goal]
    direction: Direction | None
    deliverables: list[Deliverable]
    readings: list[BriefReading]
    unread: list[Assignment]
    more_contacts: int = 0
    more_goals: int = 0
    more_deliverables: int = 0

    @property
    def plan_lines(self) -> list[tuple[str, str]]:
        """Each part of the plan in one line."""
        return [(section.label, _in_one_line(section)) for section in self.plan.sections if section.lines]

    @property
    def lead_has_read(self) -> BriefReading | None:
        """The accountable lead's word that they have read it, since they took the client on (O8)."""
        leads = {place.member_id for place in self.team if place.position == Position.LEAD}
        still_to = {place.member_id for place in self.unread}
        return next((one for one in self.readings if one.member_id in leads - still_to), None)


@one_version()
def brief(client: Client) -> Brief:
    """The brief of a client one may see. A fixed number of queries."""
    today = clock.today(client.zone)
    team = account_team(client)
    readings = list(client.readings.select_related("member"))
    read = {
        reading.member_id: reading.at.astimezone(clock.zone_info(client.zone)).date() for reading in readings
    }
    contacts = list(client.contacts.filter(left_on=None))
    goals = list(client.smart_goals.open())
    deliverables = list(client.deliverables.owed())
    return Brief(
        client=client,
        plan=plan_page(client),
        engagements=list(client.engagements.running(today).prefetch_related("services")),
        contacts=contacts[:MOST_CONTACTS],
        team=team,
        path=escalation_path(client),
        terms=_terms(client),
        success=client.success_words.standing().select_related("contact").first(),
        goals=goals[:MOST_GOALS],
        direction=_direction(client),
        deliverables=deliverables[:MOST_DELIVERABLES],
        readings=readings,
        unread=[
            place for place in team if place.member_id not in read or read[place.member_id] < place.since
        ],
        more_contacts=max(len(contacts) - MOST_CONTACTS, 0),
        more_goals=max(len(goals) - MOST_GOALS, 0),
        more_deliverables=max(len(deliverables) - MOST_DELIVERABLES, 0),
    )


def _in_one_line(section: Section) -> str:
    said = []
    for line in section.lines:
        if line.is_gone:
            said.append(f"no {line.title.lower()}")
            continue
        when = f" ({line.when_words})" if line.when_words else ""
        said.append(f"{line.title}{when}")
    return "; ".join(said)


def _terms(client: Client) -> list[Terms]:
    """Agreements in force, by the version both sides signed: the newest that was shared. Two queries."""
    rows = client.agreements.filter(state__in=IN_FORCE).prefetch_related("versions")
    found = []
    for row in rows:
        shared = [version for version in row.versions.all() if version.shared_at is not None]
        signed = max(shared, key=lambda version: version.number, default=None)
        found.append(
            Terms(
                row,
                signed.begins_on if signed else None,
                signed.ends_on if signed else None,
                signed.notice_by if signed else None,
            )
        )
    return found


def _direction(client: Client) -> Direction | None:
    version = (
        StrategyVersion.objects.filter(strategy__client=client)
        .select_related("strategy", "sign_off")
        .order_by("-number")
        .first()
    )
    if version is None:
        return None
    text = version.text.strip()
    is_cut = len(text) > MOST_OF_STRATEGY
    shown = f"{text[:MOST_OF_STRATEGY].rsplit(' ', 1)[0]} …" if is_cut else text
    signed = version.sign_off.name if hasattr(version, "sign_off") else ""
    return Direction(version, shown, is_cut, signed)
