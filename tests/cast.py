"""A tiny known cast, brought about by calling the verbs: one agency, three colleagues, four clients.

Keiran  head of client services, sees everybody; sponsors Halden
Jody    account manager, leads Halden, Orbit and Fernhill
Sam     account executive, supports Halden; leads Lumen

Halden Bikes      retainer £3,000 a month: weekly call, monthly report, live dashboard
Orbit Dental      retainer £900: monthly call and report
Lumen Legal       retainer £1,200 with paid search
Fernhill Schools  a project of £6,000 that ends
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from steadyhand.clients import book, engagements, team
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, EngagementKind, Position
from steadyhand.commitments.planning import plan_book
from steadyhand.core import agency, clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.people import invitations, members
from steadyhand.people.models import Member, User
from steadyhand.people.roles import Role
from steadyhand.playbook import documents
from steadyhand.playbook.models import Playbook, Version
from tests.remembering import remembered

SYSTEM = Actor.system("tests")

#: Tuesday morning in London. Freeze time here: `@time_machine.travel(NOW, tick=False)`.
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


@dataclass(slots=True)
class Cast:
    """Everybody, by name."""

    agency: Agency
    keiran: Member
    jody: Member
    sam: Member
    halden: Client
    orbit: Client
    lumen: Client
    fernhill: Client


def joined(name: str, role: Role) -> Member:
    """A colleague who has accepted the invitation and can sign in."""
    member = members.add_member(f"{name.split()[0].lower()}@northwind.test", by=SYSTEM, name=name, role=role)
    path = invitations.issue_signin_link(member.email, by=SYSTEM)
    invitations.use_signin_link(path.strip("/").split("/")[-1], by=SYSTEM)
    member.refresh_from_db()
    return member


def user_of(member: Member) -> User:
    """Whom to sign in: `client.force_login(user_of(cast.jody))`."""
    assert member.user is not None
    return member.user


def published(name: str = "framework") -> Version:
    """A shipped playbook, in force."""
    document = documents.shipped(name)
    playbook, _ = Playbook.objects.get_or_create(name=name, defaults={"title": document.policy.title})
    return Version.objects.create(
        playbook=playbook,
        number=playbook.versions.count() + 1,
        document=documents.dumps(document),
        content=document.policy.model_dump(mode="json"),
        digest=document.policy.digest,
        published_at=clock.now(),
        published_by="tests",
    )


def retained(
    name: str,
    amount: int,
    *,
    lead: Member | None,
    services: tuple[str, ...] = ("SEO",),
    starts_on: dt.date = dt.date(2024, 3, 1),
    currency: str = "GBP",
    domain: str = "",
) -> Client:
    """A client with a retainer, and a lead where one is given."""
    client = book.add_client(name, by=SYSTEM, domain=domain)
    engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=Decimal(amount),
        currency=currency,
        starts_on=starts_on,
        services=[ServiceLine(service) for service in services],
    )
    if lead is not None:
        team.assign(client, lead, Position.LEAD, by=SYSTEM)
    client.refresh_from_db()
    return client


def build(*, planned: bool = True) -> Cast:
    """Bring the cast about; `planned` also fills the ledger."""
    return remembered(("cast", planned), lambda: _build(planned=planned))


def _build(*, planned: bool) -> Cast:
    founded = agency.found(by=SYSTEM, name="Northwind")
    published()
    keiran = joined("Keiran Reid", Role.HEAD)
    jody = joined("Jody Marsh", Role.MANAGER)
    sam = joined("Sam Okafor", Role.EXECUTIVE)
    halden = retained("Halden Bikes", 3000, lead=jody, domain="haldenbikes.test")
    team.assign(halden, sam, Position.SUPPORT, by=SYSTEM)
    team.assign(halden, keiran, Position.SPONSOR, by=SYSTEM)
    book.add_contact(
        halden, "Maya Lind", by=SYSTEM, email="maya@haldenbikes.test", job_title="Marketing", day_to_day=True
    )
    book.add_contact(halden, "Ola Brandt", by=SYSTEM, email="ola@haldenbikes.test", decides=True)
    orbit = retained("Orbit Dental", 900, lead=jody)
    lumen = retained("Lumen Legal", 1200, lead=sam, services=("Paid search", "SEO"))
    fernhill = book.add_client("Fernhill Schools", by=SYSTEM)
    engagements.begin_engagement(
        fernhill,
        EngagementKind.PROJECT,
        by=SYSTEM,
        amount=Decimal(6000),
        currency="GBP",
        starts_on=dt.date(2026, 11, 2),
        ends_on=dt.date(2027, 1, 29),
        services=[ServiceLine("Website build")],
    )
    team.assign(fernhill, jody, Position.LEAD, by=SYSTEM)
    if planned:
        plan_book()
    return Cast(founded, keiran, jody, sam, halden, orbit, lumen, fernhill)
