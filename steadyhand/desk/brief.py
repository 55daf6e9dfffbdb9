"""The account brief: what one must know of a client, on one page to print (O8)."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.clients.models import Assignment, BriefReading, Client, Contact, Engagement
from steadyhand.core import clock
from steadyhand.desk.client_page import account_team
from steadyhand.desk.plan_page import PlanPage, Section, plan_page

MOST_CONTACTS = 12


@dataclass(slots=True)
class Brief:
    """Everything on the brief."""

    client: Client
    plan: PlanPage
    engagements: list[Engagement]
    contacts: list[Contact]
    team: list[Assignment]
    readings: list[BriefReading]
    unread: list[Assignment]

    @property
    def plan_lines(self) -> list[tuple[str, str]]:
        """Each part of the plan in one line."""
        return [(section.label, _in_one_line(section)) for section in self.plan.sections if section.lines]


def _in_one_line(section: Section) -> str:
    said = []
    for line in section.lines:
        if line.is_gone:
            said.append(f"no {line.title.lower()}")
            continue
        when = f" ({line.when_words})" if line.when_words else ""
        said.append(f"{line.title}{when}")
    return "; ".join(said)


def brief(client: Client) -> Brief:
    """The brief of a client one may see. A fixed number of queries."""
    today = clock.today(client.zone)
    team = account_team(client)
    readings = list(client.readings.select_related("member"))
    read = {
        reading.member_id: reading.at.astimezone(clock.zone_info(client.zone)).date() for reading in readings
    }
    return Brief(
        client=client,
        plan=plan_page(client),
        engagements=list(client.engagements.running(today).prefetch_related("services")),
        contacts=list(client.contacts.filter(left_on=None)[:MOST_CONTACTS]),
        team=team,
        readings=readings,
        unread=[
            place for place in team if place.member_id not in read or read[place.member_id] < place.since
        ],
    )
